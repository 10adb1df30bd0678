package imaging

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// segment is an application segment of a JPEG.
func segment(marker byte, body string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)), body...)
}

// TestSEC81_StripKeepsPixels: what is kept of an upload has each pixel of it and nothing that it told beside.
func TestSEC81_StripKeepsPixels(t *testing.T) {
	const secret = "35.0 N 139.0 E"
	plain := testpic.Draw(64, 48, 1).JPEG(testpic.Options{Progressive: true})
	exif := string(turnedExif(6)[4:]) + secret
	jpg := append([]byte{}, plain[:2]...)
	jpg = append(jpg, segment(0xE1, exif)...)
	jpg = append(jpg, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	jpg = append(jpg, segment(0xE2, "MPF\x00"+secret)...)
	jpg = append(jpg, segment(0xE2, "ICC_PROFILE\x00\x01\x01colours")...)
	jpg = append(jpg, segment(0xFE, secret)...)
	jpg = append(append(jpg, plain[2:]...), secret...)

	drawing := image.NewPaletted(image.Rect(0, 0, 9, 7), color.Palette{color.Black, color.White})
	drawing.SetColorIndex(3, 4, 1)
	var p bytes.Buffer
	if err := png.Encode(&p, drawing); err != nil {
		t.Fatal(err)
	}
	end := p.Len() - 12
	picture := appendChunk(appendChunk(bytes.Clone(p.Bytes()[:end]), "tEXt", "place\x00"+secret), "eXIf", string(turnedExif(3)[10:])+secret)
	picture = append(append(picture, p.Bytes()[end:]...), secret...)

	var g bytes.Buffer
	if err := gif.EncodeAll(&g, &gif.GIF{Image: []*image.Paletted{drawing, drawing}, Delay: []int{1, 1}}); err != nil {
		t.Fatal(err)
	}
	at := bytes.Index(g.Bytes(), []byte("!\xf9"))
	moving := append(append(bytes.Clone(g.Bytes()[:at]), "!\xfe\x0e"+secret+"\x00"...), g.Bytes()[at:]...)

	for name, src := range map[string][]byte{"jpeg": jpg, "png": picture, "gif": append(moving, secret...)} {
		out := Strip(src)
		if out == nil {
			t.Errorf("%s: not kept", name)
			continue
		}
		if bytes.Contains(out, []byte(secret)) {
			t.Errorf("%s: still tells the place", name)
		}
		was, _, err := image.Decode(bytes.NewReader(src))
		is, kind, err2 := image.Decode(bytes.NewReader(out))
		if err != nil || err2 != nil || kind != name {
			t.Errorf("%s: %v, %v, read as %s", name, err, err2, kind)
			continue
		}
		for y := range was.Bounds().Dy() {
			for x := range was.Bounds().Dx() {
				if was.At(x, y) != is.At(x, y) {
					t.Fatalf("%s: another pixel at %d, %d", name, x, y)
				}
			}
		}
		a, err := inspect(src, 0)
		b, err2 := inspect(out, 0)
		if err != nil || err2 != nil || a.orientation != b.orientation || a.frames != b.frames {
			t.Errorf("%s: orientation %d and %d, frames %d and %d, %v %v", name, a.orientation, b.orientation, a.frames, b.frames, err, err2)
		}
		if name == "jpeg" && !bytes.Contains(out, []byte("ICC_PROFILE")) {
			t.Error("jpeg: lost its colours")
		}
	}
}

// TestStrip_refuses what it cannot keep as it is.
func TestStrip_refuses(t *testing.T) {
	for name, src := range map[string][]byte{"nothing": nil, "text": []byte("hello"), "bmp": []byte("BM" + string(make([]byte, 60))),
		"jpeg without a scan": {0xFF, 0xD8, 0xFF, 0xD9}, "png that breaks off": []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR")} {
		if out := Strip(src); out != nil {
			t.Errorf("%s: kept %d bytes", name, len(out))
		}
	}
}

// FuzzStrip: whatever comes, it ends, and what is kept can be read again to the same.
func FuzzStrip(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16)), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add(gifFlood(2, 2, 3))
	f.Add(pngFlood(8, 8))
	f.Fuzz(func(t *testing.T, src []byte) {
		out := Strip(src)
		if out != nil && !bytes.Equal(Strip(out), out) {
			t.Error("what was kept is not kept again as it is")
		}
	})
}
