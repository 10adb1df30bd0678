// Package imaging makes of a member's photo what one handset can show: its size, its format, its colours, within its
// byte limit, the right way up, without metadata, with the carrier's copy flag where the member asked for it.
//
// It is given bytes and Limits and gives back bytes and an Info:
//
//	out, info, err := imaging.Convert(nil, photo, imaging.Limits{Width: 240, Height: 320, MaxBytes: 20000})
//
// Sources are JPEG, PNG and GIF, and of other formats WebP and AVIF (of an animation the first frame), BMP, TIFF, ICO and SVG, known by
// their magic numbers and never by a name or a content type. Damage that browsers overlook is overlooked, and a picture
// that breaks off is shown as far as it goes.
// Results are JPEG (always baseline), PNG, GIF or BMP. Every result is encoded afresh from pixels, so nothing of a
// source's other bytes can travel along (SEC-81, SEC-82). Colours are taken to be sRGB: a profile is dropped, not
// applied, which is right for what cameras and phones of the time write and leaves wide-gamut photos a little pale.
//
// There are two ways through the room, and convert.go chooses:
//
//   - JPEG sources stay what they are, planes of Y, Cb and Cr, from the decoder (scaledjpeg, which decodes at 1/8, 1/4
//     or 1/2 of the size for a fraction of the cost) through an integer Lanczos-3 resampler (resample.go) to the
//     encoder (internal/jpegenc): planar.go.
//   - PNG and GIF are decoded row by row (pngread.go, gifread.go) into a picture that is reduced by a whole factor as
//     the rows come (gather.go), and finished by disintegration/imaging: general.go. The large picture is never held.
//   - What libraries decode as a whole (whole.go, odd JPEG) is bounded more narrowly and then goes the same way.
//
// Both meet in write.go, which picks a format and works down a ladder of qualities, colours and sizes until the
// result is within MaxBytes (budget.go).
//
// Hostile input is refused from its header, before memory is taken for pixels (source.go). A caller that serves many
// bounds what all conversions together may hold with a Gate.
package imaging
