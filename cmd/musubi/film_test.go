package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"musubi/core"
	"musubi/core/album"
)

// probed is what ffprobe says of a file.
type probed struct {
	Streams []struct {
		Codec string `json:"codec_name"`
		Width int    `json:"width"`
	}
	Format struct{ Tags map[string]string }
}

func probe(t *testing.T, film []byte) (p probed) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film")
	if err := os.WriteFile(path, film, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(service(t, "ffprobe"), "-v", "error", "-show_streams", "-show_format", "-of", "json", path).Output()
	if err == nil {
		err = json.Unmarshal(out, &p)
	}
	if err != nil {
		t.Fatalf("ffprobe: %v", err)
	}
	return p
}

// shot is a film as a phone of today would send it, with a place in it.
func shot(t *testing.T, seconds int) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "shot.mov")
	d := strconv.Itoa(seconds)
	out, err := exec.Command(service(t, "ffmpeg"), "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15:duration="+d,
		"-f", "lavfi", "-i", "sine=duration="+d, "-preset", "ultrafast", "-metadata", "location=+35.6586+139.7454/", path).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// until gets a page again and again until it shows a word and another no more.
func (p *phone) until(path, shown, gone string) *screen {
	p.t.Helper()
	for began := time.Now(); ; time.Sleep(300 * time.Millisecond) {
		s := p.get(path)
		if strings.Contains(string(s.raw), shown) && (gone == "" || !strings.Contains(string(s.raw), gone)) {
			return s
		}
		if time.Since(began) > 3*time.Minute {
			p.t.Fatalf("%s shows after three minutes\n%s", path, s.raw)
		}
	}
}

// photoOf finds the address of the page of a film in a list.
func (s *screen) photoOf(caption string) string {
	s.phone.t.Helper()
	for _, l := range s.links {
		if strings.Contains(l.text, caption) {
			return l.href
		}
	}
	s.phone.t.Fatalf("no link %q on\n%s", caption, s.raw)
	return ""
}

var object = regexp.MustCompile(`<object data="([^"]+)" type="video/3gpp2" standby="[^"]*"><param name="disposition" value="devmpzz" valuetype="data" ?/><param name="size" value="(\d+)"`)

// The demo's film on every screen: a browser plays it, handsets fetch the files of their row, and who plays none sees a picture and
// a sentence.
func TestFilmsOnEveryScreen(t *testing.T) {
	service(t, "ffmpeg")
	d := startDemo(t, "")
	defer d.stop()
	me := d.Members[0]
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(me.Mail, me.Password)
	path := pc.until("/films/friends", "春・夏・秋・冬", "").photoOf("春・夏・秋・冬")
	pc.until(path, "<video", "準備しています")

	b := newBrowser(t, 1200, 900)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+path), chromedp.WaitVisible(`video`))
	b.eval(`(() => { const v = document.querySelector("video"); v.muted = true; v.play(); return ""; })()`)
	for began := time.Now(); b.eval(`String(document.querySelector("video").currentTime > 0.5 && document.querySelector("video").videoWidth)`) != "320"; time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > 20*time.Second {
			t.Fatalf("chromium does not play it: %s", b.eval(`String(document.querySelector("video").error && document.querySelector("video").error.message)`))
		}
	}
	b.screenshot("film")

	for _, c := range []struct {
		ua, codec string
		most      int
		parts     int
		kind      string
	}{
		{"DoCoMo/2.0 P903i(c100;TB;W24H12)", "mpeg4", 10 << 20, 1, "video/3gpp"},
		{"DoCoMo/2.0 N900i(c100;TB;W24H12)", "mpeg4", 300_000, 2, "video/3gpp"},
		{uaSoftBank, "mpeg4", 300_000, 2, "video/3gpp"},
	} {
		p := newPhone(t, d.URL, c.ua, strings.HasPrefix(c.ua, "SoftBank"))
		p.logIn(me.Mail, me.Password)
		page := p.get(p.mine(path)).must(200)
		n := 0
		for _, l := range page.links {
			if !strings.Contains(l.href, "/film/") {
				continue
			}
			n++
			player := newPhone(t, d.URL, "player/1.0", false) // no cookie, another name
			got := player.get(l.href).must(200)
			if len(got.raw) > c.most || got.header.Get("Content-Length") != strconv.Itoa(len(got.raw)) || got.header.Get("Content-Type") != c.kind {
				t.Errorf("%s: %d bytes, %v", c.ua, len(got.raw), got.header)
			}
			if f := probe(t, got.raw); f.Streams[0].Codec != c.codec && f.Streams[1].Codec != c.codec {
				t.Errorf("%s gets %+v", c.ua, f)
			}
			p.header.Set("Range", "bytes=100-199")
			if piece := p.get(l.href); piece.status != http.StatusPartialContent || string(piece.raw) != string(got.raw[100:200]) {
				t.Errorf("%s: a range: %d, %d bytes", c.ua, piece.status, len(piece.raw))
			}
			p.header.Del("Range")
		}
		if n != c.parts {
			t.Errorf("%s has %d links to the film, want %d:\n%s", c.ua, n, c.parts, page.raw)
		}
		if c.parts > 1 && !strings.Contains(string(page.raw), sjisOr("その2")) && !strings.Contains(string(page.raw), "その2") {
			t.Errorf("%s: no その2", c.ua)
		}
		p.get(p.mine("/home")).must(200) // still logged in
	}

	au := newPhone(t, d.URL, uaAu, true)
	au.logIn(me.Mail, me.Password)
	page := au.get(path).must(200)
	m := object.FindStringSubmatch(string(page.raw))
	if m == nil {
		t.Fatalf("au: no object on\n%s", page.raw)
	}
	got := newPhone(t, d.URL, "player/1.0", false).get(strings.ReplaceAll(m[1], "&amp;", "&")).must(200)
	if m[2] != strconv.Itoa(len(got.raw)) || len(got.raw) > 1_500_000 || got.header.Get("Content-Type") != "video/3gpp2" || string(got.raw[8:12]) != "kddi" {
		t.Errorf("au: says %s bytes, has %d, %v", m[2], len(got.raw), got.header)
	}

	for _, ua := range []string{uaMova, uaHDML} {
		p := newPhone(t, d.URL, ua, false)
		p.logIn(me.Mail, me.Password)
		page := p.get(p.mine(path)).must(200, sjis("この機種では動画を再生できません。"))
		if strings.Contains(string(page.raw), "/film/") || !strings.Contains(string(page.raw), "/photo/") {
			t.Errorf("%s:\n%s", ua, page.raw)
		}
	}
}

