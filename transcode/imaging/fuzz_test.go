package imaging

import (
	"bytes"
	"image/gif"
	"image/png"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// FuzzConvert: any bytes and any limits give a picture within the limits or an error, never a panic.
func FuzzConvert(f *testing.F) {
	small := testpic.Draw(40, 30, 1)
	for kind := range testpic.Kinds {
		f.Add(small.JPEG(testpic.Options{Kind: kind}), uint16(20), uint16(20), uint16(900), uint8(JPEG), uint32(0), uint8(0))
	}
	f.Add(small.JPEG(testpic.Options{Progressive: true, Orientation: 6}), uint16(64), uint16(9), uint16(0), uint8(JPEG|GIF), uint32(256), uint8(7))
	var out bytes.Buffer
	if err := png.Encode(&out, small.Image()); err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Clone(out.Bytes()), uint16(20), uint16(0), uint16(500), uint8(PNG), uint32(4096), uint8(3))
	out.Reset()
	if err := gif.Encode(&out, small.Image(), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(bytes.Clone(out.Bytes()), uint16(0), uint16(30), uint16(400), uint8(GIF), uint32(16), uint8(1))
	f.Add(animation(4, gif.DisposalPrevious), uint16(30), uint16(30), uint16(2000), uint8(GIF), uint32(0), uint8(0))
	f.Add(pngFlood(100, 100), uint16(30), uint16(30), uint16(100), uint8(BMP), uint32(2), uint8(0))
	f.Fuzz(func(t *testing.T, src []byte, w, h, limit uint16, formats uint8, colors uint32, how uint8) {
		if cfg, err := inspect(src, 0); err == nil && cfg.width*cfg.height > 1<<18 {
			t.Skip("the bounds have tests of their own")
		}
		l := Limits{
			Width: int(w % 300), Height: int(h % 300), MaxBytes: int(limit), Formats: Formats(formats) & (JPEG | PNG | GIF | BMP),
			Colors: int(colors % (1 << 20)), Fill: how&1 > 0, Crop: Crop(how >> 1 & 1), Enlarge: how&4 > 0, Cube332: how&8 > 0, Frames: int(how >> 4),
		}
		out, info, err := Convert(nil, src, l)
		if err != nil {
			return
		}
		read(t, out, info)
		if l.MaxBytes > 0 && len(out) > l.MaxBytes {
			t.Errorf("%d bytes, over %d", len(out), l.MaxBytes)
		}
		if l.formats()&info.Format == 0 {
			t.Errorf("format %v, allowed %v", info.Format, l.formats())
		}
		if l.Width > 0 && info.Width > l.Width || l.Height > 0 && info.Height > l.Height {
			t.Errorf("%d×%d, over %d×%d", info.Width, info.Height, l.Width, l.Height)
		}
	})
}
