package markup

import (
	"bytes"

	"musubi/transcode/keep"
	"musubi/transcode/own"
)

// wireName is the name under which a control is sent: prefix says what becomes of it, packed whether its values are.
func (w *Writer) wireName(prefix string, name []byte, packed bool) []byte {
	pack := own.Taken(name) || !w.screen.FaithfulValue(name)
	if prefix == "" && !packed && !pack {
		return name
	}
	return w.tree.keep(func(b []byte) []byte {
		b = append(b, prefix...)
		if packed {
			b = append(b, own.Value...)
		}
		if pack {
			return keep.Opaque(append(b, own.Name...), name)
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
	r := keep.Record{Name: string(name), Original: string(text), OneLine: oneLine}
	if w.form.brief {
		r.Page, w.Again = w.source, true
	} else {
		w.Kept = true
	}
	return keep.Seal(nil, w.seal, r)
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
