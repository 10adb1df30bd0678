package imaging

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"runtime"
	"testing"

	reference "github.com/disintegration/imaging"
	"golang.org/x/image/bmp"

	"musubi/transcode/imaging/internal/testpic"
)

// photo writes a drawn photograph as JPEG.
func photo(w, h int, seed uint64, o testpic.Options) []byte { return testpic.Draw(w, h, seed).JPEG(o) }

// read decodes a result by the format it claims to have.
func read(t testing.TB, out []byte, info Info) image.Image {
	t.Helper()
	var img image.Image
	var err error
	switch r := bytes.NewReader(out); info.Format {
	case JPEG:
		img, err = jpeg.Decode(r)
	case PNG:
		img, err = png.Decode(r)
	case GIF:
		img, err = gif.Decode(r)
	case BMP:
		img, err = bmp.Decode(r)
	default:
		t.Fatalf("format %v", info.Format)
	}
	if err != nil {
		t.Fatalf("result cannot be read: %v", err)
	}
	if s := img.Bounds().Size(); s.X != info.Width || s.Y != info.Height {
		t.Fatalf("result is %v, Info says %d×%d", s, info.Width, info.Height)
	}
	return img
}

// difference is the mean absolute difference of two pictures of one size, after averaging 4×4 pixels.
func difference(t testing.TB, a, b image.Image) float64 {
	t.Helper()
	if a.Bounds().Size() != b.Bounds().Size() {
		t.Fatalf("sizes %v and %v", a.Bounds().Size(), b.Bounds().Size())
	}
	w, h := (a.Bounds().Dx()+3)/4, (a.Bounds().Dy()+3)/4
	x, y := reference.Resize(a, w, h, reference.Box), reference.Resize(b, w, h, reference.Box)
	sum := 0.0
	for i := range x.Pix {
		sum += math.Abs(float64(x.Pix[i]) - float64(y.Pix[i]))
	}
	return sum / float64(len(x.Pix)) * 4 / 3
}

// upright turns a stored picture by its EXIF orientation, with the reference library.
func upright(img image.Image, orientation int) image.Image {
	return turnPixels(reference.Clone(img), orientation)
}

func TestConvertFollowsTheReference(t *testing.T) {
	for kind, name := range testpic.Kinds {
		for _, progressive := range []bool{false, true} {
			if progressive && (kind == testpic.CMYK || kind == testpic.YCCK || kind == testpic.YCCK420) {
				continue
			}
			t.Run(fmt.Sprintf("%s/progressive=%v", name, progressive), func(t *testing.T) {
				drawn := testpic.Draw(531, 397, 5)
				src := drawn.JPEG(testpic.Options{Kind: kind, Progressive: progressive, Quality: 92})
				for _, l := range []Limits{{Width: 240, Height: 320, Quality: 95}, {Width: 76, Height: 76, Quality: 95}, {Width: 120, Height: 120, Fill: true, Quality: 95}, {Width: 60, Quality: 95}} {
					out, info, err := Convert(nil, src, l)
					if err != nil {
						t.Fatal(err)
					}
					want := image.Image(reference.Resize(drawn.Image(), info.Width, info.Height, reference.Lanczos))
					if l.Fill {
						want = reference.Fill(drawn.Image(), l.Width, l.Height, reference.Center, reference.Lanczos)
					}
					if kind == testpic.Grey || kind == testpic.Grey2x2 {
						want = reference.Grayscale(want)
					}
					if d := difference(t, read(t, out, info), want); d > 3 {
						t.Errorf("%+v: differs by %.2f", l, d)
					}
				}
			})
		}
	}
}

func TestConvertTurnsUpright(t *testing.T) {
	drawn := testpic.Draw(401, 299, 3)
	for orientation := 1; orientation <= 8; orientation++ {
		src := drawn.JPEG(testpic.Options{Orientation: orientation, Quality: 92})
		whole := upright(drawn.Image(), orientation)
		for _, l := range []Limits{{Width: 97, Height: 120}, {Width: 60, Height: 90, Fill: true}, {Width: 1000, Height: 1000}, {Width: 99, Height: 99, Formats: PNG}} {
			out, info, err := Convert(nil, src, l)
			if err != nil {
				t.Fatal(err)
			}
			want := image.Image(reference.Resize(whole, info.Width, info.Height, reference.Lanczos))
			if l.Fill {
				want = reference.Fill(whole, l.Width, l.Height, reference.Center, reference.Lanczos)
			}
			if d := difference(t, read(t, out, info), want); d > 3.5 {
				t.Errorf("orientation %d, %+v: differs by %.2f", orientation, l, d)
			}
		}
	}
}

