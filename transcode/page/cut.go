package page

import (
	"bytes"
	"sort"

	"musubi/carriers"
	"musubi/transcode/markup"
)

// A place is where a part begins or ends: a cut, or the stream's start or end.
type place struct {
	at, open int32
	control  int32
	quality  markup.Quality
}

// place returns cut k; -1 is the start of the stream, len(Cuts) its end.
func (r *renderer) place(k int) place {
	switch {
	case k < 0:
		return place{}
	case k >= len(r.w.Cuts):
		return place{at: int32(len(r.w.Body)), open: r.w.End, control: int32(len(r.w.Controls))}
	}
	c := &r.w.Cuts[k]
	return place{c.At, c.Open, c.Control, c.Quality}
}

// parts renders the page in parts and appends the one that is asked for.
func (r *renderer) parts(dst []byte) (out []byte, part, parts int) {
	budget := r.h.PageBudget
	around := len(r.frame.close(r.frame.open(dst, r), r)) - len(dst)
	nav := len(r.appendNav(dst, 9998, 9999, false, 0, 0)) - len(dst)
	room := budget - around - nav
	r.write(true, room)
	r.pieces.prepare(r)
	r.block(room)

	starts, lost := []int{-1}, r.w.Lost
	defer func() { r.w.Lost = lost }()
	resume, answered := r.resume()
	if answered && len(r.pieces.carry(r, resume)) > room*4/5 {
		return r.tooMuch(dst), 1, 1
	}
	for k := -1; ; {
		if answered && k < resume && r.next(k, room) > resume {
			k = resume // the answers belong here, whatever the cuts without them would be
		} else {
			k = r.next(k, room)
		}
		if k >= len(r.w.Cuts) {
			break
		}
		if k == resume {
			part = len(starts) + 1
		}
		starts = append(starts, k)
	}
	parts = len(starts)
	if !answered {
		part = max(1, min(r.o.Part, parts))
	}
	from, to := starts[part-1], len(r.w.Cuts)
	if part < parts {
		to = starts[part]
	}
	r.part, r.starts = part, starts
	out = r.frame.open(dst, r)
	out = r.appendPart(out, from, to)
	out = r.appendNav(out, part, parts, r.openForm(to) > 0, r.place(from).at, r.place(to).at)
	return r.frame.close(out, r), part, parts
}

// tooMuch is the page for a member who typed more than this handset can carry from piece to piece. Nothing has been sent
// to upstream; going back and typing less helps.
func (r *renderer) tooMuch(dst []byte) []byte {
	dst = r.frame.open(dst, r)
	dst = r.w.Say(append(dst, "<p>"...), markup.TooLong)
	return r.frame.close(append(dst, "</p>"...), r)
}

// block marks the cuts that lie in something that fits into a part and should stay whole.
func (r *renderer) block(room int) {
	cuts := r.w.Cuts
	r.blocked = append(r.blocked[:0], make([]bool, len(cuts))...)
	for _, k := range r.w.Keeps {
		first := sort.Search(len(cuts), func(i int) bool { return cuts[i].At >= k.Start })
		size := int(k.Stop - k.Start)
		if first < len(cuts) && cuts[first].At == k.Start {
			o := r.w.Opens[cuts[first].Open]
			size += int(o.OpenLen + o.CloseLen)
			first++
		}
		if size > room {
			continue
		}
		for i := first; i < len(cuts) && cuts[i].At < k.Stop; i++ {
			r.blocked[i] = true
		}
	}
}

// next returns the cut where the part that begins at cut k ends: the best place in the second half of what fits.
func (r *renderer) next(k, room int) int {
	s := r.place(k)
	end := len(r.w.Cuts)
	if r.size(k, end) <= room {
		return end
	}
	best, quality, last, forced := -1, markup.Quality(0), -1, -1
	for e := k + 1; e < end; e++ {
		p := r.place(e)
		if int(p.at-s.at) > room {
			break
		}
		if p.at == s.at || r.size(k, e) > room {
			continue
		}
		forced = e
		if r.blocked[e] {
			continue
		}
		last = e
		if int(p.at-s.at) >= room/2 && p.quality >= quality {
			best, quality = e, p.quality
		}
	}
	switch {
	case best >= 0:
		return best
	case last >= 0:
		return last
	case forced >= 0:
		return forced
	}
	for e := k + 1; e < end; e++ { // nothing fits: the smallest step there is
		if r.place(e).at > s.at {
			return e
		}
	}
	return end
}

// size is an upper bound of the bytes of the part between two cuts.
func (r *renderer) size(k, e int) int {
	s, p := r.place(k), r.place(e)
	n := int(p.at - s.at)
	n += int(r.w.Opens[s.open].OpenLen + r.w.Opens[p.open].CloseLen)
	return n + r.pieces.extra(r, k, e)
}

// openForm returns the form that is open at cut k, from 1; 0 for none.
func (r *renderer) openForm(k int) int32 { return r.w.Opens[r.place(k).open].Form }

