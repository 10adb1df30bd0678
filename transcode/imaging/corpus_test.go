package imaging

import (
	"bytes"
	"encoding/binary"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// A sample is one picture of the corpus.
type sample struct {
	name string
	data []byte
}

// A corpus is pictures as many encoders write them, and the same damaged in known ways. It is the same in each run.
type corpus struct {
	t    *testing.T
	dir  string
	all  []sample
	base map[string]string // a file for each source, by name
}

// tool returns the path of an encoder. Where nothing may be skipped it has to be there.
func tool(t *testing.T, names ...string) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
		t.Fatalf("%s is not installed, and this run must not skip anything", names[0])
	}
	t.Skipf("%s is not installed (make test installs it)", names[0])
	return ""
}

func newCorpus(t *testing.T) *corpus {
	t.Helper()
	c := &corpus{t: t, dir: t.TempDir(), base: map[string]string{}}
	c.sources()
	c.jpegs()
	c.pngs()
	c.gifs()
	c.later()
	c.vectors()
	return c
}

var onlyCorpus = flag.String("corpus", "", "only the pictures of the corpus whose names have this")

func (c *corpus) add(name string, data []byte) {
	if !strings.Contains(name, *onlyCorpus) {
		return
	}
	c.all = append(c.all, sample{name, data})
}

// run runs an encoder; %OUT in its arguments is the file whose bytes it returns.
func (c *corpus) run(tool, extension string, args ...string) []byte {
	c.t.Helper()
	out := filepath.Join(c.dir, "out."+extension)
	os.Remove(out)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, "%OUT", out)
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir = c.dir
	if text, err := cmd.CombinedOutput(); err != nil {
		c.t.Fatalf("%s %s: %v\n%s", filepath.Base(tool), strings.Join(args, " "), err, text)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		c.t.Fatalf("%s %s: %v", filepath.Base(tool), strings.Join(args, " "), err)
	}
	return b
}

// sources draws what the encoders are given: photos, a drawing, one with soft transparency, of even and of odd sizes.
func (c *corpus) sources() {
	convert := tool(c.t, "convert-im6.q16", "convert-im7.q16", "magick")
	for name, m := range map[string]image.Image{
		"photo": testpic.Draw(160, 120, 1).Image(), "odd": testpic.Draw(77, 61, 2).Image(), "tall": testpic.Draw(33, 100, 3).Image(),
		"drawing": drawing(), "soft": softDrawing(), "tiny": testpic.Draw(3, 2, 4).Image(),
	} {
		rgba := image.NewNRGBA(m.Bounds())
		draw.Draw(rgba, rgba.Rect, m, m.Bounds().Min, draw.Src)
		var b bytes.Buffer
		if err := png.Encode(&b, rgba); err != nil {
			c.t.Fatal(err)
		}
		c.base[name] = filepath.Join(c.dir, name+".png")
		if err := os.WriteFile(c.base[name], b.Bytes(), 0o600); err != nil {
			c.t.Fatal(err)
		}
		ppm := c.run(convert, "ppm", c.base[name], "%OUT")
		if err := os.WriteFile(filepath.Join(c.dir, name+".ppm"), ppm, 0o600); err != nil {
			c.t.Fatal(err)
		}
	}
}

// drawing has flat colours and sharp edges.
func drawing() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 90, 70))
	for y := range 70 {
		for x := range 90 {
			v := color.NRGBA{255, 255, 240, 255}
			switch {
			case (x-30)*(x-30)+(y-30)*(y-30) < 500:
				v = color.NRGBA{220, 30, 40, 255}
			case x > 55 && y > 20 && y < 60:
				v = color.NRGBA{20, 60, 160, 255}
			case (x+y)%16 < 3:
				v = color.NRGBA{30, 140, 60, 255}
			}
			m.SetNRGBA(x, y, v)
		}
	}
	return m
}

