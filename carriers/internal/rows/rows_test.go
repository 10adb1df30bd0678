package rows

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// Comments, blank lines, line ends of Windows and any order of columns.
func TestReadForms(t *testing.T) {
	text := "# note\n\nmodel\tcarrier\twidth\r\n# between\nP903i\tdocomo\t240\r\n\nP904i\tdocomo\t\n"
	list, err := Models("x.tsv", strings.NewReader(text))
	if err != nil || len(list) != 2 || list[0].Token != "P903i" || list[0].Width != 240 || list[0].Line != 5 || list[1].Width != 0 || list[1].String() != "x.tsv:7" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestSharesAndKilobytes(t *testing.T) {
	for _, c := range []struct {
		share       Share
		total, want int
	}{{Share{Percent: 30}, 20000, 6000}, {Share{Bytes: 30000}, 100000, 30000}, {Share{Bytes: 30000}, 10000, 10000}, {Share{Bytes: 9000}, 0, 9000}, {Share{}, 5, 0}} {
		if got := c.share.Of(c.total); got != c.want {
			t.Errorf("%+v of %d: %d, want %d", c.share, c.total, got, c.want)
		}
	}
	list, err := Models("x.tsv", strings.NewReader("carrier\tmodel\tpage_kb\nau\tDN01\t1.4\n"))
	if err != nil || list[0].Limit != 1400 {
		t.Errorf("1.4 KB is %+v, %v", list, err)
	}
}

// FuzzTables: no file of an operator's makes a reader panic, and what is read is in range.
func FuzzTables(f *testing.F) {
	for _, name := range []string{"generations", "words", "maildomains"} {
		text, err := os.ReadFile("../../data/" + name + ".tsv")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("carrier\tmodel\tpage_kb\nau\tDN01\tNaN\n"))
	f.Add([]byte("carrier\tcidr\tclass\nau\t10.0.0.0/8\thandset\n"))
	f.Add([]byte("carrier\tua_starts\tid_header\tid_pattern\nx\tX/\tX-Id\t[0-9]+\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		models, _ := Models("x", bytes.NewReader(text))
		for _, m := range models {
			if m.Token == "" || m.Carrier == "" || m.Width < 0 || m.Limit < 0 || int(m.Dialect.Family) >= len(Families) {
				t.Fatalf("%+v", m)
			}
		}
		generations, _ := Generations("x", bytes.NewReader(text))
		for _, g := range generations {
			if g.Page.Percent > 100 || int(g.Charset) >= len(Charsets) || int(g.Emoji) >= len(EmojiSets) || int(g.Input) >= len(InputModes) {
				t.Fatalf("%+v", g)
			}
		}
		ranges, _ := Ranges("x", bytes.NewReader(text))
		for _, r := range ranges {
			if !r.CIDR.IsValid() || r.CIDR != r.CIDR.Masked() || r.Class == 0 || int(r.Class) >= len(Classes) {
				t.Fatalf("%+v", r)
			}
		}
		for _, read := range []func() error{
			func() error { _, err := Matches("x", bytes.NewReader(text)); return err },
			func() error { _, err := Words("x", bytes.NewReader(text)); return err },
			func() error { _, err := Mails("x", bytes.NewReader(text)); return err },
		} {
			if err := read(); err != nil && !strings.HasPrefix(err.Error(), "x:") {
				t.Fatalf("an error without its file: %v", err)
			}
		}
	})
}
