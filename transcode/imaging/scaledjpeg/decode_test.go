package scaledjpeg

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"runtime"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// plane is a plane of the oracle: the standard decoder's samples inside the picture.
type plane struct {
	samples               []byte
	width, height, stride int
}

// oracle decodes with the standard decoder.
func oracle(t testing.TB, src []byte) []plane {
	t.Helper()
	img, err := jpeg.Decode(bytes.NewReader(src))
	if err != nil {
		t.Fatal("the standard decoder says:", err)
	}
	switch m := img.(type) {
	case *image.Gray:
		return []plane{{m.Pix, m.Rect.Dx(), m.Rect.Dy(), m.Stride}}
	case *image.YCbCr:
		w, h := m.Rect.Dx(), m.Rect.Dy()
		cw, ch := (w-1)/subsample[m.SubsampleRatio].X+1, (h-1)/subsample[m.SubsampleRatio].Y+1
		return []plane{{m.Y, w, h, m.YStride}, {m.Cb, cw, ch, m.CStride}, {m.Cr, cw, ch, m.CStride}}
	}
	t.Fatalf("the standard decoder gives %T", img)
	return nil
}

var subsample = map[image.YCbCrSubsampleRatio]image.Point{
	image.YCbCrSubsampleRatio444: {X: 1, Y: 1}, image.YCbCrSubsampleRatio422: {X: 2, Y: 1},
	image.YCbCrSubsampleRatio420: {X: 2, Y: 2}, image.YCbCrSubsampleRatio440: {X: 1, Y: 2},
	image.YCbCrSubsampleRatio411: {X: 4, Y: 1}, image.YCbCrSubsampleRatio410: {X: 4, Y: 2},
}

// mean is the mean of the scale×scale box at (x, y) of the reduced plane, over the samples inside the picture, and
// whether any of them is at the end of the range, where the decoder clips and the frequencies know better.
func (p plane) mean(x, y, scale int) (mean float64, clipped bool) {
	sum, n := 0, 0
	for v := y * scale; v < min(y*scale+scale, p.height); v++ {
		for u := x * scale; u < min(x*scale+scale, p.width); u++ {
			s := p.samples[v*p.stride+u]
			clipped = clipped || s == 0 || s == 255
			sum += int(s)
			n++
		}
	}
	return float64(sum) / float64(n), clipped
}

func planesOf(p *Planes) []plane {
	all := []plane{{p.Y, p.Width, p.Height, p.YStride}}
	if p.CWidth > 0 {
		all = append(all, plane{p.Cb, p.CWidth, p.CHeight, p.CStride}, plane{p.Cr, p.CWidth, p.CHeight, p.CStride})
	}
	return all
}

// compare checks the planes against the oracle: within 2 levels of the mean of each box.
func compare(t *testing.T, got *Planes, want []plane, scale int) {
	t.Helper()
	planes := planesOf(got)
	if len(planes) != len(want) {
		t.Fatalf("%d planes; want %d", len(planes), len(want))
	}
	for i, p := range planes {
		w := want[i]
		if p.width != ceilDiv(w.width, scale) || p.height != ceilDiv(w.height, scale) {
			t.Fatalf("plane %d is %d×%d; want %d×%d at 1/%d", i, p.width, p.height, w.width, w.height, scale)
		}
		bad := 0
		for y := range p.height {
			for x := range p.width {
				mean, clipped := w.mean(x, y, scale)
				if d := float64(p.samples[y*p.stride+x]) - mean; (d > 2 || d < -2) && !clipped {
					if bad++; bad < 4 {
						t.Errorf("plane %d (%d,%d): %d; want %.2f", i, x, y, p.samples[y*p.stride+x], mean)
					}
				}
			}
		}
		if bad > 0 {
			t.Errorf("plane %d: %d of %d samples are off", i, bad, p.width*p.height)
		}
	}
}

// TestDecode_againstStandard is the exam: every subsampling, scale and sort of scan, at sizes around the MCU's.
func TestDecode_againstStandard(t *testing.T) {
	sizes := [][2]int{{1, 1}, {7, 9}, {8, 8}, {15, 17}, {16, 16}, {33, 31}, {64, 40}, {100, 75}, {131, 67}}
	kinds := []testpic.Kind{testpic.YCbCr420, testpic.YCbCr422, testpic.YCbCr444, testpic.YCbCr440,
		testpic.YCbCr411, testpic.YCbCr410, testpic.Grey, testpic.Grey2x2}
	options := []testpic.Options{{}, {Quality: 98, Optimize: true}, {Quality: 30}, {Restart: 1}, {Restart: 3}, {Separate: true}, {Progressive: true}}
	var d Decoder
	for _, kind := range kinds {
		for _, o := range options {
			o.Kind = kind
			t.Run(fmt.Sprintf("%s/%+v", testpic.Kinds[kind], o), func(t *testing.T) {
				for _, size := range sizes {
					src := testpic.Draw(size[0], size[1], 9).JPEG(o)
					want := oracle(t, src)
					for _, scale := range []int{1, 2, 4, 8} {
						if o.Progressive && scale == 8 {
							continue // its edges include padding: TestDecode_progressiveEighth
						}
						got, err := d.Decode(src, scale)
						if err != nil {
							t.Fatal(err)
						}
						compare(t, got, want, scale)
					}
				}
			})
		}
	}
}

