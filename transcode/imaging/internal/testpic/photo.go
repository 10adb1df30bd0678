package testpic

import (
	"image"
	"math"
)

// A Photo is a picture in full-resolution YCbCr (JFIF full range): len(Y) = len(Cb) = len(Cr) = Width*Height.
type Photo struct {
	Width, Height int
	Y, Cb, Cr     []byte
}

// material is the colour of a thing and how strongly texture shows on it.
type material struct {
	y, cb, cr int
	rough     int // texture contrast, 0–256
}

var (
	foliage = material{92, 112, 120, 200}
	grass   = material{118, 98, 124, 150}
	trunk   = material{60, 118, 140, 160}
	wall    = material{138, 116, 146, 60}
	mortar  = material{186, 126, 130, 30}
	window  = material{48, 138, 122, 10}
	skin    = material{186, 112, 150, 14}
	shirt   = material{96, 170, 104, 40}
	board   = material{238, 128, 128, 6}
	ink     = material{18, 128, 128, 6}
)

// Draw returns the photograph number seed at the size given. Both sides must be at least 1.
func Draw(width, height int, seed uint64) *Photo {
	n := width * height
	p := &Photo{width, height, make([]byte, n), make([]byte, n), make([]byte, n)}
	scene := newScene(width, height, seed)
	for y := range height {
		scene.row(y)
		for x := range width {
			i := y*width + x
			p.Y[i], p.Cb[i], p.Cr[i] = scene.at(x, y)
		}
	}
	return p
}

// Image returns the photo as a 4:4:4 picture that shares its memory.
func (p *Photo) Image() *image.YCbCr {
	return &image.YCbCr{
		Y: p.Y, Cb: p.Cb, Cr: p.Cr, YStride: p.Width, CStride: p.Width,
		SubsampleRatio: image.YCbCrSubsampleRatio444, Rect: image.Rect(0, 0, p.Width, p.Height),
	}
}

// A scene is a photo being drawn, row after row.
type scene struct {
	w, h    int
	unit    int // a thousandth of the longer side, in 1/1024 pixels
	seed    uint64
	horizon []int // per column, in pixels from the top
	octaves []octave
	coarse  []int // sum of the lower octaves over this row, −128 … 127
	fine    []int // sum of the upper octaves
}

// newScene places the horizon and prepares noise from a quarter of the picture's width down to 3 pixels a cell.
func newScene(w, h int, seed uint64) *scene {
	s := &scene{w: w, h: h, unit: max(w, h) * 1024 / 1000, seed: seed}
	for cell := max(max(w, h)/4, 3); cell >= 3; cell = cell * 4 / 9 {
		s.octaves = append(s.octaves, newOctave(w, cell, seed+uint64(cell)))
	}
	s.horizon = make([]int, w)
	phase := float64(seed%97) / 7
	for x := range s.horizon {
		t := float64(x) / float64(w)
		hill := .05*math.Sin(5*t+phase) + .02*math.Sin(17*t+2*phase) + .004*math.Sin(61*t)
		s.horizon[x] = int((.46 + hill) * float64(h))
	}
	s.coarse, s.fine = make([]int, w), make([]int, w)
	return s
}

// row computes the noise of row y.
func (s *scene) row(y int) {
	clear(s.coarse)
	clear(s.fine)
	for i := range s.octaves {
		sum := s.coarse
		if i >= 3 {
			sum = s.fine
		}
		s.octaves[i].addRow(sum, y)
	}
	for x := range s.coarse {
		s.coarse[x] /= min(3, len(s.octaves))
		s.fine[x] = s.fine[x] * 2 / max(1, len(s.octaves)-2)
	}
}

