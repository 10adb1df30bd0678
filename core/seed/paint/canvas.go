package paint

import (
	"image"
	"image/draw"
	"math"

	"golang.org/x/image/vector"

	"musubi/core/seed/dice"
)

// rgb is a colour; each part is 0…1 in sRGB.
type rgb [3]float64

// hex returns the colour written 0xRRGGBB.
func hex(v uint32) rgb {
	return rgb{float64(v>>16&255) / 255, float64(v>>8&255) / 255, float64(v&255) / 255}
}

// to returns the colour t of the way (0…1) from c to other.
func (c rgb) to(other rgb, t float64) rgb {
	t = clamp(t)
	return rgb{c[0] + (other[0]-c[0])*t, c[1] + (other[1]-c[1])*t, c[2] + (other[2]-c[2])*t}
}

// blend lays other over c.
func (c *rgb) blend(other rgb, opacity float64) {
	if opacity >= 1 {
		*c = other
		return
	}
	c[0] += (other[0] - c[0]) * opacity
	c[1] += (other[1] - c[1]) * opacity
	c[2] += (other[2] - c[2]) * opacity
}

// ink says which colour and opacity (0…1) a shape has at a pixel.
type ink func(x, y float64) (rgb, float64)

func flat(c rgb) ink { return func(_, _ float64) (rgb, float64) { return c, 1 } }
func glass(c rgb, opacity float64) ink {
	return func(_, _ float64) (rgb, float64) { return c, opacity }
}
func down(y0, y1 float64, c ...rgb) ink {
	return func(_, y float64) (rgb, float64) { return ramp((y-y0)/(y1-y0), c), 1 }
}

// ball shades from the first colour at (cx, cy) to the last at distance r.
func ball(cx, cy, r float64, c ...rgb) ink {
	return func(x, y float64) (rgb, float64) { return ramp(math.Sqrt((x-cx)*(x-cx)+(y-cy)*(y-cy))/r, c), 1 }
}

// textured adds noise of the given size (pixels) and strength to an ink, for wood, fur, rock.
func textured(in ink, seed uint64, sx, sy, strength float64) ink {
	return func(x, y float64) (rgb, float64) {
		c, a := in(x, y)
		n := (fbm(seed, x/sx, y/sy, 3) - 0.5) * strength
		return rgb{c[0] + n, c[1] + n, c[2] + n}, a
	}
}

// ramp returns the colour at t (0…1) along evenly spaced colours.
func ramp(t float64, c []rgb) rgb {
	t = clamp(t) * float64(len(c)-1)
	i := min(int(t), len(c)-2)
	if i < 0 {
		return c[0]
	}
	return c[i].to(c[i+1], t-float64(i))
}

// clamp keeps t within 0…1; branches, because min and max look for NaN.
func clamp(t float64) float64 {
	if t < 0 {
		return 0
	}
	if t > 1 {
		return 1
	}
	return t
}

// smooth is 0 below low, 1 above high and an S curve between.
func smooth(low, high, v float64) float64 {
	t := clamp((v - low) / (high - low))
	return t * t * (3 - 2*t)
}

// canvas is a picture being painted. Coordinates are pixels, y grows downwards.
type canvas struct {
	*dice.Dice
	w, h int
	px   []rgb
	z    vector.Rasterizer
	mask image.Alpha
	salt uint64 // of this picture's noise
}

func newCanvas(w, h int, d *dice.Dice) *canvas {
	return &canvas{Dice: d, w: w, h: h, px: make([]rgb, w*h), salt: d.Uint64()}
}

// cover paints the whole canvas.
func (c *canvas) cover(in ink) { c.area(0, 0, c.w, c.h, in) }

// area paints a rectangle without a mask.
func (c *canvas) area(x0, y0, x1, y1 int, in ink) {
	for y := max(0, y0); y < min(c.h, y1); y++ {
		for x := max(0, x0); x < min(c.w, x1); x++ {
			if col, a := in(float64(x)+0.5, float64(y)+0.5); a > 0 {
				c.px[y*c.w+x].blend(col, a)
			}
		}
	}
}

