package session

import (
	"encoding/binary"
	"encoding/json"
	"strings"
	"time"
)

// How a session is written before it is sealed: its form, then its texts, times and cookies in the order of appendRecord. A
// record is read with every request of a handset, so it is not JSON, which the first version of musubi wrote and which is
// still read. A session that goes along to every site has more to say, and so has one whose state goes on under another ID.
const (
	recordForm   = 1
	anywhereForm = 2
	movedForm    = 2 // more than either
)

// encode writes the session and seals it.
func (s *Session) encode() []byte { return seal(s.Place, s.Host, s.ID, s.appendRecord(nil)) }

func (s *Session) appendRecord(b []byte) []byte {
	form := byte(recordForm)
	if s.Host == Anywhere {
		form = anywhereForm
	}
	if s.Next != "" {
		b = append(b, form+movedForm)
	} else {
		b = append(b, form)
	}
	for _, text := range [...]string{s.Binding.Carrier, s.Binding.Class, s.Binding.Model, s.Binding.Subscriber} {
		b = appendText(b, text)
	}
	for _, t := range [...]time.Time{s.Created, s.Used, s.Superseded} {
		b = appendTime(b, t)
	}
	b = binary.AppendUvarint(b, uint64(len(s.Jar)))
	for _, c := range s.Jar {
		b = appendText(appendText(appendText(b, c.Name), c.Value), c.Path)
		b = appendTime(b, c.Expires)
		b = appendBool(b, c.Secure)
		if form == anywhereForm {
			site := c.Site
			if c.Strict { // nodes of an older version then send it to nobody
				site = strictMark + site
			}
			b = appendText(b, site)
		}
	}
	if form == anywhereForm {
		b = appendVisits(appendVisits(appendBool(b, s.Entered), s.Visited), s.Marks)
	}
	if s.Next != "" {
		b = appendText(appendText(b, s.Next), string(s.NextPlace))
	}
	return b
}

func appendVisits(b []byte, list []Visit) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, v := range list {
		b = appendText(appendText(b, v.URL), v.Title)
	}
	return b
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendTime(b []byte, t time.Time) []byte {
	return binary.AppendUvarint(binary.AppendVarint(b, t.Unix()), uint64(t.Nanosecond()))
}

// decode opens a sealed record.
func decode(p Place, host, id string, sealed []byte) (*Session, error) {
	plain, err := unseal(p, host, id, sealed)
	if err != nil {
		return nil, err
	}
	s := &Session{ID: id, Place: p, Host: host}
	if len(plain) > 0 && recordForm <= plain[0] && plain[0] <= anywhereForm+movedForm {
		r := recordReader{rest: plain[1:], all: string(plain[1:])}
		s.readRecord(&r, (plain[0]-anywhereForm)%movedForm == 0)
		if plain[0] > anywhereForm {
			s.Next, s.NextPlace = r.text(), Place(r.text())
		}
		if r.bad || len(r.rest) > 0 {
			return nil, errSealed
		}
	} else if err := json.Unmarshal(plain, s); err != nil {
		return nil, errSealed
	}
	return s, nil
}

func (s *Session) readRecord(r *recordReader, anywhere bool) {
	for _, text := range [...]*string{&s.Binding.Carrier, &s.Binding.Class, &s.Binding.Model, &s.Binding.Subscriber} {
		*text = r.text()
	}
	for _, t := range [...]*time.Time{&s.Created, &s.Used, &s.Superseded} {
		*t = r.time()
	}
	n := r.uint()
	if n > maxAllCookies {
		r.bad = true
		return
	}
	if n > 0 {
		s.Jar = make(Jar, n)
	}
	for i := range s.Jar {
		s.Jar[i] = Cookie{Name: r.text(), Value: r.text(), Path: r.text(), Expires: r.time(), Secure: r.uint() == 1}
		if anywhere {
			s.Jar[i].Site, s.Jar[i].Strict = strings.CutPrefix(r.text(), strictMark)
		}
	}
	if anywhere {
		s.Entered, s.Visited, s.Marks = r.uint() == 1, r.visits(), r.visits()
	}
}

func (r *recordReader) visits() []Visit {
	n := r.uint()
	if n > maxVisits {
		r.bad = true
		return nil
	}
	list := make([]Visit, n)
	for i := range list {
		list[i] = Visit{URL: r.text(), Title: r.text()}
	}
	return list
}

// A recordReader reads what appendRecord wrote. After an error it is bad and reads nothing but zeros.
type recordReader struct {
	rest []byte
	all  string // the whole record, of which the texts are parts
	bad  bool
}

func (r *recordReader) uint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.skip(n)
	return v
}

func (r *recordReader) text() string {
	n := r.uint()
	if n > uint64(len(r.rest)) {
		r.bad, n = true, 0
	}
	at := len(r.all) - len(r.rest)
	r.rest = r.rest[n:]
	return r.all[at : at+int(n)]
}

func (r *recordReader) time() time.Time {
	seconds, n := binary.Varint(r.rest)
	r.skip(n)
	return time.Unix(seconds, int64(r.uint()%1e9))
}

func (r *recordReader) skip(n int) {
	if n <= 0 {
		r.bad, r.rest = true, nil
		return
	}
	r.rest = r.rest[n:]
}

// strictMark stands before the site of a cookie that is Strict: no host begins with it.
const strictMark = "="
