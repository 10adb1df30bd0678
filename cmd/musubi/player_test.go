package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"html"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
)

// Real players from Debian packages tell the running program what is heard: with Japanese names and ☀, once while it is there and
// once while it is away. Today's chart has both, each with the number of those who heard it.

// A listening is a demo that players talk to, and that goes away and comes back at the same address.
type listening struct {
	*demo
	data      string
	key, user string // of the player under test
	second    string // the key of another member: a track with one listener is not named
}

const playerArtist = "楽団ひまわり☀"

func startListening(t *testing.T) *listening {
	l := &listening{data: filepath.Join(t.TempDir(), "demo")}
	// Not at the usual address, which another demo may take while this one is away.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	l.demo = startDemo(t, l.data, "--listen", ln.Addr().String())
	l.key, l.user = l.makeKey(0)
	l.second, _ = l.makeKey(1)
	return l
}

func (l *listening) pc(member int) *phone {
	p := newPhone(l.t, l.URL, uaPC, true)
	p.logIn(l.Members[member].Mail, l.Members[member].Password)
	return p
}

var shownKey = regexp.MustCompile(`<code>([A-Za-z0-9_-]{16,})</code>`)

// makeKey makes a key as a member does: the button, and what then stands alone on the page.
func (l *listening) makeKey(member int) (key, user string) {
	l.t.Helper()
	page := l.pc(member).postsTo("/music/settings", "/music/settings/key", map[string]string{"player": "試験", "+make": ""})
	found := shownKey.FindAllSubmatch(page.raw, -1)
	if len(found) != 1 {
		l.t.Fatalf("%d keys stand alone:\n%s", len(found), page.raw)
	}
	key = string(found[0][1])
	resp, err := http.Get(l.URL + "/1/validate-token?token=" + key)
	if err != nil {
		l.t.Fatal(err)
	}
	defer resp.Body.Close()
	var valid struct {
		User string `json:"user_name"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&valid); err != nil || valid.User == "" {
		l.t.Fatalf("the key is not valid: %v", err)
	}
	return key, valid.User
}

// away ends the program, lets something happen, and starts it again at its address.
func (l *listening) away(during func()) {
	l.t.Helper()
	at, err := url.Parse(l.URL)
	if err != nil {
		l.t.Fatal(err)
	}
	l.stop()
	during()
	l.demo = startDemo(l.t, l.data, "--listen", at.Host)
}

// alsoHeard has another member hear a track.
func (l *listening) alsoHeard(title string) {
	l.t.Helper()
	body, _ := json.Marshal(map[string]any{"listen_type": "single", "payload": []any{map[string]any{"listened_at": time.Now().Unix() - 60,
		"track_metadata": map[string]string{"artist_name": playerArtist, "track_name": title}}}})
	req, err := http.NewRequest(http.MethodPost, l.URL+"/1/submit-listens", bytes.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Token "+l.second)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		answer, _ := io.ReadAll(resp.Body)
		l.t.Fatalf("the other member's play: %s %s", resp.Status, answer)
	}
}

// charted waits until one's own music page and then a running chart name a track: with two listeners, whatever a player sends
// again. Around midnight the day of a play is another one, so the week is looked at when the day has none of it.
func (l *listening) charted(title string) {
	l.t.Helper()
	p := l.pc(0)
	for began := time.Now(); !bytes.Contains(p.get("/music/member").must(200).raw, []byte(title)); time.Sleep(200 * time.Millisecond) {
		if time.Since(began) > 3*time.Minute {
			l.t.Fatalf("%s has not come\n%s", title, l.log)
		}
	}
	l.alsoHeard(html.UnescapeString(title))
	row := regexp.MustCompile(regexp.QuoteMeta(title) + `</a>.*?class="heads">([^<]*)<`)
	var links []string
	for _, found := range regexp.MustCompile(`href="(/music/chart\?(?:day|week)=[^"]+)">(?:今日|今週) \(集計中\)`).FindAllSubmatch(p.get("/music").must(200).raw, -1) {
		links = append(links, string(found[1]))
	}
	if len(links) != 2 {
		l.t.Fatalf("%d running charts on the first page", len(links))
	}
	// What is playing now stands on the member's page before the play itself has come.
	for began := time.Now(); time.Since(began) < 3*time.Minute; time.Sleep(200 * time.Millisecond) {
		for _, path := range links {
			if got := row.FindSubmatch(p.get(path).must(200).raw); got != nil {
				if string(got[1]) != "2人" {
					l.t.Errorf("%s: %s has %s", path, title, got[1])
				}
				return
			}
		}
	}
	l.t.Errorf("no running chart has %s", title)
}

