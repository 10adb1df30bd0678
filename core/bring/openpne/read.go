package openpne

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"

	"musubi/core"
	"musubi/core/bring/mysqldump"
)

// Options say how dumps are read.
type Options struct {
	Version int                               // 2 or 3
	Charset string                            // of the dumps: "utf-8", "euc-jp" or "shift_jis"
	Zone    *time.Location                    // of their times
	Key     string                            // ENCRYPT_KEY of config.php (2)
	Emoji   func(set byte, number int) string // the emoji of a token: 'i' i-mode, 'e' au, 's' SoftBank; "": there is none
	Now     time.Time                         // what is dated later is dated wrong; zero: this moment
}

// A reader reads the rows of dumps into a Site.
type reader struct {
	Options
	*Site
	decode  *encoding.Decoder // nil: UTF-8
	cipher  *cipher           // nil: nothing is encrypted
	tables  map[string]func(row)
	options map[int64]string // values of choices of profiles
	fields  map[int64]field  // of profiles
	values  []value
	problem error
	beyond  int                  // texts with more than ASCII
	wrong   int                  // of them those that are not of the charset
	example string               // where the first of them stands
	kana    map[string]int       // hiragana that texts have when they are read in each charset
	last    map[string]time.Time // of each table: when its last row was made

	// What stands in tables of its own and belongs to rows that may come later.
	said       []saidIn
	pictures2  []pictureOf
	inAlbum    map[int64][]photo
	inThread   map[int64][]comment
	threads    map[int64]*thread
	events     map[int64]*thread
	inEvent    map[int64][]comment
	seats      map[int64][]seat
	prefecture map[int64]string
	files      map[int64]bool
	sent       map[int64]message
	received   []receipt
	thrown     map[pair]bool
	types      map[int64]string
	inCategory map[int64]int64
	configs    map[int64]map[string]string
	joined     []membership
	positions  []position
	intros     []intro
	kinds      map[int64]string
}

// row is a row by the names of its columns.
type row struct {
	*reader
	mysqldump.Row
}

// Read reads the dumps, each opened by its function. Pictures are left where they are: Run reads them again.
func Read(o Options, dumps []func() (io.ReadCloser, error)) (*Site, error) {
	r := &reader{Options: o, Site: &Site{members: map[int64]*member{}, ties: map[pair]tie{}, blocks: map[pair]time.Time{}, diaries: map[int64]*diary{}, categories: map[int64]category{},
		albums: map[int64]*album{}, visits: map[pair][]time.Time{}, communities: map[int64]*community{}, pictures: map[string]bool{}, left: map[string]int{}},
		options: map[int64]string{}, fields: map[int64]field{}, inAlbum: map[int64][]photo{}, inThread: map[int64][]comment{}, threads: map[int64]*thread{}, events: map[int64]*thread{},
		inEvent: map[int64][]comment{}, seats: map[int64][]seat{}, prefecture: map[int64]string{}, files: map[int64]bool{}, sent: map[int64]message{}, thrown: map[pair]bool{}, types: map[int64]string{},
		last: map[string]time.Time{}, inCategory: map[int64]int64{}, configs: map[int64]map[string]string{}, kinds: map[int64]string{}}
	if err := r.prepare(); err != nil {
		return nil, err
	}
	for _, open := range dumps {
		if err := r.dump(open, r.tables); err != nil { // which a quote behind half a letter of another charset may be
			return nil, cmp.Or(r.otherCharset(), err)
		}
	}
	if r.problem != nil {
		return nil, r.problem
	}
	if r.leave("letters of texts that are of no charset", r.wrong); 10*r.wrong > r.beyond { // some a MySQL of the time cut in half
		return nil, fmt.Errorf("openpne: %d texts of the dump are not in %s, the first of them %s: say what they are in, --charset euc-jp, shift_jis or utf-8; nothing is stored", r.wrong, cmp.Or(strings.ToLower(r.Charset), "utf-8"), r.example)
	}
	if err := r.otherCharset(); err != nil {
		return nil, err
	}
	if len(r.members) == 0 {
		return nil, fmt.Errorf("openpne: the dump has no members of OpenPNE %d: is it of the other version, or without %s?", o.Version, map[int]string{2: "c_member", 3: "member"}[o.Version])
	}
	r.join()
	r.prune()
	return r.Site, r.problem
}

