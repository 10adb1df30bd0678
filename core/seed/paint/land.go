package paint

import (
	"math"

	"musubi/core/seed/dice"
)

// ridge is the outline of hills: mean height y, waves of the given size.
func (c *canvas) ridge(y, height, grain float64, octaves int) path {
	salt := c.Uint64()
	p := []pt{{-2, float64(c.h) + 2}}
	for x := -2; x <= c.w+2; x += 2 {
		p = append(p, pt{float64(x), y - height*(fbm(salt, float64(x)/grain, 0, octaves)-0.5)*2})
	}
	return path{append(p, pt{float64(c.w) + 2, float64(c.h) + 2})}
}

// clouds lays soft cloud over the sky between y0 and y1.
func (c *canvas) clouds(y0, y1, cover float64, light, dark rgb) {
	salt := c.salt ^ 77
	c.area(0, int(y0), c.w, int(y1), func(x, y float64) (rgb, float64) {
		t := (y - y0) / (y1 - y0)
		n := fbm(salt, x/230, y/90*(0.7+t), 5)
		edge := smooth(0, 0.25, t) * (1 - smooth(0.7, 1, t))
		return dark.to(light, smooth(0.35, 0.75, fbm(salt, (x-18)/230, (y-14)/90*(0.7+t), 4)+0.12)), smooth(1-cover, 1.12-cover, n) * edge * 0.92
	})
}

// tree is a conifer whose foot is at (x, y).
func (c *canvas) tree(x, y, height float64, col rgb) {
	w := height * 0.2
	var p []pt
	for i := range 7 {
		t := float64(i) / 6
		p = append(p, pt{x - w*t*c.F(0.85, 1.15), y - height*(1-t)}, pt{x - w*t*0.55, y - height*(1-t) - height*0.02})
	}
	for i := 6; i >= 0; i-- {
		t := float64(i) / 6
		p = append(p, pt{x + w*t*0.55, y - height*(1-t) - height*0.02}, pt{x + w*t*c.F(0.85, 1.15), y - height*(1-t)})
	}
	c.fill(path{p}, flat(col))
}

func paintMountain(c *canvas) {
	skies := [][]rgb{
		{hex(0x3f78c0), hex(0x8fb9e6), hex(0xf6e2c0)},
		{hex(0x5b6fb8), hex(0xd99bb0), hex(0xffd9a0)},
		{hex(0x2f8fd0), hex(0x9fd4ee), hex(0xeaf6f2)},
	}
	sky := dice.Pick(c.Dice, skies)
	c.cover(down(0, 470, sky...))
	sx, sy := c.F(110, 300), c.F(90, 190)
	if c.Chance(50) {
		sx = 1024 - sx
	}
	c.glow(sx, sy, 420, hex(0xfff0c0), 0.75)
	c.clouds(30, 400, 0.45, hex(0xffffff), sky[1])
	c.glow(sx, sy, 150, hex(0xfffbe0), 0.9)
	c.fill(disc(sx, sy, c.F(34, 46)), flat(hex(0xfffef4)))

	// The great mountain, with snow whose edge runs down in tongues.
	px, py, foot := c.F(380, 660), c.F(190, 240), 560.0
	cone := path{{{px - 520, foot}, {px - 330, foot - 118}, {px - 180, py + 130}, {px - 62, py + 16}, {px - 40, py}, {px - 14, py + 7}, {px + 14, py + 2}, {px + 44, py + 4},
		{px + 70, py + 24}, {px + 190, py + 142}, {px + 350, foot - 110}, {px + 560, foot}}}
	rock, lit := hex(0x51638f), hex(0x8d9cc4)
	c.fill(cone, func(x, y float64) (rgb, float64) {
		depth := (y - py) / (foot - py)
		side := smooth(-60, 60, x-px+(fbm(c.salt, x/40, y/40, 3)-0.5)*120)
		col := lit.to(rock, side).to(sky[2], depth*0.45)
		line := fbm(c.salt^3, (x-px)/(1+depth*3)/14, y/160, 3)
		if t := smooth(0.04, 0, depth-0.2-0.34*(line-0.35)); t > 0 {
			col = col.to(hex(0xfdfdff).to(hex(0xb9c6e6), side), t)
		}
		return col, 1
	})
	hills := []struct {
		y, h, grain float64
		col         rgb
	}{{520, 60, 260, hex(0x6f8fa8)}, {560, 55, 210, hex(0x557f78)}, {610, 45, 180, hex(0x3f6f4c)}}
	for _, h := range hills {
		c.fill(c.ridge(h.y, h.h, h.grain, 4), textured(down(h.y-60, h.y+150, h.col.to(sky[2], 0.25), h.col), c.salt, 26, 10, 0.08))
	}
	c.fill(c.ridge(690, 22, 320, 3), textured(down(660, 768, hex(0x86a650), hex(0x55803a)), c.salt, 9, 5, 0.22))
	for range 26 {
		x := c.F(-20, 1044)
		c.tree(x, c.F(668, 720), c.F(46, 96), hex(0x24482f).to(hex(0x3d6b3d), c.F(0, 1)))
	}
}

