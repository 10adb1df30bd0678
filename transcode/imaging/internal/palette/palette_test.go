package palette

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"
)

// colourful draws smooth shades of all colours with some noise.
func colourful(w, h int) *image.NRGBA {
	rng := rand.New(rand.NewPCG(1, 2))
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := func(k float64) uint8 {
				return uint8(127 + 100*math.Sin(float64(x)/(k*20))*math.Cos(float64(y)/(50-k*8)) + 20*rng.Float64())
			}
			img.SetNRGBA(x, y, color.NRGBA{v(1), v(2), v(3), 255})
		}
	}
	return img
}

// difference is the mean absolute difference of two pictures after averaging 4×4 pixels, as an eye does with dither.
func difference(a, b image.Image) float64 {
	var sum float64
	n := 0
	for y := 0; y+4 <= a.Bounds().Dy(); y += 4 {
		for x := 0; x+4 <= a.Bounds().Dx(); x += 4 {
			var d [3]float64
			for i := range 16 {
				ar, ag, ab, _ := a.At(x+i&3, y+i>>2).RGBA()
				br, bg, bb, _ := b.At(x+i&3, y+i>>2).RGBA()
				d[0] += float64(ar) - float64(br)
				d[1] += float64(ag) - float64(bg)
				d[2] += float64(ab) - float64(bb)
			}
			for _, v := range d {
				sum += math.Abs(v) / 16 / 257
			}
			n += 3
		}
	}
	return sum / float64(n)
}

func TestBestAndMapStayNear(t *testing.T) {
	img := colourful(160, 120)
	for _, c := range []struct {
		colours int
		mode    Mode
		most    float64
	}{{256, Diffused, 1.5}, {256, Plain, 5}, {256, Ordered, 6}, {64, Diffused, 4}, {16, Diffused, 12}, {2, Diffused, 60}} {
		p := Best(img, c.colours, Depth{})
		if len(p) > c.colours {
			t.Errorf("%d colours asked, %d found", c.colours, len(p))
		}
		if d := difference(img, Map(img, p, c.mode)); d > c.most {
			t.Errorf("%d colours, mode %d: difference %.2f, want ≤ %v", c.colours, c.mode, d, c.most)
		}
	}
}

func TestNearestIsNearest(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		colours := make([]rgb, 1+rng.IntN(256))
		for i := range colours {
			colours[i] = rgb{rng.IntN(256), rng.IntN(256), rng.IntN(256)}
		}
		s := newSearch(colours)
		far := func(a, b rgb) int {
			r, g, b2 := a[0]-b[0], a[1]-b[1], a[2]-b[2]
			return weightR*r*r + weightG*g*g + weightB*b2*b2
		}
		for range 500 {
			c := rgb{rng.IntN(256), rng.IntN(256), rng.IntN(256)}
			got := far(colours[s.nearest(c)], c)
			for _, k := range colours {
				if far(k, c) < got {
					t.Fatalf("%v is nearer to %v than %v", k, c, colours[s.nearest(c)])
				}
			}
		}
	}
}

func TestDepths(t *testing.T) {
	for name, c := range map[string]struct {
		depth  Depth
		levels [3]int
	}{"4096": {Depth4096, [3]int{16, 16, 16}}, "65536": {Depth65536, [3]int{32, 64, 32}}} {
		img := colourful(160, 120)
		before := image.NewNRGBA(img.Rect)
		copy(before.Pix, img.Pix)
		Dither(img, c.depth)
		var seen [3]map[uint8]bool
		for axis := range seen {
			seen[axis] = map[uint8]bool{}
			for i := axis; i < len(img.Pix); i += 4 {
				seen[axis][img.Pix[i]] = true
			}
			if len(seen[axis]) > c.levels[axis] {
				t.Errorf("%s: %d levels on axis %d, want ≤ %d", name, len(seen[axis]), axis, c.levels[axis])
			}
		}
		if d := difference(before, img); d > 2 {
			t.Errorf("%s: difference %.2f", name, d)
		}
		for _, k := range Best(before, 256, c.depth) {
			n := k.(color.NRGBA)
			if v := (rgb{int(n.R), int(n.G), int(n.B)}); c.depth.nearest(v) != v {
				t.Errorf("%s: the display has no colour %v", name, v)
			}
		}
	}
}

func TestDitherKeepsBlackAndWhite(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 16, 8))
	for i := range img.Pix {
		if i >= len(img.Pix)/2 {
			img.Pix[i] = 255
		}
	}
	Dither(img, Depth4096)
	for i, v := range img.Pix {
		if want := uint8(0); i >= len(img.Pix)/2 && v != 255 || i < len(img.Pix)/2 && v != want {
			t.Fatalf("byte %d became %d", i, v)
		}
	}
}

func TestTransparentPixels(t *testing.T) {
	img := colourful(16, 16)
	for i := range 8 {
		img.SetNRGBA(i, 3, color.NRGBA{})
	}
	for _, mode := range []Mode{Diffused, Ordered, Plain} {
		m := Map(img, Best(img, 15, Depth{}), mode)
		for i := range 16 {
			if _, _, _, a := m.At(i, 3).RGBA(); (a == 0) != (i < 8) {
				t.Errorf("mode %d: pixel %d has alpha %d", mode, i, a)
			}
		}
	}
}

func TestExact(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 10, 10))
	for i := range 100 {
		img.SetNRGBA(i%10, i/10, color.NRGBA{uint8(i / 25), 7, 9, 255})
	}
	if m := Exact(img, 3); m != nil {
		t.Error("four colours do not fit three")
	}
	m := Exact(img, 4)
	if m == nil || difference(img, m) != 0 {
		t.Error("four colours, not drawn exactly")
	}
}

func TestFixedPalettes(t *testing.T) {
	if p := Cube332(); len(p) != 256 || p[0] != (color.NRGBA{A: 255}) || p[255] != (color.NRGBA{255, 255, 255, 255}) || p[0xe0] != (color.NRGBA{255, 0, 0, 255}) {
		t.Error("not the cube")
	}
	if p := Greys(4); p[1] != (color.NRGBA{85, 85, 85, 255}) || p[3] != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("greys %v", p)
	}
}

func BenchmarkPalette(b *testing.B) {
	img := colourful(240, 180)
	p := Best(img, 256, Depth{})
	b.Run("best", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			Best(img, 256, Depth{})
		}
	})
	for name, mode := range map[string]Mode{"diffused": Diffused, "ordered": Ordered, "plain": Plain} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Map(img, p, mode)
			}
		})
	}
}
