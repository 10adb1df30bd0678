package video

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A Part is a file that was made: a whole film, or one of its numbered parts.
type Part struct {
	Path   string // in the job's directory: gone when the job is closed
	Bytes  int64
	Length time.Duration
}

// Poster makes a picture of the film, a JPEG, to be scaled like any photo.
func (j *Job) Poster(ctx context.Context) (path string, err error) {
	start := time.Second
	if j.Info.Duration < 2*time.Second {
		start = 0
	}
	const name = "poster.jpg"
	args := append(j.input(start, 10*time.Second, false), "-map", "0:v:0", "-frames:v", "1", "-vf", "thumbnail=30,scale="+within(640, 640)+",setsar=1",
		"-q:v", "4", "-map_metadata", "-1", "-f", "image2", "-update", "1", "-y", name)
	if _, err := j.run(ctx, j.tools.ffmpeg, args...); err != nil {
		return "", ofFilm(ctx, err)
	}
	return j.made(name)
}

// made is the path of a file that a run made, if it did.
func (j *Job) made(name string) (string, error) {
	path := filepath.Join(j.dir, name)
	if s, err := os.Lstat(path); err != nil || !s.Mode().IsRegular() || s.Size() == 0 {
		return "", Broken // ffmpeg found nothing to show
	}
	return path, nil
}

// ofFilm is what a failed run means: unless somebody called it off, the film cannot be read.
func ofFilm(ctx context.Context, err error) error {
	if ctx.Err() != nil || errors.Is(err, TooCostly) {
		return err
	}
	return fmt.Errorf("%w: %w", Broken, err)
}

// spare is how much of the bytes of a part is planned with: codecs overshoot, and the index counts too.
const spare = 0.85

