package imaging

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/png"

	"musubi/transcode/imaging/scaledjpeg"
)

// Bounds on sources (SEC-80). They hold before memory is taken for pixels.
const (
	DefaultMaxInput = 12 << 20 // bytes: photos of 12 MP, which pass 5 MB at a camera's best quality
	maxPixels       = 40e6     // of one picture, and of all frames of an animation together
	maxSide         = 10000    // pixels
	maxDecoded      = 160e6    // bytes that the standard library takes for a picture's pixels
	maxFrames       = 100      // of an animation; of one with more the first alone is shown
	maxMoving       = 4e6      // pixels of an animation's one frame, likewise
	maxScans        = 100      // of an odd JPEG that goes to the standard library; cameras and editors write up to 12
)

// Errors. What Convert returns wraps one of them and says what is accepted.
var (
	ErrFormat   = errors.New("not a picture that is accepted: send JPEG, PNG or GIF")
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
	depth         int  // bytes a pixel takes when the standard library decodes a PNG or an odd JPEG
	frames        int  // of a GIF
}

// foreign lists formats that people send and we refuse, so that the error can name them.
var foreign = []struct {
	at    int
	magic string
	name  string
}{
	{0, "BM", "BMP"}, {0, "II*\x00", "TIFF"}, {0, "MM\x00*", "TIFF"}, {8, "WEBP", "WebP"}, {4, "ftypavif", "AVIF"},
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
	}
	if len(src) == 0 {
		return 0, fmt.Errorf("the file is empty: %w", ErrFormat)
	}
	for _, f := range foreign {
		if len(src) >= f.at+len(f.magic) && string(src[f.at:f.at+len(f.magic)]) == f.magic {
			return 0, fmt.Errorf("%s is %w", f.name, ErrFormat)
		}
	}
	if head := src[:min(len(src), 512)]; bytes.Contains(head, []byte("<svg")) {
		return 0, fmt.Errorf("SVG is %w", ErrFormat)
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
	var c image.Config
	switch format {
	case JPEG:
		c, err = h.readJPEG(src)
	case PNG:
		c, err = png.DecodeConfig(bytes.NewReader(src))
		h.depth = pngDepth(c.ColorModel)
	case GIF:
		c, err = gif.DecodeConfig(bytes.NewReader(src))
	}
	if err != nil {
		return header{}, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	h.width, h.height = c.Width, c.Height
	if format == GIF {
		if n := countFrames(src); n <= maxFrames && c.Width*c.Height <= maxMoving && n*c.Width*c.Height <= maxPixels {
			h.frames = n
		}
	}
	switch {
	case c.Width < 1 || c.Height < 1:
		return header{}, fmt.Errorf("%w: it has no pixels (%d×%d)", ErrBroken, c.Width, c.Height)
	case c.Width > maxSide || c.Height > maxSide || c.Width*c.Height > maxPixels:
		return header{}, fmt.Errorf("%w: %d×%d pixels, at most %d a side and %d million in all are accepted",
			ErrTooLarge, c.Width, c.Height, maxSide, int(maxPixels/1e6))
	case c.Width*c.Height*h.depth > maxDecoded:
		return header{}, fmt.Errorf("%w: %d×%d pixels of %d bytes each, at most %d million bytes in all are accepted",
			ErrTooLarge, c.Width, c.Height, h.depth, int(maxDecoded/1e6))
	}
	return h, nil
}

// readJPEG reads a JPEG's header.
func (h *header) readJPEG(src []byte) (image.Config, error) {
	j, err := scaledjpeg.DecodeConfig(src)
	if errors.Is(err, scaledjpeg.ErrUnsupported) {
		err, h.odd = nil, true
		if h.depth = 8; j.Progressive { // four samples, twice
			h.depth += 16 // and their frequencies
		}
	}
	h.orientation, h.progressive = max(j.Orientation, 1), j.Progressive
	return image.Config{Width: j.Width, Height: j.Height}, err
}

// pngDepth says how many bytes a pixel takes when the standard library decodes a PNG of the colour model.
func pngDepth(m color.Model) int {
	switch m {
	case color.GrayModel:
		return 1
	case color.Gray16Model:
		return 2
	case color.RGBAModel, color.NRGBAModel:
		return 4
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	}
	return 1 // a palette
}
