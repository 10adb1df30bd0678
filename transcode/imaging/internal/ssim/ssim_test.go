package ssim

import (
	"image"
	"image/color"
	"math"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

func index(t *testing.T, a, b image.Image) float64 {
	t.Helper()
	s, err := Index(a, b)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestIndex_order: equal is 1, damage lowers it, more damage more, and unrelated pictures are near 0.
func TestIndex_order(t *testing.T) {
	photo := testpic.Draw(96, 72, 1).Image()
	noisy := func(amount int) image.Image {
		m := image.NewGray(photo.Rect)
		for i := range m.Pix {
			m.Pix[i] = uint8(min(max(int(photo.Y[i])+(i*7919%31-15)*amount/15, 0), 255))
		}
		return m
	}
	grey := &image.Gray{Pix: photo.Y, Stride: photo.YStride, Rect: photo.Rect}
	if s := index(t, grey, grey); math.Abs(s-1) > 1e-9 {
		t.Errorf("a picture compared with itself gives %v", s)
	}
	little, much := index(t, grey, noisy(4)), index(t, grey, noisy(40))
	if !(1 > little && little > much && much > 0) {
		t.Errorf("noise 4 gives %.3f, noise 40 %.3f", little, much)
	}
	if s := index(t, grey, noisy(0)); math.Abs(s-1) > 1e-9 {
		t.Errorf("no noise gives %v", s)
	}
}

// TestIndex_constants checks the formula where it can be done by hand: two flat pictures.
func TestIndex_constants(t *testing.T) {
	a, b := image.NewUniform(color.Gray{100}), image.NewUniform(color.Gray{150})
	r := image.Rect(0, 0, 20, 20)
	flat := func(u *image.Uniform) image.Image {
		m := image.NewGray(r)
		for i := range m.Pix {
			m.Pix[i] = u.C.(color.Gray).Y
		}
		return m
	}
	want := (2*100*150 + c1) / (100*100 + 150*150 + c1)
	if got := index(t, flat(a), flat(b)); math.Abs(got-want) > 1e-9 {
		t.Errorf("got %v; want %v", got, want)
	}
}

func TestIndex_sizes(t *testing.T) {
	if _, err := Index(image.NewGray(image.Rect(0, 0, 4, 4)), image.NewGray(image.Rect(0, 0, 4, 5))); err == nil {
		t.Error("two sizes were compared")
	}
}

// TestReduce_linearLight: a fine checkerboard of black and white is half the light, which is 188, not 128.
func TestReduce_linearLight(t *testing.T) {
	board := image.NewGray(image.Rect(0, 0, 64, 64))
	for i := range board.Pix {
		board.Pix[i] = uint8(255 * ((i + i/64) & 1))
	}
	small := Reduce(board, 8, 8)
	if c := small.RGBAAt(4, 4); c.R < 187 || c.R > 189 {
		t.Errorf("the middle is %v; want 188", c)
	}
	same := Reduce(small, 8, 8)
	if s := index(t, small, same); s < .9999 {
		t.Errorf("a reduction to the same size gives %v", s)
	}
}
