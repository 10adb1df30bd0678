package main

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"musubi/carriers"
	handset "musubi/gateway/phone"
)

// testFilm is a film as a phone makes it, of so many seconds, with the place where it was taken.
func testFilm(t *testing.T, seconds int) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film.3gp")
	ffmpeg(t, "-f", "lavfi", "-i", fmt.Sprintf("testsrc2=s=320x240:r=12:d=%d", seconds), "-f", "lavfi", "-i", fmt.Sprintf("sine=d=%d", seconds), "-shortest",
		"-c:v", "mpeg4", "-b:v", "200k", "-c:a", "aac", "-b:a", "24k", "-metadata", "location=+35.6586+139.7454/", "-metadata", "title=secret", path)
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ffmpeg(t *testing.T, args ...string) {
	t.Helper()
	out, err := exec.Command(service(t, "ffmpeg"), append([]string{"-nostdin", "-hide_banner", "-loglevel", "error", "-y"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
}

// filmMail is a mail of a handset with a film.
func filmMail(from, id, subject string, film []byte) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: %s\r\nTo: <x@%s>\r\nSubject: =?ISO-2022-JP?B?%s?=\r\nMessage-ID: <%s@docomo.ne.jp>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"--P903i\"\r\n\r\n",
		from, demoMailDomain, base64.StdEncoding.EncodeToString([]byte(jis(subject))), id)
	fmt.Fprintf(&b, "----P903i\r\nContent-Type: text/plain; charset=ISO-2022-JP\r\nContent-Transfer-Encoding: 7bit\r\n\r\n%s\r\n", jis("動画です"))
	fmt.Fprintf(&b, "----P903i\r\nContent-Type: application/octet-stream; name=\"MOV.3gp\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	for text := base64.StdEncoding.EncodeToString(film); text != ""; {
		n := min(len(text), 76)
		b.WriteString(text[:n] + "\r\n")
		text = text[n:]
	}
	b.WriteString("----P903i--\r\n")
	return b.Bytes()
}

// postAddresses are the member's for posting, in the order of the page: the diary's, the albums', the profile's.
func (p *phone) postAddresses() (list []string) {
	p.t.Helper()
	for _, m := range regexp.MustCompile(`mailto:([adp]-[a-z2-7]{16}@[a-z.]+)`).FindAllSubmatch(p.get("/settings/post").must(http.StatusOK).raw, -1) {
		list = append(list, string(m[1]))
	}
	return list
}

// filmPage is the page of the member's newest film.
func (p *phone) filmPage() string {
	p.t.Helper()
	path := regexp.MustCompile(`/album/photo\?[^"]*`).Find(p.get("/films").must(http.StatusOK).raw)
	if path == nil {
		p.t.Fatal("there is no film")
	}
	return html.UnescapeString(string(path))
}

// waitForFilm waits until nothing of the film on a page is being made any more.
func (p *phone) waitForFilm(path string) *screen {
	p.t.Helper()
	for began := time.Now(); ; time.Sleep(300 * time.Millisecond) {
		s := p.get(path).must(http.StatusOK)
		if !bytes.Contains(s.raw, []byte("準備しています")) {
			return s
		}
		if time.Since(began) > 8*time.Minute {
			p.t.Fatalf("the film is not made:\n%s", s.raw)
		}
	}
}

// probed is what ffprobe says of a file.
type probed struct {
	Streams []struct {
		Codec  string `json:"codec_name"`
		Kind   string `json:"codec_type"`
		Width  int
		Height int
	}
	Format struct {
		Tags     map[string]string
		Duration string
	}
}

func probe(t *testing.T, film []byte) (p probed) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "probed")
	if err := os.WriteFile(path, film, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(service(t, "ffprobe"), "-v", "error", "-show_format", "-show_streams", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// served are the files of films on a page, and how many bytes its markup says that each has (au); 0 where it says nothing.
func (s *screen) served() (paths []string, sizes []int) {
	for _, m := range regexp.MustCompile(`(?:href|data)="((?:https?://[^/"]*)?/film/[^"]*)"(?:[^>]*>(?:<param name="disposition" value="devmpzz"[^>]*><param name="size" value="(\d+)")?)?`).FindAllSubmatch(s.raw, -1) {
		n, _ := strconv.Atoi(string(m[2]))
		paths, sizes = append(paths, html.UnescapeString(string(m[1]))), append(sizes, n)
	}
	return paths, sizes
}

// TestFilmOfAHandsetOnEveryScreen: a film that a P903i mails stands in the album, and each screen gets it in its own way, never more
// bytes than its row has.
func TestFilmOfAHandsetOnEveryScreen(t *testing.T) {
	service(t, "ffmpeg")
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	to := pc.postAddresses()
	if len(to) < 2 {
		t.Fatal(to)
	}
	film := testFilm(t, 40)
	if code := postMail(d.SMTP, d.Members[0].Mail, to[1], filmMail(d.Members[0].Mail, "film1", "玉入れ", film)); code != 250 {
		t.Fatalf("the mail: %d\n%s", code, d.log)
	}
	path := pc.filmPage()
	page := pc.waitForFilm(path).must(http.StatusOK, "<video controls", "玉入れ", `type="video/mp4"`, "0:40")
	src := regexp.MustCompile(`<source src="([^"]*)" type="video/mp4"`).FindSubmatch(page.raw)
	whole := pc.get(html.UnescapeString(string(src[1]))).must(http.StatusOK)
	if p := probe(t, whole.raw); len(p.Streams) != 2 || p.Streams[0].Codec != "h264" || p.Format.Tags["location"]+p.Format.Tags["title"] != "" {
		t.Errorf("a browser gets %+v", p)
	}
	for _, c := range []struct {
		name, ua, kind, codec, brand string
		most, parts                  int // bytes of a part; parts: 0 is one or more
		width                        int
	}{
		{"P903i", uaDoCoMo, "video/3gpp", "mpeg4", "mmp4", 10 << 20, 1, 320},
		{"N900i", "DoCoMo/2.0 N900i(c100;TB;W24H12)", "video/3gpp", "mpeg4", "3gp4", 300_000, 0, 176},
		{"N901iC", "DoCoMo/2.0 N901iC(c100;TB;W24H12)", "video/3gpp", "mpeg4", "3gp4", 500_000, 0, 176},
		{"W41CA", uaAu, "video/3gpp2", "mpeg4", "kddi", 1_500_000, 1, 176},
		{"910T", uaSoftBank, "video/3gpp", "mpeg4", "3gp4", 300_000, 0, 176},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPhone(t, d.URL, c.ua, !strings.HasPrefix(c.ua, "DoCoMo"))
			p.logIn(d.Members[0].Mail, d.Members[0].Password)
			s := p.get(path + "&_s=" + p.session).must(http.StatusOK)
			files, sizes := s.served()
			if len(files) == 0 || c.parts > 0 && len(files) != c.parts || bytes.Contains(s.raw, []byte("<video")) || bytes.Contains(s.raw, []byte("<source")) {
				t.Fatalf("the page has the films %q:\n%s", files, s.raw)
			}
			seconds := 0.0
			for i, file := range files {
				player := newPhone(t, d.URL, "player", false) // sends no cookie, and another name
				got := player.do(http.MethodGet, s.url, file, "", nil).must(http.StatusOK)
				if got.header.Get("Content-Type") != c.kind || got.header.Get("Content-Length") != strconv.Itoa(len(got.raw)) || len(got.raw) > c.most {
					t.Errorf("part %d: %s bytes of %s, of %d that there may be", i+1, got.header.Get("Content-Length"), got.header.Get("Content-Type"), c.most)
				}
				if au := c.ua == uaAu; au != (sizes[i] == len(got.raw)) {
					t.Errorf("part %d has %d bytes, the page says %d", i+1, len(got.raw), sizes[i])
				}
				if brand := string(got.raw[8:12]); brand != c.brand {
					t.Errorf("part %d: brand %q", i+1, brand)
				}
				probed := probe(t, got.raw)
				if len(probed.Streams) != 2 || probed.Streams[0].Codec != c.codec || probed.Streams[0].Width != c.width || probed.Format.Tags["location"]+probed.Format.Tags["title"] != "" {
					t.Errorf("part %d: %+v", i+1, probed)
				}
				n, _ := strconv.ParseFloat(probed.Format.Duration, 64)
				seconds += n
				player.header = http.Header{"Range": {"bytes=100-199"}}
				if piece := player.do(http.MethodGet, s.url, file, "", nil).must(http.StatusPartialContent); !bytes.Equal(piece.raw, got.raw[100:200]) {
					t.Errorf("part %d: a range of 100 bytes has %d", i+1, len(piece.raw))
				}
			}
			if seconds < 38.5 || seconds > 42 {
				t.Errorf("the parts have %.1f of 40 seconds", seconds)
			}
		})
	}
	t.Run("chromium", func(t *testing.T) {
		b := newBrowser(t, 1200, 900)
		b.logIn(d, 0)
		b.do(chromedp.Navigate(d.URL + path))
		b.eval(`(v => { v.muted = true; v.play(); return "" })(document.querySelector("video"))`)
		b.until(`(v => v.currentTime > 0.5 && v.videoWidth > 0 && Math.abs(v.duration - 40) < 2 && !v.error)(document.querySelector("video"))`)
	})
	for name, ua := range map[string]string{"mova": uaMova, "J-PHONE": uaPDC} {
		t.Run(name, func(t *testing.T) {
			p := newPhone(t, d.URL, ua, false)
			p.logIn(d.Members[0].Mail, d.Members[0].Password)
			s := p.get(path+"&_s="+p.session).must(http.StatusOK, sjis("この機種では動画を再生できません。"))
			if files, _ := s.served(); len(files) > 0 {
				t.Errorf("it is given %q", files)
			}
			s.showsPicture()
		})
	}
	t.Run("HDML", func(t *testing.T) {
		_, agent, _ := carriers.ModelHandset("CA13")
		p, err := handset.New(handset.Config{URL: d.URL, UserAgent: agent})
		if err != nil {
			t.Fatal(err)
		}
		m := &hdmlMember{t, p}
		m.get("/")
		m.press("ログイン", "mail", d.Members[0].Mail, "password", d.Members[0].Password)
		m.get(path).shows("この機種では動画を再生できません。")
		for _, l := range p.Page().Links {
			if strings.Contains(l.URL, "w=3g") {
				t.Errorf("it is given %s", l.URL)
			}
		}
	})
}

