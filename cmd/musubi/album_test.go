package main

import (
	"bytes"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"musubi/carriers"
	"musubi/core"
)

// albumFiles writes small pictures, and between them files that are none, and gives their paths.
func albumFiles(t *testing.T, pictures int) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, b []byte) {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	for i := range pictures {
		write(fmt.Sprintf("海%d.png", i+1), albumPicture(i))
	}
	write("手紙.jpg", []byte("\xFF\xD8\xFF\xE0 <script>alert(1)</script>"))
	return paths
}

// albumPicture is a small picture, another one for each seed.
func albumPicture(seed int) []byte {
	m := image.NewRGBA(image.Rect(0, 0, 320, 240))
	for y := range 240 {
		for x := range 320 {
			m.Set(x, y, color.RGBA{uint8(x + seed*40), uint8(y), uint8(seed * 90), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// loseAnswer makes the page's next request arrive and its answer not.
const loseAnswer = `(() => { const send = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function (body) {
	XMLHttpRequest.prototype.send = send; this.onload = this.onerror; send.call(this, body); }; return ""; })()`

// TestAlbumFourScreens: a PC browser fills an album through the script, with a file that is no picture and an answer that is
// lost on the way; a DoCoMo handset looks at the photos with its keys, saves one and comments; au and SoftBank handsets read;
// a text browser reads.
func TestAlbumFourScreens(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	ann, ben, cho := d.Members[0], d.Members[1], d.Members[2]
	pc := newBrowser(t, 1200, 900)
	pc.logIn(d, 0)
	pc.do(
		chromedp.Navigate(d.URL+"/album/edit"),
		chromedp.SendKeys(`input[name=title]`, "夏の海🐱"),
		chromedp.SendKeys(`textarea[name=note]`, "はじめての由比ヶ浜☀"),
		chromedp.Click(`input[name=protected]`),
		chromedp.Click(`button[name=send]`),
		chromedp.WaitVisible(`input[type=file]`),
	)
	pc.screenshot("album-upload")
	pc.eval(loseAnswer)
	pc.do(
		chromedp.SetUploadFiles(`input[type=file]`, albumFiles(t, 3)),
		chromedp.Click(`#upload button[name=send]`),
		chromedp.WaitVisible(`.files li:nth-child(4).error`),
		chromedp.WaitVisible(`.files li:nth-child(1).error button`),
		chromedp.WaitVisible(`.files li:nth-child(3).taken`),
	)
	pc.wants("4枚中2枚が入りました", "海1.png", "届きませんでした", "写真を読み込めませんでした")
	pc.screenshot("album-uploaded")
	pc.do(
		chromedp.Click(`.files li:nth-child(1) button`),
		chromedp.WaitVisible(`.files li:nth-child(1).taken`),
	)
	pc.wants("4枚中3枚が入りました")
	pc.do(
		chromedp.Click(`a[href^="/album?"]`),
		chromedp.WaitVisible(`.grid li:nth-child(3)`),
	)
	pc.wants("夏の海🐱", "3枚", "写真3") // three: the file whose answer was lost is there once
	if n := pc.eval(`String(document.querySelectorAll(".grid li").length)`); n != "3" {
		t.Errorf("%s photos in the album", n)
	}
	if broken := pc.eval(`[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src).join()`); broken != "" {
		t.Errorf("broken pictures: %s", broken)
	}
	pc.screenshot("album-photos")
	pc.do(
		chromedp.Click(`.grid li:nth-child(2) a`),
		chromedp.WaitVisible(`a[href^="/album/arrange"]`),
		chromedp.Click(`a[href*="photo="][href^="/album/arrange"]`),
		chromedp.WaitVisible(`input[name^=caption]`),
		chromedp.SendKeys(`input[name^=caption]`, "波うちぎわ☀"),
		chromedp.Click(`button[name=up]`),
		chromedp.WaitVisible(`.caption`),
	)
	pc.wants("1/3枚", "波うちぎわ☀")
	pc.screenshot("album-photo")

	// DoCoMo: from home to the album, to the photos by key, the picture at the size of the screen.
	docomo := newPhone(t, d.URL, uaDoCoMo, false)
	home := docomo.logIn(ben.Mail, ben.Password).must(200, sjis("友人の最新アルバム"), sjis("夏の海"))
	album := home.follow(sjis("夏の海")).must(200, sjis("はじめての由比ヶ浜")+docomoSun, sjis("波うちぎわ")+docomoSun)
	if bytes.Contains(album.raw, []byte("<script")) || bytes.Contains(album.raw, []byte("album.js")) {
		t.Error("a handset is sent script")
	}
	first := album.follow(sjis("波うちぎわ")).must(200, "1/3")
	second := first.press("6").must(200, "2/3")
	if back := second.press("4").must(200, "1/3"); back.url.Path != first.url.Path {
		t.Errorf("key 4 leads to %s", back.url)
	}
	wallpaper := second.press("5").must(200)
	picture, format, err := image.DecodeConfig(bytes.NewReader(wallpaper.raw))
	if err != nil || picture.Width != 240 && picture.Height != 320 || picture.Width > 240 || picture.Height > 320 {
		t.Errorf("the wallpaper: %v %d×%d %s", err, picture.Width, picture.Height, format)
	}
	if !bytes.Contains(wallpaper.raw, []byte(`copy="NO"`)) {
		t.Error("the wallpaper of a protected album may be passed on")
	}
	second.submit(second.form("textarea"), map[string]string{"textarea": sjis("きれい") + docomoHeart, "+send": ""}).
		must(200, sjis("きれい")+docomoHeart)

	// au and SoftBank read, each in its own emoji, and are told not to pass pictures on in their own way.
	au := newPhone(t, d.URL, uaAu, true)
	album = au.logIn(cho.Mail, cho.Password).follow(sjis("夏の海")).must(200, sjis("はじめての由比ヶ浜")+auSun)
	photo := album.follow(sjis("波うちぎわ")).press("6").must(200, sjis("きれい")+auHeart)
	if raw := photo.press("5").must(200).raw; !bytes.Contains(raw, []byte("kddi_copyright=on")) {
		t.Error("au: the picture of a protected album may be passed on")
	}
	softbank := newPhone(t, d.URL, uaSoftBank, true)
	photo = softbank.logIn(cho.Mail, cho.Password).follow("夏の海").follow("波うちぎわ").press("6").must(200, "きれい"+softbankHeart)
	if got := photo.press("5").must(200).header.Get("x-jphone-copyright"); !strings.Contains(got, "no-transfer") {
		t.Errorf("SoftBank: x-jphone-copyright %q", got)
	}

	// The owner sees the comment, on a screen of a phone too.
	own := newPhone(t, d.URL, uaMova, false)
	own.logIn(ann.Mail, ann.Password)
	pc.do(chromedp.Reload(), chromedp.Navigate(d.URL+"/album/list"))
	pc.wants("夏の海🐱", "3枚", "📝1", "2000MB")
	pc.screenshot("album-list")
	pc.do(chromedp.Navigate(d.URL + "/home"))
	pc.screenshot("album-home")
	pc.do(chromedp.EmulateViewport(390, 780), chromedp.Navigate(d.URL+"/album/list"))
	pc.screenshot("album-list-narrow")

	w3m := service(t, "w3m")
	cmd := exec.Command(w3m, "-dump", "-cols", "40", "-O", "UTF-8", "-header", "User-Agent: "+uaDoCoMo, second.url.String())
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LANG=C.UTF-8")
	out, err := cmd.CombinedOutput()
	flat := strings.Join(strings.Fields(string(out)), "")
	if err != nil || !strings.Contains(flat, "夏の海") || !strings.Contains(flat, "2/3枚") || !strings.Contains(flat, "きれい") {
		t.Errorf("w3m: %v\n%s", err, out)
	}
}

// press follows the link that the key leads to.
func (s *screen) press(key string) *screen {
	s.phone.t.Helper()
	for _, l := range s.links {
		if l.key == key {
			return s.phone.do(http.MethodGet, s.url, l.href, "", nil)
		}
	}
	s.phone.t.Fatalf("key %s leads nowhere on %s:\n%s", key, s.url, s.raw)
	return nil
}

// uploadFiles sends the form as a PC browser without script does.
func (s *screen) uploadFiles(f *webForm, files ...[]byte) *screen {
	s.phone.t.Helper()
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for _, fl := range f.fields {
		if fl.name != "" && fl.kind == "hidden" {
			m.WriteField(fl.name, fl.value)
		}
	}
	for i, file := range files {
		p, err := m.CreateFormFile("file", fmt.Sprintf("%d.png", i))
		if err != nil {
			s.phone.t.Fatal(err)
		}
		p.Write(file)
	}
	m.Close()
	return s.phone.do(http.MethodPost, s.url, f.action, m.FormDataContentType(), body.Bytes())
}

// The pages of an album of 200 photos, part by part, fit every handset's budget, and all photos can be reached.
func TestAlbumOf200PhotosFits(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := pc.get("/album/edit")
	page := form.submit(form.form("textarea"), map[string]string{"title": "二百枚", "visibility": "0", "+send": ""}).must(200)
	for i := range 10 {
		var files [][]byte
		for j := range 20 {
			files = append(files, albumPicture(20*i+j))
		}
		page = page.uploadFiles(page.form("file"), files...).must(200)
	}
	album := page.follow("アルバムを見る").must(200, "200枚")
	path := album.url.RequestURI()
	photoLink := regexp.MustCompile(`photo=(\d+)`)
	for _, ua := range []string{uaDoCoMo, uaMova, uaAu, uaSoftBank, uaPDC, "DoCoMo/1.0/D501i", "DoCoMo/2.0 F900i(c100;TB;W22H12)", "KDDI-SN21 UP.Browser/6.0.7 (GUI) MMP/1.1", "J-PHONE/4.0/J-SH51 SH/0001a Profile/MIDP-1.0"} {
		h := carriers.Identify(carriers.Request{UserAgent: ua})
		p := newPhone(t, d.URL, ua, h.Cookies)
		p.logIn(d.Members[1].Mail, d.Members[1].Password)
		seen, largest, screens := map[string]bool{}, 0, 0
		for number := 1; number <= 10; number++ {
			for s := p.get(fmt.Sprintf("%s&page=%d&_s=%s", path, number, p.session)); s != nil; s = s.nextPart() {
				s.must(200)
				screens++
				if largest = max(largest, len(s.raw)); len(s.raw) > h.PageBudget {
					t.Errorf("%.20s: %s has %d bytes of %d", ua, s.url, len(s.raw), h.PageBudget)
				}
				for _, l := range s.links {
					if m := photoLink.FindStringSubmatch(l.href); m != nil {
						seen[m[1]] = true
					}
				}
			}
		}
		if len(seen) != 200 {
			t.Errorf("%.20s: %d of 200 photos can be reached", ua, len(seen))
		}
		t.Logf("%.24s: %d screens, the largest %d of %d bytes", ua, screens, largest, h.PageBudget)
	}
}

// nextPart follows the link to the next part of the same page; nil on the last.
func (s *screen) nextPart() *screen {
	part := 1
	if n := s.url.Query().Get("_p"); n != "" {
		fmt.Sscan(n, &part)
	}
	for _, l := range s.links {
		u, err := s.url.Parse(l.href)
		if err == nil && u.Path == s.url.Path && u.Query().Get("_p") == fmt.Sprint(part+1) {
			return s.phone.do(http.MethodGet, s.url, l.href, "", nil)
		}
	}
	return nil
}

// Files that are not what they say, or too much, come to nothing or to a plain picture, each with an answer by its name; those
// around them are in (SEC-80, 81, 82, 86).
func TestSEC80_SEC81_SEC82_HostileAlbumFiles(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := pc.get("/album/edit")
	page := form.submit(form.form("textarea"), map[string]string{"title": "試験", "visibility": "0", "+send": ""}).must(200)

	const payload = "PAYLOAD-0123456789-<script>alert(document.cookie)</script>"
	encode := func(write func(b *bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	small := image.NewPaletted(image.Rect(0, 0, 64, 48), color.Palette{color.White, color.RGBA{200, 30, 30, 255}})
	for i := range 48 {
		small.SetColorIndex(i, i, 1)
	}
	jpg := encode(func(b *bytes.Buffer) error { return jpeg.Encode(b, small, nil) })
	exif := append([]byte{0xFF, 0xD8, 0xFF, 0xE1, 0, byte(2 + 6 + len(payload))}, append([]byte("Exif\x00\x00"+payload), jpg[2:]...)...)
	huge := encode(func(b *bytes.Buffer) error {
		return png.Encode(b, image.NewPaletted(image.Rect(0, 0, 9000, 6000), small.Palette))
	})
	files := []struct {
		name  string
		bytes []byte
		taken bool
	}{
		{"first.png", albumPicture(1), true},
		{"html.jpg", []byte("<html>" + payload), false},
		{"picture.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>` + payload + `</script></svg>`), false},
		{"54 megapixels.png", huge, false},
		{"gif and zip.gif", append(encode(func(b *bytes.Buffer) error { return gif.Encode(b, small, nil) }), "PK\x03\x04"+payload...), true},
		{"jpeg and html.jpg", append(bytes.Clone(jpg), payload...), true},
		{"gps.jpg", exif, true},
		{"bitmap.bmp", append([]byte("BM"), make([]byte, 3000)...), false},
		{"only a head.png", []byte("\x89PNG\r\n\x1a\n"), false},
		{"empty.jpg", nil, false},
		{"6MB.jpg", append(bytes.Clone(jpg), make([]byte, 6<<20)...), true},
		{"larger than the largest.jpg", append(bytes.Clone(jpg), make([]byte, core.MaxUpload)...), false},
		{"../../<b>etc</b>/passwd.png", albumPicture(2), true},
		{"last.png", albumPicture(3), true},
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	f := page.form("file")
	for _, fl := range f.fields {
		if fl.kind == "hidden" {
			m.WriteField(fl.name, fl.value)
		}
	}
	taken := 0
	for _, file := range files {
		p, err := m.CreateFormFile("file", file.name)
		if err != nil {
			t.Fatal(err)
		}
		p.Write(file.bytes)
		if file.taken {
			taken++
		}
	}
	m.Close()
	answer := pc.do(http.MethodPost, page.url, f.action, m.FormDataContentType(), body.Bytes()).must(200)
	for _, file := range files {
		name := filepath.Base(file.name) // what a browser's path was is nobody's business
		_, row, ok := strings.Cut(string(answer.raw), "<strong>"+html.EscapeString(name)+"</strong>")
		row, _, _ = strings.Cut(row, "</li>")
		if !ok || strings.Contains(row, "入りました") != file.taken {
			t.Errorf("%s: want taken %v, answer %q", file.name, file.taken, row)
		}
	}
	album := answer.follow("アルバムを見る").must(200, fmt.Sprintf("%d枚", taken))
	pictures := 0
	for _, src := range album.images {
		if !strings.HasPrefix(src, "/photo/") || strings.Contains(src, "180x180") {
			continue
		}
		pictures++
		raw := pc.do(http.MethodGet, album.url, src, "", nil).must(200)
		for i := 0; i+16 <= len(payload); i++ {
			if bytes.Contains(raw.raw, []byte(payload[i:i+16])) {
				t.Fatalf("a picture carries %q", payload[i:i+16])
			}
		}
		if _, _, err := image.Decode(bytes.NewReader(raw.raw)); err != nil || raw.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v, %v", src, err, raw.header)
		}
	}
	if pictures < taken {
		t.Errorf("%d pictures on the page, want %d", pictures, taken)
	}
}

// TestLookOfAlbums looks at every page of an album as TestLookOfPages does at those that links from home lead to.
func TestLookOfAlbums(t *testing.T) {
	axe := axeSource(t)
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := pc.get("/album/edit")
	page := form.submit(form.form("textarea"), map[string]string{"title": "夏の海", "note": "波の音まで写っています。", "visibility": "0", "password": "あいことば", "+send": ""}).must(200)
	page = page.uploadFiles(page.form("file"), albumPicture(1), []byte("no picture"), albumPicture(2)).must(200)
	album := page.follow("アルバムを見る").must(200, "2枚")
	photo := album.follow("写真1").must(200)
	b := newBrowser(t, wide.w, wide.h)
	b.logIn(d, 0)
	for name, path := range map[string]string{
		"albums": "/album/list", "album": album.url.RequestURI(), "album-photo": photo.url.RequestURI(), "album-new": "/album/edit",
		"album-edit": strings.Replace(album.url.RequestURI(), "/album?", "/album/edit?", 1), "album-upload": strings.Replace(album.url.RequestURI(), "/album?", "/album/upload?", 1),
		"album-arrange": strings.Replace(album.url.RequestURI(), "/album?", "/album/arrange?", 1), "photo-edit": strings.Replace(photo.url.RequestURI(), "/album/photo?", "/album/arrange?", 1),
		"album-delete": strings.Replace(album.url.RequestURI(), "/album?", "/album/delete?", 1),
	} {
		b.look(axe, name, d.URL+path)
	}
	b.do(chromedp.EmulateViewport(wide.w, wide.h), chromedp.Navigate(d.URL+strings.Replace(album.url.RequestURI(), "/album?", "/album/upload?", 1)),
		chromedp.SetUploadFiles(`input[type=file]`, albumFiles(t, 1)), chromedp.Click(`#upload button[name=send]`),
		chromedp.WaitVisible(`.files li:nth-child(2).error`), chromedp.WaitVisible(`.files li:nth-child(1).taken`))
	b.look(axe, "album-uploaded", "")
	visitor := newBrowser(t, wide.w, wide.h)
	visitor.logIn(d, 1)
	for name, path := range map[string]string{"albums-friends": "/album/friends", "album-locked": album.url.RequestURI(), "home-albums": "/home"} {
		visitor.look(axe, name, d.URL+path)
	}
}
