package paint

import (
	"math"

	"musubi/core/seed/dice"
)

// coat is how a cat looks.
type coat struct{ base, dark, belly rgb }

var coats = []coat{
	{hex(0xe39a4a), hex(0xb8642a), hex(0xfff0dc)}, {hex(0x9a938c), hex(0x57504c), hex(0xf2eee8)},
	{hex(0x4a4440), hex(0x2a2523), hex(0x6a625c)}, {hex(0xf4ece0), hex(0xd9a868), hex(0xffffff)},
}

// catHead paints a cat's head of radius r.
func (c *canvas) catHead(x, y, r float64, k coat, asleep bool) {
	for _, s := range []float64{-1, 1} {
		c.fill(blob(x+s*r*0.88, y-r*0.3, x+s*r*0.86, y-r*1.16, x+s*r*0.66, y-r*1.1, x+s*r*0.18, y-r*0.72), textured(flat(k.base), c.salt, 7, 12, 0.12))
		c.fill(blob(x+s*r*0.76, y-r*0.5, x+s*r*0.76, y-r*0.96, x+s*r*0.66, y-r*0.92, x+s*r*0.36, y-r*0.68), flat(hex(0xf0a8a0)))
	}
	fur := textured(ball(x-r*0.2, y-r*0.4, r*1.9, k.base.to(hex(0xffffff), 0.15), k.base, k.dark), c.salt, 6, 10, 0.14)
	c.fill(blob(x, y-r*0.86, x+r*0.6, y-r*0.74, x+r*1.02, y-r*0.1, x+r*0.92, y+r*0.44, x+r*0.44, y+r*0.8, x, y+r*0.86, x-r*0.44, y+r*0.8, x-r*0.92, y+r*0.44, x-r*1.02, y-r*0.1, x-r*0.6, y-r*0.74), fur)
	for i := -1.0; i <= 1; i++ {
		c.fill(stroke(r*0.13, 0.3, x+i*r*0.24, y-r*0.86, x+i*r*0.2, y-r*0.62, x+i*r*0.12, y-r*0.42), glass(k.dark, 0.8))
	}
	for _, s := range []float64{-1, 1} {
		for i := range 2 {
			c.fill(stroke(r*0.1, 0.3, x+s*r*1.0, y+r*(0.02+0.26*float64(i)), x+s*r*0.78, y+r*(0.06+0.24*float64(i)), x+s*r*0.6, y+r*(0.12+0.2*float64(i))), glass(k.dark, 0.75))
		}
	}
	c.fill(oval(x-r*0.23, y+r*0.42, r*0.34, r*0.28, 0), flat(k.belly))
	c.fill(oval(x+r*0.23, y+r*0.42, r*0.34, r*0.28, 0), flat(k.belly))
	c.fill(oval(x, y+r*0.6, r*0.22, r*0.18, 0), flat(k.belly))
	iris := dice.Pick(c.Dice, []rgb{hex(0xe8b830), hex(0x7fb84a), hex(0x5aa8c8)})
	for _, s := range []float64{-1, 1} {
		ex, ey := x+s*r*0.42, y+r*0.02
		if asleep {
			c.fill(stroke(r*0.06, 1, ex-r*0.2, ey, ex, ey+r*0.12, ex+r*0.2, ey), flat(hex(0x2a1f1a)))
			continue
		}
		c.fill(oval(ex, ey, r*0.24, r*0.23, 0), flat(hex(0x2a1f1a)))
		c.fill(oval(ex, ey, r*0.205, r*0.2, 0), ball(ex, ey-r*0.05, r*0.25, iris.to(hex(0xffffff), 0.3), iris, iris.to(rgb{}, 0.4)))
		c.fill(oval(ex, ey, r*0.1, r*0.18, 0), flat(hex(0x120c0a)))
		c.fill(disc(ex-r*0.07, ey-r*0.08, r*0.055), flat(hex(0xffffff)))
	}
	c.fill(blob(x-r*0.1, y+r*0.24, x+r*0.1, y+r*0.24, x, y+r*0.36), flat(hex(0xe08890)))
	for _, s := range []float64{-1, 1} {
		c.fill(stroke(r*0.035, 1, x, y+r*0.36, x+s*r*0.08, y+r*0.5, x+s*r*0.22, y+r*0.48), flat(hex(0x5a3a34)))
		for i := range 3 {
			dy := (float64(i) - 1) * r * 0.13
			c.fill(stroke(r*0.022, 0.2, x+s*r*0.34, y+r*0.4+dy*0.4, x+s*r*0.8, y+r*0.36+dy, x+s*r*1.3, y+r*0.4+dy*2), glass(hex(0xffffff), 0.85))
		}
	}
}

