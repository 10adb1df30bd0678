package openpne_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	_ "modernc.org/sqlite"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/bring/openpne"
	"musubi/core/bring/openpne/openpnetest"
	"musubi/core/community"
	"musubi/core/files"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/store"
)

// paper makes a picture of its bytes.
type paper struct{}

func (paper) MakePhoto(_ context.Context, upload []byte) (core.MadePhoto, error) {
	if !bytes.HasPrefix(upload, []byte("\x89PNG")) {
		return core.MadePhoto{}, core.ErrPhoto
	}
	return core.MadePhoto{Bytes: upload, Type: "image/png", Width: 24, Height: 16}, nil
}

// site opens an empty site and gives the place of its database.
func site(t *testing.T) (*network.Services, string) {
	t.Helper()
	dir := t.TempDir()
	st, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "musubi.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	s, err := network.New(network.Config{Stores: st.Stores(), Blobs: files.Blobs(filepath.Join(dir, "photos")), Photos: paper{}, Secret: []byte(strings.Repeat("s", 32))})
	if err != nil {
		t.Fatal(err)
	}
	return s, filepath.Join(dir, "musubi.db")
}

// dump is one of both versions, and how it is read.
func dump(version int, p *openpnetest.Plan) (openpne.Options, []func() (io.ReadCloser, error)) {
	text := p.Dump3()
	if version == 2 {
		text = p.Dump2()
	}
	o := openpne.Options{Version: version, Zone: time.FixedZone("JST", 9*60*60), Key: openpnetest.Key, Emoji: func(set byte, n int) string {
		return map[string]string{"i1": "☀", "e44": "☀", "s74": "☀"}[fmt.Sprintf("%c%d", set, n)]
	}}
	return o, []func() (io.ReadCloser, error){func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
}

// wrap stands for the hashing of two thousand passwords.
func wrap(_ context.Context, sum string) (string, error) { return "sum " + sum, nil }

func bring(t *testing.T, version int, p *openpnetest.Plan, s *network.Services) *openpne.Site {
	t.Helper()
	o, dumps := dump(version, p)
	from, err := openpne.Read(o, dumps)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := from.Run(context.Background(), s, openpne.RunOptions{Options: o, Dumps: dumps, Wrap: wrap}); err != nil {
		t.Fatal(err)
	}
	return from
}

// rows are all rows of tables, as text, in order.
func rows(t *testing.T, path string, tables ...string) []string {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var all []string
	for _, table := range tables {
		found, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, _ := found.Columns()
		for found.Next() {
			values, at := make([]any, len(columns)), make([]any, len(columns))
			for i := range values {
				at[i] = &values[i]
			}
			if err := found.Scan(at...); err != nil {
				t.Fatal(err)
			}
			all = append(all, fmt.Sprint(table, values))
		}
		found.Close()
	}
	slices.Sort(all)
	return all
}

var brought = []string{"member", "mail", "profile", "friend", "friend_birthday", "block", "endorsement", "diary", "comment", "newest_diary", "friend_diary", "commented", "album", "photo", "message", "footprint", "footprint_book",
	"community", "community_member", "community_thread", "community_comment", "community_event", "community_seat"}

// Two thousand members of either version: everything is there, once.
func TestCountsAreEqual(t *testing.T) {
	for _, version := range []int{2, 3} {
		p := openpnetest.Make(2000, 7)
		s, path := site(t)
		from := bring(t, version, p, s)
		friends, pictures, topics, events, posts := 0, 0, 0, 0, 0
		for _, list := range p.Friends {
			friends += len(list)
		}
		for _, d := range p.Diaries {
			if d.Picture > 0 {
				pictures++
			}
		}
		for _, c := range p.Rooms {
			for place := range c.Topics {
				posts += c.Posts
				if place%2 == 1 {
					events++
				} else {
					topics++
				}
			}
		}
		copies := 0
		for _, l := range p.Letters {
			copies += [...]int{2, 2, 1, 2, 1}[l.State]
		}
		want := map[string]int{"member": p.Members, "friend": friends, "endorsement": len(p.Said), "block": len(p.Blocks), "diary": len(p.Diaries), "comment": len(p.Comments), "album": len(p.Albums),
			"photo": pictures + 2*len(p.Albums) + p.Members/10, "message": copies, "community": len(p.Rooms), "community_thread": topics + events, "community_event": events, "community_comment": posts, "mail": p.Members + (p.Members+6)/7}
		for table, n := range want {
			if got := len(rows(t, path, table)); got != n {
				t.Errorf("OpenPNE %d: %d rows of %s, want %d", version, got, table, n)
			}
		}
		said := map[string]int{}
		for _, c := range from.Counts() {
			said[c.Kind] = c.N
		}
		if said["members"] != p.Members || said["diaries"] != len(p.Diaries) || said["posts"] != posts || said["friendships"] != friends/2 || said["copies of messages"] != copies {
			t.Errorf("OpenPNE %d: told %v", version, said)
		}
		left := fmt.Sprint(from.Left())
		for _, why := range []string{"comments of those who have left 1", "fields of profiles that there are none of here 2000"} {
			if !strings.Contains(left, why) {
				t.Errorf("OpenPNE %d: left %s, want %s", version, left, why)
			}
		}
		// What was written is as it was, emoji as emoji, and decorations as text.
		if found := strings.Join(rows(t, path, "diary"), "\n"); !strings.Contains(found, "晴れ☀と☀と☀'\"\\ \n二行目 太字0") {
			t.Errorf("OpenPNE %d: the text of an entry is %.300s", version, found)
		}
	}
}

// Who sees what: for every kind of thing × visibility × relation nobody sees what they did not see there, and of entries and albums whoever
// saw them sees them.
func TestVisibilityIsEqualOrNarrower(t *testing.T) {
	ctx := context.Background()
	for _, version := range []int{2, 3} {
		p := openpnetest.Make(300, 3)
		s, path := site(t)
		bring(t, version, p, s)
		ids := make([]core.ID, p.Members)
		found, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer found.Close()
		for m := range ids {
			if err := found.QueryRow(`SELECT member FROM mail WHERE address = ?`, openpnetest.Mail(m)).Scan(&ids[m]); err != nil {
				t.Fatal(err)
			}
		}
		held := func(m int) bool { return m%50 == 49 }
		sees := func(viewer, owner, seen int) bool { // as it was there
			switch {
			case viewer == owner:
				return true
			case p.Blocks[[2]int{owner, viewer}]:
				return false
			case seen == openpnetest.Friends:
				return slices.Contains(p.Friends[owner], viewer)
			}
			return seen == openpnetest.All
		}
		asked, open := 0, 0
		check := func(what string, viewer, owner, seen int, got, exact bool) {
			t.Helper()
			asked++
			was := sees(viewer, owner, seen)
			if got {
				open++
			}
			if got && !was {
				t.Errorf("OpenPNE %d: %s of %d, for %d, is seen by %d", version, what, owner, seen, viewer)
			}
			if exact && was && !got && !p.Blocks[[2]int{viewer, owner}] && !held(viewer) && !held(owner) {
				t.Errorf("OpenPNE %d: %s of %d, for %d, is not seen by %d", version, what, owner, seen, viewer)
			}
		}
		viewers := func(owner int) []int { // friends, who is blocked, who blocks, oneself, strangers
			list := append([]int{owner, (owner + 1) % p.Members, (owner + 150) % p.Members}, p.Friends[owner]...)
			for k := range p.Blocks {
				if k[0] == owner {
					list = append(list, k[1])
				} else if k[1] == owner {
					list = append(list, k[0])
				}
			}
			return list
		}
		for owner := range p.Members {
			for _, viewer := range viewers(owner) {
				v := core.Viewer{Member: ids[viewer]}
				diaries, _, err := s.Journal.Diaries(ctx, v, ids[owner], journal.DiaryFilter{}, core.Page{Number: 1, Size: 100})
				if err != nil && !errors.Is(err, core.ErrNotFound) {
					t.Fatal(err)
				}
				albums, _, err := s.Album.Albums(ctx, v, ids[owner], core.Page{Number: 1, Size: 100})
				if err != nil && !errors.Is(err, core.ErrNotFound) {
					t.Fatal(err)
				}
				for _, d := range p.Diaries {
					if d.Owner == owner {
						check("entry "+d.Title, viewer, owner, d.Seen, slices.ContainsFunc(diaries, func(l journal.DiaryLine) bool { return l.Title == d.Title }), true)
					}
				}
				for _, a := range p.Albums {
					if a.Owner == owner {
						check("album "+a.Title, viewer, owner, a.Seen, slices.ContainsFunc(albums, func(l album.Album) bool { return l.Title == a.Title }), true)
					}
				}
				profile, _ := s.People.Profile(ctx, v, ids[owner])
				for _, f := range profile {
					switch f.Key {
					case "hobby", "sex", "occupation":
						check("field "+f.Key, viewer, owner, p.Profiles[owner], true, false)
					case "birthday":
						check("birthday", viewer, owner, max(owner%3, owner/3%3), true, false)
					}
				}
			}
		}
		for _, c := range p.Rooms {
			var id core.ID
			if err := found.QueryRow(`SELECT id FROM community WHERE name = ?`, c.Name).Scan(&id); err != nil {
				t.Fatal(err)
			}
			for viewer := range p.Members {
				seen, err := s.Community.Look(ctx, core.Viewer{Member: ids[viewer]}, id)
				var topics []community.Thread
				if err == nil {
					topics, _, err = s.Community.Threads(ctx, &seen, community.TopicThread, core.Page{Number: 1, Size: 50})
				}
				if got, member := err == nil && len(topics) > 0, slices.Contains(c.Members, viewer); got && c.Closed && !member {
					t.Errorf("OpenPNE %d: %s is read by %d, who is not in it", version, c.Name, viewer)
				}
			}
		}
		if asked < 2000 || open < 500 || open == asked {
			t.Errorf("OpenPNE %d: %d of %d questions were answered with yes: is this a test?", version, open, asked)
		}
	}
}

// Stopped at any moment and begun again, it ends with what one that was never stopped ends with.
func TestResumedIsEqual(t *testing.T) {
	for _, version := range []int{2, 3} {
		p := openpnetest.Make(400, 11)
		whole, wholePath := site(t)
		bring(t, version, p, whole)
		s, path := site(t)
		o, dumps := dump(version, p)
		r := rand.New(rand.NewPCG(5, uint64(version)))
		stops := 0
		for {
			from, err := openpne.Read(o, dumps)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(context.Background())
			left := 1 + r.IntN(60)
			_, _, err = from.Run(ctx, s, openpne.RunOptions{Options: o, Dumps: dumps, Wrap: wrap, Progress: func(int) {
				if left--; left == 0 {
					cancel()
				}
			}})
			cancel()
			if err == nil {
				break
			}
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			stops++
		}
		got, want := rows(t, path, brought...), rows(t, wholePath, brought...)
		if stops < 5 || len(want) < 4000 || !slices.Equal(got, want) {
			t.Errorf("OpenPNE %d: after %d stops %d rows, want %d", version, stops, len(got), len(want))
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("%s\nwant\n%s", got[i], want[i])
				}
			}
		}
	}
}

