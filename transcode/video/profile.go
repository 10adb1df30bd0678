package video

import "musubi/carriers"

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
	video: []string{"-c:v", "libx264", "-preset", "veryfast", "-crf", "24", "-maxrate", "1500k", "-bufsize", "3000k", "-profile:v", "main"}, audio: sound{"aac", 96, 44100, 2}}

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

// profiles are the rows of carriers.Films.
var profiles = map[string]Profile{
	"mp4": Page, "flv": Old, "i-motion": imotion, "3gp-500": qcif3gp, "3gp-300": qcif3gp, "3gp-200": qcif3gp, "3g2-1500": qcif3g2, "3g2-240": qcif3g2,
}

// For returns the profile that makes files for a way in which handsets play films.
func For(f carriers.Film) (Profile, bool) {
	p, ok := profiles[f.Name]
	p.MaxBytes = f.Bytes
	return p, ok
}

// ForHandset returns the profile of a handset, and whether it plays films at all.
func ForHandset(h *carriers.Handset) (Profile, bool) { return For(h.Film()) }
