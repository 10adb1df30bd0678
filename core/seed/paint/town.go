package paint

import (
	"math"

	"musubi/core/seed/dice"
)

func paintNight(c *canvas) {
	c.cover(down(0, 620, hex(0x070b24), hex(0x1b2356), hex(0x5a3f78), hex(0xc07a78)))
	for range 140 {
		c.fill(disc(c.F(0, 1024), c.F(0, 330), c.F(0.6, 1.6)), glass(hex(0xffffff), c.F(0.3, 0.9)))
	}
	mx, my := c.F(120, 900), c.F(80, 170)
	c.glow(mx, my, 220, hex(0xdfe6ff), 0.4)
	c.fill(disc(mx, my, 34), textured(ball(mx-8, my-8, 50, hex(0xfffdf0), hex(0xe6e2cc)), c.salt, 14, 14, 0.1))
	water := 600.0
	tower := c.F(300, 720)
	for layer := range 3 {
		col := []rgb{hex(0x3a3766), hex(0x24264e), hex(0x12142e)}[layer]
		for x := -20.0; x < 1044; {
			w, h := c.F(44, 104), c.F(70, 200)+float64(2-layer)*c.F(30, 130)
			if layer == 2 && math.Abs(x+w/2-tower) < 70 {
				h = 50
			}
			top := water - h
			c.fill(rect(x, top, w, h+2), down(top, water, col.to(hex(0x6a5a90), 0.12), col))
			if c.Chance(40) {
				c.fill(rect(x+w*0.3, top-12, w*0.3, 13), flat(col))
			}
			if c.Chance(30) {
				c.fill(rect(x+w/2-1.5, top-34, 3, 35), flat(col))
				c.glow(x+w/2, top-34, 13, hex(0xff4040), 1)
			}
			lamp := dice.Pick(c.Dice, []rgb{hex(0xffd88a), hex(0xfff0c0), hex(0xbfe0ff)})
			for wy := top + 9; wy < water-9; wy += 13 {
				for wx := x + 6; wx < x+w-9; wx += 11 {
					if c.Chance(20 + layer*16) {
						c.area(int(wx), int(wy), int(wx)+6, int(wy)+7, glass(lamp, c.F(0.35, 1)))
					}
				}
			}
			x += w + c.F(0, 8)
		}
	}
	// A lattice tower, lit.
	th := c.F(390, 440)
	red := down(water-th, water, hex(0xfff0d8), hex(0xff9a4a), hex(0xe8582a))
	c.glow(tower, water-th*0.45, 240, hex(0xff8a40), 0.35)
	side := func(s float64) []float64 {
		return []float64{tower + s*74, water, tower + s*34, water - th*0.3, tower + s*13, water - th*0.62, tower + s*4, water - th*0.85}
	}
	c.fill(stroke(11, 0.4, side(-1)...), red)
	c.fill(stroke(11, 0.4, side(1)...), red)
	for i := range 15 {
		t := float64(i) / 15 * 0.82
		y0, y1 := water-th*t, water-th*(t+0.055)
		w0, w1 := 74*math.Pow(1-t, 2.1)+4, 74*math.Pow(1-t-0.055, 2.1)+4
		c.fill(stroke(3, 1, tower-w0, y0, tower+w1, y1), red)
		c.fill(stroke(3, 1, tower+w0, y0, tower-w1, y1), red)
	}
	c.fill(round(tower-27, water-th*0.4, 54, 22, 5), flat(hex(0xfff3d0)))
	c.fill(round(tower-14, water-th*0.68, 28, 15, 4), flat(hex(0xfff3d0)))
	c.fill(stroke(6, 0.3, tower, water-th*0.82, tower, water-th*1.06), red)
	c.glow(tower, water-th*1.06, 26, hex(0xff5050), 1)
	c.reflect(int(water), 0.62)
}

// reflect mirrors what is above y in rippled water below it.
func (c *canvas) reflect(y int, strength float64) {
	for yy := y; yy < c.h; yy++ {
		d := float64(yy - y)
		for x := range c.w {
			n := fbm(c.salt^5, float64(x)/60, float64(yy)/(3+d/16), 2) - 0.5
			sx := max(0, min(c.w-1, x+int(n*(6+d*0.22))))
			sy := max(0, min(y-1, y-1-int(d*1.7+n*10)))
			c.px[yy*c.w+x] = hex(0x0a1030).to(c.px[sy*c.w+sx], strength*(0.75+n*0.6))
		}
	}
}

