package main

import (
	"bytes"
	"image"
	_ "image/gif"
	"image/jpeg"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Emoji bytes as the carriers define them (transcode/emoji/data/emoji.tsv), written out so that the test does not
// take the program's word for them.
const (
	docomoSun, docomoRice     = "\xF8\x9F", "\xF9\xEE"
	docomoHeart               = "\xF8\xEE"
	auSun, auRice, auHeart    = "\xF6\x60", "\xF6\xAE", "\xF3\x78"
	softbankSun, softbankRice = "\uE04A", "\uE342"
	softbankHeart             = "\uE20C"
)

// TestStoryFourScreens is the main job end to end, through real sockets: a PC browser writes a diary with emoji and a
// photo; a DoCoMo handset without cookies reads it and comments; an au handset answers; a SoftBank handset reads both;
// the PC sees everything as Unicode. Nothing is lost on the way and all logins stay valid.
func TestStoryFourScreens(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	ann, ben, cho := d.Members[0], d.Members[1], d.Members[2]

	// 1. The PC browser logs in and writes.
	pc := newBrowser(t, 1100, 900)
	pc.do(
		chromedp.Navigate(d.URL+"/"),
		chromedp.SendKeys(`input[name=mail]`, ann.Mail),
		chromedp.SendKeys(`input[name=password]`, ann.Password),
		chromedp.Click(`form button[type=submit]`),
		chromedp.WaitVisible(`a[href^="/diary/write"]`),
	)
	pc.do(
		chromedp.Click(`a[href^="/diary/write"]`),
		chromedp.WaitVisible(`textarea[name=body]`),
		chromedp.SendKeys(`input[name=title]`, "はじめてのおにぎり🍙"),
		chromedp.SendKeys(`textarea[name=body]`, "今日はいい天気☀ 表参道でお昼🍙を食べました。"),
		chromedp.SetUploadFiles(`input[type=file]`, []string{storyPhoto(t)}),
		chromedp.Click(`button[name=confirm]`),
		chromedp.WaitVisible(`button[name=send]`),
		chromedp.Click(`button[name=send]`),
		chromedp.WaitVisible(`form textarea[name=body]`),
	)
	pc.wants("はじめてのおにぎり🍙", "今日はいい天気☀ 表参道でお昼🍙を食べました。")
	entry, err := chromedp.Run(pc.ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}

	// 2. The DoCoMo handset: no cookies, Shift_JIS, DoCoMo emoji, the photo at its size.
	docomo := newPhone(t, d.URL, uaDoCoMo, false)
	home := docomo.logIn(ben.Mail, ben.Password)
	if got := home.header.Get("Content-Type"); !strings.Contains(strings.ToLower(got), "shift_jis") {
		t.Errorf("DoCoMo content type %q", got)
	}
	if home.header.Get("Set-Cookie") != "" {
		t.Error("a handset without cookies was sent one")
	}
	diary := home.follow(sjis("はじめてのおにぎり")).must(200,
		sjis("今日はいい天気")+docomoSun, sjis("表参道でお昼")+docomoRice)
	if len(diary.raw) > 30000 {
		t.Errorf("the page has %d bytes, over the P903i's 30,000", len(diary.raw))
	}
	photo := docomo.do(http.MethodGet, diary.url, diary.images[0], "", nil).must(200)
	picture, format, err := image.DecodeConfig(bytes.NewReader(photo.raw))
	if err != nil || picture.Width > 240 || picture.Height > 320 || format != "jpeg" && format != "gif" {
		t.Errorf("the photo: %v %dx%d %s of %d bytes", err, picture.Width, picture.Height, format, len(photo.raw))
	}
	page := diary.submit(diary.form("textarea"), map[string]string{
		"textarea": sjis("おいしそう") + docomoHeart + sjis("ソ能表示") + docomoSun, "+send": ""})
	page.must(200, sjis("おいしそう")+docomoHeart+sjis("ソ能表示")+docomoSun)

	// 3. The au handset reads the comment with au emoji, and answers.
	au := newPhone(t, d.URL, uaAu, true)
	diary = au.logIn(cho.Mail, cho.Password).follow(sjis("はじめてのおにぎり")).must(200,
		sjis("今日はいい天気")+auSun, auRice, sjis("おいしそう")+auHeart)
	diary.submit(diary.form("textarea"), map[string]string{"textarea": sjis("わたしも行く") + auRice, "+send": ""}).
		must(200, sjis("わたしも行く")+auRice)

	// 4. The SoftBank handset reads both as UTF-8 with SoftBank emoji.
	softbank := newPhone(t, d.URL, uaSoftBank, true)
	diary = softbank.logIn(cho.Mail, cho.Password).follow("はじめてのおにぎり").must(200,
		"今日はいい天気"+softbankSun, "お昼"+softbankRice, "おいしそう"+softbankHeart, "わたしも行く"+softbankRice)
	if got := diary.header.Get("Content-Type"); !strings.Contains(strings.ToLower(got), "utf-8") {
		t.Errorf("SoftBank content type %q", got)
	}

	// 5. The PC sees everything as Unicode, its login still valid beside a handset login of the same member.
	own := newPhone(t, d.URL, uaMova, false)
	own.logIn(ann.Mail, ann.Password)
	pc.do(chromedp.Navigate(entry))
	pc.wants("今日はいい天気☀", "おいしそう♥ソ能表示☀", "わたしも行く🍙", ben.Name, cho.Name)
	own.get("/").must(200)
	diary = docomo.do(http.MethodGet, page.url, "", "", nil).must(200, sjis("わたしも行く")+docomoRice)

	readWithW3m(t, docomo, diary.url.String())
}

// wants stops the test unless a reader sees each text. The variation selector that asks for a coloured glyph does not
// count.
func (b *browser) wants(texts ...string) {
	b.t.Helper()
	page := strings.ReplaceAll(b.text(), "\uFE0F", "")
	for _, text := range texts {
		if !strings.Contains(page, text) {
			b.t.Fatalf("the page does not show %q:\n%s", text, page)
		}
	}
}

// readWithW3m shows the diary as the P903i gets it in a text browser and looks for its sentences.
func readWithW3m(t *testing.T, p *phone, url string) {
	t.Helper()
	w3m, err := exec.LookPath("w3m")
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal("w3m is not installed, and this run must not skip anything")
		}
		t.Log("w3m is not installed; its part of the story is left out")
		return
	}
	cmd := exec.Command(w3m, "-dump", "-cols", "40", "-O", "UTF-8", "-header", "User-Agent: "+p.ua, url)
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "LANG=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("w3m: %v\n%s", err, out)
	}
	flat := strings.Join(strings.Fields(string(out)), "")
	for _, text := range []string{"はじめてのおにぎり", "今日はいい天気", "おいしそう", "わたしも行く"} {
		if !strings.Contains(flat, text) {
			t.Errorf("w3m does not show %q:\n%s", text, out)
		}
	}
}

// storyPhoto writes a large photo, as a camera makes them.
func storyPhoto(t *testing.T) string {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, 1600, 1200), image.YCbCrSubsampleRatio420)
	for y := range 1200 {
		for x := range 1600 {
			m.Y[y*m.YStride+x] = uint8(x/8 + y/16)
		}
	}
	for i := range m.Cb {
		m.Cb[i], m.Cr[i] = uint8(i%256), 150
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}
