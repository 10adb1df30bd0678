package paint

import (
	"image"
	"math"

	"golang.org/x/image/vector"
)

// pt is a point in pixels.
type pt struct{ x, y float64 }

// path is one or more closed outlines, each a list of points close enough together to look round.
type path [][]pt

func poly(xy ...float64) path {
	p := make([]pt, len(xy)/2)
	for i := range p {
		p[i] = pt{xy[2*i], xy[2*i+1]}
	}
	return path{p}
}

func rect(x, y, w, h float64) path { return poly(x, y, x+w, y, x+w, y+h, x, y+h) }

// oval is an ellipse; turn is in radians.
func oval(cx, cy, rx, ry, turn float64) path {
	n := int(12 + (rx+ry)/3)
	p, s, c := make([]pt, n), math.Sin(turn), math.Cos(turn)
	for i := range p {
		a := 2 * math.Pi * float64(i) / float64(n)
		x, y := rx*math.Cos(a), ry*math.Sin(a)
		p[i] = pt{cx + x*c - y*s, cy + x*s + y*c}
	}
	return path{p}
}

func disc(cx, cy, r float64) path { return oval(cx, cy, r, r, 0) }

// round is a rectangle with round corners of radius r.
func round(x, y, w, h, r float64) path {
	var p []pt
	for q := range 4 {
		cx, cy := x+w-r, y+h-r
		if q == 1 || q == 2 {
			cx = x + r
		}
		if q >= 2 {
			cy = y + r
		}
		for i := range 9 {
			a := (float64(q) + float64(i)/8) * math.Pi / 2
			p = append(p, pt{cx + r*math.Cos(a), cy + r*math.Sin(a)})
		}
	}
	return path{p}
}

// blob is a closed curve through the points.
func blob(xy ...float64) path {
	p := poly(xy...)[0]
	return path{curve(p, true)}
}

// stroke is a line of the given width through the points, curved, with round ends; it tapers to tip times the width.
func stroke(width, tip float64, xy ...float64) path {
	line := curve(poly(xy...)[0], false)
	var left, right []pt
	for i, p := range line {
		a, b := line[max(0, i-1)], line[min(len(line)-1, i+1)]
		l := math.Hypot(b.x-a.x, b.y-a.y)
		if l == 0 {
			continue
		}
		w := width / 2 * (1 + (tip-1)*float64(i)/float64(len(line)-1))
		dx, dy := -(b.y-a.y)/l*w, (b.x-a.x)/l*w
		left, right = append(left, pt{p.x + dx, p.y + dy}), append(right, pt{p.x - dx, p.y - dy})
	}
	for i := len(right) - 1; i >= 0; i-- {
		left = append(left, right[i])
	}
	return path{left}
}

// curve returns a Catmull-Rom curve through p.
func curve(p []pt, closed bool) []pt {
	at := func(i int) pt {
		if closed {
			return p[(i+len(p))%len(p)]
		}
		return p[max(0, min(len(p)-1, i))]
	}
	last := len(p)
	if !closed {
		last--
	}
	var out []pt
	for i := range last {
		a, b, c, d := at(i-1), at(i), at(i+1), at(i+2)
		steps := int(4 + math.Hypot(c.x-b.x, c.y-b.y)/6)
		for s := range steps {
			t := float64(s) / float64(steps)
			out = append(out, pt{catmull(a.x, b.x, c.x, d.x, t), catmull(a.y, b.y, c.y, d.y, t)})
		}
	}
	if !closed {
		out = append(out, p[len(p)-1])
	}
	return out
}

func catmull(a, b, c, d, t float64) float64 {
	return 0.5 * (2*b + (c-a)*t + (2*a-5*b+4*c-d)*t*t + (3*b-a-3*c+d)*t*t*t)
}

// turned returns p turned by radians around (cx, cy).
func (p path) turned(cx, cy, radians float64) path {
	s, c := math.Sin(radians), math.Cos(radians)
	return p.each(func(q pt) pt { return pt{cx + (q.x-cx)*c - (q.y-cy)*s, cy + (q.x-cx)*s + (q.y-cy)*c} })
}

// moved returns p moved by (dx, dy).
func (p path) moved(dx, dy float64) path {
	return p.each(func(q pt) pt { return pt{q.x + dx, q.y + dy} })
}

func (p path) each(f func(pt) pt) path {
	out := make(path, len(p))
	for i, o := range p {
		out[i] = make([]pt, len(o))
		for j, q := range o {
			out[i][j] = f(q)
		}
	}
	return out
}

func (p path) bounds() image.Rectangle {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, o := range p {
		for _, q := range o {
			x0, x1, y0, y1 = min(x0, q.x), max(x1, q.x), min(y0, q.y), max(y1, q.y)
		}
	}
	if x0 > x1 {
		return image.Rectangle{}
	}
	return image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1)))
}

// rasterize hands the outlines to z, whose origin is at (x0, y0).
func (p path) rasterize(z *vector.Rasterizer, x0, y0 float64) {
	for _, o := range p {
		for i, q := range o {
			if x, y := float32(q.x-x0), float32(q.y-y0); i == 0 {
				z.MoveTo(x, y)
			} else {
				z.LineTo(x, y)
			}
		}
		z.ClosePath()
	}
}