// softDrawing is a disc whose edge fades out.
func softDrawing() *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 80, 80))
	for y := range 80 {
		for x := range 80 {
			d := (x-40)*(x-40) + (y-40)*(y-40)
			a := min(max((1300-d)/3, 0), 255)
			m.SetNRGBA(x, y, color.NRGBA{byte(3 * x), byte(200 - y), 120, byte(a)})
		}
	}
	return m
}

// cut, flip, put … damage a copy.
func cut(b []byte, part float64) []byte { return bytes.Clone(b[:int(float64(len(b))*part)]) }

func put(b []byte, at int, with ...byte) []byte {
	out := bytes.Clone(b)
	copy(out[at:], with)
	return out
}

func insert(b []byte, at int, with string) []byte {
	return slices.Concat(b[:at], []byte(with), b[at:])
}

func (c *corpus) jpegs() {
	cjpeg, convert := tool(c.t, "cjpeg"), tool(c.t, "convert-im6.q16", "convert-im7.q16", "magick")
	one := func(name, source string, args ...string) []byte {
		b := c.run(cjpeg, "jpg", append(append([]string{}, args...), "-outfile", "%OUT", source+".ppm")...)
		c.add("jpeg/"+name+"-"+source+".jpg", b)
		return b
	}
	for _, source := range []string{"photo", "odd", "tall", "drawing", "tiny"} {
		for _, sampling := range []string{"1x1", "2x1", "1x2", "2x2", "4x1", "2x4", "2x2,1x1,2x1", "2x2,2x1,1x2", "1x1,1x1,1x1", "1x1,2x2,2x2"} {
			one("sampling-"+sampling, source, "-quality", "85", "-sample", sampling)
		}
		for _, q := range []string{"5", "30", "75", "100"} {
			one("quality-"+q, source, "-quality", q)
		}
		one("progressive", source, "-progressive")
		one("progressive-444", source, "-progressive", "-sample", "1x1")
		one("grey", source, "-grayscale")
		one("grey-progressive", source, "-grayscale", "-progressive")
		one("rgb", source, "-rgb")
		one("optimised", source, "-optimize")
		one("float", source, "-dct", "float", "-restart", "1")
		one("restart-1", source, "-restart", "1B")
		one("restart-3-422", source, "-restart", "3B", "-sample", "2x1")
		one("arithmetic", source, "-arithmetic", "-quality", "80")
		one("arithmetic-444", source, "-arithmetic", "-sample", "1x1")
		one("arithmetic-grey", source, "-arithmetic", "-grayscale")
		one("arithmetic-restart", source, "-arithmetic", "-restart", "2B")
		one("arithmetic-progressive", source, "-arithmetic", "-progressive")
		for _, space := range []string{"CMYK"} {
			c.add("jpeg/"+space+"-"+source+".jpg", c.run(convert, "jpg", c.base[source], "-background", "white", "-flatten", "-colorspace", space, "-quality", "85", "%OUT"))
		}
	}
	photo := testpic.Draw(96, 64, 7)
	for turn := 1; turn <= 8; turn++ {
		c.add(fmt.Sprintf("jpeg/turned-%d.jpg", turn), photo.JPEG(testpic.Options{Orientation: turn, BigEndian: turn%2 == 0}))
	}
	for kind, name := range testpic.Kinds {
		c.add("jpeg/kind-"+name+".jpg", photo.JPEG(testpic.Options{Kind: kind}))
		c.add("jpeg/kind-"+name+"-progressive.jpg", photo.JPEG(testpic.Options{Kind: kind, Progressive: true}))
	}
	c.add("jpeg/scans.jpg", photo.JPEG(testpic.Options{Separate: true}))
	ffmpeg := tool(c.t, "ffmpeg")
	for _, format := range []string{"yuvj420p", "yuvj422p", "yuvj444p"} {
		for _, q := range []string{"2", "12", "31"} {
			c.add("jpeg/ffmpeg-"+format+"-"+q+".jpg", c.run(ffmpeg, "jpg", "-v", "error", "-i", c.base["odd"], "-pix_fmt", format, "-q:v", q, "-bitexact", "%OUT"))
		}
	}
	c.damagedJPEGs(one("quality-90", "photo", "-quality", "90"), one("restart-1", "photo", "-restart", "1B", "-quality", "90"),
		one("progressive-90", "photo", "-progressive", "-quality", "90"), photo.JPEG(testpic.Options{Kind: testpic.CMYK}), one("arith", "photo", "-arithmetic"))
}