func paintCat(c *canvas) {
	wall := dice.Pick(c.Dice, []rgb{hex(0xe9dcc4), hex(0xcfe0d8), hex(0xe8d0cc)})
	c.cover(down(0, 560, wall.to(hex(0xffffff), 0.3), wall))
	// The window and the light it throws.
	c.fill(rect(90, 60, 330, 360), flat(hex(0xf8f4ea)))
	c.fill(rect(108, 78, 294, 324), down(78, 402, hex(0x8cc8f0), hex(0xe4f4f8)))
	for range 10 {
		c.glow(c.F(120, 390), c.F(290, 400), c.F(30, 70), hex(0x7fc070), 0.5)
	}
	c.fill(rect(248, 78, 14, 324), flat(hex(0xf8f4ea)))
	c.fill(rect(108, 232, 294, 12), flat(hex(0xf8f4ea)))
	c.glow(250, 240, 620, hex(0xfff3d0), 0.35)
	cushion := dice.Pick(c.Dice, []rgb{hex(0xc8505a), hex(0x4a78a8), hex(0x6a9a5a)})
	c.area(0, 560, c.w, c.h, textured(down(560, 768, hex(0xc89a68), hex(0x9a6a40)), c.salt, 160, 6, 0.18))
	c.shade(560, 690, 430, 60, 0.5)
	c.fill(blob(200, 640, 260, 570, 560, 548, 860, 570, 920, 640, 860, 706, 560, 722, 260, 706), textured(down(548, 722, cushion.to(hex(0xffffff), 0.2), cushion.to(rgb{}, 0.25)), c.salt, 5, 5, 0.1))
	k, asleep := dice.Pick(c.Dice, coats), c.Chance(50)
	fur := textured(down(330, 680, k.base.to(hex(0xffffff), 0.12), k.base, k.base.to(k.dark, 0.6)), c.salt, 8, 14, 0.14)
	c.fill(stroke(56, 0.6, 820, 600, 880, 640, 800, 680, 640, 676, 560, 672), fur)
	c.fill(blob(330, 640, 350, 520, 470, 420, 640, 400, 800, 460, 868, 580, 830, 650, 620, 672, 430, 670), fur)
	for i := range 5 {
		x := 570 + float64(i)*56
		c.fill(stroke(22, 0.3, x, 402+math.Abs(float64(i)-1)*15, x+18, 460+float64(i)*10, x+14, 520+float64(i)*8), glass(k.dark, 0.6))
	}
	c.fill(blob(360, 640, 372, 590, 420, 570, 470, 600, 480, 650, 430, 674), flat(k.belly))
	c.catHead(410, 460, 142, k, asleep)
	for _, x := range []float64{360, 450} {
		c.fill(oval(x, 652, 52, 28, 0), textured(flat(k.base.to(hex(0xffffff), 0.12)), c.salt, 7, 9, 0.1))
		c.fill(oval(x-14, 658, 34, 18, 0), flat(k.belly))
	}
}

func paintCatFace(c *canvas) {
	bg := dice.Pick(c.Dice, []rgb{hex(0x8fc4b4), hex(0xf0b890), hex(0xa8b8e0), hex(0xf2c8d0)})
	c.cover(ball(300, 360, 560, bg.to(hex(0xffffff), 0.45), bg, bg.to(rgb{}, 0.15)))
	k := dice.Pick(c.Dice, coats)
	c.fill(blob(80, 840, 120, 620, 220, 540, 380, 540, 480, 620, 520, 840), textured(down(540, 800, k.base, k.dark), c.salt, 8, 14, 0.14))
	c.fill(blob(220, 820, 240, 620, 300, 580, 360, 620, 380, 820), textured(flat(k.belly), c.salt, 8, 14, 0.08))
	c.catHead(300, 400, 226, k, false)
	collar := dice.Pick(c.Dice, []rgb{hex(0xd23a4a), hex(0x3a6ad2), hex(0x3aa06a)})
	c.fill(stroke(34, 1, 160, 588, 230, 622, 300, 632, 370, 622, 440, 588), flat(collar))
	c.fill(disc(300, 656, 28), ball(290, 644, 44, hex(0xfff0a0), hex(0xe8b030), hex(0xa87010)))
	c.fill(stroke(5, 1, 280, 662, 320, 662), flat(hex(0x6a4808)))
}

