package seed

import (
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"musubi/core/seed/dice"
)

func TestNewPerson(t *testing.T) {
	nicks, women := map[string]int{}, 0
	const n = 5000
	for i := range n {
		p := NewPerson(1, i, 2007)
		if i < 50 && !reflect.DeepEqual(p, NewPerson(1, i, 2007)) {
			t.Fatalf("person %d differs the second time", i)
		}
		if p.Female {
			women++
		}
		nicks[p.Nick]++
		if age := 2007 - p.Year; age < 18 || age > 60 {
			t.Errorf("person %d is %d years old", i, age)
		}
		for _, s := range []string{p.Family, p.Given, p.FamilyKana, p.GivenKana, p.Nick, p.Prefecture, p.Hometown, p.Job, p.Blood, p.Intro} {
			if s == "" || !utf8.ValidString(s) || strings.ContainsAny(s, "{}|~") {
				t.Fatalf("person %d: %+v", i, p)
			}
		}
		if len(p.Hobbies) == 0 || p.Day < 1 || p.Day > 28 || utf8.RuneCountInString(p.Nick) > 20 {
			t.Fatalf("person %d: %+v", i, p)
		}
	}
	if women < n*45/100 || women > n*57/100 {
		t.Errorf("%d of %d are women", women, n)
	}
	if len(nicks) < 1200 {
		t.Errorf("%d different nicknames among %d members", len(nicks), n)
	}
	if reflect.DeepEqual(NewPerson(1, 0, 2007), NewPerson(2, 0, 2007)) {
		t.Error("another seed makes the same person")
	}
}

func TestNamesHaveReadings(t *testing.T) {
	for _, list := range [][]name{families, females, males} {
		for _, n := range list {
			if n.kanji == "" || n.kana == "" || strings.IndexFunc(n.kana, func(r rune) bool { return r < 'ぁ' || r > 'ー' }) >= 0 {
				t.Errorf("%q is read %q", n.kanji, n.kana)
			}
		}
	}
	if n := len(names["prefecture"]); n != 47 {
		t.Errorf("%d prefectures", n)
	}
}

// TestDiariesDoNotRepeat writes as many diaries as 2,000 members do and finds no body twice.
func TestDiariesDoNotRepeat(t *testing.T) {
	bodies, titles := map[string]bool{}, map[string]bool{}
	const n = 4000
	for i := range n {
		p := Person{Prefecture: "東京都", Job: "会社員", Hobbies: []string{"読書"}}
		w := writer{Dice: dice.New(1, uint64(i)), person: &p}
		titles[string(w.append(nil, lists["title"]))] = true
		body := string(w.appendBody(nil))
		if bodies[body] {
			t.Logf("twice: %s", body)
		}
		bodies[body] = true
	}
	if len(bodies) < n*999/1000 {
		t.Errorf("%d different bodies of %d", len(bodies), n)
	}
	if len(titles) < n/4 {
		t.Errorf("%d different titles of %d", len(titles), n)
	}
}

func TestCompilePhrasePanicsOnUnknownWord(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	compilePhrase("a {wrod}", nil)
}

func BenchmarkPerson(b *testing.B) {
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		NewPerson(1, i, 2007)
	}
}

func BenchmarkBody(b *testing.B) {
	b.ReportAllocs()
	p := NewPerson(1, 1, 2007)
	w := writer{Dice: dice.New(1, 1), person: &p}
	var buf []byte
	for b.Loop() {
		buf = w.appendBody(buf[:0])
	}
	b.SetBytes(int64(len(buf)))
}