func TestConvertSizes(t *testing.T) {
	for _, c := range []struct {
		name   string
		w, h   int
		limits Limits
		wantW  int
		wantH  int
	}{
		{"fit wide", 400, 200, Limits{Width: 240, Height: 320}, 240, 120},
		{"fit tall", 200, 400, Limits{Width: 240, Height: 320}, 160, 320},
		{"width only", 200, 400, Limits{Width: 100}, 100, 200},
		{"height only", 200, 400, Limits{Height: 100}, 50, 100},
		{"never enlarged", 50, 40, Limits{Width: 240, Height: 320}, 50, 40},
		{"enlarged when asked", 50, 40, Limits{Width: 240, Height: 320, Enlarge: true}, 240, 192},
		{"enlarged by one side", 50, 40, Limits{Width: 100, Enlarge: true}, 100, 80},
		{"no limits, nothing to enlarge to", 50, 40, Limits{Enlarge: true}, 50, 40},
		{"fill", 400, 200, Limits{Width: 120, Height: 120, Fill: true}, 120, 120},
		{"fill with little", 100, 400, Limits{Width: 120, Height: 120, Fill: true}, 100, 120},
		{"fill, enlarged", 100, 50, Limits{Width: 120, Height: 120, Fill: true, Enlarge: true}, 120, 120},
		{"a line", 1000, 1, Limits{Width: 100, Height: 100}, 100, 1},
		{"a column", 3, 1500, Limits{Width: 100, Height: 100}, 1, 100},
		{"one pixel", 1, 1, Limits{Width: 100, Height: 100}, 1, 1},
		{"no limits at all", 2500, 20, Limits{}, MaxResult, 16},
	} {
		t.Run(c.name, func(t *testing.T) {
			drawn := testpic.Draw(c.w, c.h, 1)
			for _, format := range []Formats{JPEG, PNG, GIF} {
				var src bytes.Buffer
				switch format {
				case JPEG:
					src.Write(drawn.JPEG(testpic.Options{}))
				case PNG:
					png.Encode(&src, drawn.Image())
				case GIF:
					gif.Encode(&src, drawn.Image(), &gif.Options{NumColors: 4})
				}
				for _, to := range []Formats{JPEG, PNG, GIF, BMP} {
					l := c.limits
					l.Formats = to
					out, info, err := Convert(nil, src.Bytes(), l)
					if err != nil {
						t.Fatalf("%v to %v: %v", format, to, err)
					}
					read(t, out, info)
					if info.Width != c.wantW || info.Height != c.wantH || info.Format != to {
						t.Errorf("%v to %v: %v %d×%d, want %d×%d", format, to, info.Format, info.Width, info.Height, c.wantW, c.wantH)
					}
				}
			}
		})
	}
}