func paintFlower(c *canvas) {
	c.cover(down(0, 800, hex(0xbfe0c8), hex(0x8fc090), hex(0x5a9060)))
	for range 30 {
		c.glow(c.F(0, 600), c.F(0, 800), c.F(30, 110), dice.Pick(c.Dice, []rgb{hex(0xfff6c0), hex(0xd8f0b0), hex(0xffffff), hex(0xffd0d8)}), 0.4)
	}
	col := dice.Pick(c.Dice, []rgb{hex(0xffc61e), hex(0xf06a9a), hex(0xfafafa), hex(0x9a7ae0), hex(0xff8a3a)})
	x, y := 300+c.F(-30, 30), 330.0
	c.fill(stroke(22, 1.1, x, y, x+30, 540, x-6, 820), flat(hex(0x3f7a34)))
	for _, s := range []float64{-1, 1} {
		lx, ly := x+12, 600-s*30
		c.fill(blob(lx, ly, lx+s*70, ly-70, lx+s*170, ly-80, lx+s*120, ly+6, lx+s*40, ly+30), down(ly-90, ly+40, hex(0x7fc05a), hex(0x3f7f38)))
		c.fill(stroke(5, 0.3, lx, ly, lx+s*80, ly-34, lx+s*160, ly-76), glass(hex(0xc0e090), 0.6))
	}
	for ring := range 2 {
		n := 15
		r := 230 - float64(ring)*44
		for i := range n {
			a := 2*math.Pi*(float64(i)+0.5*float64(ring))/float64(n) + c.F(-0.05, 0.05)
			p := blob(x, y-40, x-r*0.17, y-r*0.6, x-r*0.1, y-r*0.94, x, y-r, x+r*0.1, y-r*0.94, x+r*0.17, y-r*0.6).turned(x, y, a)
			c.fill(p.moved(3, 6), glass(rgb{}, 0.16))
			c.fill(p, ball(x, y, r, col.to(rgb{}, 0.28), col, col.to(hex(0xffffff), 0.25)))
		}
	}
	c.fill(disc(x, y, 84), ball(x-20, y-24, 120, hex(0x9a6a2a), hex(0x6a3f18), hex(0x3a200c)))
	for i := range 220 {
		a, r := float64(i)*2.39996, 5.2*math.Sqrt(float64(i))
		c.fill(disc(x+r*math.Cos(a), y+r*math.Sin(a), 3.4), flat(hex(0xe8b850).to(hex(0x7a4a18), 1-r/84+c.F(-0.2, 0.2))))
	}
}

// look is what a drawn person has; the outlines of hair differ between paintWoman and paintMan.
type look struct{ skin, hair, cloth, back rgb }

func (c *canvas) look() look {
	return look{
		skin:  dice.Pick(c.Dice, []rgb{hex(0xfbdcc2), hex(0xf5cba8), hex(0xffe6d2), hex(0xeabf98)}),
		hair:  dice.Pick(c.Dice, []rgb{hex(0x2a1f1c), hex(0x4a3024), hex(0x7a4c2c), hex(0x1c1a20), hex(0x9a6a3c)}),
		cloth: dice.Pick(c.Dice, []rgb{hex(0xe8707a), hex(0x4f8fc0), hex(0x6aa86a), hex(0xf0c050), hex(0x8a70b8), hex(0xf4f0e8), hex(0x44506a)}),
		back:  dice.Pick(c.Dice, []rgb{hex(0xa8d8e8), hex(0xf8d8a8), hex(0xc8e0b0), hex(0xf0c8d0), hex(0xd0c8ec), hex(0xfbe9b8)}),
	}
}

// bust paints background, neck and clothes, after the hair that falls behind them.
func (c *canvas) bust(l look, behind path) {
	c.cover(ball(300, 330, 600, l.back.to(hex(0xffffff), 0.5), l.back, l.back.to(rgb{}, 0.1)))
	for range 9 {
		c.glow(c.F(0, 600), c.F(0, 500), c.F(30, 90), hex(0xffffff), 0.4)
	}
	if behind != nil {
		c.fill(behind, down(150, 700, l.hair.to(hex(0xffffff), 0.08), l.hair.to(rgb{}, 0.2)))
	}
	c.fill(blob(250, 520, 350, 520, 366, 660, 300, 700, 234, 660), down(500, 680, l.skin.to(hex(0xb06a50), 0.35), l.skin))
	c.fill(blob(30, 830, 70, 690, 180, 640, 236, 622, 300, 676, 364, 622, 420, 640, 530, 690, 570, 830), textured(down(620, 800, l.cloth.to(hex(0xffffff), 0.12), l.cloth.to(rgb{}, 0.12)), c.salt, 9, 9, 0.05))
}

