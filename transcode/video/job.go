package video

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An Info is what a film is, by its header.
type Info struct {
	Container     string
	Duration      time.Duration // 0: its header does not tell
	Width, Height int           // as stored, before it is turned
	FrameRate     float64       // 0: its header does not tell
	Video, Audio  string        // codecs; no Audio: silent
}

// A Job is one film in a directory of its own. It is for one goroutine.
type Job struct {
	Info Info
	// Progress is told how much of the film a run has written, now and then. Default: nobody.
	Progress func(time.Duration)

	tools *Tools
	dir   string
}

// source is the name of the film in its directory.
const source = "in"

// What is read. Playlists (HLS, concat) are no containers here: they name other files (docs/video.md).
var (
	containers = []string{"mov", "mp4", "avi", "mpeg", "mpegts", "asf", "flv", "matroska", "webm", "mpegvideo"}
	codecs     = []string{"h263", "h263p", "h264", "hevc", "mpeg4", "mpeg1video", "mpeg2video", "msmpeg4v1", "msmpeg4v2", "msmpeg4v3", "wmv1", "wmv2",
		"wmv3", "vc1", "mjpeg", "flv1", "vp6f", "vp6", "vp8", "vp9", "av1", "svq1", "svq3", "dvvideo", "cinepak", "indeo5"}
)

// guard are the options that keep ffmpeg and ffprobe to the film: no other protocol than files, no container that
// names other files.
var guard = []string{"-hide_banner", "-loglevel", "error", "-protocol_whitelist", "file", "-format_whitelist", strings.Join(containers, ",")}

// input are the options that read a piece of the film, no picture larger than is allowed. late: all that comes before is
// read as well, for containers without an index.
func (j *Job) input(start, length time.Duration, late bool) []string {
	args := slices.Concat([]string{"-nostdin"}, guard, []string{"-max_pixels", strconv.Itoa(j.tools.Limits.Pixels), "-threads", "1"})
	switch {
	case start == 0:
		return append(args, "-t", clock(length), "-i", source)
	case late:
		return append(args, "-i", source, "-ss", clock(start))
	}
	return append(args, "-ss", clock(start), "-t", clock(length), "-i", source)
}

// Open takes a film into dir, which is made, or emptied when an earlier try left something, and looks at it. Close the job
// in any case but an error.
func (t *Tools) Open(ctx context.Context, dir string, film io.Reader) (*Job, error) {
	j := &Job{tools: t, dir: dir}
	if err := j.take(film); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := j.probe(ctx); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return j, nil
}

// Close removes the directory with all that was made in it.
func (j *Job) Close() error { return os.RemoveAll(j.dir) }

func (j *Job) take(film io.Reader) error {
	if err := os.RemoveAll(j.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(j.dir, 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(j.dir, source), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o400)
	if err != nil {
		return err
	}
	n, err := io.Copy(f, io.LimitReader(film, j.tools.Limits.SourceBytes+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("video: take the film: %w", err)
	}
	if n > j.tools.Limits.SourceBytes {
		return TooLarge
	}
	return nil
}

// probed is what ffprobe says, as far as it is asked.
type probed struct {
	Streams []struct {
		CodecName    string `json:"codec_name"`
		CodecType    string `json:"codec_type"`
		Width        int    `json:"width"`
		Height       int    `json:"height"`
		AvgFrameRate string `json:"avg_frame_rate"`
		Disposition  struct {
			AttachedPic int `json:"attached_pic"`
		} `json:"disposition"`
	} `json:"streams"`
	Format struct {
		Name     string `json:"format_name"`
		Duration string `json:"duration"`
	} `json:"format"`
}

// probe looks at the header and refuses what is not for us.
func (j *Job) probe(ctx context.Context) error {
	args := append(slices.Clone(guard), "-of", "json", "-show_entries",
		"format=format_name,duration:stream=codec_name,codec_type,width,height,avg_frame_rate:stream_disposition=attached_pic", source)
	out, err := j.run(ctx, j.tools.ffprobe, args...)
	switch {
	case errors.Is(err, TooCostly) || ctx.Err() != nil:
		return err
	case err != nil:
		return NotAFilm
	}
	var p probed
	if err := json.Unmarshal(out, &p); err != nil {
		return NotAFilm
	}
	j.Info = p.info()
	return j.Info.refuse(j.tools.Limits)
}

func (p *probed) info() (i Info) {
	i.Container = p.Format.Name
	if s, err := strconv.ParseFloat(p.Format.Duration, 64); err == nil && s > 0 && s < 1e6 {
		i.Duration = time.Duration(s * float64(time.Second))
	}
	for _, s := range p.Streams {
		switch {
		case s.CodecType == "video" && s.Disposition.AttachedPic == 0 && i.Video == "":
			i.Video, i.Width, i.Height, i.FrameRate = s.CodecName, s.Width, s.Height, ratio(s.AvgFrameRate)
		case s.CodecType == "audio" && i.Audio == "":
			i.Audio = s.CodecName
		}
	}
	return i
}

// ratio reads "30000/1001".
func ratio(s string) float64 {
	above, below, _ := strings.Cut(s, "/")
	a, _ := strconv.ParseFloat(above, 64)
	b, _ := strconv.ParseFloat(below, 64)
	if b == 0 {
		return 0
	}
	return a / b
}

func (i Info) refuse(l Limits) error {
	switch {
	case i.Video == "" || i.Width <= 0 || i.Height <= 0:
		return NotAFilm
	case !slices.Contains(codecs, i.Video):
		return OtherCodec
	case i.Duration > l.Duration+time.Second: // phones that stop at five minutes stop a moment later
		return TooLong
	case i.Width*i.Height > l.Pixels:
		return TooBig
	case i.FrameRate > l.FrameRate:
		return TooFast
	}
	return nil
}
