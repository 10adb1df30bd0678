package imaging

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
)

// appendPNG writes a PNG file: palettes with as few bits as they need, never interlaced. The quick compression costs
// 5 % of the bytes of a photo against the default one and saves three quarters of the time.
func appendPNG(dst []byte, img image.Image, comment string) []byte {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed, BufferPool: pngBuffers}
	if err := encoder.Encode(&out, img); err != nil {
		panic("imaging: a picture of 1 … 2048 pixels a side cannot be written as PNG: " + err.Error())
	}
	if comment == "" {
		return append(dst, out.Bytes()...)
	}
	const head = 8 + 25 // signature and IHDR
	dst = append(dst, out.Bytes()[:head]...)
	dst = appendChunk(dst, "tEXt", "Comment\x00"+comment)
	return append(dst, out.Bytes()[head:]...)
}

func appendChunk(dst []byte, kind, data string) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(data)))
	start := len(dst)
	dst = append(append(dst, kind...), data...)
	return binary.BigEndian.AppendUint32(dst, crc32.ChecksumIEEE(dst[start:]))
}