// face paints head, ears, eyes, nose, mouth and cheeks.
func (c *canvas) face(l look, blush float64) {
	for _, s := range []float64{-1, 1} {
		c.fill(oval(300+s*150, 400, 26, 38, s*0.15), flat(l.skin.to(hex(0xd08a70), 0.18)))
	}
	c.fill(blob(300, 210, 400, 250, 452, 360, 430, 470, 372, 545, 300, 572, 228, 545, 170, 470, 148, 360, 200, 250), ball(270, 340, 330, l.skin.to(hex(0xffffff), 0.25), l.skin, l.skin.to(hex(0xc88a6a), 0.3)))
	smile := c.F(0.6, 1.2)
	closed := c.Chance(25)
	brow := l.hair.to(hex(0x6a4a3a), 0.3)
	for _, s := range []float64{-1, 1} {
		x, y := 300+s*70, 405.0
		c.fill(stroke(9, 0.5, x-s*32, y-58, x, y-68, x+s*36, y-56), flat(brow))
		if closed {
			c.fill(stroke(9, 1, x-32, y+6, x, y-14, x+32, y+6), flat(hex(0x2a1c1a)))
		} else {
			c.fill(oval(x, y, 28, 33, 0), flat(hex(0xffffff)))
			c.fill(oval(x, y+1, 22, 30, 0), down(y-30, y+30, hex(0x241814), hex(0x6a4430)))
			c.fill(disc(x-7, y-11, 8), flat(hex(0xffffff)))
			c.fill(disc(x+8, y+12, 4.5), glass(hex(0xffffff), 0.7))
			c.fill(stroke(8, 0.6, x-s*28, y-18, x, y-34, x+s*34, y-16), flat(hex(0x2a1c1a)))
		}
		c.area(int(300+s*100-50), 430, int(300+s*100+50), 510, func(px, py float64) (rgb, float64) {
			return hex(0xf58a80), blush * (1 - smooth(0, 1, math.Hypot((px-300-s*100)/46, (py-468)/32)))
		})
	}
	c.fill(stroke(6, 0.6, 296, 452, 304, 458, 308, 452), glass(hex(0xc07a5a), 0.8))
	if c.Chance(50) {
		c.fill(blob(254, 496, 300, 506, 346, 496, 330, 496+34*smile, 300, 500+40*smile, 270, 496+34*smile), flat(hex(0xb8444a)))
		c.fill(blob(264, 502, 300, 510, 336, 502, 328, 514, 300, 520, 272, 514), flat(hex(0xffffff)))
	} else {
		c.fill(stroke(8, 1, 252, 496, 276, 504+12*smile, 300, 508+14*smile, 324, 504+12*smile, 348, 496), flat(hex(0xb0504a)))
	}
}

func (c *canvas) hairInk(l look) ink {
	return func(x, y float64) (rgb, float64) {
		shine := smooth(0.55, 0.9, fbm(c.salt, x/9, y/70, 3)) * (1 - smooth(0, 70, math.Abs(y-250-(x-300)*(x-300)/900)))
		return l.hair.to(hex(0xffffff), 0.06+shine*0.3).to(rgb{}, smooth(300, 700, y)*0.2), 1
	}
}

