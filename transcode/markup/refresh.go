package markup

import "bytes"

// meta shows where a page would have gone by itself: a link (SEC-34: no refresh).
func (w *Writer) meta(i int32) {
	if !foldEqual(trimSpace(w.tree.Value(i, AttrHttpEquiv)), "refresh") {
		return
	}
	if u := RefreshURL(w.tree.Value(i, AttrContent)); u != nil {
		w.linkLine(u, "次のページへ")
	}
}

// RefreshURL reads the address out of a refresh: "5; url='next.html'". Nil: it has none.
func RefreshURL(content []byte) []byte {
	content = trimSpace(content)
	rest := bytes.TrimLeft(content, "0123456789.") // as HTML reads it: a time, then one sign or space
	if len(rest) == 0 || rest[0] != ';' && rest[0] != ',' && (rest[0] > ' ' || len(rest) == len(content)) {
		return nil
	}
	if rest = trimSpace(rest); len(rest) > 0 && (rest[0] == ';' || rest[0] == ',') {
		rest = trimSpace(rest[1:])
	}
	if len(rest) >= 3 && foldEqual(rest[:3], "url") {
		after := trimSpace(rest[3:])
		if len(after) > 0 && after[0] == '=' {
			rest = trimSpace(after[1:])
		}
	}
	if len(rest) > 1 && (rest[0] == '"' || rest[0] == '\'') {
		if i := bytes.IndexByte(rest[1:], rest[0]); i >= 0 {
			return rest[1 : i+1]
		}
		return rest[1:]
	}
	if len(rest) == 0 {
		return nil
	}
	return rest
}
