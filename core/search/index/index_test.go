package index

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// Two kinds, as whoever uses the index numbers them.
const (
	members Kind = iota
	diaries
)

// fold stands for how texts come: in one form, small letters, words with one space between.
func fold(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(norm.NFKC.String(s))), " ")
}

func fresh(t testing.TB) *Index {
	t.Helper()
	x, err := Open(t.Context(), filepath.Join(t.TempDir(), "search.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.Close() })
	if err := x.Refill(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return x
}

// doc makes a document of an ID whose text one audience sees.
func doc(id int64, a Audience, text string) (d Doc) {
	d.Key = Key{Owner: id % 10, ID: id}
	d.Texts[a] = fold(text) + " "
	return d
}

// walked lists all candidates.
func walked(t testing.TB, x *Index, kind Kind, query string, before int64) (list []Candidate) {
	t.Helper()
	for {
		w, err := x.Find(t.Context(), kind, strings.Fields(fold(query)), before)
		if err != nil {
			t.Fatal(err)
		}
		for {
			some, err := w.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if len(some) == 0 {
				break
			}
			list = append(list, some...)
		}
		cut := false
		if before, cut = w.Cut(); !cut {
			return list
		}
	}
}

func ids(list []Candidate) (ids []int64) {
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

// A thing is found by every piece of one and more characters of each of its words, of one kind only, newest first, wherever
// the index keeps it: buffer, in a segment, changed or filled in; and never after it was forgotten.
func TestIndexFinds(t *testing.T) {
	x := fresh(t)
	ctx := t.Context()
	step := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	finds := func(what, query string, want ...int64) {
		t.Helper()
		if got := ids(walked(t, x, diaries, query, Newest)); !slices.Equal(got, want) {
			t.Errorf("%s: %q finds %v, want %v", what, query, got, want)
		}
	}
	step(x.Fill(ctx, diaries, []Doc{doc(30, 0, "東京タワー"), doc(20, 2, "東京の夜"), doc(10, 0, "京都")}))
	step(x.Fill(ctx, diaries, []Doc{doc(5, 0, "東京湾")}))
	step(x.Fill(ctx, diaries, nil))
	x.Put(diaries, []Doc{doc(40, 0, "東京🍙 日記"), doc(7, 1, "東京は遅れて")})
	x.Put(members, []Doc{doc(41, 0, "東京")})
	check := func(what string) {
		t.Helper()
		finds(what, "東京", 40, 30, 20, 7, 5)
		finds(what, "京", 40, 30, 20, 10, 7, 5)
		finds(what, "ﾀﾜｰ 東", 30)
		finds(what, "🍙", 40)
		finds(what, "京日")
		finds(what, "東京 都")
	}
	check("buffer")
	if got := walked(t, x, diaries, "東京", 40); len(got) != 4 || got[0].ID != 30 || got[2].Audience != Common || got[1].Audience != Near {
		t.Errorf("before 40: %v", got)
	}
	x.Put(diaries, []Doc{doc(10, 0, "京都から帰る")})
	finds("changed", "帰る", 10)
	late, err := x.Flush(ctx)
	step(err)
	if len(late) != 1 || late[0].ID != 7 {
		t.Errorf("late: %v", late)
	}
	finds("late one not put in again", "遅れて")
	x.Put(diaries, []Doc{doc(7, 1, "東京は遅れて")})
	finds("changed and flushed", "帰る", 10)
	if x.Filling().Flushes != 1 || x.manifest(diaries).high != firstSegment+1 || len(x.buffer.entries) != 1 {
		t.Errorf("after the flush: %+v, %+v", x.Filling(), x.manifests)
	}
	check("flushed")
	step(x.Forget(ctx, diaries, Key{Owner: 0, ID: 30}))
	finds("forgotten", "タワー")

	path := x.path
	step(x.Close())
	x, err = Open(ctx, path)
	step(err)
	finds("opened again", "東京", 40, 20, 5)
	x.Put(diaries, []Doc{doc(50, 0, "東京")})
	step(x.ForgetOwner(ctx, 0)) // the owner of 50, 40, 20, 10
	finds("of who left", "東京", 5)
	step(x.Close())

	// A file of another version, and one that is none, are made again.
	for _, content := range []string{"", "no database at all"} {
		step(os.WriteFile(path, []byte(content), 0o600))
		if x, err = Open(ctx, path); err != nil || x.Filling() != (Filling{}) {
			t.Fatalf("over %q: %v", content, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		step(x.Close())
	}
}

// Against a list that is simply looked through: random words of few letters, over many segments.
func TestIndexIsComplete(t *testing.T) {
	x := fresh(t)
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("あいうえお漢字。🍙ab")
	text := func() string {
		b := make([]rune, r.IntN(12)+1)
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		return string(b)
	}
	texts := map[int64]string{}
	next := int64(1 << 20)
	for range 8 { // segments that are filled in, downwards
		var docs []Doc
		for range 150 {
			next--
			texts[next] = text()
			docs = append(docs, doc(next, Audience(r.IntN(int(Audiences))), texts[next]))
		}
		if err := x.Fill(t.Context(), diaries, docs); err != nil {
			t.Fatal(err)
		}
	}
	newest := int64(1 << 20)
	for i := range 6 { // and new ones, with changes of old ones between
		for range 100 {
			id := newest
			if newest++; r.IntN(4) == 0 {
				id = next + int64(r.IntN(int(newest-next)))
			}
			texts[id] += " " + text()
			x.Put(diaries, []Doc{doc(id, All, texts[id])})
		}
		if i < 5 {
			late, err := x.Flush(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range late {
				x.Put(n.Kind, []Doc{doc(n.ID, All, texts[n.ID])})
			}
		}
	}
	ordered := func(a, b int64) int { return cmp.Compare(b, a) }
	for range 300 {
		query := text()
		found := map[int64]bool{}
		before := next + int64(r.IntN(int(newest-next)))
		list := walked(t, x, diaries, query, before)
		if !slices.IsSortedFunc(ids(list), ordered) {
			t.Fatalf("%q before %d: not the newest first: %v", query, before, ids(list))
		}
		for _, c := range list {
			if c.ID >= before {
				t.Fatalf("%q before %d finds %d", query, before, c.ID)
			}
			found[c.ID] = true
		}
		for id, s := range texts {
			if id < before && strings.Contains(fold(s), fold(query)) && !found[id] {
				t.Fatalf("%q before %d does not find %d: %q", query, before, id, s)
			}
		}
	}
}

// FuzzTokens: whatever words a text has, the text has their tokens, and no query is without bounds.
func FuzzTokens(f *testing.F) {
	for _, row := range [][2]string{{"ガッコウの祭り", "学校"}, {"a_b%c\"*", "b%"}, {"☀\uFE0F🍙\U000FE000", "\U000FE000"}, {"㍿", "株"}, {"\xff", "\x00"}} {
		f.Add(row[0], row[1])
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		folded := fold(text)
		has := map[int64]bool{}
		eachToken(diaries, folded, func(token int64) { has[token] = true })
		words := strings.Fields(fold(query))
		tokens := queryTokens(diaries, words)
		if len(tokens) > maxQueryTokens {
			t.Fatalf("%d tokens", len(tokens))
		}
		all := true
		for _, w := range words {
			all = all && strings.Contains(folded, w)
		}
		for _, token := range tokens {
			if all && !has[token] {
				t.Fatalf("%q has %q and not the token %x", folded, words, token)
			}
		}
	})
}