// at returns the colour of one pixel. Sensor noise is on everything, more in the dark.
func (s *scene) at(x, y int) (yy, cb, cr byte) {
	var l, u, v int
	if m, ok := s.thing(x, y); ok {
		l, u, v = s.shade(m, x)
	} else {
		l, u, v = s.sky(x, y)
	}
	r := hash(uint64(x), uint64(y), s.seed)
	grain := int(r&7) + int(r>>3&7) - 7
	if l > 128 {
		grain /= 2
	}
	return clamp(l + grain), clamp(u + int(r>>8&3) - 1), clamp(v + int(r>>12&3) - 1)
}

// shade lays texture on a material.
func (s *scene) shade(m material, x int) (l, u, v int) {
	t := s.coarse[x]/2 + s.fine[x]
	return m.y + t*m.rough/160, m.cb + s.coarse[x]*m.rough/2048, m.cr - s.coarse[x]*m.rough/2560
}

// sky is a gradient that clouds brighten up to saturation.
func (s *scene) sky(x, y int) (l, u, v int) {
	depth := y * 256 / max(s.h, 1)
	cloud := max(0, s.coarse[x]*3+s.fine[x]/4-20)
	return 140 + depth/4 + cloud, 128 + max(0, 42-depth/4-cloud/3), 128 - max(0, 26-depth/6-cloud/4)
}

// thing returns what stands at (x, y), nearest first; false for sky. Places are in thousandths of the longer side.
func (s *scene) thing(x, y int) (material, bool) {
	px, py := x*1024/max(s.unit, 1), y*1024/max(s.unit, 1)
	bottom := s.h * 1024 / max(s.unit, 1)
	if m, ok := person(px-560, py-(bottom-300)); ok {
		return m, true
	}
	if m, ok := sign(px-760, py-(bottom-260)); ok {
		return m, true
	}
	if m, ok := house(px-60, py-bottom*45/100); ok {
		return m, true
	}
	crown := s.coarse[x] / 6
	if dx, dy := px-880, py-bottom*40/100; dx*dx+dy*dy*2 < (110+crown)*(110+crown) {
		return foliage, true
	} else if dy > 0 && dy < 260 && dx > -14 && dx < 14 {
		return trunk, true
	}
	switch ground := y - s.horizon[x]; {
	case ground > s.h/5:
		return grass, true
	case ground > 0:
		return foliage, true
	}
	return material{}, false
}

func house(x, y int) (material, bool) {
	if x < 0 || x >= 300 || y < 0 || y >= 200 {
		return material{}, false
	}
	if wx, wy := x%100-30, y%90-24; wx >= 0 && wx < 40 && wy >= 0 && wy < 48 {
		if wx == 20 || wy == 22 || wx < 2 || wy < 2 {
			return board, true
		}
		return window, true
	}
	if course := y / 7; y%7 == 0 || (x+course%2*8)%16 == 0 {
		return mortar, true
	}
	return wall, true
}

func person(x, y int) (material, bool) {
	if x*x+y*y < 42*42 {
		if ey := y + 8; ey*ey < 16 && (x > 10 && x < 20 || x < -10 && x > -20) {
			return ink, true
		}
		if y < -22 || y < 0 && (x > 34 || x < -34) {
			return ink, true
		}
		return skin, true
	}
	if y > 40 && y < 240 && x*x < 55*55+y*4 {
		return shirt, true
	}
	return material{}, false
}

// sign is a board with strokes as thick as print: the hardest edges of the picture.
func sign(x, y int) (material, bool) {
	if x < 0 || x >= 150 || y < 0 || y >= 90 {
		return material{}, false
	}
	if line := y % 18; line > 4 && line < 15 && x > 6 && x < 144 {
		glyph := hash(uint64(x/9), uint64(y/18), 7)
		col, row := x%9, line-5
		if col < 7 && (glyph>>(col/2))&1 == 1 && row%4 < 2 || col == int(glyph>>8&7) && glyph>>12&1 == 1 {
			return ink, true
		}
	}
	return board, true
}

func clamp(v int) byte { return byte(min(max(v, 0), 255)) }