// fill paints the inside of a path, its edge anti-aliased.
func (c *canvas) fill(p path, in ink) {
	r := p.bounds().Intersect(image.Rect(0, 0, c.w, c.h))
	if r.Empty() {
		return
	}
	c.z.Reset(r.Dx(), r.Dy())
	p.rasterize(&c.z, float64(r.Min.X), float64(r.Min.Y))
	n := r.Dx() * r.Dy()
	if cap(c.mask.Pix) < n {
		c.mask.Pix = make([]byte, n)
	}
	c.mask.Pix = c.mask.Pix[:n]
	c.mask.Stride, c.mask.Rect = r.Dx(), image.Rect(0, 0, r.Dx(), r.Dy())
	c.z.DrawOp = draw.Src
	c.z.Draw(&c.mask, c.mask.Rect, image.Opaque, image.Point{})
	for y := 0; y < r.Dy(); y++ {
		row := c.px[(r.Min.Y+y)*c.w+r.Min.X:]
		for x, m := range c.mask.Pix[y*r.Dx() : (y+1)*r.Dx()] {
			if m != 0 {
				col, a := in(float64(r.Min.X+x)+0.5, float64(r.Min.Y+y)+0.5)
				row[x].blend(col, a*float64(m)/255)
			}
		}
	}
}

// glow adds light that fades from the middle to distance r.
func (c *canvas) glow(cx, cy, r float64, col rgb, strength float64) {
	for y := max(0, int(cy-r)); y < min(c.h, int(cy+r)+1); y++ {
		for x := max(0, int(cx-r)); x < min(c.w, int(cx+r)+1); x++ {
			dx, dy := float64(x)-cx, float64(y)-cy
			if d := math.Sqrt(dx*dx+dy*dy) / r; d < 1 {
				t := (1 - d) * (1 - d) * strength
				p := &c.px[y*c.w+x]
				for i := range p {
					p[i] += (1 - clamp(p[i])) * col[i] * t
				}
			}
		}
	}
}

// shade darkens an ellipse with a soft edge: the shadow under a thing.
func (c *canvas) shade(cx, cy, rx, ry, strength float64) {
	c.area(int(cx-rx), int(cy-ry), int(cx+rx)+1, int(cy+ry)+1, func(x, y float64) (rgb, float64) {
		return rgb{0.05, 0.03, 0.08}, strength * (1 - smooth(0.35, 1, math.Hypot((x-cx)/rx, (y-cy)/ry)))
	})
}

// image returns the finished picture: a slight vignette and grain, as a camera of the time leaves them.
func (c *canvas) image(vignette, grain float64) image.Image {
	out := image.NewRGBA(image.Rect(0, 0, c.w, c.h))
	noise := c.salt | 1 // xorshift
	for y := range c.h {
		dy := float64(y)/float64(c.h) - 0.5
		for x := range c.w {
			dx := float64(x)/float64(c.w) - 0.5
			dark := 1 - vignette*(dx*dx+dy*dy)*2
			noise ^= noise << 13
			noise ^= noise >> 7
			noise ^= noise << 17
			n := (float64(noise&0xffff)+float64(noise>>16&0xffff))/0xffff - 1
			p, o := c.px[y*c.w+x], out.PixOffset(x, y)
			for i, v := range p {
				out.Pix[o+i] = uint8(clamp(v*dark+n*grain)*255 + 0.5)
			}
			out.Pix[o+3] = 255
		}
	}
	return out
}

// lattice is a repeatable pseudo-random number (0…1) for a point of the integer grid.
func lattice(seed uint64, x, y int64) float64 {
	v := seed ^ uint64(x)*0x9e3779b97f4a7c15 ^ uint64(y)*0xc2b2ae3d27d4eb4f
	v ^= v >> 31
	v *= 0xbf58476d1ce4e5b9
	v ^= v >> 29
	return float64(v>>11) / (1 << 53)
}

// noise is smooth noise (0…1) with a grain of one unit.
func noise(seed uint64, x, y float64) float64 {
	fx, fy := math.Floor(x), math.Floor(y)
	ix, iy, tx, ty := int64(fx), int64(fy), x-fx, y-fy
	tx, ty = tx*tx*(3-2*tx), ty*ty*(3-2*ty)
	a := lattice(seed, ix, iy)*(1-tx) + lattice(seed, ix+1, iy)*tx
	b := lattice(seed, ix, iy+1)*(1-tx) + lattice(seed, ix+1, iy+1)*tx
	return a*(1-ty) + b*ty
}

// fbm sums octaves of noise: clouds, ridges, ripples.
func fbm(seed uint64, x, y float64, octaves int) float64 {
	sum, amp, total := 0.0, 1.0, 0.0
	for i := range octaves {
		sum += amp * noise(seed+uint64(i), x, y)
		total += amp
		amp, x, y = amp/2, x*2, y*2
	}
	return sum / total
}