func (c *corpus) damagedJPEGs(plain, restart, progressive, cmyk, arithmetic []byte) {
	for _, part := range []float64{.35, .5, .7, .9, .99} {
		c.add(fmt.Sprintf("jpeg/cut-%.2f.jpg", part), cut(plain, part))
		c.add(fmt.Sprintf("jpeg/cut-restart-%.2f.jpg", part), cut(restart, part))
	}
	for _, part := range []float64{.5, .9} {
		c.add(fmt.Sprintf("jpeg/cut-progressive-%.2f.jpg", part), cut(progressive, part))
		c.add(fmt.Sprintf("jpeg/cut-arithmetic-%.2f.jpg", part), cut(arithmetic, part))
	}
	c.add("jpeg/no-end.jpg", plain[:len(plain)-2])
	c.add("jpeg/surplus.jpg", append(bytes.Clone(plain), "\x00\xff\xd9garbage behind the end\xff\xd8\xff"...))
	c.add("jpeg/twice.jpg", append(bytes.Clone(plain), restart...))
	for name, segment := range map[string]string{
		"comment": "\xff\xfe\x00\x07hello", "unknown": "\xff\xed\x00\x05abc", "fill": "\xff\xff\xff\xff\xff\xfe\x00\x02", "jpg0": "\xff\xf0\x00\x04ab",
		"empty-app0": "\xff\xe0\x00\x02", "bad-exif": "\xff\xe1\x00\x10Exif\x00\x00II*\x00\xff\xff", "icc": "\xff\xe2\x00\x12ICC_PROFILE\x00\x01\x01xx",
		"loose": "\x00\x00junk", "com-twice": "\xff\xfe\x00\x03a\xff\xfe\x00\x03b", "adobe-0-short": "\xff\xee\x00\x07Adobe",
	} {
		c.add("jpeg/with-"+name+".jpg", insert(plain, 2, segment))
		sos := bytes.Index(plain, []byte("\xff\xda"))
		c.add("jpeg/late-"+name+".jpg", insert(plain, sos, segment))
	}
	var marks []int
	scan := bytes.Index(restart, []byte("\xff\xda"))
	for i := scan + 2; i+1 < len(restart); i++ {
		if restart[i] == 0xFF && restart[i+1]&0xF8 == 0xD0 {
			marks = append(marks, i)
		}
	}
	for _, n := range []int{3, 20, 33} {
		at := marks[n]
		for shift := range byte(8) {
			c.add(fmt.Sprintf("jpeg/restart-%d-as-%d.jpg", n, shift), put(restart, at+1, 0xD0+(restart[at+1]+shift)&7))
		}
		c.add(fmt.Sprintf("jpeg/restart-%d-gone.jpg", n), slices.Concat(restart[:at], restart[at+2:]))
		c.add(fmt.Sprintf("jpeg/restart-%d-twice.jpg", n), insert(restart, at, string(restart[at:at+2])))
		c.add(fmt.Sprintf("jpeg/interval-%d-gone.jpg", n), slices.Concat(restart[:at], restart[marks[n+1]:]))
		c.add(fmt.Sprintf("jpeg/intervals-%d-gone.jpg", n), slices.Concat(restart[:at], restart[marks[n+3]:]))
		c.add(fmt.Sprintf("jpeg/junk-%d.jpg", n), insert(restart, at, "\x12\x34\x56\x78\x9a\xbc"))
		c.add(fmt.Sprintf("jpeg/flipped-%d.jpg", n), put(restart, at+4, restart[at+4]^0x55))
	}
	if at := bytes.Index(cmyk, []byte("Adobe")); at > 0 {
		c.add("jpeg/cmyk-no-marker.jpg", put(cmyk, at, 'X'))
	}
	if at := bytes.Index(plain, []byte("JFIF")); at > 0 {
		c.add("jpeg/no-jfif.jpg", put(plain, at, 'X'))
	}
	c.add("jpeg/eight-bytes.jpg", plain[:8])
	c.add("jpeg/only-start.jpg", []byte("\xff\xd8\xff\xd9"))
	sof := bytes.Index(plain, []byte("\xff\xc0"))
	c.add("jpeg/no-width.jpg", put(plain, sof+7, 0, 0))
	c.add("jpeg/twelve-bits.jpg", put(plain, sof+4, 12))
	c.add("jpeg/taller.jpg", put(plain, sof+5, 0, 200))
	c.add("jpeg/no-tables.jpg", withoutSegment(plain, 0xDB))
	c.add("jpeg/no-huffman.jpg", withoutSegment(plain, 0xC4))
}

