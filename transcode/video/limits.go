package video

import (
	"cmp"
	"time"
)

// Limits bound one film and each run of a program over it. A zero field means the value of [DefaultLimits].
type Limits struct {
	SourceBytes int64         // of the film
	Duration    time.Duration // of the film; what its header hides is cut off
	Pixels      int           // of one picture
	FrameRate   float64       // pictures in a second, by its header

	CPU    time.Duration // of one run, all its threads
	Wall   time.Duration // of one run
	Memory int64         // address space of one run; x264 needs a gigabyte of it and uses a tenth
	Bytes  int64         // that one run may write into one file
}

// DefaultLimits are those of the albums: five minutes, 50 MB.
var DefaultLimits = Limits{
	SourceBytes: 50 << 20, Duration: 5 * time.Minute, Pixels: 1920 * 1920, FrameRate: 61,
	CPU: 10 * time.Minute, Wall: 15 * time.Minute, Memory: 1536 << 20, Bytes: 200 << 20,
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits
	return Limits{
		SourceBytes: cmp.Or(l.SourceBytes, d.SourceBytes), Duration: cmp.Or(l.Duration, d.Duration), Pixels: cmp.Or(l.Pixels, d.Pixels),
		FrameRate: cmp.Or(l.FrameRate, d.FrameRate), CPU: cmp.Or(l.CPU, d.CPU), Wall: cmp.Or(l.Wall, d.Wall),
		Memory: cmp.Or(l.Memory, d.Memory), Bytes: cmp.Or(l.Bytes, d.Bytes),
	}
}

// A Refusal says why a film is not taken. The member can be told.
type Refusal string

// The reasons.
const (
	NotAFilm   Refusal = "no film in a container that is read"
	TooLarge   Refusal = "too many bytes"
	TooLong    Refusal = "too long"
	TooBig     Refusal = "pictures too large"
	TooFast    Refusal = "too many pictures in a second"
	OtherCodec Refusal = "pictures in a form that is not read"
	TooCostly  Refusal = "it takes too long, or too much memory"
	Broken     Refusal = "it cannot be read to its end"
)

func (r Refusal) Error() string { return "video: " + string(r) }