// A password of which only the md5 sum was known opens once more, and is then hashed as ours are; a wrong one does not.
func TestPasswordsOpen(t *testing.T) {
	ctx := context.Background()
	p := openpnetest.Make(4, 2)
	s, path := site(t)
	o, dumps := dump(2, p)
	from, err := openpne.Read(o, dumps)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := from.Run(ctx, s, openpne.RunOptions{Options: o, Dumps: dumps, Wrap: s.Guard.WrapMD5}); err != nil {
		t.Fatal(err)
	}
	if found := strings.Join(rows(t, path, "member"), "\n"); !strings.Contains(found, "md5:$argon2id$") {
		t.Fatalf("stored: %s", found)
	}
	if _, _, err := s.Account.Login(ctx, openpnetest.Mail(1), "no", "PC"); !errors.Is(err, core.ErrLogin) {
		t.Errorf("a wrong password: %v", err)
	}
	for range 2 { // the second time by the hash of ours
		if _, _, err := s.Account.Login(ctx, openpnetest.Mail(1), openpnetest.Password, "PC"); err != nil {
			t.Fatal(err)
		}
	}
	if found := rows(t, path, "member"); strings.Count(strings.Join(found, "\n"), "md5:$argon2id$") != p.Members-1 {
		t.Error("the hash of the sum is still there after the login")
	}
}