func paintSea(c *canvas) {
	skies := [][]rgb{
		{hex(0x27346f), hex(0x8a4f8c), hex(0xf08a5d), hex(0xffd57a)},
		{hex(0x35507f), hex(0xc96f7e), hex(0xffa65c), hex(0xffe7a3)},
		{hex(0x2c2a5a), hex(0x6a4590), hex(0xe2708a), hex(0xffbf86)},
	}
	sky, horizon := dice.Pick(c.Dice, skies), 430.0
	c.cover(down(0, horizon, sky...))
	sx, sy := c.F(300, 720), horizon-c.F(8, 60)
	c.clouds(20, horizon+40, 0.5, hex(0xffc59a), hex(0x6d4a80))
	c.glow(sx, sy, 480, hex(0xffd08a), 0.8)
	c.fill(disc(sx, sy, 52), down(sy-52, sy+52, hex(0xfffbe0), hex(0xffe08a)))
	c.fill(c.ridge(horizon+4, 14, 150, 4), down(horizon-24, horizon+10, hex(0x5d3f78), hex(0x4a3468)))
	c.area(0, int(horizon), c.w, c.h, func(x, y float64) (rgb, float64) {
		depth := (y - horizon) / (768 - horizon)
		scale := 5 + depth*46
		wave := fbm(c.salt, x/(scale*4.5), y/scale*1.6+depth, 4)
		base := ramp(depth, []rgb{sky[3].to(sky[2], 0.6), hex(0x5a4a86), hex(0x1d2a52)})
		base = base.to(sky[2], smooth(0.5, 0.8, wave)*0.55)
		path := math.Exp(-math.Pow((x-sx)/(40+depth*170), 2))
		return base.to(hex(0xffe9ac), path*smooth(0.47, 0.6, wave)*0.95), 1
	})
	c.fill(c.ridge(748, 16, 260, 3), textured(flat(hex(0x14142c)), c.salt, 8, 6, 0.06))
	for range 2 { // small boats
		x, y, s := c.F(120, 900), horizon+c.F(16, 70), c.F(0.8, 1.5)
		c.fill(blob(x-24*s, y, x+24*s, y, x+16*s, y+9*s, x-17*s, y+9*s), flat(hex(0x20183a)))
		c.fill(poly(x, y-44*s, x+2*s, y-3*s, x-20*s, y-4*s), flat(hex(0x3b2750)))
		c.fill(poly(x+3*s, y-38*s, x+18*s, y-4*s, x+4*s, y-3*s), flat(hex(0x2b1d44)))
	}
	for range 5 { // gulls
		x, y, s := c.F(100, 900), c.F(60, 260), c.F(7, 15)
		c.fill(stroke(3, 0.4, x, y, x-s*0.7, y-s*0.5, x-s*1.7, y-s*0.1), flat(hex(0x3a2448)))
		c.fill(stroke(3, 0.4, x, y, x+s*0.7, y-s*0.5, x+s*1.7, y-s*0.1), flat(hex(0x3a2448)))
	}
}