func TestConvertAppends(t *testing.T) {
	src := photo(64, 48, 1, testpic.Options{})
	plain, _, err := Convert(nil, src, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	out, _, err := Convert([]byte("head"), src, Limits{})
	if err != nil || string(out) != "head"+string(plain) {
		t.Errorf("not appended: %v", err)
	}
	if out, _, err = Convert([]byte("head"), []byte("nothing"), Limits{}); err == nil || string(out) != "head" {
		t.Errorf("after an error dst is %q", out)
	}
}

func TestConvertColours(t *testing.T) {
	src := photo(320, 240, 2, testpic.Options{})
	for _, c := range []struct {
		name   string
		limits Limits
		format Formats
		check  func(color.NRGBA) bool
		most   int // colours
	}{
		{"mono", Limits{Formats: BMP, Colors: 2}, BMP, func(c color.NRGBA) bool { return c.R == c.G && c.G == c.B && (c.R == 0 || c.R == 255) }, 2},
		{"four greys", Limits{Formats: GIF, Colors: 4}, GIF, func(c color.NRGBA) bool { return c.R == c.G && c.G == c.B && c.R%85 == 0 }, 4},
		{"3-3-2 cube", Limits{Formats: GIF | JPEG, Colors: 256, Cube332: true}, GIF, func(c color.NRGBA) bool { return c.B%85 == 0 }, 256},
		{"100 colours", Limits{Formats: GIF, Colors: 100}, GIF, func(color.NRGBA) bool { return true }, 100},
		{"4096", Limits{Formats: PNG, Colors: 4096}, PNG, func(c color.NRGBA) bool { return c.R%17 == 0 && c.G%17 == 0 && c.B%17 == 0 }, 4096},
		{"4096 as GIF", Limits{Formats: GIF, Colors: 4096}, GIF, func(c color.NRGBA) bool { return c.R%17 == 0 && c.G%17 == 0 && c.B%17 == 0 }, 256},
		{"photo for a display of many colours", Limits{Formats: GIF | JPEG | PNG, Colors: 65536}, JPEG, func(color.NRGBA) bool { return true }, 1 << 24},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.limits.Width, c.limits.Height = 120, 120
			out, info, err := Convert(nil, src, c.limits)
			if err != nil {
				t.Fatal(err)
			}
			if info.Format != c.format {
				t.Errorf("format %v, want %v", info.Format, c.format)
			}
			img := reference.Clone(read(t, out, info))
			seen := map[color.NRGBA]bool{}
			for i := 0; i < len(img.Pix); i += 4 {
				k := color.NRGBA{img.Pix[i], img.Pix[i+1], img.Pix[i+2], img.Pix[i+3]}
				if seen[k] = true; !c.check(k) {
					t.Fatalf("the display has no colour %v", k)
				}
			}
			if len(seen) > c.most {
				t.Errorf("%d colours, want ≤ %d", len(seen), c.most)
			}
		})
	}
}

// TestTransparency: kept where a format and a display have a place for it, white elsewhere.
func TestTransparency(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	for i := range 40 * 20 {
		img.SetNRGBA(i%40, i/40, color.NRGBA{uint8(6 * (i % 40)), uint8(12 * (i / 40)), 90, 255})
	}
	for i := range 40 { // half there: laid on white
		img.SetNRGBA(i, 20, color.NRGBA{0, 0, 0, 128})
	}
	var src bytes.Buffer
	if err := png.Encode(&src, img); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		limits Limits
		kept   bool
	}{
		{Limits{Formats: PNG}, true}, {Limits{Formats: GIF}, true}, {Limits{Formats: GIF, Colors: 256}, true},
		{Limits{Formats: PNG, Colors: 4096}, true}, {Limits{Formats: JPEG}, false}, {Limits{Formats: BMP}, false},
		{Limits{Formats: BMP, Colors: 2}, false}, {Limits{Formats: GIF, Colors: 4}, false},
		{Limits{Formats: GIF, Colors: 256, Cube332: true}, false},
	} {
		out, info, err := Convert(nil, src.Bytes(), c.limits)
		if err != nil {
			t.Fatal(err)
		}
		got := color.NRGBAModel.Convert(read(t, out, info).At(20, 35)).(color.NRGBA)
		if c.kept && got.A != 0 || !c.kept && (got.A != 255 || got.R < 250 || got.G < 250 || got.B < 250) {
			t.Errorf("%v of %d colours: a transparent pixel became %v", c.limits.Formats, c.limits.Colors, got)
		}
		if half := color.NRGBAModel.Convert(read(t, out, info).At(20, 20)).(color.NRGBA); half.A != 255 {
			t.Errorf("%v: a half transparent pixel became %v", c.limits.Formats, half)
		}
	}
}

func TestCopyFlags(t *testing.T) {
	src := photo(64, 48, 1, testpic.Options{})
	for _, c := range []struct {
		flag    Flag
		format  Formats
		comment string
		header  string
	}{
		{FlagDoCoMo, JPEG, `copy="NO"`, ""}, {FlagDoCoMo, GIF, `copy="NO"`, ""}, {FlagDoCoMo, PNG, "", ""},
		{FlagAu, JPEG, "kddi_copyright=on", ""}, {FlagAu, GIF, "kddi_copyright=on", ""}, {FlagAu, PNG, "Comment\x00kddi_copyright=on", ""},
		{FlagSoftBank, JPEG, "", "no-store, no-transfer, no-peripheral"}, {FlagNone, JPEG, "", ""},
	} {
		out, info, err := Convert(nil, src, Limits{Formats: c.format, Flag: c.flag})
		if err != nil {
			t.Fatal(err)
		}
		read(t, out, info)
		if info.Header != c.header {
			t.Errorf("%v %v: header %q", c.flag, c.format, info.Header)
		}
		for _, mark := range []string{`copy="NO"`, "kddi_copyright=on"} {
			want := c.comment != "" && bytes.Contains([]byte(c.comment), []byte(mark))
			if got := bytes.Contains(out, []byte(mark)); got != want {
				t.Errorf("%v %v: %s there: %v, want %v", c.flag, c.format, mark, got, want)
			}
		}
		if c.comment != "" && !bytes.Contains(out, []byte(c.comment)) {
			t.Errorf("%v %v: no %q", c.flag, c.format, c.comment)
		}
	}
}

