package imaging

import (
	"fmt"
	"sync"

	"musubi/transcode/imaging/internal/jpegenc"
	"musubi/transcode/imaging/scaledjpeg"
)

// Convert makes of the picture in src a result within the limits, appends it to dst and returns the extended slice.
// src is not changed and not kept.
//
// Errors wrap ErrFormat, ErrTooLarge, ErrBroken or ErrNoFit; then dst is returned as it came. A source that ends early
// is shown as far as it goes (Info.Truncated). Safe for concurrent use; see Gate for bounding the memory of many calls.
func Convert(dst, src []byte, l Limits) (out []byte, info Info, err error) {
	h, err := inspect(src, l.MaxInput)
	if err != nil {
		return dst, Info{}, err
	}
	return convert(dst, src, h, &l)
}

// convert is Convert for a source whose header was found good.
func convert(dst, src []byte, h header, l *Limits) ([]byte, Info, error) {
	c := converters.Get().(*converter)
	if h.cost(len(src), l) < keptBuffers {
		defer converters.Put(c)
	}
	return c.convert(dst, src, h, l)
}

// keptBuffers is the most memory that a converter may bring back for the next, in bytes, about.
const keptBuffers = 16 << 20

// MasterSide is the longest side of a master, in pixels: the largest box there is.
const MasterSide = 640

// Master makes the picture that is kept of an upload: at most MasterSide pixels a side, the right way up, without
// metadata; JPEG for photos, PNG or GIF for drawings, animations as they are. Everything that members see is made of
// it, so that what a view costs does not depend on what was uploaded, and hostile input meets the decoders once.
// Results and errors are those of Convert.
func Master(dst, src []byte) (out []byte, info Info, err error) {
	return Convert(dst, src, masterLimits)
}

var masterLimits = Limits{Width: MasterSide, Height: MasterSide, Quality: 88, Frames: maxFrames}

// WideLimits are those of the picture that large displays are shown beside the master: up to MaxResult pixels a side.
var WideLimits = Limits{Width: MaxResult, Height: MaxResult, Quality: 82, Formats: JPEG}

// A converter holds the buffers of one conversion at a time.
type converter struct {
	decoder   scaledjpeg.Decoder
	resampler resampler
	encoder   jpegenc.Encoder
	memory    [3][]byte // backs the planes of a result
}

var converters = sync.Pool{New: func() any { return new(converter) }}

// A render makes the picture at a share (0 … 1] of the size that was planned. sampling 2 asks for chroma of half the
// size where the picture is in planes. The picture is valid until the next call.
type render func(share float64, sampling int) *picture

func (c *converter) convert(dst, src []byte, h header, l *Limits) ([]byte, Info, error) {
	info := Info{SourceFormat: h.format, SourceWidth: h.width, SourceHeight: h.height, Frames: 1}
	if h.frames > 1 && l.Frames > 1 && l.formats()&GIF != 0 {
		if out, moving, err := animate(dst, src, h, l, info); err == nil {
			return out, moving, nil
		}
	}
	var draw render
	var err error
	if h.format == JPEG {
		draw, info.Truncated, err = c.openPlanes(src, h, l)
	} else {
		draw, info.Truncated, err = openPixels(src, h, l)
	}
	if err != nil {
		return dst, Info{}, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	return c.write(dst, draw, info, l)
}
