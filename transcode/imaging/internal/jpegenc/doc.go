// Package jpegenc writes baseline JPEG files from planes of samples, made for hitting a byte budget: the picture is
// transformed once (Set), and every quality after that only quantises and counts (Size), at about a tenth of an
// encode. Write then emits the file with Huffman tables made for exactly this picture, which saves 3–9 % of the bytes.
//
// Files are what every handset of 2007 reads: baseline, 8 bit, Huffman coded, JFIF, one interleaved scan, never
// progressive, no restart markers, no metadata except one comment that a caller asks for.
//
// Start reading at encode.go; fdct.go, quant.go and huffman.go are its three stages.
package jpegenc
