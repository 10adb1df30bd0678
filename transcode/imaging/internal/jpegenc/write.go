package jpegenc

import "encoding/binary"

// Markers (ITU-T T.81, table B.1), each after a byte ff.
const (
	markerSOF0 = 0xc0
	markerDHT  = 0xc4
	markerSOS  = 0xda
	markerDQT  = 0xdb
	markerCOM  = 0xfe
)

// jfif starts every file: SOI and the APP0 segment of JFIF 1.01, square pixels, no thumbnail.
const jfif = "\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"

// classes is how many pairs of tables the picture has: luma, and chroma unless it is grey.
func (e *Encoder) classes() int { return min(2, e.components) }

// headSize is what appendHead will write, and the end marker.
func (e *Encoder) headSize(comment string) int {
	n := len(jfif) + 4 + 65*e.classes() + 10 + 3*e.components + 4 + 8 + 2*e.components + 2
	for i := range 2 * e.classes() {
		n += 17 + len(e.tables[i].values)
	}
	if comment != "" {
		n += 4 + len(comment)
	}
	return n
}

func appendSegment(dst []byte, marker byte, length int) []byte {
	return append(dst, 0xff, marker, byte((length+2)>>8), byte(length+2))
}

func (e *Encoder) appendHead(dst []byte, comment string) []byte {
	dst = append(dst, jfif...)
	if comment != "" {
		dst = append(appendSegment(dst, markerCOM, len(comment)), comment...)
	}
	dst = appendSegment(dst, markerDQT, 65*e.classes())
	for t := range e.classes() {
		dst = append(dst, byte(t))
		dst = append(dst, e.quant.step[t][:]...)
	}
	dst = appendSegment(dst, markerSOF0, 6+3*e.components)
	dst = append(dst, 8, byte(e.height>>8), byte(e.height), byte(e.width>>8), byte(e.width), byte(e.components))
	for i := range e.components {
		sampling := byte(0x11)
		if i == 0 {
			sampling *= byte(e.sampling)
		}
		dst = append(dst, byte(i+1), sampling, byte(min(i, 1)))
	}
	length := 0
	for i := range 2 * e.classes() {
		length += 17 + len(e.tables[i].values)
	}
	dst = appendSegment(dst, markerDHT, length)
	for i := range 2 * e.classes() {
		dst = append(dst, byte(i&1<<4|i>>1))
		dst = append(dst, e.tables[i].bits[:]...)
		dst = append(dst, e.tables[i].values...)
	}
	dst = appendSegment(dst, markerSOS, 4+2*e.components)
	dst = append(dst, byte(e.components))
	for i := range e.components {
		dst = append(dst, byte(i+1), 0x11*byte(min(i, 1)))
	}
	return append(dst, 0, 63, 0)
}

// appendScan writes the tokens. After each byte ff comes a zero, and ones fill the last byte.
func (e *Encoder) appendScan(dst []byte) []byte {
	var acc uint64 // the low n bits are not yet written
	n := uint(0)
	for _, k := range e.tokens {
		t, symbol := &e.tables[k>>24], uint8(k>>16)
		extra := uint(symbol & 15)
		acc = acc<<t.length[symbol] | uint64(t.code[symbol])
		acc = acc<<extra | uint64(k&0xffff)
		if n += uint(t.length[symbol]) + extra; n >= 32 {
			n -= 32
			dst = appendStuffed(dst, uint32(acc>>n))
		}
	}
	for n > 0 {
		have := min(n, 8)
		b := byte(acc>>(n-have)<<(8-have)) | 0xff>>have
		if dst = append(dst, b); b == 0xff {
			dst = append(dst, 0)
		}
		n -= have
	}
	return dst
}

func appendStuffed(dst []byte, v uint32) []byte {
	if x := ^v; (x-0x01010101)&^x&0x80808080 == 0 { // no byte of x is 0: none of v is ff
		return binary.BigEndian.AppendUint32(dst, v)
	}
	for shift := 24; shift >= 0; shift -= 8 {
		b := byte(v >> shift)
		if dst = append(dst, b); b == 0xff {
			dst = append(dst, 0)
		}
	}
	return dst
}