// A dump in another charset is the same site; a text that MySQL cut within a letter is told, and stops nothing.
func TestCharsetsOfDumps(t *testing.T) {
	for charset, encoder := range map[string]*encoding.Encoder{"euc-jp": encoding.ReplaceUnsupported(japanese.EUCJP.NewEncoder()), "shift_jis": encoding.ReplaceUnsupported(japanese.ShiftJIS.NewEncoder()), "utf-8": encoding.Nop.NewEncoder()} {
		p := openpnetest.Make(30, 5)
		text, err := encoder.Bytes(p.Dump2())
		if err != nil {
			t.Fatal(charset, err)
		}
		if charset == "utf-8" {
			text = bytes.Replace(text, []byte("二行目"), []byte("二行目\xe3\x81"), 1)
		}
		o, _ := dump(2, p)
		o.Charset = charset
		dumps := []func() (io.ReadCloser, error){func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }}
		s, path := site(t)
		from, err := openpne.Read(o, dumps)
		if err != nil {
			t.Fatal(charset, err)
		}
		if _, _, err := from.Run(context.Background(), s, openpne.RunOptions{Options: o, Dumps: dumps, Wrap: wrap}); err != nil {
			t.Fatal(charset, err)
		}
		found := strings.Join(rows(t, path, "diary", "message", "community"), "\n")
		if !strings.Contains(found, "晴れ☀と☀と☀'\"\\ \n二行目 太字") || !strings.Contains(found, "手紙") {
			t.Errorf("%s: %.400s", charset, found)
		}
		if left := fmt.Sprint(from.Left()); strings.Contains(left, "letters of texts that are of no charset 1") != (charset == "utf-8") {
			t.Errorf("%s: left %s", charset, left)
		}
	}
}

