package video

import (
	"errors"
	"os/exec"
)

// ErrMissing says that films cannot be taken on this machine.
var ErrMissing = errors.New("video: ffmpeg, ffprobe or prlimit is not installed: films cannot be taken; install ffmpeg (and util-linux)")

// A Jail is what keeps a program from the network and from other files.
type Jail string

// The jails, best first.
const (
	Bubblewrap Jail = "bubblewrap"  // no network, and no files but its own
	Unshare    Jail = "unshare"     // no network
	NoJail     Jail = "limits only" // only bounds and lists of formats
)

// Tools are the programs. They are safe for concurrent use.
type Tools struct {
	Limits Limits
	Jail   Jail // say it at start: an operator who sees less than Bubblewrap should install it
	AMR    bool // GStreamer can write the sound that the oldest handsets play; without it they get AAC

	ffmpeg, ffprobe, prlimit, nice, jail, gst string
}

// Find looks for the programs and tries them. The error is ErrMissing.
func Find(l Limits) (*Tools, error) {
	t := &Tools{Limits: l.orDefault(), Jail: NoJail}
	for _, p := range []struct {
		path *string
		name string
	}{{&t.ffmpeg, "ffmpeg"}, {&t.ffprobe, "ffprobe"}, {&t.prlimit, "prlimit"}} {
		path, err := exec.LookPath(p.name)
		if err != nil {
			return nil, ErrMissing
		}
		*p.path = path
	}
	if nice, err := exec.LookPath("nice"); err == nil {
		t.nice = nice
	}
	t.findJail()
	t.findAMR()
	return t, nil
}

// findJail takes the best jail that works: some machines forbid what both need.
func (t *Tools) findJail() {
	for _, j := range []struct {
		jail Jail
		name string
	}{{Bubblewrap, "bwrap"}, {Unshare, "unshare"}} {
		path, err := exec.LookPath(j.name)
		if err != nil {
			continue
		}
		trial := &Tools{Limits: t.Limits, Jail: j.jail, jail: path, prlimit: t.prlimit}
		args := append(trial.wrap("/"), t.ffmpeg, "-version")
		if exec.Command(args[0], args[1:]...).Run() == nil {
			t.Jail, t.jail = j.jail, path
			return
		}
	}
}

func (t *Tools) findAMR() {
	gst, err := exec.LookPath("gst-launch-1.0")
	if err != nil {
		return
	}
	inspect, err := exec.LookPath("gst-inspect-1.0")
	if err == nil && exec.Command(inspect, "--exists", "amrnbenc").Run() == nil {
		t.gst, t.AMR = gst, true
	}
}
