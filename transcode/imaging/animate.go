package imaging

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/gif"

	"github.com/disintegration/imaging"

	"musubi/transcode/imaging/internal/palette"
)

// animate keeps an animation one: fewer frames, smaller, in few colours, within the limits. After an error its first
// frame alone is the better picture.
func animate(dst, src []byte, h header, l *Limits, info Info) ([]byte, Info, error) {
	shown, delays, err := readFrames(src, h, l)
	if err != nil {
		return dst, Info{}, err
	}
	info.Format, info.Frames = GIF, len(shown)
	comment := l.Flag.comment(GIF)
	info.Header = l.Flag.header()
	for _, share := range [...]float64{1, 0.7, 0.5} {
		pile, size := stack(shown, share)
		info.Width, info.Height = size.X, size.Y
		for _, k := range looks(l, GIF) {
			if l.MaxBytes > 0 && k.colours > 64 && k.fixed == nil && len(shown)*size.X*size.Y > 4*l.MaxBytes {
				continue // cannot be, as animations go: save the work
			}
			m := paint(pile, k, palette.Ordered)
			info.Colors = len(m.Palette)
			if out := appendGIF(dst, unstack(m, size, delays), comment); l.MaxBytes == 0 || len(out)-len(dst) <= l.MaxBytes {
				return out, info, nil
			}
		}
	}
	return dst, Info{}, ErrNoFit
}

// readFrames draws the frames one over the other as a browser does, and returns at most l.Frames of what is to be seen,
// at the size planned, and for how many hundredths of a second each.
func readFrames(src []byte, h header, l *Limits) (shown []*image.NRGBA, delays []int, err error) {
	all, err := gif.DecodeAll(bytes.NewReader(src))
	if err != nil {
		return nil, nil, fmt.Errorf("%w: %v", ErrBroken, err)
	}
	p := makePlan(h.width, h.height, 1, l)
	at := p.whole()
	every := (len(all.Image) + l.Frames - 1) / l.Frames
	canvas := image.NewNRGBA(image.Rect(0, 0, h.width, h.height))
	var before *image.NRGBA
	for i, f := range all.Image {
		disposal := all.Disposal[i]
		if disposal == gif.DisposalPrevious {
			before = imaging.Clone(canvas)
		}
		draw.Draw(canvas, f.Rect, f, f.Rect.Min, draw.Over)
		if i%every == 0 {
			shown = append(shown, harden(imaging.Resize(reduceImage(canvas, at, p.factor()), p.width, p.height, imaging.Lanczos)))
			delays = append(delays, 0)
		}
		delays[len(delays)-1] += all.Delay[i]
		switch disposal {
		case gif.DisposalBackground:
			draw.Draw(canvas, f.Rect, image.Transparent, image.Point{}, draw.Src)
		case gif.DisposalPrevious:
			canvas = before
		}
	}
	return shown, delays, nil
}

// stack puts the frames below each other, at a share of their size, so that they get one palette. Each begins on a
// row that is a multiple of 8, so that the pattern of ordered dithering lies still.
func stack(frames []*image.NRGBA, share float64) (pile *image.NRGBA, size image.Point) {
	size = image.Pt(pixels(float64(frames[0].Rect.Dx())*share), pixels(float64(frames[0].Rect.Dy())*share))
	pitch := (size.Y + 7) &^ 7
	pile = image.NewNRGBA(image.Rect(0, 0, size.X, pitch*len(frames)))
	for i, f := range frames {
		if share < 1 {
			f = harden(imaging.Resize(f, size.X, size.Y, imaging.Lanczos))
		}
		for y := range pitch {
			copy(pile.Pix[(i*pitch+y)*pile.Stride:], f.Pix[min(y, size.Y-1)*f.Stride:][:4*size.X])
		}
	}
	return pile, size
}

// unstack cuts the pile into frames again.
func unstack(pile *image.Paletted, size image.Point, delays []int) []frame {
	frames := make([]frame, len(delays))
	for i := range frames {
		top := i * ((size.Y + 7) &^ 7)
		frames[i] = frame{pile.SubImage(image.Rect(0, top, size.X, top+size.Y)).(*image.Paletted), delays[i]}
	}
	return frames
}

// countFrames walks over the blocks of a GIF and counts its pictures, up to where the file makes sense.
func countFrames(src []byte) (n int) {
	const head, descriptor = 13, 10
	if len(src) < head {
		return 0
	}
	at := head + tableSize(src[10])
	for at < len(src) {
		switch src[at] {
		case 0x21: // extension: a label, then sub-blocks
			at = skipBlocks(src, at+2)
		case 0x2c: // picture: descriptor, palette, code size, then sub-blocks
			if at+descriptor > len(src) {
				return n
			}
			n++
			at = skipBlocks(src, at+descriptor+tableSize(src[at+9])+1)
		default:
			return n
		}
	}
	return n
}

// tableSize is the size of the palette that a flags byte announces, in bytes.
func tableSize(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

// skipBlocks returns the place after the sub-blocks that begin at a place.
func skipBlocks(src []byte, at int) int {
	for at < len(src) && src[at] != 0 {
		at += 1 + int(src[at])
	}
	return at + 1
}