// withoutSegment takes the segments of a kind out.
func withoutSegment(b []byte, marker byte) []byte {
	out := bytes.Clone(b[:2])
	for at := 2; at+4 <= len(b); {
		n := 2 + int(binary.BigEndian.Uint16(b[at+2:]))
		if b[at+1] == 0xDA {
			return append(out, b[at:]...)
		}
		if b[at+1] != marker {
			out = append(out, b[at:at+n]...)
		}
		at += n
	}
	return out
}

func (c *corpus) pngs() {
	convert := tool(c.t, "convert-im6.q16", "convert-im7.q16", "magick")
	one := func(name, source string, args ...string) []byte {
		b := c.run(convert, "png", append(append([]string{c.base[source]}, args...), "%OUT")...)
		c.add("png/"+name+"-"+source+".png", b)
		return b
	}
	for _, source := range []string{"photo", "drawing", "soft", "odd", "tiny"} {
		for _, kind := range []string{"0", "2", "3", "4", "6"} {
			args := []string{"-define", "png:color-type=" + kind}
			if kind == "3" {
				args = append(args, "-colors", "200", "-type", "Palette")
			}
			one("kind-"+kind, source, args...)
			one("kind-"+kind+"-interlaced", source, append(args, "-interlace", "PNG")...)
		}
		for _, n := range []string{"2", "4", "16"} {
			one("colours-"+n, source, "-background", "white", "-flatten", "-dither", "None", "-colors", n, "-define", "png:color-type=3")
		}
		one("deep", source, "-define", "png:bit-depth=16", "-depth", "16")
		one("grey-1", source, "-background", "white", "-flatten", "-monochrome", "-define", "png:color-type=0", "-define", "png:bit-depth=1")
		one("grey-4", source, "-background", "white", "-flatten", "-colorspace", "gray", "-depth", "4", "-define", "png:color-type=0", "-define", "png:bit-depth=4")
	}
	one("keyed", "drawing", "-transparent", "rgb(20,60,160)")
	b := one("plain", "photo", "-define", "png:color-type=2", "-strip")
	soft := one("palette", "drawing", "-colors", "20", "-type", "Palette", "-define", "png:color-type=3", "-strip")
	ihdr := 8 + 25
	chunk := func(kind, data string) string { return string(appendChunk(nil, kind, data)) }
	badCRC := func(kind, data string) string {
		s := []byte(chunk(kind, data))
		s[len(s)-1] ^= 1
		return string(s)
	}
	for name, s := range map[string]string{
		"text": chunk("tEXt", "Comment\x00hello"), "text-crc": badCRC("tEXt", "Comment\x00hello"), "unknown": chunk("zzZz", "abc"), "unknown-crc": badCRC("zzZz", "abc"),
		"empty": chunk("zzZz", ""), "gamma-crc": badCRC("gAMA", "\x00\x00\xb1\x8f"), "time": chunk("tIME", "\x07\xd7\x01\x01\x00\x00\x00"), "critical": chunk("ZZZZ", "abc"),
		"phys": chunk("pHYs", "\x00\x00\x0b\x13\x00\x00\x0b\x13\x01"), "iccp-broken": chunk("iCCP", "x\x00\x00abc"), "bkgd": chunk("bKGD", "\x00\x10\x00\x20\x00\x30"), "srgb": chunk("sRGB", "\x00"),
		"turned-3": chunk("eXIf", "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x03\x00\x00\x00\x00\x00\x00\x00"),
		"turned-6": chunk("eXIf", "MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00"),
		"turned-8": chunk("eXIf", "II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00\x00"),
	} {
		c.add("png/with-"+name+".png", insert(b, ihdr, s))
		c.add("png/late-"+name+".png", insert(b, len(b)-12, s))
	}
	for _, part := range []float64{.3, .5, .8, .95} {
		c.add(fmt.Sprintf("png/cut-%.2f.png", part), cut(b, part))
		c.add(fmt.Sprintf("png/cut-palette-%.2f.png", part), cut(soft, part))
	}
	c.add("png/no-end.png", b[:len(b)-12])
	c.add("png/surplus.png", append(bytes.Clone(b), "behind the end"...))
	c.add("png/header-crc.png", put(b, ihdr-1, b[ihdr-1]^1))
	idat := bytes.Index(b, []byte("IDAT"))
	n := int(binary.BigEndian.Uint32(b[idat-4:]))
	c.add("png/data-crc.png", put(b, idat+4+n, b[idat+4+n]^1))
	c.add("png/adler.png", fixCRC(put(b, idat+4+n-1, b[idat+4+n-1]^1)))
	c.add("png/data-flipped.png", fixCRC(put(b, idat+4+n/2, b[idat+4+n/2]^0x10)))
	c.add("png/split.png", splitIDAT(b, 97))
	c.add("png/split-empty.png", splitIDAT(b, 1000))
	if at := bytes.Index(soft, []byte("PLTE")); at > 0 {
		n := int(binary.BigEndian.Uint32(soft[at-4:]))
		c.add("png/no-palette.png", slices.Concat(soft[:at-4], soft[at+8+n:]))
		short := slices.Concat(soft[:at-4], []byte(chunk("PLTE", string(soft[at+4:at+4+6]))), soft[at+8+n:])
		c.add("png/short-palette.png", short)
	}
	c.add("png/no-data.png", slices.Concat(b[:idat-4], b[len(b)-12:]))
	c.add("png/kind-5.png", fixCRC(put(b, 25, 5)))
	c.add("png/no-width.png", fixCRC(put(b, 16, 0, 0, 0, 0)))
	c.add("png/start.png", b[:20])
}

