package imaging

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// Strip copies a JPEG, PNG or GIF as it is, pixel for pixel, without what it tells beside its pixels: place, camera, time, texts,
// small copies of itself, and whatever is behind its end (SEC-81). Which way up it is, and its colours, stay. There is
// nothing of other formats and of a file that is not what its kind says: that one cannot be kept as it is.
func Strip(src []byte) []byte {
	out, ok := stripped(src)
	if !ok {
		return nil
	}
	return out
}

func stripped(src []byte) (out []byte, ok bool) {
	format, err := sniff(src)
	if err != nil {
		return nil, false
	}
	switch format {
	case JPEG:
		return stripJPEG(src)
	case PNG:
		return stripPNG(src)
	case GIF:
		return stripGIF(src)
	}
	return nil, false
}

// keptAPP says which of a JPEG's application segments change how it looks: JFIF, the colour profile, Adobe's transform [jpeg §B.2.4.6].
func keptAPP(marker byte, body []byte) bool {
	switch marker {
	case 0xE0:
		return bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14
	case 0xE2:
		return bytes.HasPrefix(body, []byte("ICC_PROFILE\x00"))
	case 0xEE:
		return bytes.HasPrefix(body, []byte("Adobe"))
	}
	return false
}

func stripJPEG(src []byte) (out []byte, ok bool) {
	h := header{orientation: 1}
	if err := h.readJPEG(src); err != nil {
		return nil, false
	}
	out = append(make([]byte, 0, len(src)), 0xFF, 0xD8)
	if h.orientation > 1 {
		out = append(out, turnedExif(h.orientation)...)
	}
	scans := 0
	for at := 2; at+4 <= len(src); {
		if src[at] != 0xFF {
			return nil, false
		}
		marker := src[at+1]
		if marker == 0xFF { // fill
			at++
			continue
		}
		if marker == 0xD9 {
			return append(out, 0xFF, 0xD9), scans > 0
		}
		end := at + 2 + int(binary.BigEndian.Uint16(src[at+2:]))
		if end > len(src) || end < at+4 || marker == 0 || marker >= 0xD0 && marker <= 0xD8 {
			return nil, false
		}
		segment := src[at:end]
		switch {
		case marker == 0xE0 && keptAPP(marker, segment[4:]): // without the small copy behind it
			out = append(append(out, 0xFF, 0xE0, 0, 16), segment[4:16]...)
			out = append(out, 0, 0)
		case marker >= 0xE0 && marker <= 0xEF:
			if keptAPP(marker, segment[4:]) {
				out = append(out, segment...)
			}
		case marker != 0xFE:
			out = append(out, segment...)
		}
		at = end
		if marker == 0xDA {
			scans++
			end = scanEnd(src, at)
			out = append(out, src[at:end]...)
			at = end
		}
	}
	return append(out, 0xFF, 0xD9), scans > 0 // it breaks off: browsers show it as far as it goes
}

// scanEnd is where the coded data from a place on end: at the next marker that is no restart [jpeg §B.1.1.5].
func scanEnd(src []byte, at int) int {
	for ; at+1 < len(src); at++ {
		i := bytes.IndexByte(src[at:], 0xFF)
		if i < 0 || at+i+1 >= len(src) {
			return len(src)
		}
		at += i
		if next := src[at+1]; next != 0 && next != 0xFF && (next < 0xD0 || next > 0xD7) {
			return at
		}
	}
	return len(src)
}

// turnedExif is an APP1 segment that says which way up the picture is, and nothing else [exif §4.6.4].
func turnedExif(orientation int) []byte {
	return append([]byte("\xFF\xE1\x00\x22Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"),
		byte(orientation), 0, 0, 0, 0, 0, 0)
}

// keptChunks are those of PNG's chunks that change how it looks or moves.
var keptChunks = map[string]bool{"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true, "cHRM": true, "sRGB": true, "iCCP": true, "sBIT": true, "pHYs": true,
	"bKGD": true, "acTL": true, "fcTL": true, "fdAT": true}

func stripPNG(src []byte) (out []byte, ok bool) {
	f, err := readPNG(src)
	if err != nil {
		return nil, false
	}
	out = append(make([]byte, 0, len(src)), src[:8]...)
	for at := 8; at < len(src); {
		kind, body, next, _ := pngChunk(src, at)
		if len(body)+12 != next-at {
			return nil, false // it breaks off
		}
		if keptChunks[kind] {
			out = append(out, src[at:next]...)
		}
		if kind == "IHDR" && f.orientation > 1 {
			out = appendOrientation(out, f.orientation)
		}
		if kind == "IEND" {
			return out, true
		}
		at = next
	}
	return nil, false
}

// appendOrientation appends the chunk that says which way up a PNG is.
func appendOrientation(out []byte, orientation int) []byte {
	tiff := turnedExif(orientation)[10:]
	out = binary.BigEndian.AppendUint32(out, uint32(len(tiff)))
	from := len(out)
	out = append(append(out, "eXIf"...), tiff...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
}

// stripGIF leaves out comments, and what applications say beside how often to repeat.
func stripGIF(src []byte) (out []byte, ok bool) {
	if len(src) < 13 {
		return nil, false
	}
	at := 13 + tableSize(src[10])
	if at > len(src) {
		return nil, false
	}
	out = append(make([]byte, 0, len(src)), src[:at]...)
	for at < len(src) {
		from := at
		switch {
		case src[at] == 0x3B:
			return append(out, 0x3B), true
		case src[at] == 0x2C && at+10 < len(src):
			at = skipBlocks(src, at+10+tableSize(src[at+9])+1)
		case src[at] == 0x21 && at+2 < len(src):
			at = skipBlocks(src, at+2)
		default:
			return nil, false
		}
		if at > len(src) || at <= from {
			return nil, false
		}
		block := src[from:at]
		if block[0] == 0x2C || block[1] == 0xF9 || block[1] == 0xFF && len(block) > 14 && string(block[3:14]) == "NETSCAPE2.0" {
			out = append(out, block...)
		}
	}
	return nil, false
}
