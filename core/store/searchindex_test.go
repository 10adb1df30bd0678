package store

import (
	"cmp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"musubi/core"
)

func openIndex(t testing.TB) *searchIndex {
	t.Helper()
	x, err := openSearch(t.Context(), filepath.Join(t.TempDir(), SearchFile))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { x.close() })
	if err := x.Refill(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return x
}

// text makes a document of an ID whose text has a visibility.
func doc(id core.ID, v core.Visibility, text string) (d core.SearchDoc) {
	d.SearchKey = core.SearchKey{Owner: id % 10, ID: id}
	d.Add(v, text)
	return d
}

// walked lists all candidates.
func walked(t testing.TB, x *searchIndex, kind core.SearchKind, query string, before core.ID) (list []core.SearchCandidate) {
	t.Helper()
	for {
		w, err := x.Find(t.Context(), kind, strings.Fields(core.Fold(query)), before)
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

func ids(list []core.SearchCandidate) (ids []core.ID) {
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	return ids
}

// A thing is found by every piece of one and more characters of each of its words, of one kind only, newest first, wherever
// the index keeps it: young, in a block, changed or filled in; and never after it was forgotten.
func TestSearchIndexFinds(t *testing.T) {
	x := openIndex(t)
	ctx := t.Context()
	step := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	finds := func(what, query string, want ...core.ID) {
		t.Helper()
		if got := ids(walked(t, x, core.SearchDiaries, query, newestID)); !slices.Equal(got, want) {
			t.Errorf("%s: %q finds %v, want %v", what, query, got, want)
		}
	}
	step(x.Fill(ctx, core.SearchDiaries, []core.SearchDoc{doc(30, 0, "東京タワー"), doc(20, 2, "東京の夜"), doc(10, 0, "京都")}))
	step(x.Fill(ctx, core.SearchDiaries, []core.SearchDoc{doc(5, 0, "東京湾")}))
	step(x.Fill(ctx, core.SearchDiaries, nil))
	x.Put(core.SearchDiaries, []core.SearchDoc{doc(40, 0, "東京🍙 日記"), doc(7, 1, "東京は遅れて")})
	x.Put(core.SearchMembers, []core.SearchDoc{doc(41, 0, "東京")})
	check := func(what string) {
		t.Helper()
		finds(what, "東京", 40, 30, 20, 7, 5)
		finds(what, "京", 40, 30, 20, 10, 7, 5)
		finds(what, "ﾀﾜｰ 東", 30)
		finds(what, "🍙", 40)
		finds(what, "京日")
		finds(what, "東京 都")
	}
	check("young")
	if got := walked(t, x, core.SearchDiaries, "東京", 40); len(got) != 4 || got[0].ID != 30 || got[2].Audience != core.AudienceCommon || got[1].Audience != core.AudienceNear {
		t.Errorf("before 40: %v", got)
	}
	x.Put(core.SearchDiaries, []core.SearchDoc{doc(10, 0, "京都から帰る")})
	finds("changed", "帰る", 10)
	late, err := x.Seal(ctx)
	step(err)
	if len(late) != 1 || late[0].ID != 7 {
		t.Errorf("late: %v", late)
	}
	finds("late one not put in again", "遅れて")
	x.Put(core.SearchDiaries, []core.SearchDoc{doc(7, 1, "東京は遅れて")})
	finds("changed and sealed", "帰る", 10)
	if x.Filling().Seals != 1 || x.shelves[core.SearchDiaries].high != firstBlock+1 || len(x.young.entries) != 1 {
		t.Errorf("after the seal: %+v, %+v", x.Filling(), x.shelves)
	}
	check("sealed")
	step(x.Forget(ctx, core.SearchDiaries, core.SearchKey{Owner: 0, ID: 30}))
	finds("forgotten", "タワー")

	path := x.path
	step(x.close())
	x, err = openSearch(ctx, path)
	step(err)
	finds("opened again", "東京", 40, 20, 5)
	x.Put(core.SearchDiaries, []core.SearchDoc{doc(50, 0, "東京")})
	step(x.Forget(ctx, core.SearchMembers, core.SearchKey{Owner: 0, ID: 0})) // the owner of 50, 40, 20, 10
	finds("of who left", "東京", 5)
	step(x.close())

	// A file of another version, and one that is none, are made again.
	for _, content := range []string{"", "no database at all"} {
		step(os.WriteFile(path, []byte(content), 0o600))
		if x, err = openSearch(ctx, path); err != nil || x.Filling() != (core.SearchFilling{}) {
			t.Fatalf("over %q: %v", content, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		step(x.close())
	}
}

// Against a list that is simply looked through: random words of few letters, over many blocks.
func TestSearchIndexIsComplete(t *testing.T) {
	x := openIndex(t)
	r := rand.New(rand.NewPCG(1, 2))
	letters := []rune("あいうえお漢字。🍙ab")
	text := func() string {
		b := make([]rune, r.IntN(12)+1)
		for i := range b {
			b[i] = letters[r.IntN(len(letters))]
		}
		return string(b)
	}
	texts := map[core.ID]string{}
	next := core.ID(1 << 20)
	for range 8 { // blocks that are filled in, downwards
		var docs []core.SearchDoc
		for range 150 {
			next--
			texts[next] = text()
			docs = append(docs, doc(next, core.Visibility(r.IntN(4)), texts[next]))
		}
		if err := x.Fill(t.Context(), core.SearchDiaries, docs); err != nil {
			t.Fatal(err)
		}
	}
	newest := core.ID(1 << 20)
	for i := range 6 { // and new ones, with changes of old ones between
		for range 100 {
			id := newest
			if newest++; r.IntN(4) == 0 {
				id = next + core.ID(r.IntN(int(newest-next)))
			}
			texts[id] += " " + text()
			x.Put(core.SearchDiaries, []core.SearchDoc{doc(id, core.Everyone, texts[id])})
		}
		if i < 5 {
			late, err := x.Seal(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range late {
				x.Put(n.Kind, []core.SearchDoc{doc(n.ID, core.Everyone, texts[n.ID])})
			}
		}
	}
	ordered := func(a, b core.ID) int { return cmp.Compare(b, a) }
	for range 300 {
		query := text()
		found := map[core.ID]bool{}
		before := next + core.ID(r.IntN(int(newest-next)))
		list := walked(t, x, core.SearchDiaries, query, before)
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
			if id < before && strings.Contains(core.Fold(s), core.Fold(query)) && !found[id] {
				t.Fatalf("%q before %d does not find %d: %q", query, before, id, s)
			}
		}
	}
}

// FuzzSearchTokens: whatever words a text has, the text has their tokens, and no query is without bounds.
func FuzzSearchTokens(f *testing.F) {
	for _, row := range [][2]string{{"ガッコウの祭り", "学校"}, {"a_b%c\"*", "b%"}, {"☀\uFE0F🍙\U000FE000", "\U000FE000"}, {"㍿", "株"}, {"\xff", "\x00"}} {
		f.Add(row[0], row[1])
	}
	f.Fuzz(func(t *testing.T, text, query string) {
		folded := core.Fold(core.Clean(text, core.ManyLines))
		has := map[int64]bool{}
		eachToken(core.SearchDiaries, folded, func(token int64) { has[token] = true })
		words := strings.Fields(core.Fold(core.Clean(query, core.OneLine)))
		tokens := queryTokens(core.SearchDiaries, words)
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
