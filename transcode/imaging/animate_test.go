package imaging

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"testing"
)

// animation draws a red square that moves over blue, frame by frame: the first frame whole, the others only where it
// moved to, and each frame cleared as the disposal says.
func animation(n int, disposal byte) []byte {
	p := color.Palette{color.NRGBA{B: 255, A: 255}, color.NRGBA{R: 255, A: 255}, color.NRGBA{}}
	g := &gif.GIF{Config: image.Config{Width: 64, Height: 48, ColorModel: p}}
	for i := range n {
		at := image.Rect(0, 0, 64, 48)
		if i > 0 {
			at = image.Rect(8*(i%6), 16, 8*(i%6)+16, 32)
		}
		f := image.NewPaletted(at, p)
		for y := at.Min.Y; y < at.Max.Y; y++ {
			for x := at.Min.X; x < at.Max.X; x++ {
				if i > 0 {
					f.SetColorIndex(x, y, 1)
				}
			}
		}
		g.Image, g.Delay, g.Disposal = append(g.Image, f), append(g.Delay, 10+i), append(g.Disposal, disposal)
	}
	g.Disposal[0] = gif.DisposalNone
	var out bytes.Buffer
	if err := gif.EncodeAll(&out, g); err != nil {
		panic(err)
	}
	return out.Bytes()
}

func TestAnimationsStayAnimated(t *testing.T) {
	for _, c := range []struct {
		name        string
		src         []byte
		limits      Limits
		frames      int
		delay       int // of all frames together
		third, path color.NRGBA
	}{
		{"kept", animation(6, gif.DisposalNone), Limits{Formats: GIF, Frames: 16}, 6, 75, red, red},
		{"cleared to what was before", animation(6, gif.DisposalPrevious), Limits{Formats: GIF, Frames: 16}, 6, 75, red, blue},
		{"every other", animation(6, gif.DisposalNone), Limits{Formats: GIF, Frames: 3}, 3, 75, red, red},
		{"first alone", animation(6, gif.DisposalNone), Limits{Formats: GIF}, 1, 0, color.NRGBA{}, color.NRGBA{}},
		{"first alone, JPEG", animation(6, gif.DisposalNone), Limits{Formats: JPEG, Frames: 16}, 1, 0, color.NRGBA{}, color.NRGBA{}},
		{"too many bytes", animation(90, gif.DisposalNone), Limits{Formats: GIF, Frames: 90, MaxBytes: 700}, 1, 0, color.NRGBA{}, color.NRGBA{}},
		{"mono", animation(6, gif.DisposalNone), Limits{Formats: GIF, Frames: 16, Colors: 2}, 6, 75, color.NRGBA{}, color.NRGBA{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.limits.Width, c.limits.Height = 64, 48
			out, info, err := Convert(nil, c.src, c.limits)
			if err != nil {
				t.Fatal(err)
			}
			if info.Frames != c.frames {
				t.Errorf("Info says %d frames, want %d", info.Frames, c.frames)
			}
			if c.limits.MaxBytes > 0 && len(out) > c.limits.MaxBytes {
				t.Errorf("%d bytes", len(out))
			}
			if info.Format != GIF {
				return
			}
			all, err := gif.DecodeAll(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			sum := 0
			for _, d := range all.Delay {
				sum += d
			}
			if len(all.Image) != c.frames || sum != c.delay {
				t.Errorf("%d frames, %d hundredths; want %d, %d", len(all.Image), sum, c.frames, c.delay)
			}
			if c.third == (color.NRGBA{}) {
				return
			}
			last := all.Image[len(all.Image)-1] // the square is at 40 … 56 or 32 … 48, and was at 8 … 24 before
			if got := last.At(44, 24); color.NRGBAModel.Convert(got) != c.third {
				t.Errorf("the square is %v", got)
			}
			if got := last.At(18, 24); color.NRGBAModel.Convert(got) != c.path {
				t.Errorf("where the square was is %v, want %v", got, c.path)
			}
		})
	}
}

var red, blue = color.NRGBA{R: 255, A: 255}, color.NRGBA{B: 255, A: 255}

func TestFrameThatIsAPart(t *testing.T) {
	p := color.Palette{color.NRGBA{R: 255, A: 255}, color.NRGBA{}}
	f := image.NewPaletted(image.Rect(10, 10, 20, 20), p)
	var src bytes.Buffer
	if err := gif.EncodeAll(&src, &gif.GIF{Image: []*image.Paletted{f}, Delay: []int{0}, Config: image.Config{Width: 40, Height: 30, ColorModel: p}}); err != nil {
		t.Fatal(err)
	}
	out, info, err := Convert(nil, src.Bytes(), Limits{Formats: PNG})
	if err != nil {
		t.Fatal(err)
	}
	img := read(t, out, info)
	if info.Width != 40 || info.Height != 30 {
		t.Fatalf("%d×%d, want the whole 40×30", info.Width, info.Height)
	}
	if _, _, _, a := img.At(1, 1).RGBA(); a != 0 {
		t.Error("around the frame it is not transparent")
	}
	if r, _, _, _ := img.At(15, 15).RGBA(); r != 0xffff {
		t.Error("the frame is not where it was")
	}
}
