package transcode_test

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math"
	"testing"

	"musubi/carriers"
	"musubi/transcode"
	"musubi/transcode/imaging"
)

// landscape writes a picture with shades and edges as PNG.
func landscape(t testing.TB, w, h int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := 127 + 120*math.Sin(float64(x)/9)*math.Cos(float64(y)/7)
			img.SetNRGBA(x, y, color.NRGBA{uint8(v), uint8(255 * y / h), uint8(x * y % 251), 255})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, img); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestImageForEveryModel: every model of the table gets a picture it can show: its formats, display and bytes.
func TestImageForEveryModel(t *testing.T) {
	master, _, err := imaging.Convert(nil, landscape(t, 320, 240), imaging.Limits{Formats: imaging.JPEG})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[imaging.Limits]bool{}
	for _, m := range carriers.Models() {
		h, ua, ok := carriers.ModelHandset(m.Token)
		if !ok {
			continue
		}
		l := transcode.ImageLimits(&h, transcode.ImageOption{})
		if seen[l] {
			continue
		}
		seen[l] = true
		out, info, err := transcode.Image(nil, &h, master, transcode.ImageOption{})
		if err != nil {
			if !errors.Is(err, imaging.ErrNoFit) || h.Image.MaxBytes > 1000 {
				t.Errorf("%s: %v (%+v)", ua, err, l)
			}
			continue
		}
		if h.Image.MaxBytes > 0 && len(out) > h.Image.MaxBytes {
			t.Errorf("%s: %d bytes, over %d", ua, len(out), h.Image.MaxBytes)
		}
		if d := h.Display; d.WidthPx > 0 && (info.Width > d.WidthPx || info.Height > d.HeightPx) {
			t.Errorf("%s: %d×%d on a display of %d×%d", ua, info.Width, info.Height, d.WidthPx, d.HeightPx)
		}
		if h.Image.Formats != 0 && l.Formats&info.Format == 0 {
			t.Errorf("%s: %v, it shows %v", ua, info.Format, l.Formats)
		}
		if c := h.Display.Colors; c > 0 && c <= 256 && info.Format != imaging.JPEG && (info.Colors == 0 || info.Colors > max(c, 2)) {
			t.Errorf("%s: %d colours on a display of %d", ua, info.Colors, c)
		}
	}
	if len(seen) < 50 {
		t.Errorf("only %d kinds of handset", len(seen))
	}
}

func TestImageLimits(t *testing.T) {
	box := func(name string) imaging.Box {
		b, err := imaging.ParseBox(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	display := carriers.Display{WidthPx: 132, HeightPx: 144, Colors: 256}
	mova := carriers.Handset{Carrier: carriers.DoCoMo, Display: display, Dialect: carriers.Dialect{Family: carriers.CHTML, Major: 3}, Image: carriers.ImageLimits{Formats: carriers.GIF | carriers.JPEG, MaxBytes: 4000}}
	au := mova
	au.Carrier = carriers.Au
	phone := carriers.Handset{Carrier: carriers.Willcom, Dialect: carriers.Dialect{Family: carriers.HTML32}}
	pc := carriers.Handset{Carrier: carriers.PC}
	const gifJPEG = imaging.GIF | imaging.JPEG
	for _, c := range []struct {
		name   string
		h      carriers.Handset
		option transcode.ImageOption
		want   imaging.Limits
	}{
		{"the display", mova, transcode.ImageOption{}, imaging.Limits{Width: 132, Height: 144, Formats: gifJPEG, MaxBytes: 4000, Quality: 80, Colors: 256, Cube332: true, Frames: 16}},
		{"the cube is i-mode's", au, transcode.ImageOption{}, imaging.Limits{Width: 132, Height: 144, Formats: gifJPEG, MaxBytes: 4000, Quality: 80, Colors: 256, Frames: 16}},
		{"a named box never exceeds the display", au, transcode.ImageOption{Box: box("large")}, imaging.Limits{Width: 132, Height: 144, Formats: gifJPEG, MaxBytes: 4000, Quality: 80, Colors: 256, Frames: 16}},
		{"a size in numbers may", au, transcode.ImageOption{Box: box("300x200")}, imaging.Limits{Width: 300, Height: 200, Formats: gifJPEG, MaxBytes: 4000, Quality: 80, Colors: 256, Frames: 16}},
		{"bytes by hand may exceed the handset's", au, transcode.ImageOption{MaxBytes: 9000}, imaging.Limits{Width: 132, Height: 144, Formats: gifJPEG, MaxBytes: 9000, Colors: 256, Frames: 16}},
		{"bytes by hand are used up", au, transcode.ImageOption{MaxBytes: 2000}, imaging.Limits{Width: 132, Height: 144, Formats: gifJPEG, MaxBytes: 2000, Colors: 256, Frames: 16}},
		{"au's flag", au, transcode.ImageOption{NoCopy: true}, imaging.Limits{Width: 132, Height: 144, Formats: gifJPEG, MaxBytes: 4000, Quality: 80, Colors: 256, Frames: 16, Flag: imaging.FlagAu}},
		{"an unknown display", phone, transcode.ImageOption{}, imaging.Limits{Width: 240, Height: 320, Quality: 80, Frames: 16}},
		{"a browser of today", pc, transcode.ImageOption{NoCopy: true}, imaging.Limits{Width: 640, Height: 640, Quality: 80, Frames: 16}},
		{"a browser, filled", pc, transcode.ImageOption{Box: box("thumb"), Fill: true}, imaging.Limits{Width: 76, Height: 76, Fill: true, Quality: 80, Frames: 16}},
	} {
		if got := transcode.ImageLimits(&c.h, c.option); got != c.want {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}
