package imaging

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// speckled fills a picture with blocks of made-up colours, some of them transparent.
func speckled(img interface {
	image.Image
	Set(x, y int, c color.Color)
}) {
	rng := rand.New(rand.NewPCG(1, 2))
	b := img.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			alpha := uint16(0xffff)
			if x/4%3 == 0 {
				alpha = uint16(rng.IntN(0x10000))
			}
			img.Set(x, y, color.NRGBA64{uint16(rng.IntN(0x10000)), uint16(y * 900), uint16(x * 500), alpha})
		}
	}
}

// rowsOf decodes a source by rows, at its full size.
func rowsOf(t *testing.T, src []byte) *image.NRGBA {
	t.Helper()
	h, err := inspect(src, 0)
	if err != nil {
		t.Fatal(err)
	}
	g := newGathering(image.Rect(0, 0, h.width, h.height), 1, h.inOrder, false)
	if h.format == PNG {
		err = h.png.rows(g)
	} else {
		err = h.gif.rows(g)
	}
	if err != nil {
		t.Fatal(err)
	}
	return g.finish()
}

// same compares with the standard library's pixels. Of 16 bits the first 8 are kept.
func same(t *testing.T, got *image.NRGBA, want image.Image) {
	t.Helper()
	if got.Rect != want.Bounds() {
		t.Fatalf("bounds %v, want %v", got.Rect, want.Bounds())
	}
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			w := color.NRGBA64Model.Convert(want.At(x, y)).(color.NRGBA64)
			g := got.NRGBAAt(x, y)
			if w.A>>8 == 0 && g.A == 0 {
				continue
			}
			for i, p := range [4][2]int{{int(g.R), int(w.R >> 8)}, {int(g.G), int(w.G >> 8)}, {int(g.B), int(w.B >> 8)}, {int(g.A), int(w.A >> 8)}} {
				if p[0]-p[1] > 1 || p[1]-p[0] > 1 {
					t.Fatalf("pixel %d,%d sample %d: %d, want %d", x, y, i, p[0], p[1])
				}
			}
		}
	}
}

// TestPNGByRowsAsTheStandardLibrary: every kind of PNG that the standard encoder writes.
func TestPNGByRowsAsTheStandardLibrary(t *testing.T) {
	size := image.Rect(0, 0, 67, 41)
	small := color.Palette{color.Black, color.White, color.NRGBA{255, 0, 0, 255}, color.NRGBA{0, 0, 255, 0}}
	many := color.Palette{}
	for i := range 200 {
		many = append(many, color.NRGBA{byte(i), byte(3 * i), byte(7 * i), 255})
	}
	for name, img := range map[string]interface {
		image.Image
		Set(x, y int, c color.Color)
	}{
		"grey": image.NewGray(size), "grey of 16 bits": image.NewGray16(size), "RGBA": image.NewNRGBA(size),
		"RGBA of 16 bits": image.NewNRGBA64(size), "2 colours": image.NewPaletted(size, small[:2]),
		"4 colours, one clear": image.NewPaletted(size, small), "200 colours": image.NewPaletted(size, many),
	} {
		speckled(img)
		for _, level := range []png.CompressionLevel{png.NoCompression, png.BestSpeed, png.BestCompression} {
			t.Run(name, func(t *testing.T) {
				var file bytes.Buffer
				if err := (&png.Encoder{CompressionLevel: level}).Encode(&file, img); err != nil {
					t.Fatal(err)
				}
				want, err := png.Decode(bytes.NewReader(file.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				same(t, rowsOf(t, file.Bytes()), want)
			})
		}
	}
}

// TestGIFByRowsAsTheStandardLibrary: palettes of every size, so codes of every width.
func TestGIFByRowsAsTheStandardLibrary(t *testing.T) {
	for _, colours := range []int{2, 3, 5, 16, 17, 100, 256} {
		var p color.Palette
		for i := range colours {
			p = append(p, color.NRGBA{byte(i), byte(3 * i), byte(251 * i), 255})
		}
		img := image.NewPaletted(image.Rect(0, 0, 301, 203), p)
		speckled(img)
		var file bytes.Buffer
		if err := gif.Encode(&file, img, &gif.Options{NumColors: 256}); err != nil {
			t.Fatal(err)
		}
		same(t, rowsOf(t, file.Bytes()), img)
	}
}

// TestSEC80_CutPicturesAreShown: a PNG or GIF that is cut off anywhere is shown as far as it goes and never panics.
func TestSEC80_CutPicturesAreShown(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 40))
	speckled(img)
	var p, g bytes.Buffer
	png.Encode(&p, img)
	gif.Encode(&g, img, nil)
	for name, src := range map[string][]byte{"PNG": p.Bytes(), "GIF": g.Bytes()} {
		shown := 0
		for n := range src {
			_, info, err := Convert(nil, src[:n], Limits{Width: 20, Height: 20})
			if err == nil {
				shown++
				if n < len(src)-40 && !info.Truncated {
					t.Fatalf("%s of %d bytes of %d does not say that it is cut", name, n, len(src))
				}
			}
		}
		if shown < len(src)/2 {
			t.Errorf("%s: %d of %d cut files are shown", name, shown, len(src))
		}
	}
}

