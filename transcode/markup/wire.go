package markup

import (
	"bytes"

	"musubi/transcode/keep"
)

// What a handset cannot show it does not give back either. So names and values go out in characters that every form
// returns where they must (page.Restore reads them), and text that is edited has the original beside it (transcode/keep).
const (
	ValuePrefix = "_v." // begins the name of a control whose values are packed (keep.Opaque); an empty one is none at all
	NamePrefix  = "_n." // begins a name that is packed itself
	WayPrefix   = "_d." // begins the name of a button that sends the form otherwise: packed method, target and pairs (page.Restore)
	LinesPrefix = "_l." // begins the name of an HDML field whose value has a keep.Mark for each line end
)

// ours says whether a name of the page would be taken for one of the gateway's own.
func ours(name []byte) bool {
	if len(name) < 2 || name[0] != '_' {
		return false
	}
	switch string(name) {
	case SessionName, PartName, PieceName, AnswersName, KeptName, AsIsName, CharsetName:
		return true
	}
	for _, p := range [...]string{ButtonPrefix, CheckPrefix, StepPrefix, ValuePrefix, NamePrefix, LinesPrefix, WayPrefix} {
		if bytes.HasPrefix(name, []byte(p)) {
			return true
		}
	}
	return false
}

// wireName is the name under which a control is sent: prefix says what becomes of it, packed whether its values are.
func (w *Writer) wireName(prefix string, name []byte, packed bool) []byte {
	pack := ours(name) || !w.screen.FaithfulValue(name)
	if prefix == "" && !packed && !pack {
		return name
	}
	return w.tree.keep(func(b []byte) []byte {
		b = append(b, prefix...)
		if packed {
			b = append(b, ValuePrefix...)
		}
		if pack {
			return keep.Opaque(append(b, NamePrefix...), name)
		}
		return append(b, name...)
	})
}

// wireValue is the value that is sent for one that nobody edits.
func wireValue(value []byte, packed bool) []byte {
	if packed {
		return keep.Opaque(nil, value)
	}
	return value
}

// record is what a field carries beside it if its text would not come back; nil if it does, in a field of one line with
// marks for its line ends.
func (w *Writer) record(name, text []byte, oneLine bool) []byte {
	if w.screen.Faithful(text) && !(oneLine && bytes.Contains(text, []byte(string(keep.Mark)))) {
		return nil
	}
	return keep.Seal(nil, w.seal, keep.Record{Name: string(name), Original: string(text), OneLine: oneLine})
}

// Pack appends a text to the answers that travel from piece to piece: as it is, or percent-encoded where it would not come
// back.
func (w *Writer) Pack(dst, s []byte) []byte {
	faithful := w.screen.Faithful(s)
	for _, c := range s {
		switch {
		case c == '%' || c == '=' || c == ';' || c < ' ' || c >= 0x7F && !faithful:
			dst = append(dst, '%', hexUpper[c>>4], hexUpper[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// unixLines makes one line feed of each line end, as a browser's form has them before it is sent.
func unixLines(b []byte) []byte {
	if bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
}

// oneLine is the value of a field of one line: line ends are no part of it.
func oneLine(b []byte) []byte {
	if bytes.IndexByte(b, '\n') < 0 && bytes.IndexByte(b, '\r') < 0 {
		return b
	}
	return bytes.ReplaceAll(bytes.ReplaceAll(b, []byte("\r"), nil), []byte("\n"), nil)
}
