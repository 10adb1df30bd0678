package scaledjpeg

import "fmt"

// Limits bound what a file may cost. The zero value means the defaults.
type Limits struct {
	Pixels int // most pixels at full size; 0 = 40,000,000
	Side   int // longest side in pixels at full size; 0 = 10,000
}

func (l Limits) pixels() int { return orDefault(l.Pixels, 40_000_000) }
func (l Limits) side() int   { return orDefault(l.Side, 10_000) }

func orDefault(v, standard int) int {
	if v == 0 {
		return standard
	}
	return v
}

// Planes is a decoded picture: Y, and for colour pictures Cb and Cr (JFIF, full range), row after row.
type Planes struct {
	Width, Height    int // of Y: the full size divided by Scale, rounded up
	Y, Cb, Cr        []byte
	YStride, CStride int // bytes from a row to the next
	CWidth, CHeight  int // of Cb and Cr; 0 for a grey picture
	Scale            int // 1, 2, 4 or 8
	FullWidth        int // as the file states them
	FullHeight       int
	Orientation      int // EXIF 1–8, 0 = not stated; not applied
	SubsampleX       int // samples of Y that one of Cb is wide: 1 to 4
	SubsampleY       int // and high
}

// A Decoder decodes pictures, one after another, reusing its buffers: about 140 kB of tables; the samples of the largest
// picture so far; and for progressive files at 1/1 to 1/4 a little over two bytes for each of its samples at full size,
// at 1/8 two for each block of 64. Not for concurrent use. The zero value is ready.
type Decoder struct {
	Limits Limits

	file    file
	tables  tables
	bits    bitReader
	scan    scan
	coefs   coefficients
	planes  Planes
	memory  [4][]byte // backs the planes of up to four components
	scale   int
	stopped int   // the MCU at whose row the data of an interval ended
	damage  error // the first thing wrong with the entropy-coded data
	block   [64]int32
}

// Decode decodes the picture in src at 1/scale of its size; scale is 1, 2, 4 or 8.
//
// The planes belong to the Decoder and hold until the next call. They may come together with an error that wraps
// [ErrTruncated], [ErrCorrupt] or (too many scans) [ErrTooLarge]: then the part that could not be read is mid-grey. With
// less than a row of MCUs, or a restart interval, there are no planes; nor with any other error. Bytes after the end of
// the picture are not looked at.
func (d *Decoder) Decode(src []byte, scale int) (*Planes, error) {
	if scale != 1 && scale != 2 && scale != 4 && scale != 8 {
		return nil, fmt.Errorf("scaledjpeg: scale is %d; want 1, 2, 4 or 8", scale)
	}
	d.scale, d.damage = scale, nil
	d.file = newFile(src)
	err := d.readSegments()
	d.file.src, d.bits.src = nil, nil // a Decoder kept for reuse shall not keep the file
	if err == nil {
		err = d.damage
	}
	if d.file.scanned == 0 {
		if err == nil {
			err = corrupt("no picture data")
		}
		return nil, err
	}
	d.finish()
	return &d.planes, err
}
