package imaging

import "strings"

// Formats is a set of image formats.
type Formats uint16

// The formats this package writes, and after them those that it only reads.
const (
	JPEG Formats = 1 << iota
	PNG
	GIF
	BMP
	WebP
	TIFF
	ICO
	AVIF
	SVG
	WBMP // written, not read

	// Web is what every browser of today shows.
	Web = JPEG | PNG | GIF
)

var formatNames = []struct {
	format Formats
	name   string
	mime   string
}{{JPEG, "jpeg", "image/jpeg"}, {PNG, "png", "image/png"}, {GIF, "gif", "image/gif"}, {BMP, "bmp", "image/bmp"},
	{WebP, "webp", "image/webp"}, {TIFF, "tiff", "image/tiff"}, {ICO, "ico", "image/x-icon"},
	{AVIF, "avif", "image/avif"}, {SVG, "svg", "image/svg+xml"}, {WBMP, "wbmp", "image/vnd.wap.wbmp"}}

// String names the formats of the set: "jpeg", "gif|png".
func (f Formats) String() string {
	var names []string
	for _, n := range formatNames {
		if f&n.format != 0 {
			names = append(names, n.name)
		}
	}
	return strings.Join(names, "|")
}

// ContentType is the media type of a single format, "" for anything else.
func (f Formats) ContentType() string {
	for _, n := range formatNames {
		if f == n.format {
			return n.mime
		}
	}
	return ""
}

// ParseFormat knows the formats that can be written by the names that String gives, and "jpg".
func ParseFormat(name string) (Formats, bool) {
	if name == "jpg" {
		return JPEG, true
	}
	for _, n := range formatNames {
		if n.name == name && n.format&(Web|BMP|WBMP) != 0 {
			return n.format, true
		}
	}
	return 0, false
}

// A Crop says which part of the picture Fill keeps.
type Crop uint8

// Crops.
const (
	CropCentre   Crop = iota
	CropInterest      // where most edges are
)

// A Flag is how a carrier's handsets are told that a picture is not to be passed on.
type Flag uint8

// Copy flags [images §4]. They bind honest handsets only.
const (
	FlagNone     Flag = iota
	FlagDoCoMo        // the comment copy="NO" in GIF and JPEG
	FlagAu            // the comment kddi_copyright=on in GIF, JPEG and PNG
	FlagSoftBank      // a field of the response: Info.Header
)

// MaxResult is the longest side of any result, in pixels.
const MaxResult = 2048

// Limits says what the result may be. The zero value is: the source's own size, any format of Web, no byte limit.
type Limits struct {
	Width, Height int     // pixels, up to MaxResult; 0: MaxResult. The result fits inside
	Fill          bool    // fill Width × Height wholly and crop what is over, instead of fitting inside
	Crop          Crop    // which part Fill keeps
	Enlarge       bool    // small sources are enlarged to the box; otherwise never
	Formats       Formats // to choose from; 0: Web
	MaxBytes      int     // largest result in bytes; 0: not limited
	Quality       int     // JPEG quality at most, 1 … 100; 0: 95 under a byte limit, which is then used up, else 80
	Colors        int     // colours of the display: 2 and 4 are greys, 256, 4096, 65536 …; 0 or ≥ 2^18: full colour
	Cube332       bool    // a display of 256 colours shows 3-3-2 bits of red, green and blue and no others
	Frames        int     // most frames of an animation, which stays one if GIF is among Formats; 0 or 1: first frame only
	Flag          Flag    // copy flag
	MaxInput      int     // largest source in bytes; 0: DefaultMaxInput
}

// An Info describes a result.
type Info struct {
	Format        Formats // a single one
	Width, Height int
	Quality       int // of a JPEG, rounded
	Colors        int // of a palette; 0: full colour
	Frames        int // 1, more for an animation
	SourceFormat  Formats
	SourceWidth   int // as stored, before orientation
	SourceHeight  int
	Truncated     bool   // the source ends early or is damaged; what could be read is shown
	Header        string // value for the response field x-jphone-copyright, or ""
}

// ContentType is the media type of the result.
func (i Info) ContentType() string { return i.Format.ContentType() }