// TestDecode_truncated cuts a file at every byte: an error, and what was read before the cut is as in the whole picture.
func TestDecode_truncated(t *testing.T) {
	var d Decoder
	for _, o := range []testpic.Options{{}, {Restart: 2}, {Progressive: true}} {
		src := testpic.Draw(70, 50, 2).JPEG(o)
		for _, scale := range []int{1, 8} {
			pictures := 0
			for n := range len(src) - 2 {
				p, err := d.Decode(src[:n], scale)
				if err == nil && !o.Progressive && n < len(src)-3 {
					t.Fatalf("%+v: %d of %d bytes give no error", o, n, len(src))
				}
				if err != nil && !errors.Is(err, ErrTruncated) && !errors.Is(err, ErrCorrupt) {
					t.Fatalf("%+v: %d bytes: %v", o, n, err)
				}
				if p != nil {
					pictures++
				}
			}
			if pictures < len(src)/2 {
				t.Errorf("%+v: only %d of %d cuts give a picture", o, pictures, len(src))
			}
		}
	}
}

// TestDecode_progressiveEighth: at 1/8 a progressive block is its DC coefficient, so away from the edges it is the mean of
// the box, and on them the mean of the box with the padding that the encoder chose.
func TestDecode_progressiveEighth(t *testing.T) {
	var d Decoder
	for _, kind := range []testpic.Kind{testpic.YCbCr420, testpic.YCbCr422, testpic.YCbCr444, testpic.Grey} {
		for _, restart := range []int{0, 1, 5} {
			photo := testpic.Draw(128, 96, 9)
			src := photo.JPEG(testpic.Options{Kind: kind, Progressive: true, Restart: restart})
			want := oracle(t, photo.JPEG(testpic.Options{Kind: kind})) // the same coefficients: the standard decoder fails on restarts here
			got, err := d.Decode(src, 8)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, want, 8)
		}
	}
}

// TestDecode_progressiveSame: the two ways of writing the same coefficients give the same samples.
func TestDecode_progressiveSame(t *testing.T) {
	var a, b Decoder
	for kind, name := range testpic.Kinds {
		photo := testpic.Draw(75, 49, 11)
		for _, scale := range []int{1, 2, 4} {
			p, err := a.Decode(photo.JPEG(testpic.Options{Kind: kind}), scale)
			if err != nil {
				t.Fatal(name, err)
			}
			q, err := b.Decode(photo.JPEG(testpic.Options{Kind: kind, Progressive: true, Restart: 4}), scale)
			if err != nil {
				t.Fatal(name, err)
			}
			if checksum(p) != checksum(q) {
				t.Errorf("%s at 1/%d differ", name, scale)
			}
		}
	}
}

// TestDecode_orientation reads every value in both byte orders.
func TestDecode_orientation(t *testing.T) {
	var d Decoder
	for o := 0; o <= 8; o++ {
		for _, big := range []bool{false, true} {
			p, err := d.Decode(testpic.Draw(20, 10, 1).JPEG(testpic.Options{Orientation: o, BigEndian: big}), 8)
			if err != nil || p.Orientation != o {
				t.Errorf("orientation %d, big endian %v: %v, %v", o, big, p, err)
			}
		}
	}
}

// TestDecode_noAllocations: a warm Decoder takes no memory.
func TestDecode_noAllocations(t *testing.T) {
	for _, o := range []testpic.Options{{}, {Progressive: true}, {Kind: testpic.CMYK}, {Restart: 2}} {
		src := testpic.Draw(200, 150, 1).JPEG(o)
		for _, scale := range []int{1, 2, 4, 8} {
			var d Decoder
			if n := testing.AllocsPerRun(10, func() { d.Decode(src, scale) }); n != 0 {
				t.Errorf("%+v at 1/%d: %v allocations", o, scale, n)
			}
		}
	}
}

// TestDecode_memory states what 12 MP cost beyond the file and the samples asked for: the same few tables at every scale.
// The samples of the file here stop early, which changes nothing about the memory.
func TestDecode_memory(t *testing.T) {
	src := edit(testpic.Draw(64, 48, 1).JPEG(testpic.Options{}), 0xC0, size(4032, 3024))
	for _, scale := range []int{8, 4, 2, 1} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := new(Decoder)
		d.Decode(src, scale)
		runtime.ReadMemStats(&after)
		samples := 4032 * 3024 * 3 / 2 / scale / scale
		if extra := int(after.TotalAlloc-before.TotalAlloc) - samples; extra > 512<<10 {
			t.Errorf("1/%d: %d bytes beside the %d of the samples", scale, extra, samples)
		}
	}
}
