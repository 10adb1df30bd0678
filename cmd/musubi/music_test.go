package main

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/review"
)

// chored is a data directory of two members, on which chores are done.
type chored struct {
	t       *testing.T
	data    string
	members []core.ID
}

func newChored(t *testing.T) *chored {
	t.Helper()
	c := &chored{t: t, data: filepath.Join(t.TempDir(), "data")}
	for _, name := range []string{"haruka", "natsuki"} {
		stdout(t, "member", "add", name+"@example.jp", "--name", name, "--data", c.data)
	}
	c.open(func(room *coreRoom) {
		for _, name := range []string{"haruka", "natsuki"} {
			m, err := room.services.Account.MemberByMail(t.Context(), name+"@example.jp")
			if err != nil {
				t.Fatal(err)
			}
			c.members = append(c.members, m.ID)
		}
	})
	return c
}

// open works with the services between two commands.
func (c *chored) open(do func(room *coreRoom)) {
	c.t.Helper()
	room, err := openOwn(c.data, shared{}, &std{strings.NewReader(""), new(bytes.Buffer), new(bytes.Buffer)})
	if err != nil {
		c.t.Fatal(err)
	}
	defer room.Close()
	do(room)
}

// says runs a command on the directory and gives what it prints.
func (c *chored) says(args ...string) string {
	c.t.Helper()
	return stdout(c.t, append(args, "--data", c.data)...)
}

// refuses runs commands that are wrong; each ends with status 2 and a sentence with a word.
func (c *chored) refuses(wrong map[string]string) {
	c.t.Helper()
	for args, want := range wrong {
		var out, problems bytes.Buffer
		if status := run(append(strings.Fields(args), "--data", c.data), &std{strings.NewReader(""), &out, &problems}); status != 2 || !strings.Contains(problems.String(), want) {
			c.t.Errorf("musubi %s: status %d, %q; want %q", args, status, &problems, want)
		}
	}
}

// printed finds a line of tab-separated fields by the last but one, and gives its ID.
func printed(t *testing.T, lines, kind, name string) string {
	t.Helper()
	found := regexp.MustCompile(`(?m)^` + kind + `\t(\d+)\t` + regexp.QuoteMeta(name) + `\t`).FindStringSubmatch(lines)
	if found == nil {
		t.Fatalf("no %s %s in\n%s", kind, name, lines)
	}
	return found[1]
}

