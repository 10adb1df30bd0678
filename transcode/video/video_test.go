package video

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"musubi/carriers"
)

// tools are the programs, with limits that fit a test. Without them the test is left out, or fails when nothing may be.
func tools(t *testing.T, l Limits) *Tools {
	t.Helper()
	found, err := Find(l)
	if err == nil && found.Jail == Bubblewrap && found.AMR {
		return found
	}
	if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
		t.Fatalf("ffmpeg, bubblewrap or GStreamer's amrnbenc is missing, and this run must not skip anything: %+v, %v", found, err)
	}
	if err != nil {
		t.Skipf("%v (.ci/install installs it)", err)
	}
	return found
}

// film has ffmpeg make a film for the test; the arguments say of what, the suffix in which container.
func film(t *testing.T, suffix string, args ...string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "film."+suffix)
	out, err := exec.Command("ffmpeg", append(append([]string{"-nostdin", "-hide_banner", "-loglevel", "error"}, args...), "-y", path)...).CombinedOutput()
	if err != nil {
		t.Fatalf("ffmpeg: %v\n%s", err, out)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// scene is three seconds of moving picture and sound, with everything in its metadata that must not get through.
func scene(seconds int) []string {
	d := strconv.Itoa(seconds)
	return []string{"-f", "lavfi", "-i", "testsrc2=size=320x240:rate=25:duration=" + d, "-f", "lavfi", "-i", "sine=frequency=440:duration=" + d, "-shortest",
		"-metadata", "location=+35.6586+139.7454/", "-metadata", "title=secret title", "-metadata:s:v:0", "title=secret stream", "-metadata", "creation_time=2007-03-03T12:00:00Z"}
}

func open(t *testing.T, tools *Tools, b []byte) *Job {
	t.Helper()
	j, err := tools.Open(t.Context(), filepath.Join(t.TempDir(), "job"), bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { j.Close() })
	return j
}

// asked is what ffprobe says of a file that was made.
type asked struct {
	Streams []struct {
		CodecName  string `json:"codec_name"`
		CodecType  string `json:"codec_type"`
		Profile    string `json:"profile"`
		Level      int    `json:"level"`
		Width      int    `json:"width"`
		Height     int    `json:"height"`
		SampleRate string `json:"sample_rate"`
		Tags       map[string]string
	}
	Format struct {
		Duration string
		Tags     map[string]string
	}
}

func ask(t *testing.T, path string) (a asked) {
	t.Helper()
	out, err := exec.Command("ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// boxes are the names of a file's outer boxes in order, ftyp with its brand.
func boxes(t *testing.T, path string) (names []string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for len(b) >= 8 {
		n, name := int(binary.BigEndian.Uint32(b)), string(b[4:8])
		if n < 8 || n > len(b) {
			t.Fatalf("%s: box %q of %d bytes in %d", path, name, n, len(b))
		}
		if name == "ftyp" {
			name += " " + string(b[8:12])
		}
		names = append(names, name)
		b = b[n:]
	}
	return names
}

// Every rendition is what its row says: codecs, profile, size, brand, order of boxes; and tells nothing of where it comes from.
func TestRenditions(t *testing.T) {
	found := tools(t, Limits{})
	j := open(t, found, film(t, "mov", scene(3)...))
	if i := j.Info; i.Video != "h264" || i.Audio != "aac" || i.Width != 320 || i.Duration.Round(time.Second) != 3*time.Second {
		t.Fatalf("the film is %+v", i)
	}
	for _, tt := range []struct {
		profile              Profile
		video, form          string
		level, width, height int
		audio, brand         string
	}{
		{Page, "h264", "Main", 0, 320, 240, "aac", "isom"},
		{Old, "flv1", "", 0, 320, 240, "mp3", ""},
		{qcif3gp, "mpeg4", "Simple Profile", 8, 176, 144, "amr_nb", "3gp4"},
		{qcif3g2, "mpeg4", "Simple Profile", 8, 176, 144, "aac", "kddi"},
		{imotion, "mpeg4", "Simple Profile", 0, 320, 240, "aac", "mmp4"},
	} {
		t.Run(tt.profile.Name, func(t *testing.T) {
			parts, err := j.Render(t.Context(), tt.profile)
			if err != nil || len(parts) != 1 {
				t.Fatalf("%v, %v", parts, err)
			}
			a := ask(t, parts[0].Path)
			if len(a.Streams) != 2 {
				t.Fatalf("streams: %+v", a.Streams)
			}
			v, s := a.Streams[0], a.Streams[1]
			if v.CodecType != "video" {
				v, s = s, v
			}
			if v.CodecName != tt.video || tt.form != "" && v.Profile != tt.form || v.Width != tt.width || v.Height != tt.height || s.CodecName != tt.audio {
				t.Errorf("made: %+v", a.Streams)
			}
			if d, _ := strconv.ParseFloat(a.Format.Duration, 64); d < 2.5 || d > 3.5 {
				t.Errorf("it lasts %s s of 3", a.Format.Duration)
			}
			b, err := os.ReadFile(parts[0].Path)
			if err != nil || int64(len(b)) != parts[0].Bytes {
				t.Fatalf("%d bytes, told %d: %v", len(b), parts[0].Bytes, err)
			}
			for _, secret := range []string{"secret", "35.6586", "2007-03-03"} {
				if bytes.Contains(b, []byte(secret)) {
					t.Errorf("the film tells %q", secret)
				}
			}
			if tt.brand == "" {
				return
			}
			names := boxes(t, parts[0].Path)
			if moov, mdat := slices.Index(names, "moov"), slices.Index(names, "mdat"); names[0] != "ftyp "+tt.brand || moov < 0 || moov > mdat {
				t.Errorf("boxes: %v, want %s, and moov before mdat", names, tt.brand)
			}
		})
	}
}

// Everything that albums take is read: what phones record and what a PC of 2007 has.
func TestContainers(t *testing.T) {
	found := tools(t, Limits{})
	for suffix, args := range map[string][]string{
		"avi": {"-c:v", "mjpeg", "-c:a", "pcm_s16le"}, "mov": {}, "mp4": {}, "wmv": {}, "mpg": {}, "flv": {"-c:v", "flv", "-ar", "22050"}, "webm": {"-c:v", "libvpx", "-deadline", "realtime"},
		"3gp": {"-c:v", "h263", "-s", "176x144", "-an"}, "3g2": {"-c:v", "mpeg4", "-c:a", "aac"}, "mkv": {}, "ts": {},
	} {
		t.Run(suffix, func(t *testing.T) {
			j := open(t, found, film(t, suffix, append(scene(1), args...)...))
			parts, err := j.Render(t.Context(), qcif3g2)
			if err != nil || len(parts) != 1 || parts[0].Bytes < 1000 {
				t.Errorf("%+v becomes %v, %v", j.Info, parts, err)
			}
			path, err := j.Poster(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if b, err := os.ReadFile(path); err != nil || !bytes.HasPrefix(b, []byte("\xFF\xD8")) {
				t.Errorf("the poster begins with %x: %v", b[:min(len(b), 4)], err)
			}
		})
	}
}

// A film that is too long for a handset comes in numbered parts, none of them over its row.
func TestParts(t *testing.T) {
	found := tools(t, Limits{})
	j := open(t, found, film(t, "mp4", "-f", "lavfi", "-i", "testsrc2=size=320x240:rate=15", "-f", "lavfi", "-i", "anoisesrc", "-t", "24", "-preset", "ultrafast"))
	p := qcif3gp
	p.MaxBytes = 120_000
	heard := time.Duration(0)
	j.Progress = func(d time.Duration) { heard = max(heard, d) }
	parts, err := j.Render(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, part := range parts {
		if part.Bytes > p.MaxBytes {
			t.Errorf("%s has %d bytes", part.Path, part.Bytes)
		}
		d, _ := strconv.ParseFloat(ask(t, part.Path).Format.Duration, 64)
		total += d
	}
	if len(parts) < 2 || len(parts) > 4 || total < 23 || total > 25 {
		t.Errorf("%d parts of together %.1f s", len(parts), total)
	}
	if heard == 0 {
		t.Error("nobody was told of progress")
	}
}

// A silent film, and one that was filmed upright.
func TestSilentAndUpright(t *testing.T) {
	found := tools(t, Limits{})
	j := open(t, found, film(t, "mp4", "-f", "lavfi", "-i", "testsrc2=size=240x320:duration=1"))
	for _, p := range []Profile{qcif3gp, Page, Old} {
		parts, err := j.Render(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		a := ask(t, parts[0].Path)
		if len(a.Streams) != 1 || p.fit && a.Streams[0].Width < a.Streams[0].Height || !p.fit && a.Streams[0].Width != 240 {
			t.Errorf("%s: %+v", p.Name, a.Streams)
		}
	}
}

func TestForHandset(t *testing.T) {
	for _, tt := range []struct {
		ua, name string
		bytes    int64
	}{
		{"DoCoMo/2.0 P903i(c100;TB;W24H12)", "i-motion", 10 << 20},
		{"DoCoMo/2.0 P902i(c100;TB;W24H12)", "3gp", 500_000},
		{"DoCoMo/2.0 N900i(c100;TB;W24H12)", "3gp", 300_000},
		{"DoCoMo/2.0 F2051(c100;TB)", "3gp", 300_000},
		{"DoCoMo/1.0/D501i", "", 0},
		{"KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "3g2", 1_500_000},
		{"UP.Browser/3.01-CA11 UP.Link/3.2.1.2", "", 0},
		{"SoftBank/1.0/910T/TJ001/SN123456789012345 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1", "3gp", 300_000},
		{"J-PHONE/3.0/J-SH05", "", 0},
		{"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36", "mp4", 0},
	} {
		h := carriers.Identify(carriers.Request{UserAgent: tt.ua})
		p, plays := ForHandset(&h)
		if p.Name != tt.name || p.MaxBytes != tt.bytes || plays != (tt.name != "") {
			t.Errorf("%s (%s %s): %s of %d bytes, %v; want %s of %d", tt.ua, h.Carrier, h.Generation, p.Name, p.MaxBytes, plays, tt.name, tt.bytes)
		}
	}
}

// refusal is what Open says of a film.
func refusal(t *testing.T, tools *Tools, b []byte) error {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "job")
	j, err := tools.Open(t.Context(), dir, bytes.NewReader(b))
	if err == nil {
		defer j.Close()
		_, err = j.Render(t.Context(), qcif3g2)
		return err
	}
	if _, gone := os.Stat(dir); !errors.Is(gone, os.ErrNotExist) {
		t.Errorf("after %v the directory is still there", err)
	}
	return err
}

func TestRefusals(t *testing.T) {
	found := tools(t, Limits{Duration: 2 * time.Second, SourceBytes: 2 << 20, Pixels: 640 * 480})
	still := []string{"-f", "lavfi", "-i"}
	for _, tt := range []struct {
		name string
		film []byte
		want Refusal
	}{
		{"no film", []byte("hello"), NotAFilm},
		{"nothing", nil, NotAFilm},
		{"sound alone", film(t, "mp4", "-f", "lavfi", "-i", "sine=duration=1"), NotAFilm},
		{"a picture", film(t, "png", append(still, "testsrc2=duration=1:rate=1", "-frames:v", "1")...), NotAFilm},
		{"too many bytes", bytes.Repeat([]byte("x"), 2<<20+1), TooLarge},
		{"too long", film(t, "mp4", append(still, "color=duration=5")...), TooLong},
		{"too large pictures", film(t, "mp4", append(still, "color=size=1280x720:duration=1")...), TooBig},
		{"too many pictures", film(t, "mp4", append(still, "color=size=160x120:rate=240:duration=1")...), TooFast},
		{"a codec of nobody", film(t, "mkv", append(still, "testsrc2=size=160x120:duration=1", "-c:v", "ffv1")...), OtherCodec},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := refusal(t, found, tt.film); !errors.Is(err, tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// A film whose header says that it is short is cut where the limit is.
func TestHeaderThatLies(t *testing.T) {
	found := tools(t, Limits{Duration: 3 * time.Second})
	b := film(t, "mp4", "-f", "lavfi", "-i", "testsrc2=size=160x120:rate=10:duration=12")
	for _, box := range []string{"mvhd", "tkhd", "mdhd"} { // durations to one unit
		at := bytes.Index(b, []byte(box)) + 4
		offset := map[string]int{"mvhd": 16, "tkhd": 20, "mdhd": 16}[box]
		binary.BigEndian.PutUint32(b[at+offset:], 1)
	}
	if i := bytes.Index(b, []byte("elst")); i >= 0 {
		copy(b[i:], "free") // the edit list has it too
	}
	dir := filepath.Join(t.TempDir(), "job")
	j, err := found.Open(t.Context(), dir, bytes.NewReader(b))
	if err != nil {
		if !errors.As(err, new(Refusal)) {
			t.Fatal(err)
		}
		return
	}
	defer j.Close()
	parts, err := j.Render(t.Context(), qcif3g2)
	if err != nil && !errors.As(err, new(Refusal)) {
		t.Fatal(err)
	}
	for _, part := range parts {
		if d, _ := strconv.ParseFloat(ask(t, part.Path).Format.Duration, 64); d > 3.5 {
			t.Errorf("a film of 12 s that says %v lasts %.1f s", j.Info.Duration, d)
		}
	}
}

// Programs that cost too much end at their bounds, and are the film's fault.
func TestBounds(t *testing.T) {
	b := film(t, "mp4", "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25", "-t", "20", "-preset", "ultrafast")
	for name, l := range map[string]Limits{
		"processor time": {CPU: time.Second}, "bytes": {Bytes: 20_000, SourceBytes: 50 << 20}, "time of day": {Wall: 300 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			found := tools(t, Limits{})
			j := open(t, found, b)
			bounded := *found
			bounded.Limits = l.orDefault()
			j.tools = &bounded
			if _, err := j.Render(t.Context(), Page); !errors.Is(err, TooCostly) {
				t.Errorf("%v, want %q", err, TooCostly)
			}
		})
	}
}

// Without bubblewrap films are made all the same, in the jail that there is.
func TestJails(t *testing.T) {
	found := tools(t, Limits{})
	b := film(t, "mp4", scene(1)...)
	for jail, program := range map[Jail]string{Unshare: "unshare", NoJail: "true"} {
		path, err := exec.LookPath(program)
		if err != nil {
			t.Fatal(err)
		}
		other := *found
		other.Jail, other.jail = jail, path
		parts, err := open(t, &other, b).Render(t.Context(), qcif3gp)
		if err != nil || len(parts) != 1 {
			t.Errorf("%s: %v, %v", jail, parts, err)
		}
	}
}

// TestJailWithoutProc: where parts of /proc are covered, as in the hardened unit, bubblewrap may mount none, and is the jail all the same.
func TestJailWithoutProc(t *testing.T) {
	if os.Getenv("MUSUBI_COVERED_PROC") == "" {
		if os.Getuid() != 0 {
			t.Skip("only root may cover parts of /proc")
		}
		cmd := exec.Command("unshare", "--mount", "--", "sh", "-c", "mount --bind /dev/null /proc/cpuinfo && exec setpriv --reuid 65534 --regid 65534 --clear-groups \"$0\" -test.run '^TestJailWithoutProc$' -test.v", os.Args[0])
		cmd.Env, cmd.Dir = append(os.Environ(), "MUSUBI_COVERED_PROC=1", "TMPDIR=/tmp"), "/"
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "--- PASS") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	found, err := Find(Limits{})
	if err != nil || found.Jail != Bubblewrap || !found.noProc || found.Less() != "" {
		t.Fatalf("the jail is %+v, %v", found, err)
	}
	out, err := exec.Command(found.wrap("/tmp")[0], append(found.wrap("/tmp")[1:], "/usr/bin/ls", "/")...).CombinedOutput()
	if err != nil || strings.Contains(string(out), "root") || strings.Contains(string(out), "proc") {
		t.Errorf("within it: %v\n%s", err, out)
	}
}

// TestLessThanAJail says so.
func TestLessThanAJail(t *testing.T) {
	for jail, want := range map[Jail]string{Bubblewrap: "", Unshare: "other files: install bubblewrap", NoJail: "with the network and all files"} {
		if less := (&Tools{Jail: jail}).Less(); !strings.Contains(less, want) || (less == "") != (want == "") {
			t.Errorf("%s: %q", jail, less)
		}
	}
}

// Who calls a film off gets back at once, and it is not the film's fault.
func TestCalledOff(t *testing.T) {
	found := tools(t, Limits{})
	j := open(t, found, film(t, "mp4", "-f", "lavfi", "-i", "testsrc2=size=640x480:rate=25", "-t", "20", "-preset", "ultrafast"))
	ctx, cancel := context.WithCancel(t.Context())
	j.Progress = func(time.Duration) { cancel() }
	if _, err := j.Render(ctx, Page); !errors.Is(err, context.Canceled) || errors.As(err, new(Refusal)) {
		t.Errorf("called off: %v", err)
	}
}

func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := Find(Limits{}); !errors.Is(err, ErrMissing) {
		t.Errorf("without programs: %v", err)
	}
}

// What a program says is bounded, and its end is what counts.
func TestClipped(t *testing.T) {
	var told time.Duration
	c := &clipped{tell: func(d time.Duration) { told = d }}
	for range 10_000 {
		c.Write([]byte("frame=1\nout_time_us=1000000\n" + strings.Repeat("x", 100)))
	}
	c.Write([]byte("frame=42\nprogress=end\n"))
	if len(c.b) > maxSaid || cap(c.b) > 4*maxSaid || lastFrame(c.b) != 42 || told != time.Second {
		t.Errorf("%d bytes kept, last picture %d, progress %v", len(c.b), lastFrame(c.b), told)
	}
}
