package carriers

import "testing"

// TestOldBrowsers: who reads neither UTF-8 nor style sheets is known by name, not by Mozilla/1 to 4 alone; who does is not
// taken for an old one.
func TestOldBrowsers(t *testing.T) {
	for _, row := range []struct {
		ua      string
		dialect string
		charset Charset
		width   int
		formats ImageFormats
		colors  int
	}{
		{"NCSA_Mosaic/2.0 (Windows 3.1)", "html-3.2", ShiftJIS, 640, GIF, 256},
		{"NCSA Mosaic for X/2.7b5", "html-3.2", ShiftJIS, 640, GIF, 256},
		{"MacWeb/1.00ALPHA3  libwww/2.17", "html-3.2", ShiftJIS, 512, GIF, 16},
		{"AmigaVoyager/3.4.4 (MorphOS/PPC native)", "html-3.2", ShiftJIS, 640, GIF | JPEG, 16},
		{"IBrowse/2.3 (AmigaOS 3.9)", "html-3.2", ShiftJIS, 640, GIF | JPEG, 16},
		{"Mozilla/5.0 (compatible; IBrowse 3.0; AmigaOS4.0)", "html-3.2", ShiftJIS, 640, GIF | JPEG, 16},
		{"iCab/2.9.8 (Macintosh; U; PPC)", "html-3.2", ShiftJIS, 640, GIF | JPEG, 256},
		{"Mozilla/4.5 (compatible; iCab 2.7.1; Macintosh; I; PPC)", "html-3.2", ShiftJIS, 640, GIF | JPEG, 256},
		{"iCab/3.0.5 (Macintosh; U; PPC Mac OS X)", "html5", UTF8, 0, 0, 0},
		{"Mozilla/3.0 (Windows 3.10;US) Opera 3.62  [en]", "html-3.2", ShiftJIS, 640, GIF | JPEG, 256},
		{"Opera/9.80 (Windows NT 6.1) Presto/2.12.388 Version/12.16", "html5", UTF8, 0, 0, 0},
		{"Cyberdog/2.0 (Macintosh; PPC)", "html-3.2", ShiftJIS, 640, GIF | JPEG, 256},
		{"OmniWeb/2.7-beta-3 OWF/1.0", "html-3.2", ShiftJIS, 800, GIF | JPEG, 0},
		{"Mozilla/1.0 (compatible; NetHopper/3.2; Newton)", "html-3.2", ShiftJIS, 320, GIF, 16},
		{"amaya/5.1 libwww/5.3.1", "html-3.2", ShiftJIS, 800, GIF | JPEG, 0},
		{"Emacs-W3/4.0pre.46 URL/p4.0pre.46 (i686-pc-linux; X11)", "html-3.2", UTF8, 640, GIF, 256},
		{"HotJava/1.0.1/JRE1.1.3", "html-3.2", ShiftJIS, 640, GIF | JPEG, 256},
		{"Contiki/1.0 (Commodore 64; http://dunkels.com/adam/contiki/)", "html-3.2", UTF8, 320, GIF, 16},
		{"Mozilla/1.22 (compatible; MSIE 1.5; Windows 95) WebTV/1.0", "html-3.2", ShiftJIS, 544, GIF | JPEG, 65536},
		{"Mozilla/3.0 WebTV/1.2 (compatible; MSIE 2.0)", "html-3.2", ShiftJIS, 544, GIF | JPEG, 65536},
		{"Mozilla/4.0 (PSP (PlayStation Portable); 2.60)", "html-3.2", UTF8, 480, GIF | JPEG | PNG | BMP, 65536},
		{"Nokia6600/1.0 (4.09.1) SymbianOS/7.0s Series60/2.0 Profile/MIDP-2.0 Configuration/CLDC-1.0", "html-3.2", UTF8, 176, GIF | JPEG | PNG, 65536},
		{"Nokia7650/1.0 Symbian-QP/6.1 Nokia/2.1", "html-3.2", UTF8, 176, GIF | JPEG | PNG, 4096},
		{"NokiaN95/11.0.026; Series60/3.1 Profile/MIDP-2.0 SymbianOS/9.2", "html5", UTF8, 0, 0, 0},
		{"BlackBerry7230/3.7.1", "html-3.2", UTF8, 160, GIF | JPEG, 65536},
		{"BlackBerry/3.6.0", "html-3.2", UTF8, 160, GIF | JPEG, 65536},
		{"BlackBerry9780/6.0.0.285 Profile/MIDP-2.1", "html5", UTF8, 0, 0, 0},
		{"L-mode/1.0/AAA/10240/1000", "chtml-2.0", ShiftJIS, 240, GIF | JPEG, 256},
		{"ASTEL/1.0/J-0511.00/c10/smel", "chtml-1.0", ShiftJIS, 96, GIF, 4},
		{"Mozilla/4.08 [en] (Win98; I ;Nav)", "html-3.2", ShiftJIS, 0, GIF | JPEG, 0},
		{"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36 OPR/51.0", "html5", UTF8, 0, 0, 0},
		{"Lynx/2.8.9rel.1 libwww-FM/2.14", "html5", UTF8, 0, 0, 0},
	} {
		h := Identify(Request{UserAgent: row.ua})
		if h.Dialect.String() != row.dialect || h.Charset != row.charset || h.Display.WidthPx != row.width || h.Image.Formats != row.formats || h.Display.Colors != row.colors {
			t.Errorf("%s: %s %s, %d wide, %d colours, %v", row.ua, h.Dialect, h.Charset, h.Display.WidthPx, h.Display.Colors, h.Image.Formats.Names())
		}
	}
	for _, ua := range []string{"Mozilla/5.0 (compatible; GPTBot/1.0)", "facebookexternalhit/1.1", "WhatsApp/2.23.20.0", "Mozilla/5.0 (compatible; archive.org_bot)",
		"Mozilla/5.0 (Linux; Android 6.0.1) AppleWebKit/537.36 (compatible; GoogleOther)", "Mozilla/5.0 zgrab/0.x", "DoCoMo/2.0 N905i(c100;TB;W24H16) (compatible; Googlebot-Mobile/2.1; +http://www.google.com/bot.html)"} {
		if h := Identify(Request{UserAgent: ua}); h.Carrier != Crawler && !h.Robot {
			t.Errorf("%s is taken for %s", ua, h.Carrier)
		}
	}
}

