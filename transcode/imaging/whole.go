package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"musubi/transcode/imaging/scaledjpeg"
)

// Formats that no handset of the time knew and pages of today are full of. Libraries decode them as a whole, so their
// size is bounded more narrowly (maxDecoded), and by what they hold, before that.

// readWhole reads the header of such a format.
func (h *header) readWhole(src []byte) error {
	h.one, h.inOrder = src, true
	var c image.Config
	var err error
	switch h.format {
	case BMP:
		h.depth = 4
		c, err = bmp.DecodeConfig(bytes.NewReader(src))
	case TIFF:
		h.depth = 8
		c, err = tiff.DecodeConfig(bytes.NewReader(src))
		h.orientation = max(scaledjpeg.ExifOrientation(src), 1)
	case WebP:
		if h.one, err = stillWebP(src, h); err == nil {
			if h.depth = 4; bytes.Contains(h.one[:min(len(h.one), 64)], []byte("VP8L")) {
				h.depth = 8 // its pixels are held twice
			}
			c, err = webp.DecodeConfig(bytes.NewReader(h.one))
		}
	case ICO:
		return h.readIcon(src)
	}
	h.width, h.height = c.Width, c.Height
	return err
}

// decodeWhole decodes what readWhole has found good.
func (h *header) decodeWhole(src []byte) (img image.Image, err error) {
	switch r := bytes.NewReader(h.one); h.format {
	case BMP, ICO:
		img, err = bmp.Decode(r)
	case TIFF:
		img, err = tiff.Decode(r)
	case WebP:
		img, err = webp.Decode(r)
	}
	if err == nil && img.Bounds().Size() != image.Pt(h.width, h.height) {
		err = fmt.Errorf("it has %v pixels where its header says %d×%d", img.Bounds().Size(), h.width, h.height)
	}
	return img, err
}

// stillWebP returns a file that holds one picture: the source itself, or a new one around the first frame of an
// animation, which the library does not read. It notes the EXIF orientation [webp].
func stillWebP(src []byte, h *header) ([]byte, error) {
	if len(src) < 30 || string(src[12:16]) != "VP8X" {
		return src, nil
	}
	still := []byte(nil)
	for at := 12; at+8 <= len(src); {
		n := int64(binary.LittleEndian.Uint32(src[at+4:]))
		body := src[at+8:]
		body = body[:min(n, int64(len(body)))]
		switch string(src[at : at+4]) {
		case "ANMF":
			if still == nil && len(body) > 16 {
				still = aroundFrame(body)
			}
		case "EXIF":
			h.orientation = max(scaledjpeg.ExifOrientation(bytes.TrimPrefix(body, []byte("Exif\x00\x00"))), 1)
		}
		if n+n&1 > int64(len(src)-at-8) {
			break
		}
		at += 8 + int(n+n&1)
	}
	if still != nil {
		return still, nil
	}
	if src[20]&2 != 0 {
		return nil, errors.New("webp: an animation without frames")
	}
	return src, nil
}

// aroundFrame writes a WebP file around the body of an ANMF chunk: position, size − 1, duration, flags, then the
// chunks of one picture.
func aroundFrame(body []byte) []byte {
	out := append([]byte("RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00"), body[6:12]...)
	if string(body[16:20][:min(4, len(body)-16)]) != "ALPH" {
		out = out[:12] // a picture alone needs no VP8X
	}
	out = append(out, body[16:]...)
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out
}

// readIcon picks the largest picture of an icon: a PNG, or a bitmap without its file header and with a mask below it,
// which is left out.
func (h *header) readIcon(src []byte) error {
	best := []byte(nil)
	most := 0
	for i := range int(binary.LittleEndian.Uint16(src[4:min(6, len(src))])) {
		at := 6 + 16*i
		if at+16 > len(src) {
			break
		}
		size, from := uint64(binary.LittleEndian.Uint32(src[at+8:])), uint64(binary.LittleEndian.Uint32(src[at+12:]))
		side := int(src[at]-1) + 1 // 0 is 256
		if from+size > uint64(len(src)) || side < most || size < 40 {
			continue
		}
		best, most = src[from:from+size], side
	}
	if best == nil {
		return errors.New("ico: it has no picture")
	}
	if bytes.HasPrefix(best, []byte(pngMagic)) {
		h.format, h.depth = PNG, 0
		return h.read(best)
	}
	le := binary.LittleEndian
	if le.Uint32(best) != 40 {
		return errors.New("ico: a bitmap of an unknown kind")
	}
	colours := 0
	if depth := le.Uint16(best[14:]); depth <= 8 {
		if colours = int(le.Uint32(best[32:])); colours == 0 || colours > 256 {
			colours = 1 << depth
		}
	}
	file := append([]byte("BM\x00\x00\x00\x00\x00\x00\x00\x00"), 0, 0, 0, 0)
	le.PutUint32(file[10:], uint32(14+40+4*colours))
	file = append(file, best...)
	height := int32(le.Uint32(file[22:])) / 2 // the mask counts
	le.PutUint32(file[22:], uint32(height))
	h.one, h.depth = file, 4
	c, err := bmp.DecodeConfig(bytes.NewReader(file))
	h.width, h.height = c.Width, c.Height
	return err
}
