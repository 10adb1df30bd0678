// Package testpic draws the photographs that the tests and benchmarks of imaging look at, and writes them as JPEG files
// of every kind an uploader may send.
//
// A [Photo] is drawn, not stored: a landscape with sky, clouds, foliage, a brick house, people and a sign with strokes,
// under sensor noise. So it has what makes photographs hard to shrink (gradients, texture, sharp edges, saturated
// highlights) and costs the repository nothing. The same size and seed always give the same samples.
//
// [Photo.JPEG] exists because the standard library writes only baseline 4:2:0: here are 4:4:4 to 4:1:1, grey, Adobe
// RGB, CMYK and YCCK, progressive, restart markers, non-interleaved scans, and EXIF orientation. It is written to be
// right and readable; speed matters little in a test tree.
//
// Start reading at [Draw] and [Options].
package testpic