// appendPart writes the stream between two cuts, with the elements open at its start opened again and those open at its
// end closed. The last card of HDML stays open for the links between parts.
func (r *renderer) appendPart(dst []byte, from, to int) []byte {
	r.formStop = 0
	if id := r.openForm(from); id > 0 {
		r.formStop = r.w.Forms[id-1].Stop
	}
	dst = r.reopen(dst, from, to)
	dst = r.pieces.body(dst, r, from, to)
	for o := r.place(to).open; o != 0; o = r.w.Opens[o].Parent {
		switch tag := r.w.Opens[o].Tag; {
		case tag == markup.TagForm:
			dst = r.w.AppendEnd(r.pieces.submit(dst, r), tag)
		case tag != markup.TagDiv || !r.h.Dialect.Deck():
			dst = r.w.AppendEnd(dst, tag)
		}
	}
	return dst
}

// reopen writes the start tags of what is open at a cut.
func (r *renderer) reopen(dst []byte, from, to int) []byte {
	r.chain = r.chain[:0]
	for o := r.place(from).open; o != 0; o = r.w.Opens[o].Parent {
		r.chain = append(r.chain, o)
	}
	for i := len(r.chain) - 1; i >= 0; i-- {
		o := &r.w.Opens[r.chain[i]]
		switch {
		case o.Tag == markup.TagForm:
			dst = r.pieces.start(dst, r, from, to)
		default:
			at := len(dst)
			dst = r.appendBody(dst, o.Start, o.Start+o.Len)
			if r.h.Dialect.Family == carriers.WML && from > 0 { // what was answered on the decks before stays
				dst = append(dst[:at], bytes.Replace(bytes.Clone(dst[at:]), []byte(markup.NewContext), nil, 1)...)
			}
		}
		if o.Tag == markup.TagSelect && o.Select > 0 {
			dst = r.pieces.chosen(dst, r, o.Select)
		}
	}
	return dst
}

// appendBody copies a stretch of the stream. Links to places on the page lead to the part that has them.
func (r *renderer) appendBody(dst []byte, at, end int32) []byte {
	refs := r.w.Refs
	for k := sort.Search(len(refs), func(i int) bool { return refs[i].At >= at }); k < len(refs) && refs[k].Stop <= end; k++ {
		dst = r.appendUnchecked(dst, at, refs[k].At)
		part := 0
		if to := r.w.Targets[refs[k].Target].At; to >= 0 {
			part = sort.Search(len(r.starts), func(i int) bool { return r.place(r.starts[i]).at > to })
		}
		if part == r.part && !r.h.Dialect.Deck() {
			part = 0
		}
		dst = r.w.AppendRef(dst, k, part)
		at = refs[k].Stop
	}
	return r.appendUnchecked(dst, at, end)
}

// appendUnchecked copies a stretch of the stream. A radio button is not checked in it whose group another one is chosen of (pieces.radios).
func (r *renderer) appendUnchecked(dst []byte, at, end int32) []byte {
	if len(r.pieces.groups) > 0 {
		radios := r.w.Radios
		for k := sort.Search(len(radios), func(i int) bool { return radios[i].From >= at }); k < len(radios) && radios[k].Stop <= min(end, r.formStop); k++ {
			if r.pieces.groups[string(radios[k].Name)] {
				dst = append(dst, r.w.Body[at:radios[k].From]...)
				at = radios[k].Stop
			}
		}
	}
	return append(dst, r.w.Body[at:end]...)
}

// Keys of the links between parts, best first: the page's own links keep theirs.
const (
	nextKeys = "#9876"
	backKeys = "*7654"
)

// appendNav writes the links to the parts before and behind, where one is, and the way home if the part from .. to has none. The way on from the piece of a form is its
// button, which takes the answers along.
func (r *renderer) appendNav(dst []byte, part, parts int, inForm bool, from, to int32) []byte {
	hdml := r.h.Dialect.Deck()
	if hdml {
		dst = append(dst, r.lineEnd()...)
	} else {
		dst = append(append(dst, r.w.Void("<hr")...), "<div>"...)
	}
	used := r.w.Keys
	if part > 1 {
		dst = r.w.AppendPartLink(dst, part-1, "前へ", r.w.FreeKey(backKeys, &used))
		dst = append(dst, ' ')
	}
	dst = appendInt(append(appendInt(dst, part), '/'), parts)
	if part < parts && !inForm {
		dst = r.w.AppendPartLink(append(dst, ' '), part+1, "次へ", r.w.FreeKey(nextKeys, &used))
	}
	dst = r.w.AppendHome(dst, from, to)
	if hdml {
		return dst
	}
	return append(dst, "</div>"...)
}

// lineEnd ends a line in a deck of cards.
func (r *renderer) lineEnd() string {
	if r.h.Dialect.Family == carriers.WML {
		return "<br/>"
	}
	return "<BR>"
}

func appendInt(dst []byte, n int) []byte {
	if n >= 10 {
		dst = appendInt(dst, n/10)
	}
	return append(dst, byte('0'+n%10))
}
