package web

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/news"
	"musubi/core/people"
	"musubi/core/report"
)

// Every sentence is there in both languages, with the same things to fill in.
func TestCatalogueIsComplete(t *testing.T) {
	verbs := regexp.MustCompile(`%[sd]`)
	for key, row := range catalogue {
		ja, en := verbs.FindAllString(row[japanese], -1), verbs.FindAllString(row[english], -1)
		if strings.TrimSpace(row[japanese]) == "" || strings.TrimSpace(row[english]) == "" {
			t.Errorf("%s is empty in a language", key)
		}
		if strings.Join(ja, "") != strings.Join(en, "") {
			t.Errorf("%s fills in %v in Japanese and %v in English", key, ja, en)
		}
		if strings.ContainsFunc(row[english], func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) && key != "login.other" {
			t.Errorf("the English of %s is Japanese: %s", key, row[english])
		}
	}
}

// English counts things: one friend, no friends, two friends.
func TestPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 friend requests are waiting", 1: "1 friend request is waiting", 2: "2 friend requests are waiting", 21: "21 friend requests are waiting"} {
		if got := english.t("notice.request", n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	if got := plural("{a|b}-{|c}{d|}", []any{"word", 1, 5}); got != "a-d" {
		t.Errorf("one of it: %q", got)
	}
	if got, want := english.t("diary.deleteask", "{x|y}", 1), "Delete “{x|y}” and its 1 comment? This cannot be undone."; got != want {
		t.Errorf("what a member wrote is not touched: %q, want %q", got, want)
	}
	counted := regexp.MustCompile(`%d( new)? [a-z]+s\b`)
	for key, row := range catalogue {
		if m := counted.FindString(row[english]); m != "" && !regexp.MustCompile(`^%d was\b`).MatchString(m) {
			t.Errorf("%s says %q whatever the number; write {one|many}", key, m)
		}
		if strings.Count(row[english], "{") != len(regexp.MustCompile(`\{[^{}|]*\|[^{}|]*\}`).FindAllString(row[english], -1)) || strings.ContainsAny(row[japanese], "{}") {
			t.Errorf("%s: %q is no {one|many}", key, row)
		}
	}
}

// Every key that templates, handlers and services name is in the catalogue.
func TestCatalogueHasEveryKey(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "*.qtpl", "../*.go"} {
		list, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, list...)
	}
	named := []*regexp.Regexp{
		regexp.MustCompile(`\bt\("([a-z0-9]+(?:\.[a-z0-9]+)*)"[,)]`),
		regexp.MustCompile(`"((?:error|field)\.[a-z]+)"`),
	}
	buttonCall, dotted := regexp.MustCompile(`(?:button|buttons|friendRequest)\([^)]*"\)`), regexp.MustCompile(`"([a-z]+\.[a-z]+)"`)
	keys := map[string]string{}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || strings.HasSuffix(f, ".qtpl.go") {
			continue
		}
		source, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, re := range named {
			for _, m := range re.FindAllSubmatch(source, -1) {
				keys[string(m[1])] = f
			}
		}
		for _, call := range buttonCall.FindAll(source, -1) {
			for _, m := range dotted.FindAllSubmatch(call, -1) {
				keys[string(m[1])] = f
			}
		}
	}
	for _, f := range people.ProfileFields {
		keys["profile."+f.Key] = "core.ProfileFields"
		for _, c := range f.Choices {
			keys["choice."+c.Key] = "core.ProfileFields"
		}
	}
	for _, item := range menuItems {
		keys[item.word] = "menuItems"
	}
	for _, group := range settings {
		keys[group.word] = "settings"
		for _, item := range group.rows {
			keys[item.word] = "settings"
		}
	}
	if len(keys) < 150 {
		t.Fatalf("only %d keys found in the sources", len(keys))
	}
	for key, f := range keys {
		if _, ok := catalogue[key]; !ok {
			t.Errorf("%s names %q, which the catalogue has not", f, key)
		}
	}
}

// Every sentence that a template or a handler asks for is given what it fills in: otherwise members read "%d".
func TestSentencesAreFilledIn(t *testing.T) {
	calls, verbs, n := regexp.MustCompile(`\bt\("([a-z0-9.]+)"([,)])`), regexp.MustCompile(`%(?:\[\d\])?[sd]`), 0
	for _, pattern := range []string{"*.go", "*.qtpl"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, "_test.go") || strings.HasSuffix(f, ".qtpl.go") {
				continue
			}
			source, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, at := range calls.FindAllSubmatchIndex(source, -1) {
				n++
				key, given := string(source[at[2]:at[3]]), 0
				if source[at[4]] == ',' {
					given = arguments(string(source[at[5]:]))
				}
				if key == "film.progress" {
					continue // album.js fills it in
				}
				if want := len(verbs.FindAllString(catalogue[key][japanese], -1)); given != want && given >= 0 {
					t.Errorf("%s: %q fills in %d, and is given %d", f, key, want, given)
				}
			}
		}
	}
	if n < 400 {
		t.Errorf("only %d calls found", n)
	}
}

