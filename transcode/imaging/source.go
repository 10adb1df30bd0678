package imaging

import (
	"bytes"
	"errors"
	"fmt"
	"musubi/transcode/imaging/scaledjpeg"
)

// Bounds on sources (SEC-80). They hold before memory is taken for pixels.
const (
	DefaultMaxInput = 25 << 20 // bytes: what phones of today write
	maxPixels       = 40e6     // of one picture, and of all frames of an animation together
	maxSide         = 10000    // pixels
	maxDecoded      = 64e6     // bytes of pixels of a picture that a library decodes as a whole
	maxFrames       = 100      // of an animation; of one with more the first alone is shown
	maxMoving       = 4e6      // pixels of an animation's one frame, likewise
	maxScans        = 100      // of an odd JPEG that goes to the standard library; cameras and editors write up to 12
)

// Errors. What Convert returns wraps one of them and says what is accepted.
var (
	ErrFormat   = errors.New("not a picture that is accepted: send JPEG, PNG, GIF, WebP, AVIF, BMP, TIFF, ICO or SVG")
	ErrTooLarge = errors.New("picture too large")
	ErrBroken   = errors.New("picture cannot be read")
	ErrNoFit    = errors.New("picture does not fit the byte limit")
)

// A header is what the first bytes of a source say.
type header struct {
	format        Formats
	width, height int // as stored
	orientation   int // EXIF orientation, 1 … 8
	progressive   bool
	odd           bool // a JPEG for the standard library
	arithmetic    bool // a JPEG to be put into Huffman codes first
	depth         int  // bytes a pixel takes where a library decodes the picture as a whole; 0 where it comes by rows
	frames        int  // of a GIF
	inOrder       bool // rows come from top to bottom

	png *pngFile
	gif *gifFile
	one []byte // of a container (an animated WebP) the one picture that is shown

	bitmap  *bitmap
	box     [4]float64 // of an SVG: the part of the plane that is shown
	evenOdd bool       // and how it is filled
}

// foreign lists formats that people send and we refuse, so that the error can name them.
var foreign = []struct {
	at    int
	magic string
	name  string
}{
	{4, "ftyphei", "HEIC"}, {4, "ftyphev", "HEIC"}, {4, "ftypmif1", "HEIC"}, {4, "ftypmsf1", "HEIC"}, {0, "%PDF", "PDF"},
	{4, "ftyp", "a video"}, {0, "\x00\x00\x00\x0cJXL ", "JPEG XL"}, {0, "\xff\x0a", "JPEG XL"},
	{0, "\x00\x00\x00\x0cjP  ", "JPEG 2000"}, {0, "8BPS", "a Photoshop file"},
}

// sniff knows a source by its magic number.
func sniff(src []byte) (Formats, error) {
	switch {
	case bytes.HasPrefix(src, []byte("\xff\xd8\xff")):
		return JPEG, nil
	case bytes.HasPrefix(src, []byte("\x89PNG\r\n\x1a\n")):
		return PNG, nil
	case bytes.HasPrefix(src, []byte("GIF87a")), bytes.HasPrefix(src, []byte("GIF89a")):
		return GIF, nil
	case len(src) >= 12 && string(src[:4]) == "RIFF" && string(src[8:12]) == "WEBP":
		return WebP, nil
	case bytes.HasPrefix(src, []byte("BM")) && len(src) >= 26 && src[15] == 0: // a header of less than 256 bytes
		return BMP, nil
	case bytes.HasPrefix(src, []byte("II*\x00")), bytes.HasPrefix(src, []byte("MM\x00*")):
		return TIFF, nil
	case bytes.HasPrefix(src, []byte("\x00\x00\x01\x00")), bytes.HasPrefix(src, []byte("\x00\x00\x02\x00")):
		return ICO, nil
	}
	if len(src) >= 16 && string(src[4:8]) == "ftyp" && bytes.Contains(src[8:min(len(src), 64)], []byte("avi")) { // avif or avis among its brands
		return AVIF, nil
	}
	if isVector(src) {
		return SVG, nil
	}
	if len(src) == 0 {
		return 0, fmt.Errorf("the file is empty: %w", ErrFormat)
	}
	for _, f := range foreign {
		if len(src) >= f.at+len(f.magic) && string(src[f.at:f.at+len(f.magic)]) == f.magic {
			return 0, fmt.Errorf("%s is %w", f.name, ErrFormat)
		}
	}
	return 0, ErrFormat
}

// inspect reads the header and holds it against the bounds.
func inspect(src []byte, maxInput int) (header, error) {
	if maxInput == 0 {
		maxInput = DefaultMaxInput
	}
	if len(src) > maxInput {
		return header{}, fmt.Errorf("%w: the file has %d bytes, at most %d are accepted", ErrTooLarge, len(src), maxInput)
	}
	format, err := sniff(src)
	if err != nil {
		return header{}, err
	}
	h := header{format: format, orientation: 1, frames: 1}
	if err := h.read(src); err != nil {
		return header{}, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	return h, h.check()
}

// read reads the header of a source of a known format.
func (h *header) read(src []byte) (err error) {
	switch h.format {
	case JPEG:
		return h.readJPEG(src)
	case PNG:
		if h.png, err = readPNG(src); err != nil {
			return err
		}
		h.width, h.height, h.orientation, h.inOrder = h.png.width, h.png.height, h.png.orientation, !h.png.interlaced
	case GIF:
		if h.gif, err = readGIF(src); err != nil {
			return err
		}
		h.width, h.height, h.inOrder = h.gif.width, h.gif.height, !h.gif.interlaced
		if n := countFrames(src); n <= maxFrames && h.width*h.height <= maxMoving && n*h.width*h.height <= maxPixels {
			h.frames = n
		}
	default:
		return h.readWhole(src)
	}
	return nil
}

// check holds the size against the bounds.
func (h *header) check() error {
	switch pixels := int64(h.width) * int64(h.height); {
	case h.width < 1 || h.height < 1:
		return fmt.Errorf("%w: it has no pixels (%d×%d)", ErrBroken, h.width, h.height)
	case h.width > maxSide || h.height > maxSide || pixels > maxPixels:
		return fmt.Errorf("%w: %d×%d pixels, at most %d a side and %d million in all are accepted",
			ErrTooLarge, h.width, h.height, maxSide, int(maxPixels/1e6))
	case pixels*int64(h.depth) > maxDecoded:
		return fmt.Errorf("%w: %d×%d pixels of %d bytes each, at most %d million bytes in all are accepted of this kind",
			ErrTooLarge, h.width, h.height, h.depth, int(maxDecoded/1e6))
	}
	return nil
}

// readJPEG reads a JPEG's header.
func (h *header) readJPEG(src []byte) error {
	j, err := scaledjpeg.DecodeConfig(src)
	if j.Arithmetic { // its coefficients are held, and written anew
		err, h.arithmetic, h.depth = nil, true, 8
	} else if errors.Is(err, scaledjpeg.ErrUnsupported) {
		err, h.odd = nil, true
		if h.depth = 8; j.Progressive { // four samples, twice
			h.depth += 16 // and their frequencies
		}
	}
	h.orientation, h.progressive = max(j.Orientation, 1), j.Progressive
	h.width, h.height = j.Width, j.Height
	return err
}
