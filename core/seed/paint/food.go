package paint

import (
	"math"

	"musubi/core/seed/dice"
)

// table covers the canvas with wooden boards.
func (c *canvas) table(light, dark rgb) {
	c.cover(func(x, y float64) (rgb, float64) {
		board := math.Floor(y / 128)
		grain := fbm(c.salt+uint64(board), x/190+board*7, y/9, 4)
		ring := math.Abs(math.Sin((grain*9 + board) * math.Pi))
		col := dark.to(light, 0.35+0.45*grain+0.2*ring).to(rgb{}, 0.35*(1-smooth(0, 3, math.Mod(y, 128))))
		return col.to(hex(0xffffff), 0.16*smooth(900, 0, math.Hypot(x-200, y))), 1
	})
}

// dish is a round thing seen from above at a slant, with its shadow.
func (c *canvas) dish(x, y, rx, ry float64, col, rim rgb) {
	c.shade(x+16, y+ry*0.42, rx*1.2, ry*1.16, 0.6)
	c.fill(oval(x, y, rx, ry, 0), down(y-ry, y+ry, col.to(hex(0xffffff), 0.25), col.to(rgb{}, 0.18)))
	c.fill(oval(x, y, rx*0.94, ry*0.94, 0), flat(rim))
	c.fill(oval(x, y+3, rx*0.9, ry*0.9, 0), down(y-ry, y+ry, col.to(rgb{}, 0.22), col))
}

func (c *canvas) chopsticks(x0, y0, x1, y1 float64) {
	for i := range 2 {
		d := float64(i) * 20
		c.fill(stroke(14, 0.5, x0+d+8, y0+10, x1+d*0.4+8, y1+10), glass(rgb{}, 0.25))
		c.fill(stroke(14, 0.5, x0+d, y0, x1+d*0.4, y1), down(min(y0, y1), max(y0, y1), hex(0x8a2c22), hex(0x5c1a16)))
		c.fill(stroke(3, 0.5, x0+d-3, y0, x1+d*0.4-2, y1), glass(hex(0xffffff), 0.25))
	}
}

func (c *canvas) steam(x, y float64) {
	salt := c.Uint64()
	c.area(int(x-200), int(y-300), int(x+200), int(y), func(px, py float64) (rgb, float64) {
		t := (y - py) / 300
		n := fbm(salt, (px+40*math.Sin(t*5))/70, py/120, 4)
		return hex(0xffffff), smooth(0.5, 0.8, n) * 0.4 * (1 - t) * smooth(0, 0.2, t) * (1 - smooth(0.4, 1, math.Abs(px-x)/200))
	})
}

