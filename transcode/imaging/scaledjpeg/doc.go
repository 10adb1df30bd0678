// Package scaledjpeg decodes JPEG files at 1/1, 1/2, 1/4 or 1/8 of their size, in pure Go, without ever holding the
// picture at full size.
//
// A thumbnail of a photograph needs a hundredth of its samples. A JPEG file holds frequencies, not samples, in blocks of
// 8×8; the mean of a block is one of those numbers. So at 1/8 a block costs one number, and all that is left of decoding
// is to find where the next block begins. At 1/4 and 1/2 the 2×2 and 4×4 means of a block are computed from its
// frequencies directly. Results stay planar and in the file's own colour space (Y, Cb, Cr): resampling and the JPEG
// encoder want them so.
//
// What a result means: each sample is the mean of the scale×scale samples of the same plane that a full decode would
// give, over the samples inside the picture, within 2 levels where no sample of the block is clipped. (In progressive
// files at 1/8, blocks that overhang the right or lower edge count their padding too, as libjpeg does.)
//
// It is written for files sent by strangers: sizes are checked before memory is taken, every loop is bounded by the
// input's length or the picture's blocks, and damaged files give an error and what could be read of the picture.
//
// Start at [Decoder.Decode]. In order of a file's life: header.go and exif.go read the segments, huffman.go compiles the
// tables, bits.go feeds bits, scan.go walks the blocks of a scan, baseline.go and progressive.go decode them, idct.go
// and fold.go turn frequencies into samples, colour.go brings RGB and inks to Y, Cb, Cr.
package scaledjpeg
