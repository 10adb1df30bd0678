package index

import "slices"

// buffer is the things that came since the last segment was written.
type buffer struct {
	entries []entry
	place   map[entry]uint16
	lists   lists
	size    int // of all lists
}

type entry struct { // of a thing that was forgotten: zero
	kind Kind
	Key
}

func newBuffer() *buffer { return &buffer{place: make(map[entry]uint16), lists: newLists(0)} }

func (b *buffer) full() bool { return len(b.entries) > segmentSize-256 || b.size >= maxBuffer }

func (b *buffer) put(kind Kind, d *Doc) {
	e := entry{kind, d.Key}
	place, ok := b.place[e]
	if !ok {
		place = uint16(len(b.entries))
		b.place[e] = place
		b.entries = append(b.entries, e)
	}
	b.size += b.lists.add(kind, place, d)
}

// kinds are those of the things in it, in order.
func (b *buffer) kinds() (list []Kind) {
	for e := range b.place {
		if !slices.Contains(list, e.kind) {
			list = append(list, e.kind)
		}
	}
	slices.Sort(list)
	return list
}

func (b *buffer) forget(which func(entry) bool) {
	for e, place := range b.place {
		if which(e) {
			b.entries[place] = entry{}
			delete(b.place, e)
		}
	}
}

// find gives the things before an ID that have all the tokens, newest first.
func (b *buffer) find(tokens []int64, before int64) (list []Candidate) {
	var m matches
	for _, t := range tokens {
		var p posting
		some := false
		for a := range p {
			places := b.lists[keyOf(t, Audience(a))]
			some = some || len(places) > 0
			if b, ok := pack(places).([]byte); ok {
				p[a] = b
			}
		}
		if !some {
			return nil
		}
		m.and(&p)
	}
	for _, found := range m.places() {
		if e := b.entries[found.place]; e.ID != 0 && e.ID < before {
			list = append(list, Candidate{Key: e.Key, Audience: found.audience})
		}
	}
	newestFirst(list)
	return list
}