// fixCRC makes the check sums right again.
func fixCRC(b []byte) []byte {
	out := bytes.Clone(b[:8])
	for at := 8; at+12 <= len(b); {
		n := int(binary.BigEndian.Uint32(b[at:]))
		out = appendChunk(out, string(b[at+4:at+8]), string(b[at+8:at+8+n]))
		at += 12 + n
	}
	return out
}

// splitIDAT writes the pixels in chunks of n bytes with an empty one between.
func splitIDAT(b []byte, n int) []byte {
	idat := bytes.Index(b, []byte("IDAT"))
	data := b[idat+4:][:binary.BigEndian.Uint32(b[idat-4:])]
	out := bytes.Clone(b[:idat-4])
	for part := range slices.Chunk(data, n) {
		out = appendChunk(appendChunk(out, "IDAT", string(part)), "IDAT", "")
	}
	return append(out, b[idat+4+len(data)+4:]...)
}

func (c *corpus) gifs() {
	convert, gifsicle := tool(c.t, "convert-im6.q16", "convert-im7.q16", "magick"), tool(c.t, "gifsicle")
	var plain []byte
	for _, source := range []string{"photo", "drawing", "soft", "odd", "tiny"} {
		b := c.run(convert, "gif", c.base[source], "%OUT")
		c.add("gif/"+source+".gif", b)
		c.add("gif/interlaced-"+source+".gif", c.run(convert, "gif", c.base[source], "-interlace", "GIF", "%OUT"))
		for _, n := range []string{"2", "16", "100"} {
			c.add("gif/colours-"+n+"-"+source+".gif", c.run(convert, "gif", c.base[source], "-colors", n, "%OUT"))
		}
		if source == "drawing" {
			plain = b
		}
	}
	os.WriteFile(filepath.Join(c.dir, "a.gif"), plain, 0o600)
	os.WriteFile(filepath.Join(c.dir, "b.gif"), c.run(convert, "gif", c.base["drawing"], "-negate", "%OUT"), 0o600)
	for _, disposal := range []string{"none", "asis", "background", "previous"} {
		c.add("gif/moving-"+disposal+".gif", c.run(gifsicle, "gif", "-o", "%OUT", "--disposal", disposal, "-d20", "a.gif", "-p", "20,10", "b.gif"))
	}
	c.add("gif/cropped.gif", c.run(gifsicle, "gif", "-o", "%OUT", "--crop", "10,10-60,50", "a.gif"))
	c.add("gif/ffmpeg.gif", c.run(tool(c.t, "ffmpeg"), "gif", "-v", "error", "-i", c.base["photo"], "-bitexact", "%OUT"))
	for _, part := range []float64{.4, .6, .8, .95} {
		c.add(fmt.Sprintf("gif/cut-%.2f.gif", part), cut(plain, part))
	}
	c.add("gif/no-end.gif", plain[:len(plain)-1])
	c.add("gif/surplus.gif", append(bytes.Clone(plain), "behind the end"...))
	c.add("gif/old-version.gif", put(plain, 3, '8', '7', 'a'))
	table := 13 + 3<<(plain[10]&7+1)
	c.add("gif/unknown-extension.gif", insert(plain, table, "\x21\x99\x03abc\x00"))
	c.add("gif/comment.gif", insert(plain, table, "\x21\xfe\x05hello\x00"))
	c.add("gif/bad-control.gif", insert(plain, table, "\x21\xf9\x02\x00\x00\x00"))
	c.add("gif/small-screen.gif", put(plain, 6, 40, 0, 30, 0))
	c.add("gif/no-screen.gif", put(plain, 6, 0, 0, 0, 0))
	c.add("gif/large-screen.gif", put(plain, 6, 200, 0, 150, 0))
	if at := bytes.LastIndex(plain[:table+40], []byte{0x2c}); at > 0 {
		c.add("gif/beside.gif", put(plain, at+1, 30, 0, 20, 0))
	}
	var pictures []*image.Paletted
	for i := range 3 {
		m := image.NewPaletted(image.Rect(5*i, 5*i, 40, 40), color.Palette{color.White, color.NRGBA{byte(80 * i), 100, 200, 255}, color.Transparent})
		for j := range m.Pix {
			m.Pix[j] = byte((j/3 + i) % 3)
		}
		pictures = append(pictures, m)
	}
	var b bytes.Buffer
	if err := gif.EncodeAll(&b, &gif.GIF{Image: pictures, Delay: []int{50, 50, 50}}); err != nil {
		c.t.Fatal(err)
	}
	c.add("gif/transparent-moving.gif", b.Bytes())
	c.add("gif/no-table.gif", slices.Concat(put(plain, 10, plain[10]&0x7f)[:13], plain[table:]))
	c.add("gif/start.gif", plain[:12])
}