// petal is one cherry petal with its notch, pointing up from (x, y).
func petal(x, y, s, turn float64) path {
	return blob(x, y, x-s*0.42, y-s*0.5, x-s*0.3, y-s*0.98, x, y-s*0.84, x+s*0.3, y-s*0.98, x+s*0.42, y-s*0.5).turned(x, y, turn)
}

func (c *canvas) blossom(x, y, s float64, col rgb) {
	turn := c.F(0, 7)
	for i := range 5 {
		p := petal(x, y, s, turn+float64(i)*2*math.Pi/5)
		c.fill(p, ball(x, y, s, hex(0xf2a0bb).to(col, 0.3), col, hex(0xffffff).to(col, 0.4)))
	}
	for i := range 7 {
		a := turn + float64(i)*0.9
		c.fill(stroke(max(1, s*0.035), 1, x, y, x+math.Sin(a)*s*0.36, y-math.Cos(a)*s*0.36), flat(hex(0xd9688c)))
		c.fill(disc(x+math.Sin(a)*s*0.38, y-math.Cos(a)*s*0.38, max(1, s*0.045)), flat(hex(0xf5cf62)))
	}
	c.fill(disc(x, y, s*0.1), flat(hex(0xcf5f83)))
}

func paintSakura(c *canvas) {
	c.cover(down(0, 768, hex(0x7fb7ea), hex(0xbfe0f6), hex(0xf4f1ee)))
	for range 46 { // the trees behind, out of focus
		x, y := c.F(-40, 1060), c.F(330, 720)
		c.glow(x, y, c.F(60, 150), hex(0xffc9d8).to(hex(0xffe8ec), c.F(0, 1)), 0.5)
	}
	branch := flat(hex(0x5a3f3a))
	type tip struct{ x, y float64 }
	var tips []tip
	limbs := 3 + c.N(2)
	for i := range limbs {
		x, y := -30.0, 90+float64(i)*c.F(120, 170)
		xy, w := []float64{x, y}, c.F(18, 30)
		for x < 1024*c.F(0.62, 1) {
			x += c.F(90, 150)
			y += c.F(-62, 46)
			xy = append(xy, x, y)
			tips = append(tips, tip{x, y})
			if c.Chance(75) {
				bx, by := x+c.F(40, 110), y+c.F(-110, 100)
				c.fill(stroke(9, 0.3, x, y, (x+bx)/2, (y+by)/2+c.F(-16, 16), bx, by), branch)
				tips = append(tips, tip{bx, by}, tip{(x + bx) / 2, (y + by) / 2})
			}
		}
		c.fill(stroke(w, 0.25, xy...), textured(branch, c.salt, 6, 3, 0.12))
	}
	pale := []rgb{hex(0xffe3ec), hex(0xffd3e0), hex(0xfff0f4), hex(0xfbc6d7)}
	for _, t := range tips {
		for range c.Between(4, 7) {
			c.blossom(t.x+c.F(-58, 58), t.y+c.F(-46, 46), c.F(15, 27), dice.Pick(c.Dice, pale).to(hex(0xd58fae), 0.22))
		}
	}
	for _, t := range tips {
		for range c.Between(4, 8) {
			c.blossom(t.x+c.F(-52, 52), t.y+c.F(-40, 40), c.F(22, 38), dice.Pick(c.Dice, pale))
		}
	}
	for range 40 {
		x, y := c.F(0, 1024), c.F(200, 768)
		c.fill(petal(x, y, c.F(8, 17), c.F(0, 7)), glass(dice.Pick(c.Dice, pale), 0.9))
	}
}