func paintRamen(c *canvas) {
	c.table(hex(0xc98f58), hex(0x8a5630))
	x, y := 500+c.F(-20, 20), 400.0
	bowl := dice.Pick(c.Dice, []rgb{hex(0xb5261e), hex(0x1f3f6e), hex(0x20201f), hex(0xe9e4d8)})
	c.dish(x, y, 400, 300, bowl, hex(0xf6efe0))
	soup := dice.Pick(c.Dice, [][]rgb{{hex(0xb8722c), hex(0x8c4a1a)}, {hex(0xe6cfa0), hex(0xd0ab70)}, {hex(0xc97a30), hex(0xa04a1c)}})
	c.fill(oval(x, y+10, 350, 256, 0), ball(x-90, y-80, 430, soup[0].to(hex(0xffe2a0), 0.25), soup[0], soup[1]))
	for range 90 { // beads of fat
		a, r := c.F(0, 2*math.Pi), math.Sqrt(c.F(0, 1))
		bx, by, s := x+math.Cos(a)*r*330, y+10+math.Sin(a)*r*238, c.F(3, 13)
		c.fill(oval(bx, by, s, s*0.75, 0), glass(hex(0xffdf90), 0.32))
		c.fill(oval(bx-s*0.2, by-s*0.2, s*0.5, s*0.34, 0), glass(hex(0xfff4d0), 0.4))
	}
	for range 46 { // noodles
		a, r := c.F(0, 2*math.Pi), c.F(0, 150)
		nx, ny, t := x+math.Cos(a)*r*1.3, y+30+math.Sin(a)*r*0.8, c.F(-0.7, 0.7)
		l := c.F(60, 130)
		dx, dy := math.Cos(t)*l, math.Sin(t)*l*0.7
		line := []float64{nx - dx, ny - dy, nx - dx/3, ny - dy/3 - c.F(4, 26), nx + dx/3, ny + dy/3 + c.F(4, 26), nx + dx, ny + dy}
		c.fill(stroke(12, 1, line...).moved(2, 4), glass(hex(0x7a4412), 0.35))
		c.fill(stroke(11, 1, line...), flat(hex(0xf3d684)))
		c.fill(stroke(4, 1, line...).moved(-1, -2), glass(hex(0xfff3c4), 0.7))
	}
	for i := range 3 { // slices of pork
		px, py := x-160+float64(i)*78, y-92+float64(i%2)*26
		c.fill(oval(px+5, py+9, 86, 62, 0.2), glass(hex(0x4a2208), 0.4))
		c.fill(oval(px, py, 86, 62, 0.2), flat(hex(0x8a4c2c)))
		c.fill(oval(px, py, 80, 56, 0.2), textured(ball(px, py, 84, hex(0xe3a884), hex(0xc98460), hex(0xe8c4a4)), c.salt+uint64(i), 12, 9, 0.2))
		c.fill(stroke(9, 0.4, px-50, py+8, px-10, py-14, px+42, py+2), glass(hex(0xf8e2cc), 0.85))
	}
	for i := range 2 { // egg
		ex, ey := x+150+float64(i)*84, y-60+float64(i)*64
		c.fill(oval(ex+4, ey+8, 58, 46, 0.5), glass(hex(0x4a2208), 0.4))
		c.fill(oval(ex, ey, 58, 46, 0.5), ball(ex-14, ey-14, 70, hex(0xffffff), hex(0xfaf0e0), hex(0xd9b48a)))
		c.fill(oval(ex+2, ey+2, 32, 26, 0.5), ball(ex-6, ey-8, 38, hex(0xffb52e), hex(0xf08a16)))
		c.fill(oval(ex-8, ey-7, 9, 5, 0.5), glass(hex(0xffffff), 0.6))
	}
	nx, ny := x-190, y+70 // naruto
	c.fill(disc(nx+3, ny+7, 48), glass(hex(0x4a2208), 0.35))
	var edge []float64
	for i := range 32 {
		r := 46.0 + 4*float64(i%2)
		edge = append(edge, nx+r*math.Cos(float64(i)*math.Pi/16), ny+r*0.86*math.Sin(float64(i)*math.Pi/16))
	}
	c.fill(blob(edge...), flat(hex(0xfdf8f2)))
	var spiral []float64
	for i := range 16 {
		a := float64(i) * 0.72
		spiral = append(spiral, nx+(4+float64(i)*1.9)*math.Cos(a), ny+(4+float64(i)*1.9)*0.86*math.Sin(a))
	}
	c.fill(stroke(7, 1, spiral...), flat(hex(0xf07f9c)))
	for i := range 3 { // nori
		sx := x + 40 + float64(i)*46
		c.fill(poly(sx, y-270+float64(i)*8, sx+92, y-258+float64(i)*10, sx+74, y-110, sx-12, y-124), textured(down(y-270, y-110, hex(0x20352a), hex(0x0f1d18)), c.salt, 5, 7, 0.1))
	}
	for range 90 { // spring onion
		a, r := c.F(0, 2*math.Pi), math.Sqrt(c.F(0, 1))
		ox, oy, s := x+10+math.Cos(a)*r*120, y+110+math.Sin(a)*r*64, c.F(7, 13)
		green := hex(0x5fa03a).to(hex(0xb9dc7a), c.F(0, 1))
		c.fill(oval(ox+1, oy+3, s, s*0.72, 0), glass(hex(0x3a2208), 0.3))
		c.fill(oval(ox, oy, s, s*0.72, 0), flat(green))
		c.fill(oval(ox, oy, s*0.55, s*0.4, 0), flat(green.to(hex(0xf6fbe4), 0.7)))
	}
	c.chopsticks(880, 740, 700, 250)
	c.steam(x-90, y)
	c.steam(x+120, y-30)
}

