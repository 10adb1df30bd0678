package imaging

import (
	"math"

	"musubi/transcode/imaging/internal/jpegenc"
)

// Bounds of what the byte limit may do to a picture.
const (
	topQuality     = 95   // of a JPEG that may use up its limit
	defaultQuality = 80   // of a JPEG without a limit
	floorQuality   = 20   // below it a smaller picture looks better
	greyShare      = 0.45 // of the size: below it colour is given up
	leastShare     = 0.03
)

// quality is the best quality that the limits allow.
func (l *Limits) quality() float64 {
	switch {
	case l.Quality > 0:
		return float64(min(l.Quality, 100))
	case l.MaxBytes > 0:
		return topQuality
	}
	return defaultQuality
}

// fitJPEG writes the best JPEG within the limit: first by quality; when that would fall below floorQuality, by chroma
// of half the size, then (if shrink) by a smaller picture, and in the end by giving up colour.
func (c *converter) fitJPEG(dst []byte, draw render, info *Info, l *Limits, comment string, shrink bool) ([]byte, error) {
	sampling, share := 2, 1.0
	if info.SourceFormat != JPEG {
		sampling = 1 // drawings have sharp colours
	}
	for share > leastShare {
		p := draw(share, sampling)
		if err := c.encoder.Set(p.components(share < greyShare, sampling)); err != nil {
			return dst, err
		}
		out, quality, least := c.fitQuality(dst, l, comment)
		if quality > 0 {
			info.Width, info.Height = p.size()
			info.Quality = int(math.Round(quality))
			return out, nil
		}
		switch {
		case sampling == 1:
			sampling = 2
		case !shrink:
			return dst, ErrNoFit
		default:
			share *= min(math.Sqrt(float64(l.MaxBytes)/float64(least))*1.02, 0.92)
		}
	}
	return dst, ErrNoFit
}

// fitQuality writes what the encoder holds at the best quality that keeps within the limit and returns that quality.
// If even floorQuality does not, it returns 0 and the least size.
//
// Bytes follow the scale of the quantising tables as a power, nearly: a straight line between logarithms. So each
// guess comes from the two before, and two to four of them suffice; they only count (jpegenc.Size).
func (c *converter) fitQuality(dst []byte, l *Limits, comment string) (out []byte, quality float64, least int) {
	start, limit, top := len(dst), l.MaxBytes, l.quality()
	floor := min(floorQuality, top)
	write := func(q float64) bool {
		out = c.encoder.Append(dst, q, comment)
		return limit == 0 || len(out)-start <= limit
	}
	if (limit == 0 || c.encoder.Size(top, comment) <= limit) && write(top) {
		return out, top, 0
	}
	if least = c.encoder.Size(floor, comment); least > limit {
		return dst, 0, least
	}
	high := point{jpegenc.Scale(top), c.encoder.Size(top, comment)} // too many bytes
	low := point{jpegenc.Scale(floor), least}                       // fits
	aim := 0.985 * float64(limit)
	for range 6 {
		if float64(low.size) >= 0.97*float64(limit) || high.scale/low.scale > 0.995 {
			break
		}
		guess := between(high, low, aim)
		guess.size = c.encoder.Size(jpegenc.Quality(guess.scale), comment)
		if guess.size > limit {
			high = guess
		} else {
			low = guess
		}
	}
	for !write(jpegenc.Quality(low.scale)) { // the estimate of stuffing was too low
		low.scale *= 1.01
	}
	return out, jpegenc.Quality(low.scale), 0
}

// A point is a scale of the quantising tables and the bytes it takes.
type point struct {
	scale float64
	size  int
}

// between guesses the scale that takes the bytes aimed at, strictly between two points.
func between(high, low point, aim float64) point {
	lh, ll := math.Log(high.scale), math.Log(low.scale)
	sh, sl := math.Log(float64(high.size)), math.Log(float64(low.size))
	share := 0.5
	if sh > sl {
		share = min(max((math.Log(aim)-sl)/(sh-sl), 0.03), 0.97)
	}
	return point{scale: math.Exp(ll + (lh-ll)*share)}
}
