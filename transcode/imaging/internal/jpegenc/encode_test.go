package jpegenc

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"math/rand/v2"
	"testing"
)

// picture draws planes with smooth shapes and some noise. chroma is 0 (grey), 1 (4:4:4) or 2 (4:2:0).
func picture(w, h, chroma int) []Plane {
	rng := rand.New(rand.NewPCG(uint64(w), uint64(h)))
	planes := []Plane{{Width: w, Height: h}}
	if chroma > 0 {
		c := Plane{Width: (w + chroma - 1) / chroma, Height: (h + chroma - 1) / chroma}
		planes = append(planes, c, c)
	}
	for i := range planes {
		p := &planes[i]
		p.Stride = p.Width + 3
		p.Pix = make([]byte, p.Stride*p.Height)
		for y := range p.Height {
			for x := range p.Width {
				v := 128 + 90*math.Sin(float64(x*(i+1))/17)*math.Cos(float64(y)/(11+float64(i))) + 12*rng.Float64()
				p.Pix[y*p.Stride+x] = uint8(v)
			}
		}
	}
	return planes
}

// meanError is the mean absolute difference between planes and a decoded file.
func meanError(t *testing.T, planes []Plane, file []byte) float64 {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if s := img.Bounds().Size(); s.X != planes[0].Width || s.Y != planes[0].Height {
		t.Fatalf("size %v, want %d×%d", s, planes[0].Width, planes[0].Height)
	}
	var got []Plane
	switch m := img.(type) {
	case *image.Gray:
		got = []Plane{{Pix: m.Pix, Stride: m.Stride}}
	case *image.YCbCr:
		got = []Plane{{Pix: m.Y, Stride: m.YStride}, {Pix: m.Cb, Stride: m.CStride}, {Pix: m.Cr, Stride: m.CStride}}
	}
	if len(got) != len(planes) {
		t.Fatalf("%d components, want %d", len(got), len(planes))
	}
	var sum, n float64
	for i, p := range planes {
		for y := range p.Height {
			for x := range p.Width {
				sum += math.Abs(float64(p.Pix[y*p.Stride+x]) - float64(got[i].Pix[y*got[i].Stride+x]))
				n++
			}
		}
	}
	return sum / n
}

func TestEncodeReadsBackAtEverySizeAndSampling(t *testing.T) {
	var e Encoder
	for _, size := range [][2]int{{1, 1}, {1, 40}, {40, 1}, {7, 9}, {8, 8}, {16, 16}, {17, 33}, {121, 75}, {240, 180}} {
		for chroma := range 3 {
			planes := picture(size[0], size[1], chroma)
			if err := e.Set(planes); err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct{ quality, most float64 }{{100, 0.6}, {92.5, 2.5}, {75, 5}, {30, 8}, {1, 60}} {
				file := e.Append(nil, c.quality, "")
				if got := meanError(t, planes, file); got > c.most {
					t.Errorf("%v chroma %d quality %v: mean error %.2f, want ≤ %.2f", size, chroma, c.quality, got, c.most)
				}
				if size := e.Size(c.quality, ""); size < len(file)-len(file)/50-3 || size > len(file)+len(file)/50+3 {
					t.Errorf("Size %d, file has %d bytes", size, len(file))
				}
			}
		}
	}
}

func TestEncodeBeatsTheStandardTables(t *testing.T) {
	planes := picture(240, 180, 2)
	img := image.NewYCbCr(image.Rect(0, 0, 240, 180), image.YCbCrSubsampleRatio420)
	for i, pix := range [][]byte{img.Y, img.Cb, img.Cr} {
		for y := range planes[i].Height {
			copy(pix[y*planes[i].Width:][:planes[i].Width], planes[i].Pix[y*planes[i].Stride:])
		}
	}
	var std bytes.Buffer
	if err := jpeg.Encode(&std, img, &jpeg.Options{Quality: 75}); err != nil {
		t.Fatal(err)
	}
	var e Encoder
	if err := e.Set(planes); err != nil {
		t.Fatal(err)
	}
	if ours := e.Append(nil, 75, ""); len(ours) > std.Len()*97/100 {
		t.Errorf("%d bytes, the standard tables take %d: want 3 %% less at least", len(ours), std.Len())
	}
}

func TestEncodeComment(t *testing.T) {
	var e Encoder
	if err := e.Set(picture(20, 20, 2)); err != nil {
		t.Fatal(err)
	}
	plain, marked := e.Append(nil, 60, ""), e.Append(nil, 60, `copy="NO"`)
	if len(marked) != len(plain)+4+9 || !bytes.Contains(marked, []byte("\xff\xfe\x00\x0bcopy=\"NO\"")) {
		t.Errorf("no comment marker in %q", marked[:40])
	}
	if _, err := jpeg.Decode(bytes.NewReader(marked)); err != nil {
		t.Error(err)
	}
}

func TestSetRefusesOtherPlanes(t *testing.T) {
	var e Encoder
	ok := picture(16, 16, 1)
	for name, planes := range map[string][]Plane{
		"none":         nil,
		"two":          ok[:2],
		"empty":        {{}},
		"4:2:2":        {ok[0], {Width: 8, Height: 16}, {Width: 8, Height: 16}},
		"unlike":       {ok[0], ok[1], {Width: 8, Height: 8}},
		"beyond 65535": {{Width: 65536, Height: 1}},
	} {
		if err := e.Set(planes); err != ErrPlanes {
			t.Errorf("%s: %v, want ErrPlanes", name, err)
		}
	}
}

// TestHuffmanStaysWithin16Bits feeds Fibonacci counts, which make the deepest trees there are.
func TestHuffmanStaysWithin16Bits(t *testing.T) {
	for n := 1; n <= 40; n++ {
		var tab table
		a, b := uint32(1), uint32(1)
		for s := range n {
			tab.count[s] = a
			a, b = b, a+b
		}
		tab.build()
		if len(tab.values) != n {
			t.Fatalf("%d symbols, want %d", len(tab.values), n)
		}
		space := 0.0 // of all codes: less than 1, for the code of ones is kept free
		for s := range n {
			if l := tab.length[s]; l < 1 || l > 16 {
				t.Fatalf("%d symbols: length %d", n, l)
			}
			space += math.Pow(2, -float64(tab.length[s]))
		}
		if space >= 1 {
			t.Errorf("%d symbols: code space %v, want < 1", n, space)
		}
	}
}

func TestScaleAndQualityAreInverse(t *testing.T) {
	for q := 1.0; q <= 100; q += 0.25 {
		if got := Quality(Scale(q)); math.Abs(got-q) > 1e-9 {
			t.Errorf("Quality(Scale(%v)) = %v", q, got)
		}
	}
}

func BenchmarkEncode(b *testing.B) {
	planes := picture(240, 180, 2)
	var e Encoder
	var dst []byte
	b.Run("set", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := e.Set(planes); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, q := range []float64{30, 75, 95} {
		b.Run(fmt.Sprintf("size q%v", q), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				e.Size(q+float64(i&1)/4, "")
			}
		})
		b.Run(fmt.Sprintf("append q%v", q), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				dst = e.Append(dst[:0], q+float64(i&1)/4, "")
			}
		})
	}
}
