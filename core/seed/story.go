package seed

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"musubi/core/seed/paint"
)

//go:embed data/members.tsv
var membersText string

//go:embed data/diaries.txt
var diariesText string

//go:embed data/albums.txt
var albumsText string

//go:embed data/endorsements.txt
var endorsementsText string

// castMember is one of the fifteen of the demo, as data/members.tsv has them.
type castMember struct {
	Person
	Key, Phone string
	Portrait   paint.Kind
	Invited    string   // key of the one who invited, "" for the first
	Friends    []string // keys; each pair is listed once
}

// entry is a diary of data/diaries.txt.
type entry struct {
	member      string
	title, body string
	visibility  string // "", "friends" or "private"
	pictures    []paint.Kind
	captions    []string     // of an album's pictures
	pinned      bool         // a topic stands before the others
	protected   bool         // an album's pictures are not to be passed on
	password    string       // of an album
	months      []time.Month // empty: any
	daysAgo     int          // with clock
	clock       time.Duration
	ago         time.Duration // used when daysAgo is 0
	comments    []remark
}

type remark struct {
	member string
	after  time.Duration // after the entry
	text   string
}

// at returns when the entry was written, seen from now.
func (e *entry) at(now time.Time) time.Time {
	if e.daysAgo == 0 {
		return now.Add(-e.ago)
	}
	y, m, d := now.Date()
	return time.Date(y, m, d-e.daysAgo, 0, 0, 0, 0, now.Location()).Add(e.clock)
}

// inSeason reports whether an entry fits the time of the year it was written in.
func (e *entry) inSeason(now time.Time) bool {
	month := e.at(now).Month()
	for _, m := range e.months {
		if m == month {
			return true
		}
	}
	return len(e.months) == 0
}

// readTable gives the rows of a table, each of so many columns, without comments and the line that names the columns.
func readTable(name, text string, columns int) (rows [][]string, err error) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.Split(line, "\t")
		if len(f) != columns {
			return nil, fmt.Errorf("seed: %s: %q has %d columns, want %d", name, f[0], len(f), columns)
		}
		rows = append(rows, f)
	}
	return rows[min(1, len(rows)):], nil
}

// parseCast reads data/members.tsv. now settles a birthday that is given as days from today.
func parseCast(text string, now time.Time) ([]castMember, error) {
	rows, err := readTable("members.tsv", text, 18)
	if err != nil {
		return nil, err
	}
	var cast []castMember
	for _, f := range rows {
		m := castMember{Key: f[0], Phone: f[12]}
		familyKana, givenKana, _ := strings.Cut(f[3], " ")
		m.Person = Person{Family: f[1], Given: f[2], FamilyKana: familyKana, GivenKana: givenKana, Nick: f[4], Female: f[5] == "f",
			Prefecture: f[8], Hometown: f[9], Blood: f[11],
			Hobbies: strings.Split(f[16], "、"), Intro: strings.ReplaceAll(f[17], `\n`, "\n")}
		m.Job, m.Occupation, _ = strings.Cut(f[10], " ")
		if err := m.birthday(f[6], f[7], now); err != nil {
			return nil, fmt.Errorf("seed: members.tsv: %q: %w", m.Key, err)
		}
		kind, ok := paint.KindOf(f[13])
		if !ok {
			return nil, fmt.Errorf("seed: members.tsv: %q: no picture is called %q", m.Key, f[13])
		}
		m.Portrait = kind
		if f[14] != "-" {
			m.Invited = f[14]
		}
		if f[15] != "-" {
			m.Friends = strings.Split(f[15], ",")
		}
		cast = append(cast, m)
	}
	return cast, nil
}

// birthday sets the date of birth from a year and "MM-DD" or "+days from now".
func (m *castMember) birthday(year, day string, now time.Time) (err error) {
	if m.Year, err = strconv.Atoi(year); err != nil {
		return err
	}
	if ahead, ok := strings.CutPrefix(day, "+"); ok {
		n, err := strconv.Atoi(ahead)
		if err != nil {
			return err
		}
		d := now.AddDate(0, 0, n)
		if d.Month() == time.February && d.Day() == 29 {
			d = d.AddDate(0, 0, -1) // not every year of birth has this day
		}
		m.Month, m.Day = int(d.Month()), d.Day()
		return nil
	}
	t, err := time.Parse("01-02", day)
	m.Month, m.Day = int(t.Month()), t.Day()
	return err
}