// until waits until a condition holds on the page.
func (b *browser) until(condition string) {
	b.t.Helper()
	for began := time.Now(); b.eval(`String(!!(`+condition+`))`) != "true"; time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > 2*time.Minute {
			b.t.Fatalf("never so: %s\n%s", condition, b.text())
		}
	}
}

// conditions are those of the browser's network, in bytes a second; -1: no bound.
type conditions struct {
	Offline  bool    `json:"offline"`
	Latency  float64 `json:"latency"`
	Download float64 `json:"downloadThroughput"`
	Upload   float64 `json:"uploadThroughput"`
}

// slow bounds how fast the browser sends.
func (b *browser) slow(upload float64) {
	b.t.Helper()
	set := cdp.Command[conditions, struct{}]{Method: "Network.emulateNetworkConditions"}
	if _, err := chromedp.Call(b.ctx, set, conditions{Download: -1, Upload: upload}); err != nil {
		b.t.Fatal(err)
	}
}

// TestFilmUploadInABrowser: a film goes up with its progress, is cancelled half way, sent again, and is there once; what is no film says so.
func TestFilmUploadInABrowser(t *testing.T) {
	service(t, "ffmpeg")
	d := startDemo(t, "")
	defer d.stop()
	dir := t.TempDir()
	film, torn := filepath.Join(dir, "海.3gp"), filepath.Join(dir, "手紙.mp4")
	if err := os.WriteFile(film, testFilm(t, 8), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(torn, []byte("#EXTM3U\n#EXTINF:10,\nsecret.ts\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, 1200, 900)
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+"/album/list"), chromedp.Click(`a[href^="/album?"]`), chromedp.WaitVisible(`a[href^="/album/film?"]`),
		chromedp.Click(`a[href^="/album/film?"]`), chromedp.WaitVisible(`#upload input[type=file]`))
	b.do(chromedp.SendKeys(`input[name=tags]`, "海 夏"), chromedp.SetUploadFiles(`#upload input[type=file]`, []string{film}))
	b.slow(20_000)
	b.do(chromedp.Click(`#upload button[name=send]`), chromedp.WaitVisible(`.files li:nth-child(1) button`))
	b.until(`(p => p.value > 0 && p.value < 1)(document.querySelector(".files li:first-child progress"))`)
	b.screenshot("film-upload")
	b.do(chromedp.Click(`.files li:nth-child(1) button`), chromedp.WaitVisible(`.files li:nth-child(1).error button`))
	b.slow(-1)
	b.until(`!document.querySelector("#upload button[name=send]").disabled`)
	b.do(chromedp.Click(`.files li:nth-child(1).error button`), chromedp.WaitVisible(`.files li:nth-child(1).taken`))
	b.do(chromedp.SetUploadFiles(`#upload input[type=file]`, []string{torn}), chromedp.Click(`#upload button[name=send]`), chromedp.WaitVisible(`.files li:nth-child(2).error`))
	b.wants("動画として読めませんでした", "2本中1本が入りました")
	b.screenshot("film-uploaded")
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	if n := bytes.Count(pc.get("/films").must(http.StatusOK).raw, []byte(`<li>`+`<a href="/album/photo`)); n > 2 { // the demo brings one
		t.Errorf("there are %d films", n)
	}
	pc.waitForFilm(pc.filmPage()).must(http.StatusOK, "#海", "#夏", "<video")
	pc.get("/films/tag?tag=%E6%B5%B7").must(http.StatusOK, "/album/photo?")
	friend := newPhone(t, d.URL, uaPC, true)
	friend.logIn(d.Members[1].Mail, d.Members[1].Password).must(http.StatusOK, "友人の最新動画")
}

// TestKillLosesNoFilm kills the program (kill -9) while a film is being made: nothing of it goes on, and after the restart the film is
// made whole, and no directory and no jail is left.
func TestKillLosesNoFilm(t *testing.T) {
	service(t, "ffmpeg")
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	to := pc.postAddresses()
	if code := postMail(d.SMTP, d.Members[0].Mail, to[0], filmMail(d.Members[0].Mail, "film1", "玉入れ", testFilm(t, 30))); code != 250 {
		t.Fatalf("the mail: %d\n%s", code, d.log)
	}
	path := pc.filmPage()
	wait := func(what string, holds func() bool) {
		t.Helper()
		for began := time.Now(); !holds(); time.Sleep(10 * time.Millisecond) {
			if time.Since(began) > 2*time.Minute {
				t.Fatalf("%s: not after two minutes; running: %v\n%s", what, filmWorkers(t, data), d.log)
			}
		}
	}
	wait("a film is made", func() bool { return ffmpegRuns(data) }) // the jail is shut
	d.kill()
	wait("nothing goes on", func() bool { return !ffmpegRuns(data) }) // a jail that had not begun waits for its word, which the restart ends
	d = startDemo(t, data)
	defer d.stop()
	pc = newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	pc.waitForFilm(path).must(http.StatusOK, "<video controls", "0:30")
	wait("no directory and no jail is left", func() bool {
		left, _ := filepath.Glob(filepath.Join(data, "films", "*"))
		return len(left) == 0 && len(filmWorkers(t, data)) == 0
	})
	if entries := pc.get("/diary/list").must(http.StatusOK).raw; bytes.Count(entries, []byte("玉入れ")) == 0 {
		t.Error("the entry that quotes the film is gone")
	}
}

// ffmpegRuns says whether ffmpeg or ffprobe works in a jail below the films of a data directory: films of other programs are none of ours.
func ffmpegRuns(data string) bool {
	files, _ := filepath.Glob("/proc/[0-9]*/comm")
	return slices.ContainsFunc(files, func(file string) bool {
		name, _ := os.ReadFile(file)
		mounts, _ := os.ReadFile(filepath.Join(filepath.Dir(file), "mountinfo"))
		return strings.HasPrefix(string(name), "ff") && bytes.Contains(mounts, []byte(filepath.Join(data, "films")))
	})
}

// filmWorkers are the processes that work below the films of a data directory.
func filmWorkers(t *testing.T, data string) (list []string) {
	t.Helper()
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		line, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		at, _ := os.Readlink(filepath.Join(filepath.Dir(file), "cwd"))
		if (bytes.Contains(line, []byte(filepath.Join(data, "films"))) || strings.HasPrefix(at, filepath.Join(data, "films"))) && !bytes.Contains(line, []byte("--json")) {
			list = append(list, strings.ReplaceAll(string(line), "\x00", " "))
		}
	}
	return list
}