// TestForgivenPNG: what browsers overlook does not lose a picture.
func TestForgivenPNG(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 40, 20))
	speckled(img)
	var file bytes.Buffer
	png.Encode(&file, img)
	head, rest := file.Bytes()[:33], file.Bytes()[33:]
	wrong := func(b []byte) []byte { b = bytes.Clone(b); b[len(b)-1] ^= 1; return b }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for name, src := range map[string][]byte{
		"wrong sum of a text":      join(head, wrong(appendChunk(nil, "tEXt", "k\x00v")), rest),
		"wrong sum of a profile":   join(head, wrong(appendChunk(nil, "iCCP", "x\x00\x00bad")), rest),
		"unknown chunk":            join(head, appendChunk(nil, "prVt", "anything"), rest),
		"bad transparency":         join(head, appendChunk(nil, "tRNS", "\x01"), rest),
		"without its end":          file.Bytes()[:file.Len()-12],
		"bytes after its end":      append(bytes.Clone(file.Bytes()), "more"...),
		"a palette that is unused": join(head, appendChunk(nil, "PLTE", "abcdef"), rest),
	} {
		if _, info, err := Convert(nil, src, Limits{Width: 20, Height: 20}); err != nil || info.Truncated {
			t.Errorf("%s: %v, truncated %v", name, err, info.Truncated)
		}
	}
	turned := join(head, appendChunk(nil, "eXIf", "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"), rest)
	if _, info, err := Convert(nil, turned, Limits{}); err != nil || info.Width != 20 || info.Height != 40 {
		t.Errorf("eXIf turn: %v, %d×%d, want 20×40", err, info.Width, info.Height)
	}
	for name, src := range map[string][]byte{
		"wrong sum of the header":   join(wrong(head), rest),
		"unknown critical chunk":    join(head, appendChunk(nil, "ABCD", "x"), rest),
		"palette without a palette": join(appendChunk([]byte(pngMagic), "IHDR", "\x00\x00\x00\x01\x00\x00\x00\x01\x08\x03\x00\x00\x00"), rest),
	} {
		if _, _, err := Convert(nil, src, Limits{}); err == nil {
			t.Errorf("%s: shown, want refused", name)
		}
	}
}

// TestForgivenGIF: likewise.
func TestForgivenGIF(t *testing.T) {
	picture := "\x00\x00\x00\x00\x04\x00\x04\x00\x00\x02\x02\x84\x51\x00\x3b"
	for name, src := range map[string]string{
		"screen without size":      "GIF89a\x00\x00\x00\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c" + picture,
		"frame beyond the screen":  "GIF89a\x02\x00\x02\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x2c" + picture,
		"no palette":               "GIF89a\x04\x00\x04\x00\x00\x00\x00\x2c" + picture,
		"unknown extension before": "GIF89a\x04\x00\x04\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\x21\x99\x02ab\x00\x2c" + picture,
	} {
		_, info, err := Convert(nil, []byte(src), Limits{})
		if err != nil || info.Width != 4 || info.Height != 4 {
			t.Errorf("%s: %v, %d×%d", name, err, info.Width, info.Height)
		}
	}
}

// noisyPNG is a picture of w × h pixels of four bytes in some hundred kilobytes.
func noisyPNG(w, h int) []byte {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = byte(i >> 11)
	}
	var file bytes.Buffer
	(&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&file, img)
	return file.Bytes()
}

// TestSEC80_LargePicturesInASmallProcess: many pictures of 40 MP at once (50 under MUSUBI_TEST_SERVICES=1), in a process of its own whose high-water mark
// of resident memory is read at the end: less than 256 MB more than at its start. Before pictures came by rows each took
// 160 MB at once, and four of them one after the other ended a server of 512 MB.
func TestSEC80_LargePicturesInASmallProcess(t *testing.T) {
	if name := os.Getenv("MUSUBI_TEST_LARGE"); name != "" {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		before := highWater(t)
		gate, all := &Gate{}, sync.WaitGroup{}
		many := 8
		if os.Getenv("MUSUBI_TEST_SERVICES") == "1" { // where time is taken for it
			many = 50
		}
		for range many {
			all.Go(func() {
				if _, _, err := gate.Master(t.Context(), nil, src); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if more := highWater(t) - before; more > 256<<10 {
			t.Errorf("%d pictures of 40 MP took %d MB more, want ≤ 256", many, more>>10)
		} else {
			t.Logf("%d MB more", more>>10)
		}
		return
	}
	name := t.TempDir() + "/large.png"
	if err := os.WriteFile(name, noisyPNG(8000, 5000), 0o600); err != nil {
		t.Fatal(err)
	}
	debug.FreeOSMemory()
	child := exec.Command(os.Args[0], "-test.run=^TestSEC80_LargePicturesInASmallProcess$", "-test.v")
	child.Env = append(os.Environ(), "MUSUBI_TEST_LARGE="+name)
	out, err := child.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
}

// highWater is the most resident memory that this process had, in kilobytes.
func highWater(t *testing.T) int {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	n, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}
