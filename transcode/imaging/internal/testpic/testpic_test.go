package testpic

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"os"
	"testing"
)

// fullResolution are the kinds without subsampling.
var fullResolution = map[Kind]bool{YCbCr444: true, Grey: true, Grey2x2: true, RGB: true, CMYK: true, YCCK: true}

// TestJPEG_standardDecoderReadsEveryKind is the exam of the encoder: the standard decoder must give the photo back.
func TestJPEG_standardDecoderReadsEveryKind(t *testing.T) {
	for kind, name := range Kinds {
		for _, o := range []Options{{}, {Optimize: true}, {Progressive: true}, {Restart: 3}, {Progressive: true, Restart: 2}, {Separate: true}} {
			if o.Progressive && o.Restart > 0 && !fullResolution[kind] {
				continue // the standard decoder counts intervals of a one-component scan in interleaved MCUs, against T.81 A.2.2
			}
			o.Kind, o.Quality = kind, 95
			t.Run(fmt.Sprintf("%s/%+v", name, o), func(t *testing.T) {
				p := Draw(133, 91, 5)
				img, err := jpeg.Decode(bytes.NewReader(p.JPEG(o)))
				if err != nil {
					t.Fatal(err)
				}
				if img.Bounds() != image.Rect(0, 0, 133, 91) {
					t.Fatal("size is", img.Bounds())
				}
				if got := meanLumaDifference(p, img); got > 4 {
					t.Errorf("luma differs by %.2f levels on average", got)
				}
			})
		}
	}
}

func meanLumaDifference(p *Photo, img image.Image) float64 {
	sum := 0
	for y := range p.Height {
		for x := range p.Width {
			g := color.GrayModel.Convert(img.At(x, y)).(color.Gray)
			sum += abs(int(g.Y) - int(p.Y[y*p.Width+x]))
		}
	}
	return float64(sum) / float64(p.Width*p.Height)
}

// TestJPEG_deterministic keeps benchmarks comparable between runs and machines.
func TestJPEG_deterministic(t *testing.T) {
	a, b := Draw(64, 48, 1).JPEG(Options{}), Draw(64, 48, 1).JPEG(Options{})
	if !bytes.Equal(a, b) {
		t.Error("the same photo was written in two ways")
	}
	if bytes.Equal(a, Draw(64, 48, 2).JPEG(Options{})) {
		t.Error("two seeds gave one photo")
	}
}

// TestDraw_tiny draws the smallest pictures, where things and octaves shrink to nothing.
func TestDraw_tiny(t *testing.T) {
	for w := 1; w < 20; w++ {
		for h := 1; h < 20; h++ {
			if n := len(Draw(w, h, 3).JPEG(Options{Kind: YCbCr411})); n < 300 {
				t.Fatalf("%d×%d: %d bytes", w, h, n)
			}
		}
	}
}

func TestMain(m *testing.M) {
	if out := os.Getenv("TESTPIC"); out != "" { // TESTPIC=/tmp/photo.jpg go test: look at it
		os.WriteFile(out, Draw(1296, 972, 1).JPEG(Options{Quality: 90}), 0o644)
	}
	os.Exit(m.Run())
}