func (l *listening) writeFile(name, text string) string {
	l.t.Helper()
	name = filepath.Join(l.t.TempDir(), name)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		l.t.Fatal(err)
	}
	return name
}

// run starts a program that is ended with the test.
func (l *listening) run(name string, args ...string) *exec.Cmd {
	l.t.Helper()
	return l.runWith(nil, name, args...)
}

// runWith is run with other variables than ours; nil: ours.
func (l *listening) runWith(env []string, name string, args ...string) *exec.Cmd {
	l.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = env
	log := new(lockedLog)
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if l.t.Failed() {
			l.t.Logf("%s:\n%s", name, log)
		}
	})
	return cmd
}

type lockedLog struct {
	sync.Mutex
	bytes.Buffer
}

func (b *lockedLog) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.Buffer.Write(p)
}

// An mpd is a music player daemon that plays into nothing.
type mpd struct {
	t    *testing.T
	conn net.Conn
	r    *bufio.Reader
}

// say sends a command and gives the lines of its answer.
func (m *mpd) say(command string) (lines []string) {
	m.t.Helper()
	_ = m.conn.SetDeadline(time.Now().Add(time.Minute))
	fmt.Fprintln(m.conn, command)
	for {
		line, err := m.r.ReadString('\n')
		if err != nil || strings.HasPrefix(line, "ACK") {
			m.t.Fatalf("mpd: %s: %s%v", command, line, err)
		}
		if line == "OK\n" {
			return lines
		}
		lines = append(lines, strings.TrimSuffix(line, "\n"))
	}
}

// elapsed is how far the track has come, in seconds; -1 when nothing plays.
func (m *mpd) elapsed() float64 {
	for _, line := range m.say("status") {
		if s, ok := strings.CutPrefix(line, "elapsed: "); ok {
			f, _ := strconv.ParseFloat(s, 64)
			return f
		}
	}
	return -1
}

// record writes silent tracks of 34 seconds, which is just long enough to count as played, into 0.flac, 1.flac ...
func (l *listening) record(dir string, tracks ...string) {
	l.t.Helper()
	for i, title := range tracks {
		out, err := exec.Command("ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "34", "-metadata", "artist="+playerArtist, "-metadata", "title="+title,
			"-metadata", "album=青い盤", filepath.Join(dir, fmt.Sprintf("%d.flac", i))).CombinedOutput()
		if err != nil {
			l.t.Fatalf("ffmpeg: %v\n%s", err, out)
		}
	}
}

func startMPD(l *listening, tracks ...string) (m *mpd, socket string) {
	l.t.Helper()
	dir := l.t.TempDir()
	l.record(dir, tracks...)
	socket = filepath.Join(dir, "mpd.sock")
	conf := l.writeFile("mpd.conf", fmt.Sprintf("music_directory %q\ndb_file %q\nbind_to_address %q\naudio_output {\n type \"null\"\n name \"nothing\"\n}\n", dir, filepath.Join(dir, "db"), socket))
	l.run("mpd", "--no-daemon", "--stderr", conf)
	m = &mpd{t: l.t}
	for began := time.Now(); m.conn == nil; time.Sleep(100 * time.Millisecond) {
		var err error
		if m.conn, err = net.Dial("unix", socket); err != nil && time.Since(began) > time.Minute {
			l.t.Fatalf("mpd does not listen: %v", err)
		}
	}
	l.t.Cleanup(func() { m.conn.Close() })
	m.r = bufio.NewReader(m.conn)
	if hello, err := m.r.ReadString('\n'); err != nil || !strings.HasPrefix(hello, "OK MPD") {
		l.t.Fatalf("mpd: %q, %v", hello, err)
	}
	m.say("update")
	for began := time.Now(); len(m.say("list title")) < len(tracks); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > time.Minute {
			l.t.Fatalf("mpd knows %v", m.say("list title"))
		}
	}
	return m, socket
}

