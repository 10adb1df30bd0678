package imaging

import (
	"image"
	"math"
	"testing"

	reference "github.com/disintegration/imaging"

	"musubi/transcode/imaging/internal/testpic"
)

// exactly scales a line as the resampler should, in floating point: Lanczos-3, ends repeated, nothing clamped.
func exactly(src []float64, out int) []float64 {
	dst := make([]float64, out)
	ratio := float64(len(src)) / float64(out)
	stretch := math.Max(ratio, 1)
	for i := range dst {
		centre, sum := (float64(i)+0.5)*ratio-0.5, 0.0
		for k := int(centre - 3*stretch - 1); k <= int(centre+3*stretch+1); k++ {
			x := math.Pi * math.Abs(float64(k)-centre) / stretch
			w := 1.0
			if x >= 3*math.Pi {
				w = 0
			} else if x > 0 {
				w = 3 * math.Sin(x) * math.Sin(x/3) / (x * x)
			}
			dst[i] += w * src[min(max(k, 0), len(src)-1)]
			sum += w
		}
		dst[i] /= sum
	}
	return dst
}

// TestResamplerIsExact: within a level of floating point, for every direction and ratio, mirrored or not, of odd and
// even sizes. Ratios of 5 and more begin with an average and are measured by TestConvertFollowsTheReference.
func TestResamplerIsExact(t *testing.T) {
	const w, h = 93, 71
	photo := testpic.Draw(w, h, 2)
	src := plane{photo.Y, w, h, w}
	var r resampler
	for _, size := range [][2]int{{w, h}, {92, 70}, {70, 50}, {47, 36}, {40, 70}, {130, 99}, {93, 20}, {20, 71}, {200, 30}} {
		columns := make([][]float64, w) // scaled down the columns
		for x := range columns {
			column := make([]float64, h)
			for y := range column {
				column[y] = float64(photo.Y[y*w+x])
			}
			columns[x] = exactly(column, size[1])
		}
		for flip := range 4 {
			dst := newPlane(nil, size[0], size[1])
			r.scale(&dst, &src, task{window: window{0, 0, w, h}, flipX: flip&1 > 0, flipY: flip&2 > 0})
			for y := range size[1] {
				line := make([]float64, w)
				for x := range line {
					line[x] = columns[x][y]
				}
				for x, want := range exactly(line, size[0]) {
					sx, sy := x, y
					if flip&1 > 0 {
						sx = size[0] - 1 - x
					}
					if flip&2 > 0 {
						sy = size[1] - 1 - y
					}
					if got := float64(dst.pix[sy*dst.stride+sx]); math.Abs(got-math.Min(math.Max(want, 0), 255)) > 1 {
						t.Fatalf("%v, flip %d: %v at %d, %d, want %.2f", size, flip, got, x, y, want)
					}
				}
			}
		}
	}
}

// TestResamplerKeepsFlatAreas: a plane of one value stays one, whatever the window.
func TestResamplerKeepsFlatAreas(t *testing.T) {
	var r resampler
	for _, v := range []byte{0, 1, 127, 254, 255} {
		src := newPlane(nil, 57, 43)
		for i := range src.pix {
			src.pix[i] = v
		}
		for _, w := range []window{{0, 0, 57, 43}, {3.3, 4.7, 20.1, 11.9}, {50, 40, 9, 5}} {
			for _, size := range [][2]int{{20, 20}, {57, 43}, {3, 80}, {1, 1}} {
				for _, droop := range []float64{0, boxDroop} {
					dst := newPlane(nil, size[0], size[1])
					r.scale(&dst, &src, task{window: w, droop: droop})
					for _, got := range dst.pix {
						if got != v {
							t.Fatalf("%d became %d (%v to %v)", v, got, w, size)
						}
					}
				}
			}
		}
	}
}

// TestDroopSharpens: what averaging took, the correction gives back: a picture averaged by 4 and scaled on is nearer
// to the truth with it than without.
func TestDroopSharpens(t *testing.T) {
	photo := testpic.Draw(800, 600, 3)
	full := plane{photo.Y, 800, 600, 800}
	grey := &image.Gray{Pix: photo.Y, Stride: 800, Rect: image.Rect(0, 0, 800, 600)}
	want := reference.Resize(grey, 150, 112, reference.Lanczos)
	var r resampler
	small := r.shrink(&full, 4)
	var off [2]float64
	for i, droop := range []float64{0, boxDroop} {
		dst := newPlane(nil, 150, 112)
		new(resampler).scale(&dst, &small, task{window: window{0, 0, 200, 150}, droop: droop})
		for k, v := range dst.pix {
			d := float64(v) - float64(want.Pix[4*k])
			off[i] += d * d
		}
	}
	if off[1] > 0.9*off[0] {
		t.Errorf("squared error %.0f with the correction, %.0f without", off[1], off[0])
	}
}
