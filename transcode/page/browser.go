package page

import (
	"bytes"

	"musubi/carriers"
	"musubi/transcode/markup"
	"musubi/transcode/own"
)

// browser sends a page as it is. With a session, the values of its URL attributes are rewritten and its GET forms get a
// hidden field; every other byte stays. Where there are many sites, all that a page loads has to come the same way (through.go).
func (r *renderer) browser(dst []byte, h *carriers.Handset, src []byte, o Options) ([]byte, Info) {
	info := Info{ContentType: o.ContentType, Part: 1, Parts: 1, Budget: h.PageBudget, Bytes: len(src)}
	if info.ContentType == "" {
		info.ContentType = "text/html; charset=UTF-8"
		src = markup.Canonical(src, "")
	}
	start := len(dst)
	r.w.Links.Reset(h, o.URL, o.Session)
	r.w.Links.SetWay(o.Way)
	switch {
	case o.Way != markup.WayOne:
		dst, info = r.through(dst, src, info)
	case o.Session == "":
		dst = append(dst, src...)
	default:
		dst = r.withSession(dst, src, o)
	}
	info.Bytes = len(dst) - start
	return dst, info
}

func (r *renderer) withSession(dst, src []byte, o Options) []byte {
	r.tree.Parse(src)
	at := 0
	for i := range r.tree.Nodes {
		n := &r.tree.Nodes[i]
		if n.Tag == markup.Text {
			continue
		}
		if n.Tag == markup.TagBase {
			r.w.Links.SetBase(r.tree.Value(int32(i), markup.AttrHref))
		}
		get := n.Tag == markup.TagForm && !bytes.EqualFold(r.tree.Value(int32(i), markup.AttrMethod), []byte("post"))
		for k := n.Start; k < n.Start+int32(n.NAttr); k++ {
			a := &r.tree.Attrs[k]
			if !rewritten(n.Tag, a.ID) || get || int(a.Start) < at {
				continue
			}
			url, kind := r.w.Links.Append(nil, r.tree.Value(int32(i), a.ID), false)
			if kind != markup.LinkLocal && kind != markup.LinkForeign || kind == markup.LinkForeign && n.Tag != markup.TagA && n.Tag != markup.TagArea {
				continue
			}
			dst = append(dst, src[at:a.Start]...)
			quote := a.Start > 0 && (src[a.Start-1] == '"' || src[a.Start-1] == '\'')
			if !quote {
				url = append(append([]byte{'"'}, url...), '"')
			}
			dst, at = append(dst, url...), int(a.Stop)
		}
		if get && !r.w.Links.Foreign(r.tree.Value(int32(i), markup.AttrAction)) {
			dst = append(dst, src[at:n.Stop]...)
			at = int(n.Stop)
			dst = append(append(append(dst, `<input type="hidden" name="`+own.Session+`" value="`...), markup.EscapeAttr(o.Session)...), `">`...)
		}
	}
	return append(dst, src[at:]...)
}

// rewritten says whether an attribute is a URL that leads a member somewhere or loads something with the member's rights.
func rewritten(tag markup.Tag, a markup.Attr) bool {
	switch a {
	case markup.AttrHref:
		return tag == markup.TagA || tag == markup.TagArea
	case markup.AttrSrc:
		return tag == markup.TagImg || tag == markup.TagIframe || tag == markup.TagFrame
	case markup.AttrAction:
		return tag == markup.TagForm
	}
	return false
}