// play plays a track to its end.
func (m *mpd) play(i int) {
	m.t.Helper()
	m.say("clear")
	m.say(fmt.Sprintf(`add "%d.flac"`, i))
	m.say("play")
	for began := time.Now(); m.elapsed() >= 0; time.Sleep(300 * time.Millisecond) {
		if time.Since(began) > 3*time.Minute {
			m.t.Fatal("the track does not end")
		}
	}
}

func TestPlayerMPDScribble(t *testing.T) {
	service(t, "mpd")
	service(t, "mpdscribble")
	service(t, "ffmpeg")
	l := startListening(t)
	m, socket := startMPD(l, "夏の☀ & <海>", "留守の歌♪")
	conf := l.writeFile("mpdscribble.conf", fmt.Sprintf("log = -\nverbose = 2\nhost = %s\n\n[musubi]\nurl = %s\nusername = %s\npassword = %s\njournal = %s\n", socket, l.URL, l.user, l.key, filepath.Join(t.TempDir(), "journal")))
	scribble := l.run("mpdscribble", "--no-daemon", "--conf", conf)
	m.play(0)
	l.charted("夏の☀ &amp; &lt;海&gt;")
	l.away(func() { m.play(1) })
	_ = scribble.Process.Signal(syscall.SIGUSR1) // send now, not after the minutes that it waits for a server that was away
	l.charted("留守の歌♪")
	l.stop()
}

// startXvfb starts a display that nobody sees, and gives its name.
func startXvfb(l *listening) string {
	l.t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		l.t.Fatal(err)
	}
	defer r.Close()
	cmd := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp")
	cmd.ExtraFiles = []*os.File{w}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	w.Close()
	l.t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM) // it takes its lock away then
		_ = cmd.Wait()
	})
	_ = r.SetReadDeadline(time.Now().Add(time.Minute))
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		l.t.Fatalf("Xvfb names no display: %v", err)
	}
	return ":" + strings.TrimSpace(number)
}

// Quod Libet plays on an invisible display into nothing. It notices that nobody is there when it sends a play, and comes back by
// itself two minutes after that.
func TestPlayerQuodLibet(t *testing.T) {
	service(t, "quodlibet")
	service(t, "Xvfb")
	service(t, "ffmpeg")
	l := startListening(t)
	dir := t.TempDir()
	l.record(dir, "夏の☀ & <海>", "留守の歌♪")
	write(t, filepath.Join(dir, "user", "config"), fmt.Sprintf("[plugins]\nactive_plugins = QLScrobbler\nscrobbler_service = Other\nscrobbler_url = %s\nscrobbler_username = %s\nscrobbler_password = %s\n\n"+
		"[player]\nbackend = gstbe\ngst_pipeline = fakesink sync=true\n", l.URL, l.user, l.key))
	env := append(os.Environ(), "DISPLAY="+startXvfb(l), "LC_ALL=C.UTF-8", "HOME="+dir, "QUODLIBET_USERDIR="+filepath.Join(dir, "user"), "XDG_RUNTIME_DIR="+dir, "DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent", "GDK_BACKEND=x11")
	l.runWith(env, "quodlibet", "--debug", "--run", "--play-file="+filepath.Join(dir, "0.flac"))
	l.charted("夏の☀ &amp; &lt;海&gt;")
	l.away(func() {
		again := exec.Command("quodlibet", "--play-file="+filepath.Join(dir, "1.flac")) // tells the one that runs
		again.Env = env
		if out, err := again.CombinedOutput(); err != nil {
			t.Fatalf("quodlibet: %v\n%s", err, out)
		}
		time.Sleep(36 * time.Second) // the track
	})
	l.charted("留守の歌♪")
	l.stop()
}

