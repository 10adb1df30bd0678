package imaging

import (
	"image"
	"math"
)

// A window is a part of a picture in pixels, fractions allowed.
type window struct{ x, y, w, h float64 }

// A plan says how a stored picture becomes the result: a window of it, scaled to width × height, then turned.
type plan struct {
	window        window // in pixels of the stored, unturned picture
	width, height int    // of the scaled window, still unturned
	turn          int    // EXIF orientation, 1 … 8
}

// turned says whether the orientation exchanges width and height.
func turned(orientation int) bool { return orientation >= 5 && orientation <= 8 }

// makePlan fits or fills a stored picture of w × h pixels with an EXIF orientation into the limits. Where Fill crops,
// the window is the middle one.
func makePlan(w, h, orientation int, l *Limits) plan {
	fill := l.Fill && l.Width > 0 && l.Height > 0
	boxW, boxH := side(l.Width), side(l.Height)
	if turned(orientation) {
		boxW, boxH = boxH, boxW
	}
	sw, sh := float64(w), float64(h)
	scale := min(float64(boxW)/sw, float64(boxH)/sh)
	if fill {
		scale = max(float64(boxW)/sw, float64(boxH)/sh)
	}
	if scale > 1 && !(l.Enlarge && (l.Width > 0 || l.Height > 0)) {
		scale = 1
	}
	p := plan{window: window{0, 0, sw, sh}, width: pixels(sw * scale), height: pixels(sh * scale), turn: orientation}
	if fill {
		p.width, p.height = min(p.width, boxW), min(p.height, boxH)
		p.window.w, p.window.h = min(sw, float64(p.width)/scale), min(sh, float64(p.height)/scale)
		p.window.x, p.window.y = (sw-p.window.w)/2, (sh-p.window.h)/2
	}
	return p
}

// side is the limit for one side of the result.
func side(limit int) int {
	if limit <= 0 || limit > MaxResult {
		return MaxResult
	}
	return limit
}

// pixels rounds a length to whole pixels, at least one.
func pixels(v float64) int { return int(max(math.Round(v), 1)) }

// shrink returns the plan with a result of the given share of the size.
func (p plan) shrink(share float64) plan {
	p.width, p.height = pixels(float64(p.width)*share), pixels(float64(p.height)*share)
	return p
}

// whole is the window in whole pixels.
func (p *plan) whole() image.Rectangle {
	w := &p.window
	x, y := int(w.x), int(w.y)
	return image.Rect(x, y, max(int(w.x+w.w), x+1), max(int(w.y+w.h), y+1))
}

// factor is by how much pixels may be averaged, k × k of them, before the last and better scaling: it leaves that 2.5
// pixels and more for each of the result's.
func (p *plan) factor() int {
	return max(int(min(p.window.w/float64(p.width), p.window.h/float64(p.height))/2.5), 1)
}