func paintFireworks(c *canvas) {
	c.cover(down(0, 640, hex(0x04061a), hex(0x0d1438), hex(0x2c2450)))
	palettes := [][]rgb{
		{hex(0xffe9a0), hex(0xffb03a), hex(0xff6a2a)}, {hex(0xffd0e0), hex(0xff5a90), hex(0xb03ac0)},
		{hex(0xe0ffff), hex(0x5ad0ff), hex(0x3a6aff)}, {hex(0xf0ffd0), hex(0x8af06a), hex(0x2ac08a)},
	}
	spots := [][3]float64{{300, 220, 210}, {690, 190, 250}, {500, 390, 150}, {890, 380, 120}, {110, 400, 110}}
	shift := c.N(len(palettes))
	for i, s := range spots {
		col, x, y, r := palettes[(i+shift)%len(palettes)], s[0]+c.F(-40, 40), s[1]+c.F(-30, 30), s[2]*c.F(0.85, 1.1)
		c.glow(x, y, r*1.5, col[1], 0.3)
		for ring := range 2 {
			rr, n := r*(1-float64(ring)*0.45), 46-ring*18
			tint := col
			if ring == 1 {
				tint = palettes[(i+shift+1)%len(palettes)]
			}
			for k := range n {
				a := 2*math.Pi*float64(k)/float64(n) + c.F(-0.03, 0.03)
				l := rr * c.F(0.9, 1.04)
				var xy []float64
				for step := range 7 {
					t := 0.3 + 0.7*float64(step)/6
					xy = append(xy, x+math.Cos(a)*l*t, y+math.Sin(a)*l*t+rr*0.17*t*t)
				}
				in := ball(x, y, rr*1.05, tint[2], tint[2], tint[1], tint[0])
				c.fill(stroke(1, 3.2, xy...), func(px, py float64) (rgb, float64) {
					k, _ := in(px, py)
					return k, smooth(0.2, 0.8, math.Hypot(px-x, py-y)/rr)
				})
				c.glow(xy[12], xy[13], 9, tint[0], 0.9)
			}
		}
	}
	water := 610
	for x := -20.0; x < 1044; {
		w, h := c.F(30, 90), c.F(12, 60)
		c.fill(rect(x, float64(water)-h, w, h+1), flat(hex(0x070818)))
		for range int(h / 9) {
			c.area(int(x+c.F(4, w-6)), water-int(c.F(6, h)), int(x+c.F(4, w-6))+3, water-3, glass(hex(0xffd080), 0.55))
		}
		x += w
	}
	c.reflect(water, 0.7)
	for i := range 12 { // the people in front
		x, s := float64(i)*92+c.F(-20, 20), c.F(0.85, 1.2)
		y := 768.0
		c.fill(blob(x-44*s, y+30, x-38*s, y-34*s, x-14*s, y-50*s, x+14*s, y-50*s, x+38*s, y-34*s, x+44*s, y+30), flat(hex(0x05050f)))
		c.fill(oval(x, y-76*s, 24*s, 28*s, 0), flat(hex(0x05050f)))
		if c.Chance(40) {
			c.fill(disc(x+8*s, y-108*s, 13*s), flat(hex(0x05050f)))
		}
	}
}

