package video

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Playlists in disguise name other files and addresses: the class of CVE-2016-1897, CVE-2017-9993 and CVE-2023-6601. None
// is read, whatever its name, though the file beside it is a film.
func TestSEC85_NoPlaylists(t *testing.T) {
	found := tools(t, Limits{})
	secret := filepath.Join(t.TempDir(), "secret.ts")
	if err := os.WriteFile(secret, film(t, "ts", scene(1)...), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"HLS":               "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nsecret.ts\n#EXT-X-ENDLIST\n",
		"HLS, by path":      "#EXTM3U\n#EXTINF:10,\nfile://" + secret + "\n#EXT-X-ENDLIST\n",
		"HLS, fetched":      "#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:1/\n#EXT-X-ENDLIST\n",
		"concat":            "ffconcat version 1.0\nfile " + secret + "\n",
		"subfile":           "#EXTM3U\n#EXTINF:10,\nconcat:http://127.0.0.1:1/|subfile,,start,0,end,64,,:/etc/passwd\n",
		"DASH":              `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period><AdaptationSet><Representation><BaseURL>` + secret + `</BaseURL></Representation></AdaptationSet></Period></MPD>`,
		"SDP":               "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5000 RTP/AVP 26\n",
		"a shell of images": "%d.jpg",
	} {
		t.Run(name, func(t *testing.T) {
			if err := refusal(t, found, []byte(text)); !errors.Is(err, NotAFilm) {
				t.Errorf("%v, want %q", err, NotAFilm)
			}
		})
	}
}

// In its jail a program reaches neither the network of this machine nor a file but its own, whatever it was talked into.
func TestSEC85_Jail(t *testing.T) {
	found := tools(t, Limits{})
	if found.Jail == NoJail {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal("there is no jail on this machine, and this run must not skip anything")
		}
		t.Skip("there is no jail on this machine")
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	called := make(chan struct{}, 10)
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			called <- struct{}{}
			conn.Close()
		}
	}()
	j := open(t, found, film(t, "mp4", scene(1)...))
	for _, address := range []string{"http://" + ln.Addr().String() + "/", "tcp://" + ln.Addr().String()} {
		_, err := j.run(t.Context(), found.ffmpeg, "-nostdin", "-loglevel", "error", "-i", address, "-f", "null", "-")
		if err == nil || !strings.Contains(err.Error(), "Connection refused") && !strings.Contains(err.Error(), "unreachable") {
			t.Errorf("%s: %v", address, err)
		}
	}
	select {
	case <-called:
		t.Error("the program reached the network")
	default:
	}
	if found.Jail != Bubblewrap {
		return
	}
	outside := filepath.Join(t.TempDir(), "film.mp4")
	if err := os.WriteFile(outside, film(t, "mp4", scene(1)...), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{outside, "/etc/passwd", "/proc/1/environ"} {
		if _, err := j.run(t.Context(), found.ffmpeg, "-nostdin", "-loglevel", "error", "-f", "data", "-i", path, "-map", "0", "-c", "copy", "-f", "data", "stolen"); err == nil && path != "/proc/1/environ" {
			t.Errorf("the program read %s", path)
		}
	}
}

// Every run over the film has the guard before its input.
func TestSEC85_GuardComesFirst(t *testing.T) {
	j := Job{tools: &Tools{Limits: DefaultLimits}}
	for _, args := range [][]string{j.input(0, 1, false), j.input(1, 1, false), j.input(1, 1, true)} {
		in := slices.Index(args, "-i")
		for _, want := range []string{"-protocol_whitelist", "-format_whitelist", "-max_pixels"} {
			if at := slices.Index(args, want); at < 0 || at > in {
				t.Errorf("%s does not stand before the input in %v", want, args)
			}
		}
	}
	for _, c := range containers {
		if slices.Contains([]string{"hls", "concat", "dash", "sdp", "image2", "lavfi", "rtsp"}, c) {
			t.Errorf("container %s names other files", c)
		}
	}
}
