package seed

import (
	"strings"
	"testing"
	"time"
)

var monday = time.Date(2007, time.February, 5, 9, 30, 0, 0, time.UTC)

func loadStory(t *testing.T, now time.Time) ([]castMember, []entry) {
	t.Helper()
	cast, err := parseCast(membersText, now)
	if err != nil {
		t.Fatal(err)
	}
	entries, err := parseDiaries(diariesText)
	if err != nil {
		t.Fatal(err)
	}
	return cast, entries
}

// TestCast holds members.tsv to what the demo promises: fifteen members, each invited by an earlier one who is also a
// friend, and the first three all friends of each other (their logins are printed).
func TestCast(t *testing.T) {
	cast, _ := loadStory(t, monday)
	if len(cast) != 15 {
		t.Errorf("%d members, want 15", len(cast))
	}
	seen, friends := map[string]bool{}, friendPairs(cast)
	for i, m := range cast {
		if seen[m.Key] {
			t.Errorf("%s appears twice", m.Key)
		}
		if i == 0 != (m.Invited == "") {
			t.Errorf("%s: invited by %q", m.Key, m.Invited)
		}
		if i > 0 && (!seen[m.Invited] || !friends[[2]string{m.Key, m.Invited}]) {
			t.Errorf("%s: the inviter %q is not an earlier member and a friend", m.Key, m.Invited)
		}
		for _, f := range m.Friends {
			if !seen[f] {
				t.Errorf("%s: friend %q is not an earlier member", m.Key, f)
			}
		}
		if m.Month < 1 || m.Day < 1 || m.Year < 1900 || m.Intro == "" || m.Nick == "" || len(m.Hobbies) < 2 {
			t.Errorf("%s: incomplete: %+v", m.Key, m)
		}
		seen[m.Key] = true
	}
	for _, a := range cast[:3] {
		for _, b := range cast[:3] {
			if a.Key != b.Key && !friends[[2]string{a.Key, b.Key}] {
				t.Errorf("%s and %s are not friends", a.Key, b.Key)
			}
		}
	}
}

// friendPairs lists every friendship in both directions.
func friendPairs(cast []castMember) map[[2]string]bool {
	pairs := map[[2]string]bool{}
	for _, m := range cast {
		for _, f := range m.Friends {
			pairs[[2]string{m.Key, f}], pairs[[2]string{f, m.Key}] = true, true
		}
	}
	return pairs
}

// TestBirthdaySoon starts the demo on every day of a leap year: somebody's birthday is always five days ahead.
func TestBirthdaySoon(t *testing.T) {
	for day := range 366 {
		now := time.Date(2008, 1, 1+day, 12, 0, 0, 0, time.UTC)
		cast, _ := loadStory(t, now)
		soon := time.Date(2008, time.Month(cast[0].Month), cast[0].Day, 12, 0, 0, 0, time.UTC)
		if soon.Before(now) {
			soon = soon.AddDate(1, 0, 0)
		}
		if d := soon.Sub(now).Hours() / 24; d < 4 || d > 5 {
			t.Errorf("started on %s, the birthday is in %.0f days", now.Format("01-02"), d)
		}
		if born := time.Date(cast[0].Year, time.Month(cast[0].Month), cast[0].Day, 0, 0, 0, 0, time.UTC); born.Day() != cast[0].Day {
			t.Errorf("%d-%d-%d is no date", cast[0].Year, cast[0].Month, cast[0].Day)
		}
	}
}

// TestDiaries reads every entry: known members, comments in order and only by those who may read, no text twice.
func TestDiaries(t *testing.T) {
	cast, entries := loadStory(t, monday)
	if len(entries) < 45 {
		t.Errorf("%d entries: too quiet", len(entries))
	}
	friends, known, texts, comments := friendPairs(cast), map[string]int{}, map[string]bool{}, 0
	for _, m := range cast {
		known[m.Key] = 0
	}
	for _, e := range entries {
		if _, ok := known[e.member]; !ok {
			t.Errorf("%q: unknown member %q", e.title, e.member)
		}
		known[e.member]++
		if e.title == "" || e.body == "" || texts[e.title] || texts[e.body] {
			t.Errorf("%q: an empty or repeated text", e.title)
		}
		texts[e.title], texts[e.body] = true, true
		if at := e.at(monday); !at.Before(monday) || at.Before(monday.AddDate(0, 0, -21)) {
			t.Errorf("%q: written at %v", e.title, at)
		}
		last := time.Duration(0)
		for _, c := range e.comments {
			comments++
			if _, ok := known[c.member]; !ok || c.text == "" || len(c.text) > 4 && texts[c.text] && c.text != "はい！" {
				t.Errorf("%q: comment %q by %q", e.title, c.text, c.member)
			}
			texts[c.text] = true
			if c.after <= last {
				t.Errorf("%q: comment %q is not later than the one before", e.title, c.text)
			}
			last = c.after
			if e.visibility == "private" || e.visibility == "friends" && c.member != e.member && !friends[[2]string{c.member, e.member}] {
				t.Errorf("%q is for %s: %s cannot comment", e.title, e.visibility, c.member)
			}
		}
		for _, s := range []string{e.title, e.body} {
			if strings.ContainsAny(s, "{}\t\r") {
				t.Errorf("%q: left-over markup", e.title)
			}
		}
	}
	if comments < 150 {
		t.Errorf("%d comments: too quiet", comments)
	}
	for k, n := range known {
		if n < 2 {
			t.Errorf("%s wrote %d entries, want two or more", k, n)
		}
	}
}

// TestSeasons: whatever the month, the demo has at least 45 entries.
func TestSeasons(t *testing.T) {
	_, entries := loadStory(t, monday)
	for month := time.January; month <= time.December; month++ {
		n, now := 0, time.Date(2007, month, 20, 12, 0, 0, 0, time.UTC)
		for i := range entries {
			if entries[i].inSeason(now) {
				n++
			}
		}
		if n < 45 || n == len(entries) {
			t.Errorf("%v: %d of %d entries", month, n, len(entries))
		}
	}
}

func TestParseDiariesSaysWhatIsWrong(t *testing.T) {
	for name, text := range map[string]string{
		"no time":         "# haruka\nT\nB\n",
		"bad time":        "# haruka soon\nT\n",
		"days, no clock":  "# haruka 2d\nT\n",
		"unknown picture": "# haruka 2h elephant\nT\n",
		"unknown month":   "# haruka 2h months=13\nT\n",
		"comment, time":   "# haruka 2h\nT\nB\n> takumi late\nx\n",
		"text first":      "hello\n",
	} {
		if _, err := parseDiaries(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestRegards: endorsements come from friends, requests from those who are not, each pair once.
func TestRegards(t *testing.T) {
	cast, _ := loadStory(t, monday)
	regards, err := parseRegards(endorsementsText)
	if err != nil {
		t.Fatal(err)
	}
	friends, seen, requests := friendPairs(cast), map[[2]string]bool{}, 0
	for _, r := range regards {
		pair := [2]string{r.author, r.other}
		if seen[pair] || r.text == "" || friends[pair] == (r.relationship == "") {
			t.Errorf("%+v: twice, empty, or not a matter of friends", r)
		}
		seen[pair] = true
		if r.relationship == "" {
			requests++
		}
	}
	if requests < 2 || len(regards) < 15 {
		t.Errorf("%d regards, %d requests", len(regards), requests)
	}
	for name, text := range map[string]string{"no relationship": "# a b\nx\n", "too much": "? a b c\nx\n", "text first": "x\n"} {
		if _, err := parseRegards(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