// Render makes the film in a profile: one part, or as many as fit.
func (j *Job) Render(ctx context.Context, p Profile) (parts []Part, err error) {
	length := j.Info.Duration
	if length == 0 || length > j.tools.Limits.Duration {
		length = j.tools.Limits.Duration // as far as it goes
	}
	n := 1
	if p.MaxBytes > 0 {
		fits := float64(p.MaxBytes) * 8 * spare / float64((p.maxKbps+p.audio.kbps)*1000)
		n = int(math.Ceil(length.Seconds() / fits))
	}
	each := length / time.Duration(n)
	for i := range n {
		part, err := j.part(ctx, p, fmt.Sprintf("%s-%d.%s", p.Name, i+1, p.Suffix), time.Duration(i)*each, each)
		if errors.Is(err, Broken) && i > 0 && j.Info.Duration == 0 {
			break // past the end, which its header did not tell
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// part makes one part, a second time with fewer bits when the first has too many bytes.
func (j *Job) part(ctx context.Context, p Profile, name string, start, length time.Duration) (Part, error) {
	for try := range 2 {
		path, err := j.encoded(ctx, p, name, start, length, false)
		if errors.Is(err, Broken) && start > 0 {
			late := p
			late.audio.codec = strings.Replace(p.audio.codec, "amr", "aac", 1) // a late start would start the AMR late again
			path, err = j.encoded(ctx, late, name, start, length, true)
		}
		if err != nil {
			return Part{}, err
		}
		s, err := os.Stat(path)
		if err != nil {
			return Part{}, err
		}
		if p.MaxBytes == 0 || s.Size() <= p.MaxBytes {
			return Part{path, s.Size(), length}, nil
		}
		if try == 0 {
			less := 0.8 * float64(p.MaxBytes) / float64(s.Size())
			p.kbps, p.maxKbps = int(float64(p.kbps)*less), int(float64(p.maxKbps)*less)
		}
	}
	return Part{}, fmt.Errorf("video: %s does not fit into %d bytes", name, p.MaxBytes)
}

// encoded makes a file and returns where it is.
func (j *Job) encoded(ctx context.Context, p Profile, name string, start, length time.Duration, late bool) (path string, err error) {
	frames, err := j.encode(ctx, p, name, j.input(start, length, late), length)
	if err != nil {
		return "", ofFilm(ctx, err)
	}
	if frames == 0 {
		return "", Broken
	}
	return j.made(name)
}

// encode runs ffmpeg once, and GStreamer before it where the sound is AMR. It returns how many pictures were written.
func (j *Job) encode(ctx context.Context, p Profile, name string, input []string, length time.Duration) (frames int, err error) {
	sound := p.soundArgs("0:a:0?")
	args := input
	if p.audio.codec == "amr" && j.tools.AMR && j.Info.Audio != "" {
		ok, err := j.amr(ctx, input, length)
		if err != nil {
			return 0, err
		}
		if ok {
			args = append(slices.Clone(input), "-f", "amr", "-i", amrFile)
			sound = []string{"-map", "1:a:0", "-c:a", "copy"}
		}
	}
	args = append(args, "-progress", "pipe:1", "-stats_period", "1", "-map", "0:v:0")
	args = slices.Concat(args, p.pictureArgs(), sound, []string{"-sn", "-dn", "-map_metadata", "-1", "-map_metadata:s", "-1", "-map_chapters", "-1",
		"-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact", "-threads", "1", "-t", clock(length)})
	if p.muxer != "flv" {
		args = append(args, "-movflags", "+faststart")
	}
	if p.brand != "" {
		args = append(args, "-brand", p.brand)
	}
	said, err := j.run(ctx, j.tools.ffmpeg, append(args, "-f", p.muxer, "-y", name)...)
	return lastFrame(said), err
}

// lastFrame is the number of pictures that ffmpeg's last word of progress tells.
func lastFrame(said []byte) int {
	_, last, _ := bytes.Cut(said[max(0, bytes.LastIndex(said, []byte("frame="))):], []byte("="))
	word, _, _ := bytes.Cut(last, []byte("\n"))
	n, _ := strconv.Atoi(string(bytes.TrimSpace(word)))
	return n
}

// pictureArgs say how the pictures are made.
func (p Profile) pictureArgs() []string {
	size := "scale=" + within(p.width, p.height)
	if p.fit {
		size = fmt.Sprintf("scale=%d:%d:force_original_aspect_ratio=decrease,pad=%[1]d:%[2]d:-1:-1", p.width, p.height)
	}
	args := append([]string{"-vf", size + ",setsar=1,format=yuv420p", "-r", strconv.Itoa(p.rate)}, p.video...)
	if p.kbps > 0 {
		rate := func(k int) string { return strconv.Itoa(k) + "k" }
		buffer := p.maxKbps
		if p.muxer == "flv" {
			buffer *= 2
		}
		args = append(args, "-b:v", rate(p.kbps), "-maxrate", rate(p.maxKbps), "-bufsize", rate(buffer))
	}
	return args
}

// soundArgs say how the sound is made, where there is any.
func (p Profile) soundArgs(from string) []string {
	codec := p.audio.codec
	if codec == "amr" {
		codec = "aac"
	}
	return []string{"-map", from, "-c:a", codec, "-ac", strconv.Itoa(p.audio.ways), "-ar", strconv.Itoa(p.audio.rate), "-b:a", strconv.Itoa(p.audio.kbps) + "k"}
}

// within is a size of at most width × height in the film's own shape, never larger than the film, both even.
func within(width, height int) string {
	return fmt.Sprintf("w='min(%d,iw)':h='min(%d,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2", width, height)
}

// clock is a time as ffmpeg reads it.
func clock(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 3, 64) }

// The files of the sound on its way to AMR.
const (
	waveFile = "sound.wav"
	rawFile  = "sound.raw"
	amrFile  = "sound.amr"
)

// amr writes the sound of a piece of the film as AMR-NB at 12.2 kbit/s, which ffmpeg cannot, and says whether there is any.
func (j *Job) amr(ctx context.Context, input []string, length time.Duration) (bool, error) {
	args := slices.Concat(input, []string{"-map", "0:a:0", "-ac", "1", "-ar", "8000", "-t", clock(length), "-map_metadata", "-1", "-f", "wav", "-y", waveFile})
	if _, err := j.run(ctx, j.tools.ffmpeg, args...); err != nil {
		return false, err
	}
	_, err := j.run(ctx, j.tools.gst, "-q", "filesrc", "location="+waveFile, "!", "wavparse", "!", "audioconvert", "!", "audioresample", "!",
		"audio/x-raw,rate=8000,channels=1", "!", "amrnbenc", "band-mode=7", "!", "filesink", "location="+rawFile)
	if err != nil {
		return false, err
	}
	return j.amrHeader()
}

// amrHeader makes a file of the bare frames that GStreamer writes.
func (j *Job) amrHeader() (bool, error) {
	path, err := j.made(rawFile)
	if errors.Is(err, Broken) {
		return false, nil // nothing to hear in this piece
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	path = filepath.Join(j.dir, amrFile)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return false, err
	}
	_, err = f.Write(append([]byte("#!AMR\n"), raw...))
	return true, errors.Join(err, f.Close())
}