// later has the formats that came after the handsets, and those of other programs.
func (c *corpus) later() {
	convert, cwebp := tool(c.t, "convert-im6.q16", "convert-im7.q16", "magick"), tool(c.t, "cwebp")
	avifenc, webp := tool(c.t, "avifenc"), []byte(nil)
	for _, source := range []string{"photo", "drawing", "soft", "odd", "tiny"} {
		for _, q := range []string{"10", "80"} {
			webp = c.run(cwebp, "webp", "-quiet", "-q", q, c.base[source], "-o", "%OUT")
			c.add("webp/quality-"+q+"-"+source+".webp", webp)
			c.add("avif/quality-"+q+"-"+source+".avif", c.run(avifenc, "avif", "-s", "9", "-j", "1", "--min", "10", "--max", q[:1]+"9", c.base[source], "%OUT"))
		}
		c.add("webp/lossless-"+source+".webp", c.run(cwebp, "webp", "-quiet", "-lossless", c.base[source], "-o", "%OUT"))
		for _, yuv := range []string{"444", "422", "420", "400"} {
			c.add("avif/yuv-"+yuv+"-"+source+".avif", c.run(avifenc, "avif", "-s", "9", "-j", "1", "-y", yuv, c.base[source], "%OUT"))
		}
		c.add("avif/ten-bits-"+source+".avif", c.run(avifenc, "avif", "-s", "9", "-j", "1", "-d", "10", c.base[source], "%OUT"))
		for _, kind := range []string{"BMP", "BMP2", "BMP3"} {
			c.add("bmp/"+kind+"-"+source+".bmp", c.run(convert, "bmp", c.base[source], "-background", "white", "-flatten", kind+":%OUT"))
			c.add("bmp/"+kind+"-palette-"+source+".bmp", c.run(convert, "bmp", c.base[source], "-background", "white", "-flatten", "-colors", "60", "-type", "Palette", "-compress", "none", kind+":%OUT"))
			c.add("bmp/"+kind+"-two-"+source+".bmp", c.run(convert, "bmp", c.base[source], "-background", "white", "-flatten", "-monochrome", "-compress", "none", kind+":%OUT"))
		}
		c.add("bmp/rle-"+source+".bmp", c.run(convert, "bmp", c.base[source], "-background", "white", "-flatten", "-colors", "60", "-type", "Palette", "-compress", "RLE", "BMP3:%OUT"))
		c.add("bmp/alpha-"+source+".bmp", c.run(convert, "bmp", c.base[source], "-alpha", "set", "BMP:%OUT"))
		c.add("bmp/ffmpeg-565-"+source+".bmp", c.run(tool(c.t, "ffmpeg"), "bmp", "-v", "error", "-i", c.base[source], "-pix_fmt", "rgb565le", "%OUT"))
		c.add("ico/"+source+".ico", c.run(convert, "ico", c.base[source], "%OUT"))
		c.add("ico/palette-"+source+".ico", c.run(convert, "ico", c.base[source], "-colors", "10", "-type", "Palette", "%OUT"))
		c.add("ico/opaque-"+source+".ico", c.run(convert, "ico", c.base[source], "-alpha", "off", "%OUT"))
	}
	c.add("ico/sizes.ico", c.run(convert, "ico", c.base["soft"], "-define", "icon:auto-resize=48,32,16", "%OUT"))
	c.damagedLater(c.find("webp/quality-80-photo.webp"), c.find("bmp/BMP3-photo.bmp"), c.find("ico/soft.ico"), c.find("avif/quality-80-photo.avif"))
}

