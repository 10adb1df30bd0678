package testpic

import "image/color"

// plane is one component at full resolution with the factors it will be sampled at.
type plane struct {
	samples []byte
	id      int
	h, v    int
	quant   int
}

// planes returns the components of the photo in a colour model.
func (p *Photo) planes(k Kind) []plane {
	switch k {
	case Grey, Grey2x2:
		return []plane{{p.Y, 1, 1, 1, 0}}
	case RGB:
		c := p.convert(3, func(r, g, b byte, out []byte) { out[0], out[1], out[2] = r, g, b })
		return []plane{{c[0], 'R', 1, 1, 0}, {c[1], 'G', 1, 1, 0}, {c[2], 'B', 1, 1, 0}}
	case CMYK:
		c := p.convert(4, inks)
		return []plane{{c[0], 1, 1, 1, 0}, {c[1], 2, 1, 1, 0}, {c[2], 3, 1, 1, 0}, {c[3], 4, 1, 1, 0}}
	case YCCK, YCCK420:
		c := p.convert(4, func(r, g, b byte, out []byte) {
			inks(r, g, b, out)
			out[0], out[1], out[2] = color.RGBToYCbCr(255-out[0], 255-out[1], 255-out[2])
		})
		n := 1
		if k == YCCK420 {
			n = 2
		}
		return []plane{{c[0], 1, n, n, 0}, {c[1], 2, 1, 1, 1}, {c[2], 3, 1, 1, 1}, {c[3], 4, n, n, 0}}
	}
	factors := map[Kind][2]int{YCbCr420: {2, 2}, YCbCr422: {2, 1}, YCbCr444: {1, 1}, YCbCr440: {1, 2}, YCbCr411: {4, 1}, YCbCr410: {4, 2}}[k]
	return []plane{{p.Y, 1, factors[0], factors[1], 0}, {p.Cb, 2, 1, 1, 1}, {p.Cr, 3, 1, 1, 1}}
}

// convert makes n planes out of the photo's RGB values.
func (p *Photo) convert(n int, f func(r, g, b byte, out []byte)) [4][]byte {
	var planes [4][]byte
	for i := range n {
		planes[i] = make([]byte, len(p.Y))
	}
	var out [4]byte
	for i := range p.Y {
		r, g, b := color.YCbCrToRGB(p.Y[i], p.Cb[i], p.Cr[i])
		f(r, g, b, out[:])
		for j := range n {
			planes[j][i] = out[j]
		}
	}
	return planes
}

// inks separates a colour, half of the grey going to black, and stores the inks inverted.
func inks(r, g, b byte, out []byte) {
	k := (255 - int(max(r, g, b))) / 2
	for i, v := range [3]byte{r, g, b} {
		out[i] = byte(min(255, int(v)*255/(255-k)))
	}
	out[3] = byte(255 - k)
}

// transform samples, transforms and quantises every plane.
func (pic *picture) transform(planes []plane) {
	hMax, vMax := planes[0].h, planes[0].v
	pic.mcusX, pic.mcusY = ceilDiv(pic.width, 8*hMax), ceilDiv(pic.height, 8*vMax)
	for _, p := range planes {
		c := component{id: p.id, h: p.h, v: p.v, quant: p.quant, stride: pic.mcusX * p.h}
		stepX, stepY := hMax/p.h, vMax/p.v
		c.cols, c.rows = ceilDiv(ceilDiv(pic.width, stepX), 8), ceilDiv(ceilDiv(pic.height, stepY), 8)
		c.blocks = make([][64]int, c.stride*pic.mcusY*p.v)
		for i := range c.blocks {
			var samples [64]float32
			for j := range samples {
				x, y := (i%c.stride*8+j%8)*stepX, (i/c.stride*8+j/8)*stepY
				samples[j] = pic.sample(p.samples, x, y, stepX, stepY) - 128
			}
			c.blocks[i] = forward(&samples, &pic.steps[p.quant])
		}
		pic.comps = append(pic.comps, c)
	}
}

// sample is the mean of a stepX × stepY box; beyond its edges the picture repeats its last samples.
func (pic *picture) sample(samples []byte, x, y, stepX, stepY int) float32 {
	sum := 0
	for j := range stepY {
		row := min(y+j, pic.height-1) * pic.width
		for i := range stepX {
			sum += int(samples[row+min(x+i, pic.width-1)])
		}
	}
	return float32(sum) / float32(stepX*stepY)
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