func TestMaster(t *testing.T) {
	out, info, err := Master(nil, photo(1600, 1200, 1, testpic.Options{Orientation: 6}))
	if err != nil {
		t.Fatal(err)
	}
	if info.Format != JPEG || info.Width != 480 || info.Height != 640 || len(out) > 150_000 {
		t.Errorf("master is %v %d×%d of %d bytes", info.Format, info.Width, info.Height, len(out))
	}
}

// TestMemoryOf12MP: a converter without buffers makes a thumbnail of 12 MP in 8 MB.
func TestMemoryOf12MP(t *testing.T) {
	src := photo(4000, 3000, 1, testpic.Options{})
	runtime.GC() // twice, so that pools are empty
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, _, err := Convert(nil, src, Limits{Width: 240, Height: 320}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if used := after.TotalAlloc - before.TotalAlloc; used > 8<<20 {
		t.Errorf("%d bytes", used)
	}
}

// TestOddJPEG: planes of unlike sizes become what the standard library makes of them, which reads these.
func TestOddJPEG(t *testing.T) {
	src := odd(testpic.Options{Orientation: 6})
	out, info, err := Convert(nil, src, Limits{Width: 48, Height: 48, Quality: 90})
	if err != nil {
		t.Fatal(err)
	}
	whole, err := jpeg.Decode(bytes.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	want := reference.Resize(upright(whole, 6), 36, 48, reference.Lanczos)
	if d := difference(t, read(t, out, info), want); d > 4 {
		t.Errorf("differs by %.2f", d)
	}
}

// TestInksWithoutAMarker: four components are inks, with or without the marker of Adobe's programs, as browsers take them.
func TestInksWithoutAMarker(t *testing.T) {
	marked := testpic.Draw(64, 48, 1).JPEG(testpic.Options{Kind: testpic.CMYK})
	at := bytes.Index(marked, []byte("\xff\xee"))
	if at < 0 {
		t.Fatal("there is no marker")
	}
	bare := append(bytes.Clone(marked[:at]), marked[at+2+int(marked[at+2])<<8+int(marked[at+3]):]...)
	want, info, err := Convert(nil, marked, Limits{Width: 48, Height: 48})
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := Convert(nil, bare, Limits{Width: 48, Height: 48})
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("without the marker the picture of %d bytes has %d: %v (%v)", len(want), len(got), err, info.Format)
	}
}

// TestLossyWebPKeepsItsColours: black, white, red, blue and grey as cwebp wrote them, whose brightness is of 16 to 235 [webp].
func TestLossyWebPKeepsItsColours(t *testing.T) {
	src, err := base64.StdEncoding.DecodeString("UklGRmoAAABXRUJQVlA4IF4AAADQBACdASpQABAAPjESh0KiIQzKABABgliBigBBMrb+AfhB+t38l5ALlmA0bxaNIAD+/4/BD+WMy8ib//68p/8HiP3//hY96+HpIFzNVHBQ+7DYIksoDh7Cp327oQAA")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range []Formats{PNG, JPEG} {
		out, info, err := Convert(nil, src, Limits{Formats: f, Width: 200, Height: 200})
		if err != nil {
			t.Fatal(err)
		}
		img := read(t, out, info)
		for i, want := range []color.RGBA{{0, 0, 0, 255}, {255, 255, 255, 255}, {255, 0, 0, 255}, {0, 0, 255, 255}, {128, 128, 128, 255}} {
			r, g, b, _ := img.At(16*i+8, 8).RGBA()
			for k, d := range []int{int(r>>8) - int(want.R), int(g>>8) - int(want.G), int(b>>8) - int(want.B)} {
				if d < -8 || d > 8 {
					t.Errorf("%v, colour %d: channel %d is off by %d", info.Format, i, k, d)
				}
			}
		}
	}
}