// Dates that are none or have not come are told, have that of the row before, and everything dated so has an address.
func TestOddDatesOfDumps(t *testing.T) {
	p := openpnetest.Make(30, 5)
	o, _ := dump(2, p)
	text := string(p.Dump2())
	at := strings.Index(text, "INSERT INTO `c_diary` ")
	dates := regexp.MustCompile(`'20\d\d-\d\d-\d\d \d\d:\d\d:\d\d'`)
	odd := []string{"'0000-00-00 00:00:00'", "'2099-05-05 05:05:05'", "'1969-05-05 05:05:05'"}
	n := 0
	text = text[:at] + dates.ReplaceAllStringFunc(text[at:], func(date string) string {
		if n < len(odd) {
			n++
			return odd[n-1]
		}
		return date
	})
	dumps := []func() (io.ReadCloser, error){func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
	from, err := openpne.Read(o, dumps)
	if err != nil {
		t.Fatal(err)
	}
	s, path := site(t)
	if _, _, err := from.Run(context.Background(), s, openpne.RunOptions{Options: o, Dumps: dumps, Wrap: wrap}); err != nil {
		t.Fatal(err)
	}
	if left := fmt.Sprint(from.Left()); !strings.Contains(left, "dates that are none: that of the row before stands instead 1") || !strings.Contains(left, "dates that have not come: that of the row before stands instead 1") {
		t.Errorf("left %s", left)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var negative, ahead, old, all int
	err = db.QueryRow(`SELECT sum(id <= 0), sum(created_at > 1000 * unixepoch()), sum(created_at = -20836495000), count(*) FROM diary`).Scan(&negative, &ahead, &old, &all)
	if err != nil || negative != 0 || ahead != 0 || old != 1 || all != len(p.Diaries) {
		t.Errorf("%d without an address, %d ahead, %d of 1969, %d of %d entries: %v", negative, ahead, old, all, len(p.Diaries), err)
	}
}

// What is wrong with a dump, a key or a flag is said in a sentence.
func TestReadRefuses(t *testing.T) {
	p := openpnetest.Make(5, 1)
	for name, change := range map[string]func(o *openpne.Options, text *string){
		"no members of OpenPNE 3":                         func(o *openpne.Options, _ *string) { o.Version = 3 },
		"no mail address of the dump opens with this key": func(o *openpne.Options, _ *string) { o.Key = "another key" },
		"expected utf-8, euc-jp or shift_jis":             func(o *openpne.Options, _ *string) { o.Charset = "latin1" },
		"expected the end of a text":                      func(_ *openpne.Options, text *string) { *text = (*text)[:strings.Index(*text, "会員3")+8] },
		"of the dump are not in utf-8": func(_ *openpne.Options, text *string) {
			*text, _ = encoding.ReplaceUnsupported(japanese.EUCJP.NewEncoder()).String(*text)
		},
		"are not in euc-jp": func(o *openpne.Options, _ *string) { o.Charset = "euc-jp" },
		"say --charset euc-jp": func(o *openpne.Options, text *string) { // of which all is some text of Shift_JIS
			o.Charset = "SJIS"
			euc, _ := encoding.ReplaceUnsupported(japanese.EUCJP.NewEncoder()).String(*text)
			*text = euc
		},
		"expected 2 or 3": func(o *openpne.Options, _ *string) { o.Version = 4 },
	} {
		o, _ := dump(2, p)
		text := string(p.Dump2())
		change(&o, &text)
		_, err := openpne.Read(o, []func() (io.ReadCloser, error){func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%v, want %s", err, name)
		}
	}
	for file, want := range map[string]string{"<?php\ndefine('ENCRYPT_KEY', 'it\\'s');\n": "it's", "<?php\n// define('ENCRYPT_KEY', 'no');\ndefine(\"ENCRYPT_KEY\", \"yes\");": "yes", " plain \n": "plain"} {
		if key, err := openpne.KeyOf([]byte(file)); err != nil || key != want {
			t.Errorf("%q: %q %v, want %q", file, key, err, want)
		}
	}
	if _, err := openpne.KeyOf([]byte("<?php echo 1;")); err == nil {
		t.Error("a file without a key is taken for one")
	}
}

// openssl enc -bf-ecb -nopad made this: another implementation seals as we open.
func TestCipherIsThatOfOthers(t *testing.T) {
	text := string(openpnetest.Make(1, 1).Dump2())
	at := strings.Index(text, "INSERT INTO `c_member_secure`")
	text = text[:at] + strings.Replace(text[at:], openpnetest.Sealed(openpnetest.Mail(0)), "1kp0kME3dg19wlvTaPRmjOc0QQ6x3UEY", 1)
	o, _ := dump(2, openpnetest.Make(1, 1))
	from, err := openpne.Read(o, []func() (io.ReadCloser, error){func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }})
	if err != nil {
		t.Fatal(err)
	}
	s, path := site(t)
	if _, _, err := from.Run(context.Background(), s, openpne.RunOptions{Options: o, Wrap: wrap}); err != nil {
		t.Fatal(err)
	}
	if found := strings.Join(rows(t, path, "mail"), "\n"); !strings.Contains(found, "hanako@example.jp") {
		t.Error(found)
	}
}
