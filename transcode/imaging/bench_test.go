package imaging

import (
	"bytes"
	"image/gif"
	"image/png"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// BenchmarkConvert measures whole conversions; SetBytes counts the source. imagebench compares them with libvips.
func BenchmarkConvert(b *testing.B) {
	drawn := testpic.Draw(2592, 1944, 1)
	photo := drawn.JPEG(testpic.Options{Quality: 90})
	master, _, err := Master(nil, photo)
	if err != nil {
		b.Fatal(err)
	}
	var drawing, animation bytes.Buffer
	small := testpic.Draw(640, 480, 1).Image()
	if err := png.Encode(&drawing, small); err != nil {
		b.Fatal(err)
	}
	if err := gif.Encode(&animation, small, nil); err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		src    []byte
		limits Limits
	}{
		{"5MP fit", photo, Limits{Width: 240, Height: 320}},
		{"5MP fill", photo, Limits{Width: 120, Height: 120, Fill: true}},
		{"5MP master", photo, masterLimits},
		{"5MP progressive", drawn.JPEG(testpic.Options{Quality: 90, Progressive: true}), Limits{Width: 240, Height: 320}},
		{"master fit", master, Limits{Width: 240, Height: 320}},
		{"master fit 10 kB", master, Limits{Width: 240, Height: 320, MaxBytes: 10_000}},
		{"master thumb", master, Limits{Width: 76, Height: 76}},
		{"master to GIF", master, Limits{Width: 240, Height: 320, Formats: GIF}},
		{"master to GIF 10 kB", master, Limits{Width: 240, Height: 320, Formats: GIF, MaxBytes: 10_000}},
		{"master to PNG", master, Limits{Width: 240, Height: 320, Formats: PNG}},
		{"master to BMP", master, Limits{Width: 96, Height: 96, Formats: BMP, Colors: 2}},
		{"PNG to JPEG", drawing.Bytes(), Limits{Width: 240, Height: 320, Formats: JPEG}},
		{"GIF to JPEG", animation.Bytes(), Limits{Width: 240, Height: 320, Formats: JPEG}},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(c.src)))
			var dst []byte
			for b.Loop() {
				if dst, _, err = Convert(dst[:0], c.src, c.limits); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