func paintTrain(c *canvas) {
	c.cover(down(0, 460, hex(0x6fb4e6), hex(0xbfe0f2), hex(0xf6f0dc)))
	c.clouds(10, 360, 0.5, hex(0xffffff), hex(0xbcd0e4))
	c.fill(c.ridge(400, 60, 260, 4), down(330, 480, hex(0x8aa8c0), hex(0xb4cbd0)))
	c.fill(c.ridge(450, 40, 200, 4), textured(down(410, 540, hex(0x5f9468), hex(0x7fae6a)), c.salt, 18, 9, 0.12))
	for range 9 { // houses far away
		x, w := c.F(0, 980), c.F(30, 58)
		c.fill(rect(x, 470, w, 34), flat(hex(0xf2ead8).to(hex(0xd9c8b0), c.F(0, 1))))
		c.fill(poly(x-6, 472, x+w/2, 446, x+w+6, 472), flat(dice.Pick(c.Dice, []rgb{hex(0x4a6a90), hex(0x8a4a3a), hex(0x5a5a62)})))
	}
	c.area(0, 500, c.w, c.h, func(x, y float64) (rgb, float64) { // rice fields in rows
		depth := (y - 500) / 268
		row := math.Abs(math.Sin((x-512)/(10+depth*60) + fbm(c.salt, x/60, y/20, 2)*2))
		return hex(0x7fb04a).to(hex(0xb4d060), row*0.6).to(hex(0x4a7f34), 0.3*fbm(c.salt^1, x/7, y/5, 2)), 1
	})
	c.fill(poly(0, 588, 1024, 588, 1024, 662, 0, 662), textured(down(588, 662, hex(0xa89c8c), hex(0x857868)), c.salt, 4, 3, 0.3))
	for x := -10.0; x < 1034; x += 26 {
		c.fill(rect(x, 622, 14, 14), flat(hex(0x5f4a3a)))
	}
	c.fill(rect(0, 618, 1024, 5), flat(hex(0xc8ccd0)))
	livery := dice.Pick(c.Dice, [][2]rgb{{hex(0xf3ead2), hex(0xc8402c)}, {hex(0xe8eef0), hex(0x2f8a5a)}, {hex(0xf5d23a), hex(0x3a5a9a)}, {hex(0xe6e9ec), hex(0xee7f1e)}})
	front := c.F(80, 150)
	for car := range 3 {
		x, y, w, h := front+float64(car)*372, 420.0, 362.0, 176.0
		c.shade(x+w/2, 620, w*0.56, 20, 0.5)
		c.fill(round(x, y, w, h, 16), down(y, y+h, livery[0].to(hex(0xffffff), 0.5), livery[0], livery[0].to(rgb{}, 0.18)))
		c.fill(round(x+4, y-8, w-8, 16, 7), flat(hex(0x9aa2a8)))
		c.fill(rect(x, y+108, w, 34), down(y+108, y+142, livery[1].to(hex(0xffffff), 0.12), livery[1]))
		for i := range 5 {
			wx := x + 34 + float64(i)*64
			if i == 1 || i == 3 { // doors
				c.fill(round(wx-4, y+24, 50, 136, 4), flat(livery[0].to(rgb{}, 0.12)))
				c.fill(rect(wx+20, y+24, 2, 136), flat(livery[0].to(rgb{}, 0.4)))
				c.fill(rect(wx-4, y+108, 50, 34), flat(livery[1].to(rgb{}, 0.12)))
			}
			c.fill(round(wx, y+32, 42, 58, 5), down(y+32, y+90, hex(0x4a6a86), hex(0x9cc0d4)))
			c.fill(poly(wx+6, y+88, wx+22, y+34, wx+32, y+34, wx+16, y+88), glass(hex(0xffffff), 0.25))
			if c.Chance(55) {
				c.fill(blob(wx+12, y+90, wx+14, y+72, wx+21, y+66, wx+28, y+72, wx+30, y+90), glass(hex(0x23303e), 0.75))
				c.fill(disc(wx+21, y+60, 7), glass(hex(0x23303e), 0.75))
			}
		}
		for _, bx := range []float64{x + 64, x + w - 64} {
			c.fill(round(bx-46, y+h-4, 92, 20, 6), flat(hex(0x30343a)))
			for _, d := range []float64{-28, 28} {
				c.fill(disc(bx+d, y+h+14, 15), ball(bx+d, y+h+12, 16, hex(0x8a9098), hex(0x33373c)))
			}
		}
	}
	c.fill(round(front+2, 452, 26, 62, 6), flat(hex(0x24384a)))
	c.glow(front+8, 560, 60, hex(0xfff2b0), 0.9)
	for i := range 3 { // poles and wire
		x := 150 + float64(i)*380 + c.F(-10, 10)
		c.fill(rect(x, 280, 9, 340), flat(hex(0x5a5f66)))
		c.fill(rect(x-50, 318, 110, 6), flat(hex(0x5a5f66)))
	}
	c.fill(stroke(2, 1, -10, 330, 150, 346, 340, 338, 530, 346, 720, 338, 910, 346, 1034, 338), flat(hex(0x3a3f46)))
	c.fill(stroke(2, 1, 250, 346, 262, 380, 250, 414), flat(hex(0x3a3f46)))
	for range 260 { // grass and flowers in front
		x := c.F(0, 1024)
		y, h := c.F(700, 780), c.F(16, 52)
		c.fill(stroke(5, 0.15, x, y, x+c.F(-7, 7), y-h*0.6, x+c.F(-16, 16), y-h), flat(hex(0x3f7a2e).to(hex(0x8fbf4a), c.F(0, 1))))
		if c.Chance(18) {
			c.fill(disc(x+c.F(-14, 14), y-h, c.F(4, 8)), flat(dice.Pick(c.Dice, []rgb{hex(0xffd83a), hex(0xffe680), hex(0xfff6d0)})))
		}
	}
}
