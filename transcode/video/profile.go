package video

import (
	"strconv"
	"strings"

	"musubi/carriers"
)

// A Profile is one way to show a film.
type Profile struct {
	Name   string // of the row in docs/video.md
	Type   string // media type
	Suffix string // of a file name, "3gp"
	// MaxBytes is what one part may have; 0: one part, whatever it has.
	MaxBytes int64

	muxer, brand  string
	width, height int
	fit           bool // exactly width × height, black around; else at most
	video         []string
	kbps, maxKbps int // of the pictures; 0: as the codec needs
	rate          int // pictures in a second
	audio         sound
}

// A sound is how a film sounds.
type sound struct {
	codec            string // "amr": AMR where it can be written, else AAC
	kbps, rate, ways int
}

var (
	simple  = []string{"-c:v", "mpeg4", "-profile:v", "0", "-level:v", "8"} // MPEG-4 Simple Profile at level 0
	mpeg4   = []string{"-c:v", "mpeg4"}
	aacMono = sound{"aac", 24, 16000, 1}
	amrMono = sound{"amr", 24, 16000, 1} // rates of the AAC that takes its place
)

// Page is for browsers and phones of today.
var Page = Profile{Name: "mp4", Type: "video/mp4", Suffix: "mp4", muxer: "mp4", width: 640, height: 640, rate: 30,
	video: []string{"-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-profile:v", "main"}, audio: sound{"aac", 96, 44100, 2}}

// Old is for a PC of 2007.
var Old = Profile{Name: "flv", Type: "video/x-flv", Suffix: "flv", muxer: "flv", width: 320, height: 240, fit: true, rate: 15,
	video: []string{"-c:v", "flv"}, kbps: 280, maxKbps: 320, audio: sound{"libmp3lame", 64, 22050, 1}}

// The rows of handsets. What they play, and how many bytes: docs/video.md §2.
var (
	qcif3gp = Profile{Name: "3gp", Type: "video/3gpp", Suffix: "3gp", muxer: "3gp", brand: "3gp4", width: 176, height: 144, fit: true, rate: 15,
		video: simple, kbps: 48, maxKbps: 64, audio: amrMono}
	qcif3g2 = Profile{Name: "3g2", Type: "video/3gpp2", Suffix: "3g2", muxer: "3g2", brand: "kddi", width: 176, height: 144, fit: true, rate: 15,
		video: simple, kbps: 48, maxKbps: 64, audio: aacMono}
	imotion = Profile{Name: "i-motion", Type: "video/3gpp", Suffix: "3gp", muxer: "mp4", brand: "mmp4", width: 320, height: 240, fit: true, rate: 15,
		video: mpeg4, kbps: 192, maxKbps: 256, audio: sound{"aac", 32, 22050, 1}}
)

// ForHandset returns the profile of a handset, and whether it plays films at all.
func ForHandset(h *carriers.Handset) (Profile, bool) {
	sized := func(p Profile, bytes int64) (Profile, bool) {
		p.MaxBytes = bytes
		return p, true
	}
	switch {
	case h.Carrier == carriers.PC || h.Carrier == carriers.Smartphone:
		return Page, true
	case h.Generation == carriers.IMode2:
		return sized(imotion, 10<<20)
	case h.Generation == carriers.FOMA:
		return fomaProfile(series(h.Model), sized)
	case h.Generation == carriers.WAP2WIN:
		return sized(qcif3g2, 1_500_000)
	case h.Generation == carriers.WAP2x1 && h.Video != "":
		return sized(qcif3g2, 240_000)
	case h.Generation == carriers.SB3GC:
		return sized(qcif3gp, 300_000)
	case h.Generation == carriers.SBW:
		return sized(qcif3gp, 200_000)
	}
	return Profile{}, false
}

// fomaProfile follows the series: 300 KB up to 900i, 500 KB for 901i, 902i and the 70xi, 10 MB played while it loads from
// 903i on.
func fomaProfile(series int, sized func(Profile, int64) (Profile, bool)) (Profile, bool) {
	switch {
	case series == 2101 || series == 2001 || series == 2002:
		return Profile{}, false // ASF or none
	case series >= 903 && series < 1000:
		return sized(imotion, 10<<20)
	case series == 901 || series == 902 || series >= 700 && series < 800:
		return sized(qcif3gp, 500_000)
	}
	return sized(qcif3gp, 300_000)
}

// series is the number in a model: 903 of P903i, 2051 of F2051.
func series(model string) int {
	start := strings.IndexFunc(model, isDigit)
	if start < 0 {
		return 0
	}
	digits := model[start:]
	if end := strings.IndexFunc(digits, func(r rune) bool { return !isDigit(r) }); end >= 0 {
		digits = digits[:end]
	}
	n, _ := strconv.Atoi(digits)
	return n
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
