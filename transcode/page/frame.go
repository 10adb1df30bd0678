package page

import (
	"musubi/carriers"
)

// A frame is what stands around the body of a page.
type frame struct {
	contentType string
}

// doctypes by family and carrier. docomo's and SoftBank's own; au's is Openwave's [carriers-markup].
const (
	doctypeOpenwave = `<!DOCTYPE html PUBLIC "-//OPENWAVE//DTD XHTML 1.0//EN" "http://www.openwave.com/DTD/xhtml-basic.dtd">`
	doctypeJPhone   = `<!DOCTYPE html PUBLIC "-//J-PHONE//DTD XHTML Basic 1.0 Plus//EN" "xhtml-basic10-plus.dtd">`
	doctypeImode    = `<!DOCTYPE html PUBLIC "-//i-mode group (ja)//DTD XHTML i-XHTML(Locale/Ver.=ja/`
	declarationXML  = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	doctypeWML      = declarationXML + `<!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.1//EN" "http://www.wapforum.org/DTD/wml_1.1.xml">` + "\n"
	doctypeWML13    = declarationXML + `<!DOCTYPE wml PUBLIC "-//WAPFORUM//DTD WML 1.3//EN" "http://www.wapforum.org/DTD/wml13.dtd">` + "\n"
	doctypeHTML32   = `<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">`
)

// contentTypes by family and charset.
func contentType(h *carriers.Handset) string {
	utf8 := h.Charset == carriers.UTF8
	switch h.Dialect.Family {
	case carriers.HDML:
		return "text/x-hdml; charset=Shift_JIS"
	case carriers.WML:
		return "text/vnd.wap.wml; charset=UTF-8"
	case carriers.IXHTML, carriers.XHTMLMP:
		if utf8 {
			return "application/xhtml+xml; charset=UTF-8"
		}
		return "application/xhtml+xml; charset=Shift_JIS"
	}
	switch h.Charset {
	case carriers.ShiftJIS:
		return "text/html; charset=Shift_JIS"
	case carriers.EUCJP:
		return "text/html; charset=EUC-JP"
	case carriers.Latin1:
		return "text/html; charset=ISO-8859-1"
	}
	return "text/html; charset=UTF-8"
}

// open writes everything before the body's content.
func (f *frame) open(dst []byte, r *renderer) []byte {
	f.contentType = contentType(r.h)
	d := r.h.Dialect
	switch d.Family {
	case carriers.HDML:
		return append(dst, "<HDML VERSION=3.0 TTL=0 PUBLIC=FALSE>\n"...)
	case carriers.WML:
		doctype := doctypeWML
		if d.Minor >= 2 {
			doctype = doctypeWML13
		}
		return append(append(dst, doctype...), "<wml>\n"...)
	case carriers.HTML32:
		dst = append(append(dst, doctypeHTML32...), "\n<html>"...)
	case carriers.IXHTML, carriers.XHTMLMP:
		dst = append(append(append(dst, `<?xml version="1.0" encoding="`...), r.h.Charset.String()...), "\"?>\n"...)
		switch {
		case d.Family == carriers.IXHTML:
			dst = append(append(dst, doctypeImode...), '0'+d.Major, '.', '0'+d.Minor)
			dst = append(dst, `) 1.0//EN" "i-xhtml_4ja_10.dtd">`...)
		case r.h.Carrier == carriers.SoftBank:
			dst = append(dst, doctypeJPhone...)
		default:
			dst = append(dst, doctypeOpenwave...)
		}
		dst = append(dst, "\n<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"ja\">"...)
	default:
		dst = append(dst, "<html>"...)
	}
	dst = append(append(append(dst, `<head><meta http-equiv="Content-Type" content="`...), f.contentType...), '"')
	if d.XML() {
		dst = append(dst, " /><title>"...)
	} else {
		dst = append(dst, "><title>"...)
	}
	dst = r.w.AppendTitle(dst)
	dst = append(dst, "</title></head><body"...)
	dst = r.w.AppendBodyAttrs(dst)
	dst = append(dst, ">\n"...)
	if len(r.w.Body) == 0 {
		dst = append(dst, "<p></p>"...)
	}
	return dst
}

// close writes everything behind the body's content.
func (f *frame) close(dst []byte, r *renderer) []byte {
	if r.h.Dialect.Family == carriers.HDML {
		return append(dst, "</DISPLAY>\n</HDML>\n"...)
	}
	if r.h.Dialect.Family == carriers.WML {
		return append(dst, "</p></card>\n</wml>\n"...)
	}
	return append(dst, "\n</body></html>\n"...)
}