// parseDiaries reads data/diaries.txt.
func parseDiaries(text string) ([]entry, error) {
	var all []entry
	var into *string // the text that lines are added to
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, ";"), into == nil && line == "":
		case strings.HasPrefix(line, "# "):
			e, err := parseHead(line[2:])
			if err != nil {
				return nil, fmt.Errorf("seed: diaries.txt: %q: %w", line, err)
			}
			all = append(all, e)
			into = &all[len(all)-1].title
		case strings.HasPrefix(line, "> ") && len(all) > 0:
			who, when, _ := strings.Cut(line[2:], " ")
			after, err := time.ParseDuration(when)
			if err != nil {
				return nil, fmt.Errorf("seed: diaries.txt: %q: %w", line, err)
			}
			e := &all[len(all)-1]
			e.comments = append(e.comments, remark{member: who, after: after})
			into = &e.comments[len(e.comments)-1].text
		case into == nil:
			return nil, fmt.Errorf("seed: diaries.txt: %q stands before the first entry", line)
		case into == &all[len(all)-1].title:
			*into = symbols(line)
			into = &all[len(all)-1].body
		default:
			*into += symbols(line) + "\n"
		}
	}
	for i := range all {
		all[i].body = strings.TrimSpace(all[i].body)
		for j := range all[i].comments {
			c := &all[i].comments[j]
			c.text = strings.TrimSpace(c.text)
		}
	}
	return all, nil
}

// parseAlbums reads data/albums.txt.
func parseAlbums(text string) ([]entry, error) {
	albums, err := parseDiaries(text)
	for i := range albums {
		a := &albums[i]
		var note []string
		for line := range strings.Lines(a.body + "\n") {
			line = strings.TrimRight(line, "\n")
			if caption, ok := strings.CutPrefix(line, "+ "); ok {
				a.captions = append(a.captions, caption)
			} else {
				note = append(note, line)
			}
		}
		a.body = strings.Join(note, "\n")
		if len(a.captions) != len(a.pictures) {
			return nil, fmt.Errorf("seed: albums.txt: %q has %d captions for %d pictures", a.title, len(a.captions), len(a.pictures))
		}
	}
	return albums, err
}

// regard is what one member says to or about another: an endorsement, or a friend request when relationship is empty.
type regard struct{ author, other, relationship, text string }

// parseRegards reads data/endorsements.txt.
func parseRegards(text string) ([]regard, error) {
	var all []regard
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, ";"), line == "" && len(all) == 0:
		case strings.HasPrefix(line, "# "), strings.HasPrefix(line, "? "):
			f := strings.SplitN(line[2:], " ", 3)
			if line[0] == '#' && len(f) != 3 || line[0] == '?' && len(f) != 2 {
				return nil, fmt.Errorf("seed: endorsements.txt: %q: want an author, a friend and how they know each other", line)
			}
			all = append(all, regard{author: f[0], other: f[1], relationship: strings.Join(f[2:], "")})
		case len(all) == 0:
			return nil, fmt.Errorf("seed: endorsements.txt: %q stands before the first endorsement", line)
		default:
			r := &all[len(all)-1]
			r.text += line + "\n"
		}
	}
	for i := range all {
		all[i].text = strings.TrimSpace(all[i].text)
	}
	return all, nil
}

// parseHead reads "member when words…".
func parseHead(s string) (e entry, err error) {
	f := strings.Fields(s)
	if len(f) < 2 {
		return e, fmt.Errorf("want a member and a time")
	}
	e.member = f[0]
	rest := f[2:]
	if days, ok := strings.CutSuffix(f[1], "d"); ok {
		if e.daysAgo, err = strconv.Atoi(days); err != nil || len(rest) == 0 {
			return e, fmt.Errorf("want days and a time of day, as in 2d 21:40")
		}
		t, err := time.Parse("15:04", rest[0])
		if err != nil {
			return e, err
		}
		e.clock, rest = time.Duration(t.Hour())*time.Hour+time.Duration(t.Minute())*time.Minute, rest[1:]
	} else if e.ago, err = time.ParseDuration(f[1]); err != nil {
		return e, err
	}
	for _, w := range rest {
		if list, ok := strings.CutPrefix(w, "months="); ok {
			for m := range strings.SplitSeq(list, ",") {
				n, err := strconv.Atoi(m)
				if err != nil || n < 1 || n > 12 {
					return e, fmt.Errorf("%q is no month", m)
				}
				e.months = append(e.months, time.Month(n))
			}
		} else if password, ok := strings.CutPrefix(w, "password="); ok {
			e.password = password
		} else if w == "pinned" {
			e.pinned = true
		} else if w == "protected" {
			e.protected = true
		} else if w == "friends" || w == "private" {
			e.visibility = w
		} else if k, ok := paint.KindOf(w); ok {
			e.pictures = append(e.pictures, k)
		} else {
			return e, fmt.Errorf("%q is neither a picture nor friends, private, months=", w)
		}
	}
	return e, nil
}

// symbols turns {FEE10} into that code point.
func symbols(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "{")
		code, after, ok2 := strings.Cut(rest, "}")
		if !ok || !ok2 {
			return s
		}
		n, err := strconv.ParseUint(code, 16, 32)
		if err != nil {
			return s
		}
		s = before + string(rune(n)) + after
	}
}