func TestMusicCommand(t *testing.T) {
	c := newChored(t)
	c.open(func(room *coreRoom) {
		now := time.Now()
		for i, m := range c.members {
			_, err := room.services.Music.Submit(t.Context(), m, []music.Play{
				{Artist: "宇多田ヒカル", Title: "Automatic", Album: "First Love", At: now.Add(-time.Duration(i+1) * time.Minute)},
				{Artist: "Utada Hikaru", Title: "Automatic", At: now.Add(-time.Hour)}})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
	found := c.says("music", "find", "宇多田")
	into, album := printed(t, found, "artist", "宇多田ヒカル"), printed(t, found, "album", "First Love")
	from := printed(t, c.says("music", "find", "Utada"), "artist", "Utada Hikaru")
	c.says("music", "merge", from, into)
	if one := c.says("music", "find", "宇多田"); !strings.Contains(one, into) || strings.Contains(c.says("music", "find", "Utada"), from) || !strings.Contains(c.says("music", "find", "hikaru utada"), into) {
		t.Errorf("after the merger find prints\n%s", one)
	}
	c.says("music", "feature", "1", album, "今週の", "一枚")
	picture := filepath.Join(t.TempDir(), "artist.png")
	file := new(bytes.Buffer)
	if err := png.Encode(file, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	write(t, picture, file.String())
	c.says("music", "picture", into, picture)
	c.says("music", "cover", album, picture)
	ctx := context.Background()
	c.open(func(room *coreRoom) {
		s := room.services.Music
		list, err := s.Featured(ctx)
		if err != nil || len(list) != 1 || list[0].Note != "今週の 一枚" || list[0].Cover.Width != 40 {
			t.Errorf("featured: %+v, %v", list, err)
		}
		id, _ := core.ParseID(into)
		if p, err := (music.Links{Service: s}).PictureOf(ctx, id); err != nil || p.Width != 40 {
			t.Errorf("the picture: %+v, %v", p, err)
		}
		track, err := s.TopTracks(ctx, core.Viewer{Member: c.members[0]}, c.members[0], music.OfAll, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Buy(ctx, core.Viewer{Member: c.members[0]}, "mora", track[0].Track.ID); err != nil {
			t.Error(err)
		}
	})
	if clicks := c.says("music", "clicks"); clicks != "mora\t1\n" {
		t.Errorf("clicks: %q", clicks)
	}
	c.says("music", "cover", album, "-")
	c.open(func(room *coreRoom) {
		if list, err := room.services.Music.Featured(ctx); err != nil || len(list) != 1 || list[0].Cover.Hash != "" {
			t.Errorf("the cover is still there: %+v, %v", list, err)
		}
	})
	c.says("music", "feature", "1", "0")
	c.says("music", "picture", into, "-")
	c.open(func(room *coreRoom) {
		id, _ := core.ParseID(into)
		if list, err := room.services.Music.Featured(ctx); err != nil || len(list) != 0 {
			t.Errorf("featured still: %+v, %v", list, err)
		}
		if p, err := (music.Links{Service: room.services.Music}).PictureOf(ctx, id); err != nil || p.Hash != "" {
			t.Errorf("the picture is still there: %+v, %v", p, err)
		}
	})
	c.refuses(map[string]string{
		"music merge x y": "expected two numbers", "music merge 1 2": "no artist or album has such an ID", "music feature 1": "expected two numbers", "music picture " + into: "expected ARTIST FILE", "music cover " + album: "expected ALBUM FILE",
		"music picture nobody -": "is no ID", "music picture " + into + " /nowhere.png": "no such file", "music dance": "dance",
	})
	var problems bytes.Buffer
	if status := run([]string{"music", "find", "x", "--data", t.TempDir()}, &std{strings.NewReader(""), new(bytes.Buffer), &problems}); status != 2 || !strings.Contains(problems.String(), "holds no musubi database") {
		t.Errorf("a directory without a database: %d, %s", status, &problems)
	}
}

func TestProductCommand(t *testing.T) {
	c := newChored(t)
	dir := t.TempDir()
	csv, tsv, list := filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.tsv"), filepath.Join(dir, "c.json")
	write(t, csv, "category,title,maker,code\nbook,坂の途中の図書館,山田\u3000花子,9784101010014\nbook,,誰か,\nnonsense,題,,\n")
	write(t, tsv, "title\tcategory\nやかん☀\tkitchen\n坂の途中の図書館\tbook\n")
	write(t, list, `[{"category":"game","title":"結びの冒険","maker":"糸屋","code":"4901234567894"}]`)
	var out, problems bytes.Buffer
	if status := run([]string{"product", "import", csv, "--data", c.data}, &std{strings.NewReader(""), &out, &problems}); status != 0 || out.String() != "1 product, 1 of them new\n" || strings.Count(problems.String(), "left out:") != 2 {
		t.Errorf("CSV: %d %q %q", status, &out, &problems)
	}
	if said := c.says("product", "import", csv); said != "1 product, 0 of them new\n" {
		t.Errorf("the same file again: %q", said)
	}
	if said := c.says("product", "import", tsv); !strings.Contains(said, "2 products") {
		t.Errorf("TSV: %q", said)
	}
	if said := c.says("product", "import", list); said != "1 product, 1 of them new\n" {
		t.Errorf("JSON: %q", said)
	}
	found := regexp.MustCompile(`(?m)^(\d+)\t4901234567894\t結びの冒険\t糸屋\t0$`).FindStringSubmatch(c.says("product", "find", "結び"))
	if found == nil {
		t.Fatalf("find prints %q", c.says("product", "find", "結び"))
	}
	c.says("product", "correct", found[1], "--category", "toy", "--title", "結びの遊び", "--maker", "糸屋")
	id, _ := core.ParseID(found[1])
	c.open(func(room *coreRoom) {
		p, err := room.services.Review.Product(context.Background(), id)
		if err != nil || p.Title != "結びの遊び" || p.Category != review.ParseCategory("toy") || p.Code != "" {
			t.Errorf("corrected: %+v, %v", p, err)
		}
		if _, err := room.services.Review.Buy(context.Background(), "Amazon", id); err != nil {
			t.Error(err)
		}
	})
	if clicks := c.says("product", "clicks"); clicks != "Amazon\t1\n" {
		t.Errorf("clicks: %q", clicks)
	}
	bad := filepath.Join(dir, "bad.json")
	write(t, bad, "{")
	c.refuses(map[string]string{"product import " + filepath.Join(dir, "none.csv"): "no such file", "product import " + bad: "bad.json", "product correct x": "expected the ID of a product"})
}
