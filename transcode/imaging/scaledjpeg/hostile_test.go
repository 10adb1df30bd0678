package scaledjpeg

import (
	"bytes"
	"encoding/binary"
	"errors"
	"runtime"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// edit returns the file with the first segment of a marker replaced by what f makes of its body; nil removes it.
func edit(src []byte, marker byte, f func(body []byte) []byte) []byte {
	i := bytes.Index(src, []byte{0xFF, marker})
	n := int(binary.BigEndian.Uint16(src[i+2:]))
	body := f(bytes.Clone(src[i+4 : i+2+n]))
	out := bytes.Clone(src[:i])
	if body != nil {
		out = append(out, segment(marker, body)...)
	}
	return append(out, src[i+2+n:]...)
}

func segment(marker byte, body []byte) []byte {
	return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// set changes one byte of a segment's body.
func set(at int, v byte) func([]byte) []byte {
	return func(body []byte) []byte { body[at] = v; return body }
}

// insert puts bytes behind SOI.
func insert(src, what []byte) []byte {
	return append(append(bytes.Clone(src[:2]), what...), src[2:]...)
}

func size(width, height int) func([]byte) []byte {
	return func(body []byte) []byte {
		binary.BigEndian.PutUint16(body[1:], uint16(height))
		binary.BigEndian.PutUint16(body[3:], uint16(width))
		return body
	}
}

// TestSEC80_hostileFiles: every lie a header can tell gives its error, at every scale, with little memory.
func TestSEC80_hostileFiles(t *testing.T) {
	base := testpic.Draw(48, 40, 1).JPEG(testpic.Options{})
	progressive := testpic.Draw(48, 40, 1).JPEG(testpic.Options{Progressive: true})
	sof := func(f func([]byte) []byte) []byte { return edit(base, 0xC0, f) }
	sos := func(f func([]byte) []byte) []byte { return edit(base, 0xDA, f) }
	renamed := func(marker byte) []byte { return bytes.Replace(base, []byte{0xFF, 0xC0}, []byte{0xFF, marker}, 1) }
	none := func([]byte) []byte { return nil }
	for _, c := range []struct {
		name string
		src  []byte
		want error
	}{
		{"empty", nil, ErrCorrupt},
		{"SOI only", base[:2], ErrTruncated},
		{"a PNG", []byte("\x89PNG\r\n\x1a\n"), ErrCorrupt},
		{"all FF", bytes.Repeat([]byte{0xFF}, 1<<16), ErrCorrupt},
		{"SOI then FF", append([]byte{0xFF, 0xD8}, bytes.Repeat([]byte{0xFF}, 1<<16)...), ErrTruncated},
		{"SOI then zeros", append([]byte{0xFF, 0xD8}, make([]byte, 1<<16)...), ErrTruncated},
		{"one million SOI", bytes.Repeat([]byte{0xFF, 0xD8}, 1e6), ErrTruncated},
		{"EOI at once", []byte{0xFF, 0xD8, 0xFF, 0xD9}, ErrTruncated},
		{"65535×65535", sof(size(65535, 65535)), ErrTooLarge},
		{"1×65535", sof(size(1, 65535)), ErrTooLarge},
		{"65535×1", sof(size(65535, 1)), ErrTooLarge},
		{"9999×9999", sof(size(9999, 9999)), ErrTooLarge},
		{"0×0", sof(size(0, 0)), ErrCorrupt},
		{"0×40", sof(size(0, 40)), ErrCorrupt},
		{"48×0, left to DNL", sof(size(48, 0)), ErrCorrupt},
		{"two frames", insert(base, segment(0xC0, []byte{8, 0, 8, 0, 8, 1, 1, 0x11, 0})), ErrCorrupt},
		{"no components", insert(base, segment(0xC0, []byte{8, 0, 8, 0, 8, 0})), ErrCorrupt},
		{"two components", insert(base, segment(0xC0, []byte{8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0})), ErrUnsupported},
		{"255 components", insert(base, segment(0xC0, append([]byte{8, 0, 8, 0, 8, 255}, make([]byte, 3*255)...))), ErrUnsupported},
		{"frame header too short", sof(func(b []byte) []byte { return b[:7] }), ErrCorrupt},
		{"frame header too long", sof(func(b []byte) []byte { return append(b, 1) }), ErrCorrupt},
		{"components of one name", sof(set(9, 1)), ErrCorrupt},
		{"sampling 0×2", sof(set(7, 0x02)), ErrCorrupt},
		{"sampling 5×1", sof(set(7, 0x51)), ErrCorrupt},
		{"more blocks than an MCU has", sof(set(10, 0x44)), ErrCorrupt},
		{"a sample of a pixel and a half", sof(set(10, 0x31)), ErrUnsupported},
		{"an MCU of 18 blocks", sof(set(7, 0x44)), ErrCorrupt},
		{"quantisation table 4", sof(set(8, 4)), ErrCorrupt},
		{"quantisation table 3, undefined", sof(set(8, 3)), ErrCorrupt},
		{"12 bit", renamed2(base, 0xC1, set(0, 12)), ErrUnsupported},
		{"16 bit", sof(set(0, 16)), ErrUnsupported},
		{"lossless", renamed(0xC3), ErrUnsupported},
		{"hierarchical", renamed(0xC5), ErrUnsupported},
		{"arithmetic", renamed(0xC9), ErrUnsupported},
		{"arithmetic progressive", renamed(0xCA), ErrUnsupported},
		{"no frame", edit(base, 0xC0, none), ErrCorrupt},
		{"no quantisation tables", edit(edit(base, 0xDB, none), 0xDB, none), ErrCorrupt},
		{"no Huffman tables, progressive", withoutAll(testpic.Draw(64, 48, 1).JPEG(testpic.Options{Progressive: true}), 0xC4), ErrCorrupt},
		{"quantisation table cut short", edit(base, 0xDB, func(b []byte) []byte { return b[:30] }), ErrCorrupt},
		{"quantisation precision 2", edit(base, 0xDB, set(0, 0x20)), ErrCorrupt},
		{"Huffman class 2", edit(base, 0xC4, set(0, 0x20)), ErrCorrupt},
		{"Huffman slot 4", edit(base, 0xC4, set(0, 0x04)), ErrCorrupt},
		{"Huffman table cut short", edit(base, 0xC4, func(b []byte) []byte { return b[:20] }), ErrCorrupt},
		{"Huffman table with no codes", edit(base, 0xC4, func(b []byte) []byte { clear(b[1:17]); return b[:17] }), ErrCorrupt},
		{"Huffman table with three codes of one bit", edit(base, 0xC4, set(1, 3)), ErrCorrupt},
		{"Huffman table with 255 codes a length", edit(base, 0xC4, func([]byte) []byte { return append(bytes.Repeat([]byte{255}, 17), make([]byte, 4080)...) }), ErrCorrupt},
		{"restart interval of one byte", insert(base, segment(0xDD, []byte{1})), ErrCorrupt},
		{"segment of length 1", insert(base, []byte{0xFF, 0xE5, 0, 1}), ErrCorrupt},
		{"segment beyond the end", append(bytes.Clone(base[:2]), 0xFF, 0xE5, 0xFF, 0xFF, 0), ErrTruncated},
		{"scan header cut short", sos(func(b []byte) []byte { return b[:5] }), ErrCorrupt},
		{"scan of no components", sos(set(0, 0)), ErrCorrupt},
		{"scan of four components", sos(func([]byte) []byte { return []byte{4, 1, 0, 2, 17, 3, 17, 4, 17, 0, 63, 0} }), ErrCorrupt},
		{"scan of an unknown component", sos(set(1, 9)), ErrCorrupt},
		{"scan names a component twice", sos(set(3, 1)), ErrCorrupt},
		{"scan selects table 15", sos(set(2, 0xFF)), ErrCorrupt},
		{"scan selects an undefined table", sos(set(2, 0x33)), ErrCorrupt},
		{"progressive scan with AC and DC", edit(progressive, 0xDA, set(8, 5)), ErrCorrupt},
		{"progressive scan backwards", edit(progressive, 0xDA, set(7, 5)), ErrCorrupt},
		{"progressive scan of coefficient 99", edit(progressive, 0xDA, set(8, 99)), ErrCorrupt},
		{"progressive scan from bit 5 to 1", edit(progressive, 0xDA, set(9, 0x51)), ErrCorrupt},
		{"progressive scan of bit 14", edit(progressive, 0xDA, set(9, 0x0E)), ErrCorrupt},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, scale := range []int{1, 2, 4, 8} {
				var d Decoder
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				p, err := d.Decode(c.src, scale)
				runtime.ReadMemStats(&after)
				if !errors.Is(err, c.want) || p != nil {
					t.Errorf("1/%d: %v, %v; want %v and no picture", scale, p != nil, err, c.want)
				}
				if used := after.TotalAlloc - before.TotalAlloc; used > 64<<10 {
					t.Errorf("1/%d: took %d bytes", scale, used)
				}
			}
		})
	}
}