func (c *corpus) find(name string) []byte {
	for _, s := range c.all {
		if s.name == name {
			return s.data
		}
	}
	if *onlyCorpus == "" {
		c.t.Fatalf("the corpus has no %s", name)
	}
	return make([]byte, 100)
}

func (c *corpus) damagedLater(webp, bmp, ico, avif []byte) {
	for _, part := range []float64{.05, .5, .9} {
		for name, b := range map[string][]byte{"webp": webp, "bmp": bmp, "ico": ico, "avif": avif} {
			c.add(fmt.Sprintf("%s/cut-%.2f.%s", name, part, name), cut(b, part))
		}
	}
	for name, b := range map[string][]byte{"webp": webp, "bmp": bmp, "ico": ico, "avif": avif} {
		c.add(name+"/surplus."+name, append(bytes.Clone(b), "behind the end"...))
		c.add(name+"/flipped."+name, put(b, len(b)*2/3, b[len(b)*2/3]^0x40))
	}
	c.add("webp/wrong-size.webp", put(webp, 4, 0xff, 0xff, 0, 0))
	c.add("webp/unknown-chunk.webp", insert(webp, len(webp), "ZZZZ\x02\x00\x00\x00ab"))
	c.add("bmp/wrong-file-size.bmp", put(bmp, 2, 1, 0, 0, 0))
}