func paintOnigiri(c *canvas) {
	c.table(hex(0xdcb988), hex(0xa87846))
	c.dish(512, 430, 420, 270, hex(0x5f8f8a).to(hex(0x3f5f88), c.F(0, 1)), hex(0xf4f1e6))
	spots := [][2]float64{{350, 350}, {560, 330}, {460, 470}}
	for i, s := range spots {
		x, y, turn := s[0]+c.F(-12, 12), s[1]+c.F(-8, 8), c.F(-0.16, 0.16)
		c.shade(x+14, y+118, 150, 52, 0.55)
		rice := blob(x, y-112, x+48, y-80, x+104, y+30, x+122, y+84, x+84, y+112, x, y+118, x-84, y+112, x-122, y+84, x-104, y+30, x-48, y-80).turned(x, y, turn)
		c.fill(rice, ball(x-34, y-40, 220, hex(0xffffff), hex(0xf9f6ee), hex(0xcfc6b4)))
		for range 230 {
			gx, gy := x+c.F(-112, 112), y+c.F(-100, 112)
			if wide := 112 * (gy - y + 122) / 230; math.Abs(gx-x) > wide*0.9 {
				continue
			}
			g := oval(gx, gy, 8, 4, c.F(0, 3)).turned(x, y, turn)
			c.fill(g.moved(1.5, 2), glass(hex(0xb8ab94), 0.35))
			c.fill(g, glass(hex(0xffffff), 0.85))
		}
		nori := poly(x-46, y+24, x+46, y+24, x+50, y+118, x+20, y+121, x-20, y+121, x-50, y+118).turned(x, y, turn)
		c.fill(nori, textured(down(y+20, y+120, hex(0x2b3c30), hex(0x131f19)), c.salt+uint64(i), 4, 6, 0.13))
		switch i {
		case 0:
			c.fill(disc(x, y-30, 21), ball(x-7, y-38, 30, hex(0xf05a62), hex(0xb01e34)))
		case 1:
			for range 70 {
				c.fill(oval(x+c.F(-70, 70), y+c.F(-60, 12), 3.5, 2, c.F(0, 3)), flat(dice.Pick(c.Dice, []rgb{hex(0x2a2a22), hex(0xe9d9a8)})))
			}
		default:
			for range 12 {
				c.fill(oval(x+c.F(-24, 24), y-26+c.F(-18, 18), c.F(8, 15), c.F(4, 8), c.F(0, 3)), flat(hex(0xf58f6a).to(hex(0xe8663f), c.F(0, 1))))
			}
		}
	}
	for i := range 3 { // rolled omelette
		x, y := 660+float64(i)*58, 470+float64(i)*10
		c.shade(x+6, y+46, 52, 20, 0.5)
		c.fill(round(x-38, y-40, 76, 84, 20), down(y-40, y+44, hex(0xffdf70), hex(0xf0b62e)))
		for k := range 3 {
			c.fill(stroke(4, 0.4, x-28, y-20+float64(k)*20, x, y-15+float64(k)*20, x+28, y-21+float64(k)*20), glass(hex(0xd9962a), 0.55))
		}
	}
	for i := range 3 { // pickles
		x, y := 610+float64(i)*44, 590-float64(i)*14
		c.fill(disc(x+3, y+5, 27), glass(rgb{}, 0.25))
		c.fill(oval(x, y, 28, 25, 0), ball(x, y, 29, hex(0xfff0a0), hex(0xffd52e), hex(0xe9a91a)))
	}
	c.chopsticks(150, 720, 880, 690)
}

func paintCake(c *canvas) {
	c.cover(down(0, 768, hex(0x5a3a52), hex(0xa86878), hex(0xd9a08a)))
	for range 26 {
		c.glow(c.F(0, 1024), c.F(0, 400), c.F(20, 70), dice.Pick(c.Dice, []rgb{hex(0xffd48a), hex(0xff9ab0), hex(0xfff0c8)}), 0.6)
	}
	c.area(0, 520, c.w, c.h, down(520, 768, hex(0xf6e6d8), hex(0xd9bfae)))
	c.dish(512, 600, 400, 110, hex(0xf4f4f8), hex(0xffffff))
	cream, sponge := down(300, 620, hex(0xfffdf8), hex(0xf3e2d4)), hex(0xf0c987)
	body := append(rect(222, 380, 580, 210), oval(512, 590, 290, 70, 0)[0])
	c.fill(path{body[0]}, cream)
	c.fill(path{body[1]}, cream)
	for i := range 3 {
		y := 430 + float64(i)*62
		c.fill(stroke(20, 1, 224, y+2, 360, y+40, 512, y+54, 664, y+40, 800, y+2), glass(sponge, 0.9))
		for range 16 {
			x := c.F(240, 784)
			d := (x - 512) / 290
			c.fill(disc(x, y+56-54*d*d, c.F(7, 12)), flat(hex(0xe8384a)))
		}
	}
	c.fill(oval(512, 380, 290, 70, 0), down(310, 450, hex(0xffffff), hex(0xf8ebe0)))
	for i := range 18 {
		a := float64(i) * math.Pi / 9
		x, y := 512+258*math.Cos(a), 380+54*math.Sin(a)
		c.fill(disc(x+2, y+5, 24), glass(hex(0xc8a090), 0.3))
		c.fill(disc(x, y-4, 24), ball(x-8, y-12, 34, hex(0xffffff), hex(0xf4e4d8)))
	}
	for i := range 9 {
		a := float64(i)*math.Pi*2/9 + 0.2
		x, y := 512+196*math.Cos(a), 366+36*math.Sin(a)
		berry := blob(x, y+26, x-26, y-4, x-18, y-24, x, y-28, x+18, y-24, x+26, y-4)
		c.fill(berry.moved(3, 5), glass(hex(0x80201a), 0.25))
		c.fill(berry, ball(x-8, y-12, 46, hex(0xff6a6a), hex(0xdc1f38), hex(0xa01028)))
		for range 9 {
			c.fill(oval(x+c.F(-15, 15), y+c.F(-18, 12), 1.6, 2.6, 0), flat(hex(0xffe08a)))
		}
		c.fill(poly(x-16, y-22, x, y-30, x+16, y-22, x+5, y-20, x, y-13, x-5, y-20), flat(hex(0x58a03c)))
	}
	for i := range 5 { // candles
		x, y := 412+float64(i)*50, 372+14*math.Abs(float64(i)-2)*-1
		wax := []rgb{hex(0xff8fb0), hex(0x8fc8ff), hex(0xffe07a), hex(0xa8e08f), hex(0xd0a8f0)}[i]
		c.fill(round(x-7, y-92, 14, 96, 5), down(y-92, y, wax.to(hex(0xffffff), 0.4), wax))
		for k := range 4 {
			c.fill(poly(x-7, y-78+float64(k)*22, x+7, y-86+float64(k)*22, x+7, y-80+float64(k)*22, x-7, y-72+float64(k)*22), glass(hex(0xffffff), 0.8))
		}
		c.glow(x, y-116, 110, hex(0xffc860), 0.6)
		c.fill(blob(x, y-142, x+9, y-114, x, y-100, x-9, y-114), ball(x, y-108, 34, hex(0xffffff), hex(0xffe27a), hex(0xff8a2a)))
	}
}