// renamed2 gives the frame another marker and edits it.
func renamed2(src []byte, marker byte, f func([]byte) []byte) []byte {
	return edit(bytes.Replace(src, []byte{0xFF, 0xC0}, []byte{0xFF, marker}, 1), marker, f)
}

func withoutAll(src []byte, marker byte) []byte {
	for bytes.Contains(src, []byte{0xFF, marker}) {
		src = edit(src, marker, func([]byte) []byte { return nil })
	}
	return src
}

// TestSEC80_harmlessOddities: files that bend the rules but have a whole picture give it, the same as without.
func TestSEC80_harmlessOddities(t *testing.T) {
	base := testpic.Draw(48, 40, 1).JPEG(testpic.Options{})
	var d Decoder
	p, err := d.Decode(base, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Clone(p.Y)
	var huge []byte
	for range 64 {
		huge = append(huge, segment(0xE2, make([]byte, 65533))...)
	}
	unused := append([]byte{0x13, 0, 1, 5}, make([]byte, 13+6)...)
	for name, src := range map[string][]byte{
		"no EOI":                  base[:len(base)-2],
		"4 MB of profile":         insert(base, huge),
		"thousands of tables":     insert(base, bytes.Repeat(segment(0xC4, unused), 5000)),
		"fill bytes":              insert(base, bytes.Repeat([]byte{0xFF}, 1000)),
		"rubbish before a marker": insert(base, []byte("rubbish\xFF\x00")),
		"a ZIP behind it":         append(bytes.Clone(base), "PK\x03\x04 and more"...),
		"a comment":               insert(base, segment(0xFE, []byte("<script>"))),
	} {
		p, err := d.Decode(src, 2)
		if err != nil || !bytes.Equal(p.Y, want) {
			t.Errorf("%s: %v, or another picture", name, err)
		}
	}
}

// TestSEC80_scanFlood: a progressive file of thousands of scans that say nothing stops at its allowance of work.
func TestSEC80_scanFlood(t *testing.T) {
	src := testpic.Draw(640, 480, 1).JPEG(testpic.Options{Progressive: true, Kind: testpic.Grey})
	src = src[:len(src)-2]
	refine := append(segment(0xDA, []byte{1, 1, 0, 1, 63, 0x10}), 0xFF, 0x00)
	flood := append(bytes.Clone(src), bytes.Repeat(refine, 20000)...)
	// The whole picture is there before the flood, so the decoder does not even look at it.
	var d Decoder
	if _, err := d.Decode(flood, 1); err != nil {
		t.Error("a flood behind the picture:", err)
	}
	i := bytes.Index(src, []byte{0xFF, 0xDA})
	first := bytes.Index(src[i+2:], []byte{0xFF, 0xC4}) + i + 2 // behind the first DC scan
	dc := append(segment(0xDA, []byte{1, 1, 0, 0, 0, 0x21}), bytes.Repeat([]byte{0x55}, 640*480/64/8)...)
	flood = append(bytes.Clone(src[:first]), bytes.Repeat(dc, 3000)...)
	for _, scale := range []int{8, 1} {
		if p, err := d.Decode(flood, scale); !errors.Is(err, ErrTooLarge) || p == nil {
			t.Errorf("1/%d: %v; want ErrTooLarge and what was read", scale, err)
		}
	}
}

// TestSEC80_runFlood: 8 kB of progressive scans, each of which passes over 3 MP in a few end-of-band runs. Refining blocks
// without coefficients is free, and the number of scans is limited.
func TestSEC80_runFlood(t *testing.T) {
	src := testpic.Draw(64, 48, 1).JPEG(testpic.Options{Progressive: true, Kind: testpic.Grey})
	src = edit(src, 0xC2, size(2000, 1500))
	flood := bytes.Clone(src[:bytes.Index(src, []byte{0xFF, 0xDA})])
	onlyRuns := append([]byte{0x10, 1}, make([]byte, 15)...)
	flood = append(flood, segment(0xC4, append(onlyRuns, 0xE0))...) // code 0: a run of 16384 blocks and 14 bits more
	runs := []byte{0x7F, 0xFE, 0xFF, 0x00, 0xFD, 0xFF, 0x00, 0xFB}  // two runs of 32767 blocks
	flood = append(append(flood, segment(0xDA, []byte{1, 1, 0, 1, 63, 13})...), runs...)
	for low := 12; low >= 1; low-- {
		flood = append(append(flood, segment(0xDA, []byte{1, 1, 0, 1, 63, byte((low+1)<<4 | low)})...), runs...)
	}
	for range 400 {
		flood = append(append(flood, segment(0xDA, []byte{1, 1, 0, 1, 63, 0x21})...), runs...)
	}
	var d Decoder
	if p, err := d.Decode(flood, 1); !errors.Is(err, ErrTooLarge) || p == nil {
		t.Errorf("%v; want ErrTooLarge and a grey picture", err)
	}
	for i, nonzero := range d.file.comps[0].nonzero {
		if nonzero != 0 {
			t.Fatalf("block %d would be refined", i)
		}
	}
}

// TestDecode_forgetsFormerPicture: what a damaged file does not say is grey, not a stranger's photo.
func TestDecode_forgetsFormerPicture(t *testing.T) {
	for _, o := range []testpic.Options{{}, {Progressive: true}} {
		var d Decoder
		src := testpic.Draw(160, 120, 1).JPEG(o)
		whole, err := d.Decode(src, 1)
		if err != nil {
			t.Fatal(err)
		}
		for i := range whole.Y {
			whole.Y[i] = 7 // a mark
		}
		sos := bytes.Index(src, []byte{0xFF, 0xDA})
		part, err := d.Decode(src[:sos+(len(src)-sos)/3], 1)
		if !errors.Is(err, ErrTruncated) || part == nil {
			t.Fatal("a third of the data gives", err)
		}
		if i := bytes.IndexByte(part.Y[len(part.Y)/2:], 7); i >= 0 {
			t.Error("a sample of the former picture is still there")
		}
	}
}

// TestDecode_restartRecovery: damage costs one interval, not the rest of the picture.
func TestDecode_restartRecovery(t *testing.T) {
	src := testpic.Draw(320, 240, 1).JPEG(testpic.Options{Restart: 20})
	var d Decoder
	p, err := d.Decode(src, 8)
	if err != nil {
		t.Fatal(err)
	}
	want := bytes.Clone(p.Y)
	for name, damage := range map[string]func([]byte) []byte{
		"noise": func(b []byte) []byte {
			at := bytes.Index(b, []byte{0xFF, 0xD3}) + 2
			for i := range 60 {
				b[at+i] = byte(i*37) & 0x7F
			}
			return b
		},
		"a lost interval": func(b []byte) []byte {
			from, to := bytes.Index(b, []byte{0xFF, 0xD3}), bytes.Index(b, []byte{0xFF, 0xD4})
			return append(b[:from], b[to:]...)
		},
	} {
		p, err := d.Decode(damage(bytes.Clone(src)), 8)
		if p == nil {
			t.Fatalf("%s: %v", name, err)
		}
		same := 0
		for i := range want {
			if p.Y[i] == want[i] {
				same++
			}
		}
		if same < len(want)*9/10 {
			t.Errorf("%s: only %d of %d samples are right (%v)", name, same, len(want), err)
		}
		if name == "a lost interval" && !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s is not reported: %v", name, err)
		}
	}
}
