package imaging

import (
	"bytes"
	"compress/lzw"
	"encoding/binary"
	"image"
)

// A frame is one picture of a GIF.
type frame struct {
	img   *image.Paletted
	delay int // hundredths of a second
}

// appendGIF writes a GIF89a file. The palette of the first frame is everybody's; frames with another one bring it
// along. More than one frame: they are shown for ever, each replacing the one before. The standard library's encoder
// cannot write comments, which carry the copy flag.
func appendGIF(dst []byte, frames []frame, comment string) []byte {
	first := frames[0].img
	dst = append(dst, "GIF89a"...)
	dst = binary.LittleEndian.AppendUint16(dst, uint16(first.Rect.Dx()))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(first.Rect.Dy()))
	size := paletteBits(first)
	dst = append(dst, 0xf0|byte(size-1), 0, 0) // a global palette, background colour 0, aspect not stated
	dst = appendPalette(dst, first, size)
	if comment != "" {
		dst = append(dst, 0x21, 0xfe, byte(len(comment)))
		dst = append(append(dst, comment...), 0)
	}
	if len(frames) > 1 {
		dst = append(dst, "\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"...)
	}
	for _, f := range frames {
		dst = appendFrame(dst, f, len(frames) > 1, &f.img.Palette[0] != &first.Palette[0])
	}
	return append(dst, 0x3b)
}

func appendPalette(dst []byte, img *image.Paletted, size int) []byte {
	for _, c := range img.Palette {
		r, g, b, _ := c.RGBA()
		dst = append(dst, byte(r>>8), byte(g>>8), byte(b>>8))
	}
	return append(dst, make([]byte, 3*(1<<size-len(img.Palette)))...)
}

// transparent returns the index of the palette's transparent colour, or -1.
func transparent(img *image.Paletted) int {
	for i, c := range img.Palette {
		if _, _, _, a := c.RGBA(); a == 0 {
			return i
		}
	}
	return -1
}

func appendFrame(dst []byte, f frame, animated, own bool) []byte {
	size := paletteBits(f.img)
	if clear := transparent(f.img); clear >= 0 || animated {
		flags := byte(0)
		if animated {
			flags = 2 << 2 // restore to background: the next frame starts afresh
		}
		if clear >= 0 {
			flags |= 1
		}
		dst = append(dst, 0x21, 0xf9, 4, flags, byte(f.delay), byte(f.delay>>8), byte(max(clear, 0)), 0)
	}
	dst = append(dst, 0x2c, 0, 0, 0, 0)
	w, h := f.img.Rect.Dx(), f.img.Rect.Dy()
	dst = binary.LittleEndian.AppendUint16(dst, uint16(w))
	dst = binary.LittleEndian.AppendUint16(dst, uint16(h))
	if own {
		dst = appendPalette(append(dst, 0x80|byte(size-1)), f.img, size)
	} else {
		dst = append(dst, 0)
	}
	width := max(size, 2)
	var data bytes.Buffer
	data.Grow(w * h / 2)
	z := lzw.NewWriter(&data, lzw.LSB, width)
	for y := range h {
		z.Write(f.img.Pix[y*f.img.Stride:][:w]) // a bytes.Buffer takes everything
	}
	z.Close()
	dst = append(dst, byte(width))
	for data.Len() > 0 {
		block := data.Next(255)
		dst = append(append(dst, byte(len(block))), block...)
	}
	return append(dst, 0)
}