// arguments counts what is left of a call up to its closing bracket; -1 when it hands on a list.
func arguments(rest string) int {
	depth, n, quoted := 0, 1, false
	for i, r := range rest {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(' || r == '[' || r == '{':
			depth++
		case depth == 0 && r == ')' && strings.HasSuffix(rest[:i], "..."):
			return -1
		case depth == 0 && r == ')':
			return n
		case r == ')' || r == ']' || r == '}':
			depth--
		case r == ',' && depth == 0:
			n++
		}
	}
	return -1
}

// In English no Japanese is left on the pages but what members wrote and the way back to Japanese.
func TestEnglishPages(t *testing.T) {
	w := newWorld(t)
	m, err := w.core.Account.CreateMember(t.Context(), account.NewMember{Name: "Hana", Mail: mailOf(core.Member{Name: "Hana"}), PasswordHash: w.hash, Language: "en", Profile: []core.ProfileValue{{Key: "prefecture", Value: "東京都"}, {Key: "birthday", Value: "19850303"}}})
	if err != nil {
		t.Fatal(err)
	}
	b := w.as(m)
	d, err := w.core.Journal.WriteDiary(t.Context(), m.ID, journal.NewDiary{Title: "Title", Body: "Text"})
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]reply{"/?lang=en": w.browser().get("/?lang=en"), diaryPath(m.ID, d.ID): b.get(diaryPath(m.ID, d.ID))}
	for _, r := range routes.all {
		if r.method == get && !strings.HasSuffix(r.path, "/") && !strings.Contains(r.path, ".") && r.access != public && r.access != console {
			pages[r.path] = b.get(r.path)
		}
	}
	for path, r := range pages {
		text := regexp.MustCompile(`<[^>]*>`).ReplaceAllString(r.body, " ")
		text = strings.ReplaceAll(text, catalogue["login.other"][english], "")
		if i := strings.IndexFunc(text, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }); i >= 0 {
			t.Errorf("%s (%d) in English says %.60s", path, r.status, text[i:])
		}
	}
}

// Wherever links lead from home, a page has the words of one language: no sentence of the catalogue stands there in the other. What members
// wrote stays as it is.
func TestPagesKeepToOneLanguage(t *testing.T) {
	s := newScene(t)
	me := core.Viewer{Member: s.owner.ID}
	id := s.commune(s.owner, "返事", false)
	_, err := s.core.Community.Open(t.Context(), me, id, community.NewThread{Title: "どこへ行こう", Body: "海か山か"}, nil)
	s.must(err)
	b := s.as(s.owner)
	others := [2]map[string]string{{}, {}} // the words of the other language alone, and their keys
	for key, row := range catalogue {
		for _, lang := range []words{japanese, english} {
			if other := row[1-lang]; other != row[lang] && key != "login.other" {
				others[lang][other] = key
			}
		}
	}
	for _, lang := range []words{japanese, english} {
		for _, row := range catalogue {
			delete(others[lang], row[lang]) // a word of both
		}
	}
	for _, lang := range []words{japanese, english} {
		s.must(s.core.Account.SetPreferences(t.Context(), s.owner.ID, account.Preferences{Language: lang.lang(), DiaryVisibility: core.Friends}))
		pages := 0
		b.follow(func(u *url.URL, r reply) {
			if !strings.HasPrefix(r.body, "<!DOCTYPE html>") {
				return
			}
			if pages++; !strings.Contains(r.body, `<html lang="`+lang.lang()+`">`) {
				t.Errorf("%s is not in the language %s", u, lang.lang())
			}
			for _, said := range wordsOf(r.body) {
				if key, ok := others[lang][said]; ok {
					t.Errorf("%s in %s says %q (%s)", u, lang.lang(), said, key)
				}
			}
		})
		if pages < 80 {
			t.Errorf("%s: only %d pages", lang.lang(), pages)
		}
	}
}

// wordsOf are the texts of a page, and what its attributes say.
func wordsOf(page string) (list []string) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range doc.Descendants() {
		if n.Type == html.TextNode {
			list = append(list, strings.TrimSpace(n.Data))
		}
		for _, a := range n.Attr {
			if a.Key == "alt" || a.Key == "title" || a.Key == "aria-label" || a.Key == "placeholder" {
				list = append(list, a.Val)
			}
		}
	}
	return list
}

// A key that two tables have is refused by its name: one of them would silently stand for the other.
func TestRepeatedWordsAreRefused(t *testing.T) {
	for _, title := range []string{"", "花見"} { // what an operator did may be about a thing or not
		for _, lang := range []words{japanese, english} {
			if said := lang.newsSentence(news.Line{News: news.News{Kind: report.MeasureNews}, Title: title}); strings.Contains(said, "%!") || !strings.Contains(said, title) {
				t.Errorf("news of a measure: %q", said)
			}
		}
	}
	first, second := wordTable{"a": {"あ", "A"}, "b": {"い", "B"}}, wordTable{"c": {"う", "C"}, "b": {"ゐ", "Wi"}}
	if _, err := joinWords([]*feature{{name: "first", words: first}, {name: "second", words: second}}); err == nil || !strings.Contains(err.Error(), `"b"`) {
		t.Errorf("two tables with the word b: %v", err)
	}
	if joined, err := joinWords([]*feature{{words: first}, {words: wordTable{"c": {"う", "C"}}}}); err != nil || len(joined) != 3 {
		t.Errorf("three words of two tables: %d, %v", len(joined), err)
	}
}
