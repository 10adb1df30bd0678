package scaledjpeg

import (
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// FuzzDecode: whatever the bytes, no panic; a picture has the size that its header states; and a second decode with the
// same Decoder, its buffers full of the first, gives the same.
func FuzzDecode(f *testing.F) {
	for kind := range testpic.Kinds {
		for _, o := range []testpic.Options{{}, {Progressive: true}, {Restart: 1, Orientation: 6}, {Optimize: true, Separate: true}} {
			o.Kind, o.Quality = kind, 70
			f.Add(testpic.Draw(26, 19, 3).JPEG(o), uint8(kind))
		}
	}
	d := Decoder{Limits: Limits{Pixels: 1 << 18}} // enough for every path, and quick
	f.Fuzz(func(t *testing.T, src []byte, n uint8) {
		scale := 1 << (n & 3)
		c, configErr := DecodeConfig(src)
		p, err := d.Decode(src, scale)
		if p == nil {
			if err == nil {
				t.Fatal("neither a picture nor an error")
			}
			return
		}
		if configErr != nil {
			t.Fatalf("a picture, but DecodeConfig says %v", configErr)
		}
		check(t, p, c, scale)
		sum := checksum(p)
		again, errAgain := d.Decode(src, scale)
		if again == nil || checksum(again) != sum || (err == nil) != (errAgain == nil) {
			t.Fatalf("a second decode gives another picture (%v, %v)", err, errAgain)
		}
	})
}

// check tests what the documentation of Planes promises.
func check(t *testing.T, p *Planes, c Config, scale int) {
	if p.FullWidth != c.Width || p.FullHeight != c.Height || p.Orientation != c.Orientation || p.Scale != scale {
		t.Fatalf("the picture is %d×%d, orientation %d; the header says %+v", p.FullWidth, p.FullHeight, p.Orientation, c)
	}
	if p.Width != ceilDiv(c.Width, scale) || p.Height != ceilDiv(c.Height, scale) || len(p.Y) < p.YStride*p.Height {
		t.Fatalf("luma is %d×%d in %d bytes", p.Width, p.Height, len(p.Y))
	}
	if (p.CWidth > 0) != (c.Components > 1) || len(p.Cb) != len(p.Cr) || len(p.Cb) < p.CStride*p.CHeight {
		t.Fatalf("chroma is %d×%d in %d bytes, for %d components", p.CWidth, p.CHeight, len(p.Cb), c.Components)
	}
}

// checksum is FNV-1a over the samples.
func checksum(p *Planes) uint64 {
	h := uint64(14695981039346656037)
	for _, plane := range [][]byte{p.Y, p.Cb, p.Cr} {
		for _, b := range plane {
			h = (h ^ uint64(b)) * 1099511628211
		}
	}
	return h
}
