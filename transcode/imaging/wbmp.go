package imaging

import (
	"image"
	"image/color"
)

// appendWBMP writes a bitmap of WAP, type 0: one bit a pixel, 1 is white, the rows whole bytes from the top (WAP-190-WAESpec §6.2).
// Of the palette only the light and the dark half count.
func appendWBMP(dst []byte, img *image.Paletted) []byte {
	w, h := img.Rect.Dx(), img.Rect.Dy()
	dst = appendMultibyte(appendMultibyte(append(dst, 0, 0), w), h)
	white := make([]byte, 256)
	for i, c := range img.Palette {
		if color.GrayModel.Convert(c).(color.Gray).Y >= 128 {
			white[i] = 1
		}
	}
	for y := range h {
		row, line := img.Pix[y*img.Stride:][:w], len(dst)
		dst = append(dst, make([]byte, (w+7)/8)...)
		for x, v := range row {
			dst[line+x/8] |= white[v] << (7 - x%8)
		}
	}
	return dst
}

// appendMultibyte writes a number as WAP does, seven bits a byte, the highest first (WAP-203-WSP §8.1.2).
func appendMultibyte(dst []byte, n int) []byte {
	if n >= 1<<7 {
		for shift := 28; shift > 0; shift -= 7 {
			if n>>shift > 0 {
				dst = append(dst, byte(n>>shift)|0x80)
			}
		}
	}
	return append(dst, byte(n&0x7f))
}