func paintCoffee(c *canvas) {
	c.table(hex(0x9a6a44), hex(0x5a3822))
	x, y := 470+c.F(-30, 30), 420.0
	cup := dice.Pick(c.Dice, []rgb{hex(0xf7f3ea), hex(0xdfe9ee), hex(0xf2dcd0)})
	c.dish(x, y+30, 350, 262, cup, cup.to(hex(0xffffff), 0.5))
	c.fill(stroke(30, 1, x+190, y-60, x+290, y-80, x+310, y, x+270, y+50, x+190, y+40), down(y-90, y+60, cup, cup.to(rgb{}, 0.3)))
	c.dish(x, y-8, 230, 186, cup, cup.to(hex(0xffffff), 0.7))
	c.fill(oval(x, y-2, 200, 158, 0), ball(x, y, 220, hex(0xb5723a), hex(0x8a4c22), hex(0x5a2c12)))
	foam := hex(0xf9e9cf)
	if c.Chance(50) { // a leaf of milk
		for i := range 6 {
			s := 1 - float64(i)*0.13
			ty := y + 80 - float64(i)*34
			c.fill(stroke(20*s, 0.3, x, ty, x-60*s, ty-26*s, x-118*s, ty-50*s), glass(foam, 0.92))
			c.fill(stroke(20*s, 0.3, x, ty, x+60*s, ty-26*s, x+118*s, ty-50*s), glass(foam, 0.92))
		}
		c.fill(stroke(16, 0.4, x, y+118, x, y-110), glass(foam, 0.95))
	} else { // a heart
		c.fill(blob(x, y+108, x-112, y-6, x-96, y-78, x-44, y-92, x, y-52, x+44, y-92, x+96, y-78, x+112, y-6), glass(foam, 0.95))
		c.fill(blob(x, y+60, x-58, y-8, x-44, y-46, x, y-24, x+44, y-46, x+58, y-8), glass(hex(0xc08850), 0.55))
		c.fill(blob(x, y+34, x-34, y-8, x-24, y-28, x, y-14, x+24, y-28, x+34, y-8), glass(foam, 0.95))
	}
	for range 40 {
		a := c.F(0, 2*math.Pi)
		c.fill(disc(x+math.Cos(a)*c.F(176, 194), y-2+math.Sin(a)*c.F(138, 152), c.F(2, 5)), glass(foam, 0.6))
	}
	// A biscuit in the saucer, and the spoon.
	bx, by := x+60, y+226
	c.shade(bx+6, by+12, 70, 34, 0.5)
	c.fill(oval(bx, by, 62, 34, -0.15), textured(down(by-30, by+30, hex(0xe9bd78), hex(0xc08a44)), c.salt, 9, 7, 0.2))
	for range 11 {
		c.fill(oval(bx+c.F(-44, 44), by+c.F(-20, 20), 6, 4, c.F(0, 3)), flat(hex(0x4a2814)))
	}
	c.fill(stroke(12, 0.8, x-330, y+200, x-250, y+120, x-190, y+190-80), glass(rgb{}, 0.2))
	c.fill(stroke(12, 0.9, x-300, y+160, x-240, y+60, x-200, y-20).moved(-40, 0), down(y-20, y+160, hex(0xf4f4f4), hex(0x9aa0a8)))
	c.fill(oval(x-338, y+190, 26, 44, 0.5), ball(x-346, y+176, 50, hex(0xffffff), hex(0xb8bec6), hex(0x868c96)))
	c.steam(x, y-20)
}