func (r *reader) prepare() (err error) {
	if r.Now.IsZero() {
		r.Now = time.Now()
	}
	switch r.Charset = strings.ToLower(r.Charset); r.Charset {
	case "", "utf-8", "utf8":
	case "euc-jp":
		r.decode = charsets[r.Charset].NewDecoder()
	case "shift_jis", "sjis":
		r.Charset = "shift_jis"
		r.decode = charsets[r.Charset].NewDecoder()
	default:
		return fmt.Errorf("openpne: charset %q: expected utf-8, euc-jp or shift_jis", r.Charset)
	}
	switch r.Version {
	case 2:
		if r.cipher, err = newCipher(r.Key); err != nil {
			return err
		}
		r.tables = r.tables2()
	case 3:
		r.tables = r.tables3()
	default:
		return fmt.Errorf("openpne: version %d: expected 2 or 3", r.Version)
	}
	return nil
}

// dump gives the rows of one dump to the functions of their tables.
func (r *reader) dump(open func() (io.ReadCloser, error), tables map[string]func(row)) error {
	in, err := open()
	if err != nil {
		return err
	}
	defer in.Close()
	return mysqldump.Read(in, mysqldump.Options{Want: func(t string) bool { return tables[t] != nil }, SJIS: r.decode != nil && !strings.EqualFold(r.Charset, "euc-jp")},
		func(m mysqldump.Row) error {
			tables[m.Table](row{r, m})
			return r.problem
		})
}

// raw is a value as it stands; nil where there is none.
func (w row) raw(column string) []byte {
	for i, c := range w.Columns {
		if c == column {
			return w.Values[i]
		}
	}
	return nil
}