// TestSEC85_HostileFilmsAreRefused: what is no film, or too much of one, is refused on the form within the time that a look may take, and
// nothing of it stays.
func TestSEC85_HostileFilmsAreRefused(t *testing.T) {
	service(t, "ffmpeg")
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	defer d.stop()
	dir := t.TempDir()
	made := func(name string, args ...string) []byte {
		path := filepath.Join(dir, name)
		ffmpeg(t, append(args, path)...)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	var frames bytes.Buffer
	z := zip.NewWriter(&frames)
	for i := range 40 {
		w, err := z.Create(fmt.Sprintf("%04d.png", i))
		if err != nil {
			t.Fatal(err)
		}
		w.Write(albumPicture(i))
	}
	z.Close()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	upload := regexp.MustCompile(`/album/film\?[^"]*`).Find(pc.get(html.UnescapeString(regexp.MustCompile(`/album\?owner=[^"]*`).FindString(string(pc.get("/album/list").raw)))).raw)
	if upload == nil {
		t.Fatal("no album takes films")
	}
	form := html.UnescapeString(string(upload))
	films := bytes.Count(pc.get("/films").raw, []byte("/album/photo?"))
	for name, film := range map[string][]byte{
		"playlist":        []byte("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"),
		"concat":          []byte("ffconcat version 1.0\nfile /etc/passwd\n"),
		"zip of frames":   frames.Bytes(),
		"a picture":       albumPicture(1),
		"a script":        []byte("<script>alert(1)</script>"),
		"too many pixels": made("wide.mp4", "-f", "lavfi", "-i", "color=c=red:s=4096x2304:d=0.2:r=5", "-c:v", "libx264", "-preset", "ultrafast"),
		"sound alone":     made("sound.mp4", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "aac"),
		"cut off":         testFilm(t, 2)[:3000],
	} {
		t.Run(name, func(t *testing.T) {
			pc.t = t
			s := pc.get(form).must(http.StatusOK)
			began := time.Now()
			answer := s.uploadFiles(s.form("file"), film).must(http.StatusOK)
			if !regexp.MustCompile(`動画として読めませんでした|分より長い|画面が大きすぎる`).Match(answer.raw) || !bytes.Contains(answer.raw, []byte(`<li class="error"`)) {
				t.Errorf("it is answered\n%s", answer.raw)
			}
			if took := time.Since(began); took > 3*time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
	pc.t = t
	if n := bytes.Count(pc.get("/films").raw, []byte("/album/photo?")); n != films {
		t.Errorf("%d films are there, before it were %d", n, films)
	}
}
