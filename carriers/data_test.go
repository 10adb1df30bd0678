package carriers

import (
	"math/bits"
	"regexp"
	"slices"
	"strings"
	"testing"

	"musubi/carriers/internal/rows"
)

// The tables write words where this package has numbers; both lists agree.
func TestWordsOfTheTablesAreTheNumbersOfThePackage(t *testing.T) {
	for i, word := range rows.Families {
		if got, _, _ := strings.Cut((Dialect{Family(i), 9, 9}).String(), "-9.9"); got != word {
			t.Errorf("family %d is %q in the tables and %q here", i, word, got)
		}
	}
	for i, word := range rows.Charsets {
		if got := Charset(i).String(); got != word {
			t.Errorf("charset %d is %q in the tables and %q here", i, word, got)
		}
	}
	for i, word := range rows.EmojiSets {
		if got := EmojiSet(i).String(); got != word {
			t.Errorf("emoji set %d is %q in the tables and %q here", i, word, got)
		}
	}
	for word, want := range map[string]InputMode{"html5": InputHTML5, "istyle": InputIstyle, "mode": InputMODE, "css": InputCSS,
		"format": InputFormat, "none": InputNone} {
		if rows.InputModes[want] != word {
			t.Errorf("input mode %d is %q in the tables, want %q", want, rows.InputModes[want], word)
		}
	}
	for word, want := range map[string]Class{"": ClassNone, "handset": ClassHandset, "fullbrowser": ClassFullBrowser,
		"dialup": ClassDialUp, "smartphone": ClassSmartphone, "mail": ClassMail} {
		if rows.Classes[want] != word {
			t.Errorf("class %d is %q in the tables, want %q", want, rows.Classes[want], word)
		}
	}
	if got := (GIF | JPEG | PNG | BMP | WBMP).Names(); !slices.Equal(got, []string{"gif", "jpeg", "png", "bmp", "wbmp"}) {
		t.Errorf("formats are %v in the tables", got)
	}
}

func TestGenerationsAreComplete(t *testing.T) {
	for c, list := range map[Carrier][]Generation{
		DoCoMo: {"-", Mova, FOMA, IMode2}, Au: {"-", HDMLGen, WAP2x1, WAP2WIN, TUKA}, SoftBank: {"-", PDCC, PDCP, SBW, SB3GC},
		Willcom: {"-"}, Emobile: {"-"}, Crawler: {"-"}, Smartphone: {"-"}, PC: {"-", "retro", "phone", "first", "text", "tv", "pocket", "lmode", "astel", "wap"},
	} {
		for _, g := range list {
			if r := findGeneration(generationRows, c, g); r == nil || r.Generation != string(g) {
				t.Errorf("%s %s has no row", c, g)
			}
		}
	}
	for _, r := range generationRows {
		page, image := r.Page.Of(r.Total), r.Image.Of(r.Total)
		if r.Total > 0 && (page == 0 || image == 0 || page > r.Total || image > r.Total) {
			t.Errorf("%v: page %d and image %d of %d bytes", r.Place, page, image, r.Total)
		}
		if r.Webcode && EmojiSet(r.Emoji) != EmojiSoftBank {
			t.Errorf("%v: webcode without SoftBank's emoji", r.Place)
		}
	}
}

// Every row of handsets.tsv: in order, unique, in range, and of a generation that has defaults.
func TestModelRowsAreSound(t *testing.T) {
	token := regexp.MustCompile(`^[!-~]{2,40}$`)
	released := 0
	for i, m := range modelRows {
		if i > 0 && byToken(modelRows[i-1], m) >= 0 {
			t.Errorf("%v: %s %s is out of order or there twice", m.Place, m.Carrier, m.Token)
		}
		if !token.MatchString(m.Token) {
			t.Errorf("%v: %q is no token", m.Place, m.Token)
		}
		if m.SameAs != "" {
			if o := findModel(modelRows, Carrier(m.Carrier), m.SameAs); o == nil || o.SameAs != "" {
				t.Errorf("%v: same_as %s leads nowhere", m.Place, m.SameAs)
			}
			continue
		}
		if r := findGeneration(generationRows, Carrier(m.Carrier), Generation(m.Generation)); r == nil || r.Generation != m.Generation {
			t.Errorf("%v: generation %q has no row in generations.tsv", m.Place, m.Generation)
		}
		if (m.Width == 0) != (m.Height == 0) || m.Width != 0 && (m.Width < 60 || m.Width > 1000 || m.Height < 30 || m.Height > 1000) {
			t.Errorf("%v: display %d x %d", m.Place, m.Width, m.Height)
		}
		if m.Colors != 0 && (bits.OnesCount(uint(m.Colors)) != 1 || m.Colors > 1<<24) {
			t.Errorf("%v: %d colours", m.Place, m.Colors)
		}
		if m.Limit != 0 && (m.Limit < 1400 || m.Limit > 500_000) {
			t.Errorf("%v: limit of %d bytes", m.Place, m.Limit)
		}
		if m.Token[0] != '*' {
			released++
		}
	}
	if released < 984 {
		t.Errorf("%d models: some were lost; a removal gets its own commit and a line in removed.tsv", released)
	}
}

