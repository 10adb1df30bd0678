package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"io"
	"math"

	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"

	"musubi/transcode/imaging/internal/avif"
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
		if h.bitmap, err = readBitmap(src[14:], int(binary.LittleEndian.Uint32(src[10:14]))-14, false); err == nil {
			c.Width, c.Height = h.bitmap.width, h.bitmap.height
		}
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
	case AVIF:
		h.depth = 10
		h.orientation = turnedAVIF(src)
		c.Width, c.Height, err = avif.Size(src)
	case SVG:
		return h.readVector(src)
	}
	h.width, h.height = c.Width, c.Height
	return err
}

// decodeWhole decodes what readWhole has found good.
func (h *header) decodeWhole(src []byte) (img image.Image, err error) {
	switch r := bytes.NewReader(h.one); h.format {
	case BMP, ICO:
		img = h.bitmap.decode()
	case AVIF:
		img, err = avif.Decode(h.one)
	case SVG:
		img, err = h.drawVector()
	case TIFF:
		img, err = tiff.Decode(r)
	case WebP:
		if img, err = decodeWebP(r); err != nil {
			img, err = decodeCutWebP(h.one, err)
		}
	}
	if err == nil && img.Bounds().Size() != image.Pt(h.width, h.height) {
		err = fmt.Errorf("it has %v pixels where its header says %d×%d", img.Bounds().Size(), h.width, h.height)
	}
	return img, err
}

// decodeWebP decodes a whole file. What is lossy has brightness of 16 to 235 and colours of 16 to 240 (BT.601) [webp], which the library hands
// on as if they were JPEG's, of 0 to 255.
func decodeWebP(r io.Reader) (image.Image, error) {
	img, err := webp.Decode(r)
	switch p := img.(type) {
	case *image.YCbCr:
		fullRange(p)
	case *image.NYCbCrA:
		fullRange(&p.YCbCr)
	}
	return img, err
}

// fullY and fullC are what a byte of brightness and of colour is in the full range.
var fullY, fullC = func() (y, c [256]byte) {
	for i := range 256 {
		y[i] = byte(min(max(((i-16)*255+109)/219, 0), 255))
		c[i] = byte(min(max(128+int(math.Round(float64(i-128)*255/224)), 0), 255))
	}
	return y, c
}()

func fullRange(p *image.YCbCr) {
	for i, v := range p.Y {
		p.Y[i] = fullY[v]
	}
	for i := range p.Cb {
		p.Cb[i], p.Cr[i] = fullC[p.Cb[i]], fullC[p.Cr[i]]
	}
}

// decodeCutWebP decodes a file that was cut off as far as it goes. The library wants all of it: it gets the rest made up, in two ways, and
// the rows above the first in which the pictures differ are those that the file says.
func decodeCutWebP(src []byte, why error) (image.Image, error) {
	missing := int64(0)
	for at := int64(12); at+8 <= int64(len(src)); {
		n := int64(binary.LittleEndian.Uint32(src[at+4:]))
		at += 8 + n + n&1
		missing = at - int64(len(src))
	}
	if missing <= 0 || missing > int64(len(src))+1<<20 {
		return nil, why
	}
	var both [2]image.Image
	for i, fill := range []byte{0x00, 0xA5} {
		whole := append(bytes.Clone(src), bytes.Repeat([]byte{fill}, int(missing))...)
		binary.LittleEndian.PutUint32(whole[4:], uint32(len(whole)-8))
		var err error
		if both[i], err = decodeWebP(bytes.NewReader(whole)); err != nil {
			return nil, why
		}
	}
	b := both[0].Bounds()
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	row := image.NewNRGBA(image.Rect(0, 0, b.Dx(), 1))
	for y := range b.Dy() {
		line := out.Pix[y*out.Stride:][:out.Stride]
		draw.Draw(out, image.Rect(0, y, b.Dx(), y+1), both[0], image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		draw.Draw(row, row.Rect, both[1], image.Pt(b.Min.X, b.Min.Y+y), draw.Src)
		if !bytes.Equal(line, row.Pix) {
			clear(line)
			break
		}
	}
	return out, nil
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

// turnedAVIF finds how the picture is to be turned: libavif leaves that to the caller. The property irot counts quarters against
// the clock, imir names the axis [avif].
func turnedAVIF(src []byte) int {
	head := src[:min(len(src), 64<<10)]
	quarters, mirror := 0, -1
	if at := bytes.Index(head, []byte("\x00\x00\x00\x09irot")); at >= 0 && at+8 < len(head) {
		quarters = int(head[at+8] & 3)
	}
	if at := bytes.Index(head, []byte("\x00\x00\x00\x09imir")); at >= 0 && at+8 < len(head) {
		mirror = int(head[at+8] & 1)
	}
	return [][4]int{{1, 8, 3, 6}, {4, 7, 2, 5}, {2, 5, 4, 7}}[mirror+1][quarters] // as it is; the upper half below; left on the right
}

// readIcon picks the largest picture of an icon, of equals the one of most colours: a PNG, or a bitmap without its file
// header and with a mask below it.
func (h *header) readIcon(src []byte) error {
	best := []byte(nil)
	most := 0
	if len(src) < 6 {
		return errors.New("ico: it ends in its header")
	}
	for i := range int(binary.LittleEndian.Uint16(src[4:])) {
		at := 6 + 16*i
		if at+16 > len(src) {
			break
		}
		size, from := uint64(binary.LittleEndian.Uint32(src[at+8:])), uint64(binary.LittleEndian.Uint32(src[at+12:]))
		worth := (int(src[at]-1)+1)*(int(src[at+1]-1)+1)<<8 + int(src[at+6]) // 0 is 256
		if from+16 > uint64(len(src)) || best != nil && worth <= most {
			continue
		}
		best, most = src[from:min(from+size, uint64(len(src)))], worth
	}
	if best == nil {
		return errors.New("ico: it has no picture")
	}
	if bytes.HasPrefix(best, []byte(pngMagic)) {
		h.format, h.depth = PNG, 0
		return h.read(best)
	}
	var err error
	if h.bitmap, err = readBitmap(best, 0, true); err != nil {
		return err
	}
	h.depth, h.width, h.height = 4, h.bitmap.width, h.bitmap.height
	return nil
}