// mine is a path with the session of a handset without cookies.
func (p *phone) mine(path string) string {
	if p.session == "" {
		return path
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + "_s=" + p.session
}

// A film that was taken is there after kill -9, and is made; nothing is left of the work that was cut short. What is no film is
// refused at once.
func TestFilmsSurviveKill(t *testing.T) {
	film := shot(t, 20)
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	albums := pc.get("/album/list").must(200, "/album?owner=")
	own := regexp.MustCompile(`/album\?owner=\d+&amp;id=(\d+)`).FindStringSubmatch(string(albums.raw))[1]
	form := func() *screen { return pc.get("/album/film?id=" + own).must(200, "動画を追加する") }
	refused := form()
	for _, hostile := range []string{"#EXTM3U\n#EXTINF:1,\nsecret.ts\n", "ffconcat version 1.0\nfile secret.ts\n", "PK\x03\x04frames", "\x00\x00\x00\x18ftypisom"} {
		began := time.Now()
		refused.uploadFiles(refused.form("file"), []byte(hostile)).must(200, "動画として読めませんでした")
		if took := time.Since(began); took > 30*time.Second {
			t.Errorf("%.20q: refused after %v", hostile, took)
		}
		refused = form()
	}
	refused.uploadFiles(refused.form("file"), film).must(200, "入りました")
	d.kill()
	d = startDemo(t, data)
	defer d.stop()
	pc = newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	path := pc.until("/films", "/album/photo?", "").photoOf("動画(")
	page := pc.until(path, "<video", "準備しています")
	src := regexp.MustCompile(`<source src="([^"]+w=mp4[^"]+)"`).FindStringSubmatch(string(page.raw))
	if src == nil {
		t.Fatalf("no film on\n%s", page.raw)
	}
	got := pc.get(strings.ReplaceAll(src[1], "&amp;", "&")).must(200)
	if p := probe(t, got.raw); p.Format.Tags["location"] != "" || strings.Contains(string(got.raw), "35.6586") {
		t.Errorf("the film tells where it was made: %+v", p.Format.Tags)
	}
	time.Sleep(time.Second)
	if left, _ := filepath.Glob(filepath.Join(data, "films", "*-*")); len(left) > 1 { // the demo's own may be under way
		t.Errorf("left of the work: %v", left)
	}
}

// A film mailed as a P903i is in the diary and in an album.
func TestFilmsByMailFromAHandset(t *testing.T) {
	film := shot(t, 3)
	s := newMailSite(t)
	raw := fmt.Sprintf("From: p903i@docomo.ne.jp\r\nTo: %s\r\nSubject: film\r\nMessage-ID: <film@mail.example.net>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nlook\r\n--b\r\nContent-Type: video/3gpp; name=\"a.3gp\"\r\n"+
		"Content-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n", s.diary, wrapped(base64.StdEncoding.EncodeToString(film)))
	if code := s.sends("p903i@docomo.ne.jp", []byte(raw)); code != 250 {
		t.Fatalf("code %d", code)
	}
	viewer := core.Viewer{Member: s.member.ID}
	d, _, err := s.room.services.Journal.Diary(t.Context(), viewer, s.member.ID, s.newest()[0].ID)
	if err != nil || !strings.Contains(d.Body, "[動画:") {
		t.Fatalf("the entry is %q, %v", d.Body, err)
	}
	films, _, err := s.room.services.Album.Films(t.Context(), viewer, s.member.ID, core.Page{Size: 9})
	if err != nil || len(films) != 1 || films[0].In.Title != album.DiaryFilms || films[0].Caption != "film" {
		t.Fatalf("films: %+v, %v", films, err)
	}
}

func wrapped(s string) string {
	var b strings.Builder
	for len(s) > 76 {
		b.WriteString(s[:76] + "\r\n")
		s = s[76:]
	}
	return b.String() + s
}