func paintSky(c *canvas) {
	top := dice.Pick(c.Dice, []rgb{hex(0x1f6fc4), hex(0x2a86d2), hex(0x3b7fd0)})
	c.cover(down(0, 700, top, hex(0x6db4ea), hex(0xd6eef8)))
	c.glow(c.F(100, 900), -60, 520, hex(0xfffbe8), 0.7)
	c.clouds(-200, 380, 0.42, hex(0xffffff), hex(0xc4d8ee))
	// A towering cloud: many balls, lit from the upper left.
	cx := c.F(330, 720)
	for layer := range 3 {
		for range 90 {
			t := c.F(0, 1)
			y := 640 - t*(390-float64(layer)*90)
			spread := 330 * math.Pow(1-t, 0.7)
			x, r := cx+c.F(-1, 1)*spread, c.F(26, 64)*(1.15-t*0.5)
			c.fill(disc(x, y, r), func(px, py float64) (rgb, float64) {
				d := math.Hypot(px-x, py-y) / r
				l := clamp(0.62 - (px-x)/r*0.26 - (py-y)/r*0.46)
				return hex(0xb4c8e2).to(hex(0xffffff), l), (1 - smooth(0.55, 1, d)) * 0.62
			})
		}
	}
	c.fill(c.ridge(650, 24, 210, 4), textured(down(610, 768, hex(0x5f9a5c), hex(0x3c7a3e)), c.salt, 20, 8, 0.14))
	c.fill(c.ridge(716, 12, 420, 3), func(x, y float64) (rgb, float64) {
		n := fbm(c.salt^9, x/5, y/22, 3)
		return hex(0x5c9c34).to(hex(0xb6d45a), smooth(0.3, 0.75, n)), 1
	})
	for range 90 {
		x, y := c.F(0, 1024), c.F(722, 768)
		c.fill(disc(x, y, c.F(2, 4.5)), flat(dice.Pick(c.Dice, []rgb{hex(0xfff6c8), hex(0xffffff), hex(0xffd84a)})))
	}
}

func paintSnow(c *canvas) {
	c.cover(down(0, 560, hex(0x8aa2c4), hex(0xc2cfe2), hex(0xeef0f4)))
	for _, h := range []struct{ y, h, g, t float64 }{{420, 70, 240, 0.3}, {490, 50, 190, 0.12}} {
		c.fill(c.ridge(h.y, h.h, h.g, 5), down(h.y-70, h.y+120, hex(0x8ea3bf).to(hex(0xe6ebf3), h.t), hex(0xe6ebf3)))
	}
	c.fill(c.ridge(590, 26, 420, 2), textured(down(560, 768, hex(0xf4f7fd), hex(0xd5e0f0)), c.salt, 60, 20, 0.05))
	for range 17 {
		x, y, h := c.F(-10, 1034), c.F(560, 640), c.F(90, 210)
		c.tree(x, y, h, hex(0x4b6470))
		c.tree(x-h*0.012, y-h*0.05, h*0.93, hex(0xf3f7fc).to(hex(0x9db1c2), c.F(0, 0.5)))
	}
	// A cabin with a warm window, and a snowman before it.
	x, y := c.F(560, 740), 575.0
	c.fill(rect(x, y, 200, 100), textured(flat(hex(0x77543c)), c.salt, 90, 5, 0.2))
	c.fill(poly(x-34, y+8, x+100, y-88, x+234, y+8), down(y-88, y, hex(0xffffff), hex(0xdfe8f4)))
	c.fill(rect(x+150, y-84, 22, 50), flat(hex(0x6b4a3a)))
	c.fill(round(x+36, y+28, 54, 44, 4), ball(x+63, y+50, 40, hex(0xfff2b8), hex(0xffbe55)))
	c.fill(rect(x+61, y+28, 4, 44), flat(hex(0x5a3d2c)))
	c.fill(rect(x+36, y+48, 54, 4), flat(hex(0x5a3d2c)))
	c.fill(round(x+122, y+34, 40, 66, 3), flat(hex(0x4f3423)))
	c.glow(x+63, y+50, 150, hex(0xffc060), 0.5)
	c.fill(c.ridge(690, 16, 300, 2), down(670, 768, hex(0xffffff), hex(0xdbe5f3)))
	sx := c.F(220, 420)
	c.shade(sx+20, 722, 110, 18, 0.25)
	for _, b := range []struct{ y, r float64 }{{664, 62}, {580, 44}} {
		c.fill(disc(sx, b.y, b.r), ball(sx-b.r*0.4, b.y-b.r*0.5, b.r*1.6, hex(0xffffff), hex(0xf0f4fb), hex(0xb9c9e0)))
	}
	c.fill(disc(sx-15, 572, 5), flat(hex(0x26262e)))
	c.fill(disc(sx+15, 572, 5), flat(hex(0x26262e)))
	c.fill(poly(sx-3, 582, sx+40, 592, sx-3, 594), flat(hex(0xee7f2d)))
	scarf := dice.Pick(c.Dice, []rgb{hex(0xd2384a), hex(0x2f7fb8), hex(0x3d9a5b)})
	c.fill(stroke(20, 1, sx-40, 610, sx, 624, sx+40, 608), flat(scarf))
	c.fill(stroke(18, 1.1, sx+24, 618, sx+34, 650, sx+30, 690), flat(scarf.to(hex(0), 0.12)))
	for range 420 {
		c.fill(disc(c.F(0, 1024), c.F(0, 768), c.F(1.2, 4.2)), glass(hex(0xffffff), c.F(0.45, 0.95)))
	}
}