// TestAcceptCharset: an old browser says what it reads; the first of the best counts. Handsets and browsers of today are not asked.
func TestAcceptCharset(t *testing.T) {
	const netscape = "Mozilla/4.08 [en] (X11; I; Linux 2.0.36 i686)"
	for _, row := range []struct {
		ua, accept string
		want       Charset
		references bool
	}{
		{netscape, "iso-8859-1,*,utf-8", Latin1, true},
		{"Mozilla/4.7 [ja] (Win98; I)", "Shift_JIS,*,utf-8", ShiftJIS, false},
		{"Mozilla/4.08 [ja] (Win98; I)", "iso-8859-1,*,utf-8", ShiftJIS, false},
		{"Mozilla/4.08 [ja] (Win98; I)", "iso-8859-1", Latin1, true},
		{netscape, "x-euc-jp, utf-8;q=0.5", EUCJP, false},
		{netscape, "iso-8859-1;q=0.3, utf-8;q=0.7", UTF8, false},
		{netscape, "koi8-r", ShiftJIS, false},
		{netscape, "", ShiftJIS, false},
		{"BlackBerry7230/3.7.1", "ISO-8859-1,US-ASCII,UTF-8;q=0.8", Latin1, true},
		{"DoCoMo/2.0 P903i(c100;TB;W24H12)", "iso-8859-1", ShiftJIS, false},
		{"Mozilla/5.0 (X11; Linux x86_64) Firefox/3.0", "ISO-8859-1,utf-8;q=0.7", UTF8, false},
	} {
		h := Identify(Request{UserAgent: row.ua, Headers: HeaderList{{"Accept-Charset", row.accept}}})
		if h.Charset != row.want || h.FormIn != row.want || h.References != row.references {
			t.Errorf("%s with %q: %s, references %v", row.ua, row.accept, h.Charset, h.References)
		}
	}
}
