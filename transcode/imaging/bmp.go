package imaging

import (
	"encoding/binary"
	"image"
)

// appendBMP writes an uncompressed Windows bitmap: 1, 4 or 8 bits per pixel as the palette needs. The monochrome
// phones of au read the one-bit kind and nothing else [images §2].
func appendBMP(dst []byte, img *image.Paletted) []byte {
	depth := 8
	switch n := paletteBits(img); {
	case n == 1:
		depth = 1
	case n <= 4:
		depth = 4
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	stride := (w*depth + 31) / 32 * 4
	start := 14 + 40 + 4<<depth
	le := binary.LittleEndian
	dst = append(dst, "BM"...)
	dst = le.AppendUint32(dst, uint32(start+stride*h))
	dst = le.AppendUint32(dst, 0)
	dst = le.AppendUint32(dst, uint32(start))
	dst = le.AppendUint32(dst, 40)
	dst = le.AppendUint32(dst, uint32(w))
	dst = le.AppendUint32(dst, uint32(h))
	dst = le.AppendUint16(dst, 1)
	dst = le.AppendUint16(dst, uint16(depth))
	for _, v := range [6]uint32{0, uint32(stride * h), 2835, 2835, 1 << depth, 0} { // uncompressed, 72 dpi, palette size
		dst = le.AppendUint32(dst, v)
	}
	for _, c := range img.Palette {
		r, g, b, _ := c.RGBA()
		dst = append(dst, byte(b>>8), byte(g>>8), byte(r>>8), 0)
	}
	dst = append(dst, make([]byte, 4*(1<<depth-len(img.Palette)))...)
	perByte := 8 / depth
	for y := h - 1; y >= 0; y-- { // bottom row first
		row := img.Pix[y*img.Stride:][:w]
		line := len(dst)
		dst = append(dst, make([]byte, stride)...)
		for x, v := range row {
			dst[line+x/perByte] |= v << (8 - depth - x%perByte*depth)
		}
	}
	return dst
}