// vectors are drawings in SVG, as pages of today have them.
func (c *corpus) vectors() {
	const head = `<svg xmlns="http://www.w3.org/2000/svg" `
	for name, s := range map[string]string{
		"shapes":    head + `width="100" height="80"><rect x="10" y="10" width="40" height="30" fill="#c22"/><circle cx="70" cy="40" r="20" fill="blue"/><ellipse cx="40" cy="60" rx="25" ry="10" fill="#0a0"/></svg>`,
		"viewbox":   head + `viewBox="0 0 24 24" width="96" height="96"><path d="M12 2L2 7l10 5 10-5-10-5zM2 17l10 5 10-5M2 12l10 5 10-5" fill="#444"/></svg>`,
		"stroke":    head + `width="90" height="90" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M3 12h18M3 6h18M3 18h18"/></svg>`,
		"gradient":  head + `width="100" height="60"><defs><linearGradient id="a" x1="0" y1="0" x2="1" y2="0"><stop offset="0" stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient></defs><rect width="100" height="60" fill="url(#a)"/></svg>`,
		"radial":    head + `width="80" height="80"><defs><radialGradient id="r"><stop offset="0" stop-color="white"/><stop offset="1" stop-color="green"/></radialGradient></defs><circle cx="40" cy="40" r="38" fill="url(#r)"/></svg>`,
		"transform": head + `width="100" height="100"><g transform="translate(50 50) rotate(30) scale(1.5)"><rect x="-20" y="-10" width="40" height="20" fill="#639"/></g></svg>`,
		"arc":       head + `width="100" height="100"><path d="M50 10 A40 40 0 1 1 10 50 L50 50 Z" fill="#f80"/></svg>`,
		"curves":    head + `width="120" height="80"><path d="M10 70 C 40 0, 80 0, 110 70 S 100 60 60 40 Q 30 20 10 70" fill="#088" stroke="#000" stroke-width="3"/></svg>`,
		"polygon":   head + `width="100" height="100"><polygon points="50,5 61,40 98,40 68,62 79,97 50,75 21,97 32,62 2,40 39,40" fill="gold" stroke="black"/><polyline points="5,5 20,20 5,35" fill="none" stroke="red" stroke-width="2"/></svg>`,
		"style":     head + `width="100" height="60"><rect style="fill:#123456;stroke:#fa0;stroke-width:4" x="10" y="10" width="80" height="40" rx="8"/></svg>`,
		"css":       head + `width="100" height="60"><style>.a{fill:#0b7}.b{fill:#b07}</style><rect class="a" width="50" height="60"/><rect class="b" x="50" width="50" height="60"/></svg>`,
		"opacity":   head + `width="100" height="60"><rect width="60" height="60" fill="red"/><rect x="30" width="60" height="60" fill="blue" fill-opacity=".5"/></svg>`,
		"evenodd":   head + `width="80" height="80"><path fill-rule="evenodd" d="M0 0h80v80H0zM20 20h40v40H20z" fill="#222"/></svg>`,
		"use":       head + `xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="50"><defs><circle id="c" r="15" cy="25" fill="#a33"/></defs><use href="#c" x="25"/><use xlink:href="#c" x="75"/></svg>`,
		"dash":      head + `width="100" height="40"><line x1="5" y1="20" x2="95" y2="20" stroke="#000" stroke-width="6" stroke-dasharray="12 6"/></svg>`,
		"no-size":   head + `viewBox="0 0 100 50"><rect width="100" height="50" fill="teal"/></svg>`,
		"percent":   head + `width="100" height="100"><rect x="10%" y="10%" width="80%" height="80%" fill="#55f"/></svg>`,
		"declared":  `<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">` + head + `width="60" height="60"><!-- a comment --><circle cx="30" cy="30" r="25" fill="#e0e"/></svg>`,
		"units":     head + `width="60pt" height="30pt" viewBox="0 0 20 10"><rect width="20" height="10" fill="#484"/></svg>`,
		"broken":    head + `width="60" height="60"><circle cx="30" cy="30" r="25" fill="#e0e"`,
	} {
		c.add("svg/"+name+".svg", []byte(s))
	}
}