// Every model's Handset is one that the later stages can work with.
func TestEveryModelGivesAUsableHandset(t *testing.T) {
	for _, m := range Models() {
		h, ua, _ := ModelHandset(m.Token)
		xhtml, emoji := h.Dialect.Family == IXHTML || h.Dialect.Family == XHTMLMP, map[Carrier]EmojiSet{DoCoMo: EmojiDoCoMo, Au: EmojiAu, SoftBank: EmojiSoftBank}
		switch {
		case h.Emoji != emoji[m.Carrier], h.PageBudget < 1000, h.Image.MaxBytes < 1000, h.Image.Formats == 0, h.Display.WidthPx == 0,
			h.Display.Colors == 0, h.Dialect.XML() != xhtml, h.Dialect.Family == HTML5, h.Charset == UTF8 != (m.Generation == SB3GC),
			h.Cookies != (m.Carrier == Au || m.Generation == IMode2 || m.Generation == SBW || m.Generation == SB3GC),
			(h.Dialect.Family == CHTML || h.Dialect.Family == IXHTML) && h.Dialect.Major == 0,
			m.Carrier == SoftBank && m.Generation != SB3GC && h.Image.Formats.Has(GIF): // no GIF before 3GC
			t.Errorf("%s: %+v", ua, h)
		}
	}
}

// The rules that the carriers' documents state for whole generations [docomo §2].
func TestDialectRules(t *testing.T) {
	html3 := []string{"N2001", "N2002", "P2002", "P2101V", "D2101V", "SH2101V", "T2101V"}
	for _, m := range modelRows {
		d := Family(m.Dialect.Family)
		if m.Carrier != string(DoCoMo) || m.SameAs != "" || d == HTML32 {
			continue
		}
		want := IXHTML
		if m.Generation == string(Mova) || slices.Contains(html3, m.Token) {
			want = CHTML
		}
		if d != want {
			t.Errorf("%v: %s %s has dialect family %d, want %d", m.Place, m.Generation, m.Token, d, want)
		}
	}
}

func TestRangeRowsAreSound(t *testing.T) {
	dated := regexp.MustCompile(`^20\d\d-\d\d(-\d\d)?$`)
	seen := map[string]bool{}
	for _, r := range rangeRows {
		key := r.Carrier + r.CIDR.String() + r.Edition + rows.Classes[r.Class]
		if seen[key] && Class(r.Class) != ClassMail {
			t.Errorf("%v: there twice", r.Place)
		}
		seen[key] = true
		if findGeneration(generationRows, Carrier(r.Carrier), "-") == nil || !dated.MatchString(r.Dated) || r.CIDR.Bits() < 16 || Class(r.Class) == ClassNone {
			t.Errorf("%v: %+v", r.Place, r)
		}
		if r.Confirmed != "" {
			t.Errorf("%v: shipped as confirmed", r.Place)
		}
	}
	if len(rangeRows) < 562 {
		t.Errorf("%d ranges: some were lost", len(rangeRows))
	}
}

func TestWordAndMailRowsAreSound(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range wordRows {
		if seen[w.Word] {
			t.Errorf("%v: %q is there twice", w.Place, w.Word)
		}
		seen[w.Word] = true
		if w.Kind == "innocent" {
			continue
		}
		if got, phone := words("Ab/1.0 (" + strings.ToUpper(w.Word) + " x)"); got == nil && phone == nil {
			t.Errorf("%v: %q is never found", w.Place, w.Word)
		}
	}
	for _, m := range mailRows {
		if seen[m.Domain] || findGeneration(generationRows, Carrier(m.Carrier), "-") == nil {
			t.Errorf("%v: %s twice, or of an unknown carrier", m.Place, m.Domain)
		}
		seen[m.Domain] = true
	}
}