// scrobbler, the console's half of QTScrobbler, brings home what a portable player has noted: the players of 2006 had no network.
func TestPlayerScrobbler(t *testing.T) {
	service(t, "scrobbler")
	l := startListening(t)
	at, err := url.Parse(l.URL)
	if err != nil {
		t.Fatal(err)
	}
	home, device := t.TempDir(), t.TempDir()
	// The option for another file of settings does not work in 0.11; it looks here.
	write(t, filepath.Join(home, ".config/qtscrob/qtscrob.conf"), fmt.Sprintf("[application]\nversion=0.11\n\n[Custom]\nenabled=true\nconf_name=Custom\nusername=%s\npassword_hash=%x\nhandshake_host=%s\n",
		l.user, md5.Sum([]byte(l.key)), at.Host))
	log := filepath.Join(device, ".scrobbler.log")
	noted := func(titles ...string) {
		t.Helper()
		text := "#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/Rockbox ipodvideo 1.1\n"
		for i, title := range titles {
			text += fmt.Sprintf("%s\t青い盤\t%s\t%d\t34\tL\t%d\t\n", playerArtist, title, i+1, time.Now().Unix()-120+int64(i)*40)
		}
		// The program was made for Qt 4; built with Qt 5 it takes each character that it has read for a byte (Latin-1). So the log has
		// a character for each byte of the names, and what goes out is right.
		asBytes, err := charmap.ISO8859_1.NewDecoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		write(t, log, asBytes)
	}
	bring := func() string {
		t.Helper()
		// Where nobody answers it waits until it is interrupted.
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		cmd := exec.CommandContext(ctx, "scrobbler", "-c", filepath.Join(home, "none"), "-f", "-l", device, "-v", "9")
		cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8", "HOME="+home, "XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "XDG_RUNTIME_DIR="+home)
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	noted("夏の☀")
	if out := bring(); !strings.Contains(out, "Submission complete") {
		t.Fatalf("scrobbler says:\n%s", out)
	}
	l.charted("夏の☀")
	noted("留守の歌♪")
	l.away(func() {
		if out := bring(); strings.Contains(out, "Submission complete") {
			t.Errorf("nobody is there, and it says that all is well:\n%s", out)
		}
	})
	if _, err := os.Stat(log); err != nil {
		t.Fatalf("what was not taken is gone: %v", err)
	}
	if out := bring(); !strings.Contains(out, "Submission complete") {
		t.Fatalf("scrobbler says:\n%s", out)
	}
	l.charted("留守の歌♪")
	l.stop()
}

// made is a certificate for some hosts, in a file of its own, that signs itself.
func made(t *testing.T, hosts ...string) (tls.Certificate, string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: hosts[0]}, DNSNames: hosts, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

// overTLS stands before the demo as a proxy of today does, and gives the address and the file of its certificate.
func (l *listening) overTLS(hosts ...string) (addr, ca string) {
	l.t.Helper()
	cert, ca := made(l.t, hosts...)
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		l.t.Fatal(err)
	}
	behind, err := url.Parse(l.URL)
	if err != nil {
		l.t.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind) }}
	srv := &http.Server{Handler: proxy, ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(ln) }()
	l.t.Cleanup(func() { srv.Close() })
	return ln.Addr().String(), ca
}

// pylastScript plays a track for each line that it reads, and says what became of it.
const pylastScript = `
import sys, time, pylast
server, user, key = sys.argv[1:4]
net = pylast._Network("musubi", "", (server, "/2.0/"), "0" * 32, "1" * 32, "", user, pylast.md5(key), {}, {})
print("in", flush=True)
for line in sys.stdin:
    artist, title = line.rstrip("\n").split("\t")
    try:
        net.update_now_playing(artist, title)
        net.scrobble(artist, title, int(time.time()) - 40, album="青い盤", duration=200)
        print("ok", flush=True)
    except Exception as e:
        print("failed", type(e).__name__, e, flush=True)
`