// n is a value as a number; 0 where there is none.
func (w row) n(column string) int64 {
	n, err := strconv.ParseInt(string(w.raw(column)), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// s is a value as it was written, without emoji tokens.
func (w row) s(column string) string {
	b := w.raw(column)
	if !bytes.ContainsFunc(b, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return string(b)
	}
	w.beyond++
	bad := !utf8.Valid(b)
	if w.decode != nil {
		w.weigh(b)
		d, err := w.decode.Bytes(b)
		if bad = err != nil || bytes.ContainsRune(d, utf8.RuneError); err == nil {
			b = d
		}
	}
	if bad {
		if w.wrong++; w.wrong == 1 {
			w.example = fmt.Sprintf("%s of a row of %s, %q", column, w.Table, b[:min(len(b), 40)])
		}
	}
	return strings.ToValidUTF8(string(b), "\uFFFD")
}

// charsets are those of Japanese dumps that each take many bytes of the others for texts of theirs.
var charsets = map[string]encoding.Encoding{"euc-jp": japanese.EUCJP, "shift_jis": japanese.ShiftJIS, "utf-8": encoding.Nop}

// weigh counts hiragana, which every Japanese sentence has, in each reading of a text that is one: EUC-JP read as Shift_JIS is half-width
// kana and rare kanji, and no error.
func (r *reader) weigh(b []byte) {
	if r.kana == nil {
		r.kana = map[string]int{}
	}
	for name, c := range charsets {
		d, err := c.NewDecoder().Bytes(b)
		if err != nil || !utf8.Valid(d) || bytes.ContainsRune(d, utf8.RuneError) {
			continue
		}
		for _, letter := range string(d) {
			if letter >= 'ぁ' && letter <= 'ん' {
				r.kana[name]++
			}
		}
	}
}

// otherCharset says so when the texts read so far are plainly of another charset than the one that was named.
func (r *reader) otherCharset() error {
	for other, n := range r.kana {
		if n > 4*r.kana[r.Charset] {
			return fmt.Errorf("openpne: the dump has %d hiragana read in %s, and %d in %s: say --charset %s; nothing is stored", r.kana[r.Charset], r.Charset, n, other, other)
		}
	}
	return nil
}

// line and lines are what a member wrote: on one line, on many.
func (w row) line(column string, most int) string {
	return w.cut(core.Clean(w.words(w.s(column)), core.OneLine), most)
}
func (w row) lines(column string, most int) string {
	return w.cut(core.Clean(w.words(w.s(column)), core.ManyLines), most)
}

// decoration is what OpenPNE writes around decorated text.
var (
	decoration = regexp.MustCompile(`</?op:[a-z]+[^>]{0,200}>`)
	emojiToken = regexp.MustCompile(`\[([ies]):([0-9]{1,4})\]`)
)

// words turns tokens of emoji into emoji. A token that is none of them stays.
func (r *reader) words(s string) string {
	s = decoration.ReplaceAllString(s, "")
	return emojiToken.ReplaceAllStringFunc(s, func(token string) string {
		m := emojiToken.FindStringSubmatch(token)
		n, _ := strconv.Atoi(m[2])
		if r.Emoji != nil {
			if e := r.Emoji(m[1][0], n); e != "" {
				return e
			}
		}
		return token
	})
}

// cut is the first characters of a text that is longer than here is room for.
func (r *reader) cut(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		r.leave("ends of texts that are too long here", 1)
		return string(runes[:most])
	}
	return s
}

// t is a time that has come; zero where there is none.
func (w row) t(column string) time.Time {
	t := w.written(column)
	if t.After(w.Now) {
		return w.Now
	}
	return t
}

// written is a time as it stands there; zero where there is none.
func (w row) written(column string) time.Time {
	text := string(w.raw(column))
	t, err := time.ParseInLocation(time.DateTime, text[:min(len(text), len(time.DateTime))], w.Zone)
	if err != nil {
		if t, err = time.ParseInLocation(time.DateOnly, text, w.Zone); err != nil {
			return time.Time{}
		}
	}
	return t
}

// firstDay is before the first OpenPNE.
var firstDay = time.Date(2004, 1, 1, 12, 0, 0, 0, time.UTC)

// made is when a row was made. Rows stand in a dump in their order: one without a date that can be, or with one that has not come,
// is of the time of the one before. So it is the same whenever the dump is read.
func (w row) made(column string) time.Time {
	t := w.written(column)
	switch {
	case t.IsZero():
		w.leave("dates that are none: that of the row before stands instead", 1)
	case t.After(w.Now):
		w.leave("dates that have not come: that of the row before stands instead", 1)
	default:
		w.last[w.Table] = t
		return t
	}
	if t = w.last[w.Table]; t.IsZero() {
		return firstDay
	}
	return t
}

// day is a date; zero where there is none.
func (w row) day(column string) core.Day {
	s := string(w.raw(column))
	d, ok := core.ReadDay(s[:min(len(s), len(time.DateOnly))])
	if !ok {
		return 0
	}
	return d
}

// seen2 reads the words of OpenPNE 2; what we do not know is nobody's.
func (w row) seen2(column string) core.Visibility {
	switch string(w.raw(column)) {
	case "public":
		return core.Everyone
	case "friend":
		return core.Friends
	}
	return core.Private
}

// seen3 reads the numbers of OpenPNE 3: 1 members, 2 friends, 3 nobody, 4 the whole web, which here is the members.
func (w row) seen3(column string) core.Visibility { return seen3(string(w.raw(column))) }

func seen3(n string) core.Visibility {
	switch n {
	case "1", "4":
		return core.Everyone
	case "2":
		return core.Friends
	}
	return core.Private
}