func paintWoman(c *canvas) {
	l := c.look()
	style := c.N(3)
	behind := []path{
		blob(300, 140, 430, 180, 496, 330, 510, 560, 480, 720, 400, 740, 300, 700, 200, 740, 120, 720, 90, 560, 104, 330, 170, 180),
		blob(300, 146, 430, 190, 490, 330, 480, 500, 430, 576, 300, 560, 170, 576, 120, 500, 110, 330, 170, 190),
		blob(300, 146, 420, 190, 470, 320, 450, 430, 150, 430, 130, 320, 180, 190),
	}[style]
	c.bust(l, behind)
	in := c.hairInk(l)
	if style == 2 { // a bun
		c.fill(disc(300, 128, 76), in)
		c.fill(stroke(18, 1, 236, 178, 300, 196, 364, 178), flat(dice.Pick(c.Dice, []rgb{hex(0xe85a78), hex(0x5a90d8), hex(0xf0b840)})))
	}
	c.face(l, 0.5)
	c.fill(blob(300, 150, 420, 190, 478, 320, 462, 440, 446, 450, 430, 350, 390, 300, 352, 330, 322, 286, 282, 336, 236, 300, 186, 352, 156, 450, 138, 440, 122, 320, 180, 190), in)
	switch c.N(3) {
	case 0: // glasses
		for _, s := range []float64{-1, 1} {
			c.fill(ring(300+s*70, 406, 50, 44, 6), flat(hex(0x7a3a3a)))
		}
		c.fill(stroke(6, 1, 280, 402, 300, 396, 320, 402), flat(hex(0x7a3a3a)))
	case 1: // a ribbon
		col := dice.Pick(c.Dice, []rgb{hex(0xf06a8a), hex(0xf5c83a), hex(0x6ab0e0)})
		c.fill(blob(424, 214, 370, 176, 366, 244), flat(col))
		c.fill(blob(424, 214, 478, 186, 470, 252), flat(col.to(rgb{}, 0.1)))
		c.fill(disc(424, 214, 15), flat(col.to(rgb{}, 0.2)))
	}
}

func paintMan(c *canvas) {
	l := c.look()
	c.bust(l, nil)
	c.face(l, 0.2)
	in := c.hairInk(l)
	switch c.N(3) {
	case 0: // short, with a parting
		c.fill(blob(300, 146, 410, 170, 474, 280, 462, 400, 446, 400, 430, 320, 380, 270, 270, 290, 210, 262, 172, 330, 154, 400, 138, 400, 126, 280, 190, 170), in)
	case 1: // spiky
		var xy []float64
		for i := range 15 {
			a := math.Pi * (1 + float64(i)/14)
			r := 190.0 + 34*float64(i%2)
			xy = append(xy, 300+math.Cos(a)*r*0.92, 352+math.Sin(a)*r)
		}
		xy = append(xy, 460, 400, 444, 398, 424, 310, 372, 274, 330, 316, 284, 276, 240, 312, 190, 290, 156, 398, 140, 400)
		c.fill(poly(xy...), in)
	default: // a cap
		col := l.cloth.to(rgb{}, 0.2)
		c.fill(blob(156, 400, 140, 400, 134, 300, 300, 270, 466, 300, 460, 400, 444, 400, 430, 320, 300, 300, 170, 320), in)
		c.fill(blob(300, 130, 420, 168, 468, 290, 300, 302, 132, 290, 180, 168), down(130, 310, col.to(hex(0xffffff), 0.25), col))
		c.fill(blob(150, 290, 300, 272, 450, 290, 520, 318, 440, 326, 300, 306, 160, 318), flat(col.to(rgb{}, 0.2)))
		c.fill(disc(300, 140, 12), flat(col.to(rgb{}, 0.3)))
	}
	switch c.N(4) {
	case 0:
		for _, s := range []float64{-1, 1} {
			c.fill(ring(300+s*70, 406, 50, 40, 7), flat(hex(0x26262c)))
		}
		c.fill(stroke(7, 1, 280, 402, 300, 396, 320, 402), flat(hex(0x26262c)))
	case 1:
		for range 60 {
			c.fill(disc(c.F(255, 345), c.F(540, 562), 1.6), glass(l.hair, 0.55))
		}
	}
	if c.Chance(50) { // a collar and tie
		tie := dice.Pick(c.Dice, []rgb{hex(0xb8323a), hex(0x2f5f9a), hex(0x3f7f5a)})
		c.fill(poly(236, 624, 300, 690, 256, 724, 206, 650), flat(hex(0xfafafa)))
		c.fill(poly(364, 624, 300, 690, 344, 724, 394, 650), flat(hex(0xfafafa)))
		c.fill(poly(284, 688, 316, 688, 326, 720, 340, 800, 260, 800, 274, 720), flat(tie))
	}
}

// ring is an oval frame of the given width.
func ring(cx, cy, rx, ry, width float64) path {
	outer, inner := oval(cx, cy, rx, ry, 0)[0], oval(cx, cy, rx-width, ry-width, 0)[0]
	back := make([]pt, len(inner))
	for i, p := range inner {
		back[len(inner)-1-i] = p
	}
	return path{outer, back}
}