// leaf is a maple leaf of seven points.
func leaf(x, y, s, turn float64) path {
	var xy []float64
	lengths := []float64{0.5, 0.8, 0.95, 1, 0.95, 0.8, 0.5}
	for i, l := range lengths {
		a := (float64(i) - 3) * 0.66
		b := a - 0.33
		if i > 0 {
			xy = append(xy, x+math.Sin(b)*s*0.36, y-math.Cos(b)*s*0.36)
		}
		xy = append(xy, x+math.Sin(a-0.1)*s*l*0.62, y-math.Cos(a-0.1)*s*l*0.62, x+math.Sin(a)*s*l, y-math.Cos(a)*s*l, x+math.Sin(a+0.1)*s*l*0.62, y-math.Cos(a+0.1)*s*l*0.62)
	}
	xy = append(xy, x+s*0.05, y+s*0.12, x+s*0.03, y+s*0.6, x-s*0.03, y+s*0.6, x-s*0.05, y+s*0.12)
	return poly(xy...).turned(x, y, turn)
}

func paintMaple(c *canvas) {
	c.cover(down(0, 768, hex(0xf5d9a0), hex(0xe8a860), hex(0x9a5a34)))
	for range 60 {
		c.glow(c.F(0, 1024), c.F(0, 768), c.F(40, 130), dice.Pick(c.Dice, []rgb{hex(0xffd86a), hex(0xff9a48), hex(0xfff0b8), hex(0xe86a3a)}), 0.4)
	}
	red := []rgb{hex(0xc8281e), hex(0xe0481e), hex(0xf07a1e), hex(0xb01c24), hex(0xf5a623)}
	for depth := range 4 {
		for range 40 {
			x, y, s := c.F(-20, 1044), c.F(-30, 1)+768*math.Pow(c.F(0, 1), 1.6), c.F(26, 44)*(1+float64(depth)*0.4)
			col := dice.Pick(c.Dice, red)
			in := ball(x, y, s, col.to(hex(0xffe08a), 0.35), col)
			c.fill(leaf(x, y, s, c.F(0, 7)), func(px, py float64) (rgb, float64) { k, _ := in(px, py); return k, 0.55 + float64(depth)*0.15 })
		}
	}
	c.fill(stroke(26, 0.3, -20, 60, 260, 110, 560, 70, 860, 130, 1044, 120), textured(flat(hex(0x3d2620)), c.salt, 8, 3, 0.1))
	for range 26 {
		x, y, s := c.F(-20, 1044), c.F(60, 330), c.F(58, 92)
		col := dice.Pick(c.Dice, red)
		c.fill(leaf(x, y, s, c.F(2, 4.3)), ball(x, y, s, col.to(hex(0xffe08a), 0.4), col))
	}
}
