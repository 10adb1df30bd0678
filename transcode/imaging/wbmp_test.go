package imaging

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"testing"
)

// A bitmap of WAP is black and white, type 0, with its size in bytes of seven bits; whatever the picture was.
func TestWBMP(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 200, 3))
	for x := range 200 {
		for y := range 3 {
			c := color.NRGBA{255, 255, 255, 255}
			if x < 100 {
				c = color.NRGBA{0, 0, 0, 255}
			}
			img.SetNRGBA(x, y, c)
		}
	}
	var src bytes.Buffer
	png.Encode(&src, img)
	out, info, err := Convert(nil, src.Bytes(), Limits{Formats: WBMP, Colors: 65536})
	if err != nil || info.Format != WBMP || info.Format.ContentType() != "image/vnd.wap.wbmp" {
		t.Fatalf("%v %+v", err, info)
	}
	head := []byte{0, 0, 0x81, 0x48, 3} // 200 = 1·128 + 72
	if !bytes.HasPrefix(out, head) || len(out) != len(head)+3*25 {
		t.Fatalf("% x (%d bytes)", out[:8], len(out))
	}
	row := out[len(head):][:25]
	if row[0] != 0 || row[11] != 0 || row[12] != 0x0f || row[13] != 0xff || row[24] != 0xff {
		t.Errorf("a row is % x, want black up to 100, then white", row)
	}
}
