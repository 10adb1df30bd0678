package page

import (
	"bytes"

	"musubi/carriers"
	"musubi/transcode/markup"
	"musubi/transcode/own"
)

// browser sends a page as it is. With a session, the values of its URL attributes are rewritten and its GET forms get a
// hidden field; every other byte stays.
func (r *renderer) browser(dst []byte, h *carriers.Handset, src []byte, o Options) ([]byte, Info) {
	info := Info{ContentType: o.ContentType, Part: 1, Parts: 1, Budget: h.PageBudget, Bytes: len(src)}
	if info.ContentType == "" {
		info.ContentType = "text/html; charset=UTF-8"
		src = markup.Canonical(src, "")
	}
	if o.Session == "" && o.Way == markup.WayOne {
		info.Bytes = len(src)
		return append(dst, src...), info
	}
	start := len(dst)
	r.tree.Parse(src)
	r.w.Links.Reset(h, o.URL, o.Session)
	r.w.Links.SetWay(o.Way)
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
			if !rewritten(n.Tag, a.ID) && (o.Way == markup.WayOne || !loaded(n.Tag, a.ID)) || get && o.Way == markup.WayOne || int(a.Start) < at {
				continue
			}
			url, kind := r.browserURL(int32(i), n.Tag, a.ID)
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
		if get {
			if action := r.tree.Value(int32(i), markup.AttrAction); o.Session != "" && !r.w.Links.Foreign(action) {
				dst = append(dst, src[at:n.Stop]...)
				at = int(n.Stop)
				dst = append(append(append(dst, `<input type="hidden" name="`+own.Session+`" value="`...), markup.EscapeAttr(o.Session)...), `">`...)
			}
		}
	}
	dst = append(dst, src[at:]...)
	info.Bytes = len(dst) - start
	return dst, info
}

// browserURL is what becomes of an attribute. Where there are many sites, a page's own base would lead past us, as would the
// addresses of a refresh and of pictures to choose from.
func (r *renderer) browserURL(i int32, tag markup.Tag, a markup.Attr) ([]byte, markup.LinkKind) {
	value := r.tree.Value(i, a)
	switch {
	case tag == markup.TagBase:
		return r.w.Links.Self(nil, 0), markup.LinkLocal
	case a == markup.AttrSrcset:
		return nil, markup.LinkLocal
	case a == markup.AttrContent:
		switch to := markup.RefreshURL(value); {
		case bytes.EqualFold(r.tree.Value(i, markup.AttrHttpEquiv), []byte("content-security-policy")):
			return nil, markup.LinkLocal
		case to == nil || !bytes.EqualFold(r.tree.Value(i, markup.AttrHttpEquiv), []byte("refresh")):
			return nil, markup.LinkRefused
		default:
			return r.w.Links.Append([]byte("0;url="), to, false)
		}
	}
	return r.w.Links.Append(nil, value, false)
}

// loaded says whether an attribute is a URL of what a page is shown with, which has to come the same way as the page.
func loaded(tag markup.Tag, a markup.Attr) bool {
	switch a {
	case markup.AttrHref:
		return tag == markup.TagLink || tag == markup.TagBase
	case markup.AttrContent:
		return tag == markup.TagMeta
	case markup.AttrSrc, markup.AttrSrcset, markup.AttrPoster, markup.AttrFormaction:
		return true
	}
	return false
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
