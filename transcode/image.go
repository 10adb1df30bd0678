package transcode

import (
	"musubi/carriers"
	"musubi/transcode/imaging"
)

// An ImageOption is what one request asks of a picture, beside what its handset can show. The zero value asks for the
// whole display.
type ImageOption struct {
	Box      imaging.Box     // zero: the whole display
	Fill     bool            // fill the box and crop, instead of fitting inside
	Crop     imaging.Crop    // which part Fill keeps
	Enlarge  bool            // enlarge small pictures to the box
	MaxBytes int             // used up if the picture is better for it, and taken at its word as Box is; 0: the handset's limit, which is only kept
	Formats  imaging.Formats // 0: the handset's
	NoCopy   bool            // mark it as not to be passed on, as the handset's carrier does
}

// Image makes of a picture what the handset can show and appends it to dst: the handset's limits, then
// imaging.Convert. Errors are those of imaging.Convert.
func Image(dst []byte, h *carriers.Handset, src []byte, o ImageOption) (out []byte, info imaging.Info, err error) {
	return imaging.Convert(dst, src, ImageLimits(h, o))
}

// thriftyQuality is the JPEG quality of pictures whose bytes a member pays for by the packet: more is hardly seen on
// a display of 2007.
const thriftyQuality = 80

// ImageLimits says what a picture may be for the handset. Its Key names the result in a cache.
func ImageLimits(h *carriers.Handset, o ImageOption) imaging.Limits {
	l := imaging.Limits{
		Fill: o.Fill, Crop: o.Crop, Enlarge: o.Enlarge,
		Formats: o.Formats, MaxBytes: o.MaxBytes,
		Colors: h.Display.Colors, Frames: handsetFrames,
	}
	l.Width, l.Height = boxSize(h, o.Box)
	if l.Formats == 0 {
		l.Formats = imageFormats(h.Image.Formats)
	}
	if l.MaxBytes == 0 {
		l.MaxBytes, l.Quality = h.Image.MaxBytes, thriftyQuality
	}
	// The colour i-mode displays of 256 colours have the colours of this cube and no others [images §2].
	l.Cube332 = h.Carrier == carriers.DoCoMo && l.Colors == 256
	if o.NoCopy {
		l.Flag = copyFlag(h.Carrier)
	}
	return l
}

// handsetFrames is how many pictures of an animation are kept: handsets play GIF animations, from memory.
const handsetFrames = 16

// boxSize is the size of a box on the handset's display. Named boxes never exceed the display, as nobody scrolls
// sideways; a size given in numbers is taken at its word. Clients without a known display get what a box says, and
// browsers of today a large picture where a handset's would fill its display.
func boxSize(h *carriers.Handset, b imaging.Box) (width, height int) {
	if b == (imaging.Box{}) {
		b, _ = imaging.Named("screen")
	}
	d := h.Display
	_, named := imaging.Named(b.Name)
	switch {
	case !named:
	case b.Screen && d.WidthPx > 0 && d.HeightPx > 0:
		return d.WidthPx, d.HeightPx
	case b.Screen && h.Dialect.Family == carriers.HTML5:
		b, _ = imaging.Named("large")
	case d.WidthPx > 0 && d.HeightPx > 0:
		return min(b.Width, d.WidthPx), min(b.Height, d.HeightPx)
	}
	return b.Width, b.Height
}

// imageFormats puts a handset's formats in imaging's terms.
func imageFormats(f carriers.ImageFormats) (out imaging.Formats) {
	for _, p := range [...]struct {
		carrier carriers.ImageFormats
		own     imaging.Formats
	}{{carriers.GIF, imaging.GIF}, {carriers.JPEG, imaging.JPEG}, {carriers.PNG, imaging.PNG}, {carriers.BMP, imaging.BMP}, {carriers.WBMP, imaging.WBMP}} {
		if f.Has(p.carrier) {
			out |= p.own
		}
	}
	return out
}

// copyFlag is how the carrier's handsets are told not to pass a picture on.
func copyFlag(c carriers.Carrier) imaging.Flag {
	switch c {
	case carriers.DoCoMo:
		return imaging.FlagDoCoMo
	case carriers.Au:
		return imaging.FlagAu
	case carriers.SoftBank:
		return imaging.FlagSoftBank
	}
	return imaging.FlagNone
}
