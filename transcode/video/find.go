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

	noProc bool // the jail has no /proc
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

// findJail takes the best jail that works: some machines forbid what both need. Where parts of /proc are hidden, as from a hardened unit
// of systemd, no jail may have a /proc of its own, and none of the programs needs one.
func (t *Tools) findJail() {
	for _, j := range []struct {
		jail   Jail
		name   string
		noProc bool
	}{{Bubblewrap, "bwrap", false}, {Bubblewrap, "bwrap", true}, {Unshare, "unshare", false}} {
		path, err := exec.LookPath(j.name)
		if err != nil {
			continue
		}
		trial := &Tools{Limits: t.Limits, Jail: j.jail, jail: path, prlimit: t.prlimit, noProc: j.noProc}
		args := append(trial.wrap("/"), t.ffmpeg, "-version")
		if exec.Command(args[0], args[1:]...).Run() == nil {
			t.Jail, t.jail, t.noProc = j.jail, path, j.noProc
			return
		}
	}
}

// Less says what keeps strangers' films from less than it should, and what helps; "" where nothing does.
func (t *Tools) Less() string {
	const cure = "install bubblewrap, and let who runs musubi make namespaces (RestrictNamespaces=, SystemCallFilter=@mount and AF_NETLINK of a unit, kernel.unprivileged_userns_clone, AppArmor)"
	switch t.Jail {
	case Bubblewrap:
		return ""
	case Unshare:
		return "ffmpeg reads strangers' films without a network, but may read other files: " + cure
	}
	return "ffmpeg reads strangers' films with the network and all files within its reach: " + cure
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