func TestPlayerPylast(t *testing.T) {
	needsFiles(t, "/usr/lib/python3/dist-packages/pylast/__init__.py")
	l := startListening(t)
	addr, ca := l.overTLS("localhost")
	_, port, _ := net.SplitHostPort(addr)
	cmd := exec.Command("/usr/bin/python3", "-c", pylastScript, "localhost:"+port, l.user, l.key)
	cmd.Env = append(os.Environ(), "SSL_CERT_FILE="+ca)
	log := new(lockedLog)
	cmd.Stderr = log
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); _ = cmd.Wait() })
	answers := bufio.NewReader(out)
	says := func(want string) {
		t.Helper()
		if got, err := answers.ReadString('\n'); err != nil || !strings.HasPrefix(got, want) {
			t.Fatalf("pylast says %q, %v; want %s\n%s", got, err, want, log)
		}
	}
	says("in")
	play := func(title, want string) {
		t.Helper()
		fmt.Fprintf(in, "%s\t%s\n", playerArtist, title)
		says(want)
	}
	play("夏の☀", "ok")
	l.charted("夏の☀")
	l.away(func() { play("留守の歌♪", "failed") })
	play("留守の歌♪", "ok")
	l.charted("留守の歌♪")
	l.stop()
}

// listenBrainzClient is a program around the Go client of ListenBrainz, which knows one host only.
const listenBrainzClient = `package main

import (
	"fmt"
	"os"
	"time"

	"github.com/kori/go-listenbrainz"
)

func main() {
	t := listenbrainz.Track{Title: os.Args[3], Artist: os.Args[2], Album: "青い盤"}
	if _, err := listenbrainz.SubmitPlayingNow(t, os.Args[1]); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	r, err := listenbrainz.SubmitSingle(t, os.Args[1], time.Now().Unix()-50)
	if err != nil || r.StatusCode != 200 {
		fmt.Println(err, r)
		os.Exit(1)
	}
}
`

// tunnel is a proxy that leads every CONNECT to one address: so the host that a client has built in is ours.
func tunnel(t *testing.T, to string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect || r.Host != "api.listenbrainz.org:443" {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		far, err := net.Dial("tcp", to)
		if err != nil {
			http.Error(w, "away", http.StatusBadGateway)
			return
		}
		near, said, err := http.NewResponseController(w).Hijack()
		if err != nil {
			far.Close()
			return
		}
		_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
		go func() { _, _ = io.Copy(far, said); far.Close() }()
		_, _ = io.Copy(near, far)
		near.Close()
	})}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { srv.Close() })
	return "http://" + ln.Addr().String()
}

func TestPlayerListenBrainzClient(t *testing.T) {
	const source = "/usr/share/gocode/src/github.com/kori/go-listenbrainz"
	needsFiles(t, filepath.Join(source, "submit.go"))
	l := startListening(t)
	addr, ca := l.overTLS("api.listenbrainz.org")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "src/client/main.go"), listenBrainzClient)
	program := filepath.Join(dir, "client")
	build := exec.Command("go", "build", "-o", program, "client")
	build.Dir = dir
	build.Env = append(os.Environ(), "GO111MODULE=off", "GOFLAGS=", "GOPATH="+dir+":/usr/share/gocode")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	env := append(os.Environ(), "SSL_CERT_FILE="+ca, "HTTPS_PROXY="+tunnel(t, addr), "NO_PROXY=", "no_proxy=")
	send := func(title string) error {
		cmd := exec.Command(program, l.key, playerArtist, title)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		return err
	}
	if err := send("夏の☀"); err != nil {
		t.Fatal(err)
	}
	l.charted("夏の☀")
	l.away(func() {
		if err := send("留守の歌♪"); err == nil {
			t.Error("nobody is there, and it says that all is well")
		}
	})
	if err := send("留守の歌♪"); err != nil {
		t.Fatal(err)
	}
	l.charted("留守の歌♪")
	l.stop()
}
