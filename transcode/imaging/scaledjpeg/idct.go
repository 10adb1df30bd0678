package scaledjpeg

// Inverse transforms. Frequencies come in row by row; samples are level-shifted by 128, clipped and written to out, rows
// stride apart. All wrap silently on the absurd values that damaged files hold.

func clamp(v int32) uint8 {
	if uint32(v) > 255 {
		return uint8(^(v >> 31)) // 0 below, 255 above
	}
	return uint8(v)
}

// inverse2 writes 2×2 samples.
func inverse2(b *[64]int32, out []byte, stride int) {
	const half = 128<<foldBits + 1<<(foldBits-1)
	left, right := b[0]+half, b[1]
	down, cross := b[2], b[3]
	upper, lower := out[:2], out[stride:stride+2]
	upper[0] = clamp((left + right + down + cross) >> foldBits)
	upper[1] = clamp((left - right + down - cross) >> foldBits)
	lower[0] = clamp((left + right - down - cross) >> foldBits)
	lower[1] = clamp((left - right - down + cross) >> foldBits)
}

// cos(π/8) and cos(3π/8) in 14 bits.
const (
	cos1of8 = 15137
	cos3of8 = 6270
)

// inverse4 writes 4×4 samples.
func inverse4(b *[64]int32, out []byte, stride int) {
	const half = 128<<foldBits + 1<<(foldBits-1)
	b[0] += half
	for x := range 4 {
		b[x], b[4+x], b[8+x], b[12+x] = inverse4points(b[x], b[4+x], b[8+x], b[12+x])
	}
	for y := range 4 {
		row := b[4*y : 4*y+4 : 4*y+4]
		p, q, r, s := inverse4points(row[0], row[1], row[2], row[3])
		o := out[y*stride : y*stride+4 : y*stride+4]
		o[0], o[1], o[2], o[3] = clamp(p>>foldBits), clamp(q>>foldBits), clamp(r>>foldBits), clamp(s>>foldBits)
	}
}

// inverse4points is g0 ± g2 (whose √½ is in the plan) ± g1·cos, g3·cos.
func inverse4points(g0, g1, g2, g3 int32) (p, q, r, s int32) {
	outer := int32((int64(g1)*cos1of8 + int64(g3)*cos3of8) >> 14)
	inner := int32((int64(g1)*cos3of8 - int64(g3)*cos1of8) >> 14)
	sum, difference := g0+g2, g0-g2
	return sum + outer, difference + inner, difference - inner, sum - outer
}

// Constants of the 8-point transform after Loeffler, Ligtenberg and Moschytz (1989), in 13 bits.
const (
	idctBits  = 13
	fix0_2986 = 2446
	fix0_3901 = 3196
	fix0_5411 = 4433
	fix0_7653 = 6270
	fix0_8999 = 7373
	fix1_1758 = 9633
	fix1_5013 = 12299
	fix1_8477 = 15137
	fix1_9615 = 16069
	fix2_0531 = 16819
	fix2_5629 = 20995
	fix3_0727 = 25172
)

// inverse8 writes 8×8 samples: columns with two bits more than samples have, then rows.
func inverse8(b *[64]int32, out []byte, stride int) {
	const columnBits = 2
	for x := range 8 {
		c := b[x : x+57 : x+57]
		if c[8]|c[16]|c[24]|c[32]|c[40]|c[48]|c[56] == 0 {
			dc := c[0] << columnBits
			c[0], c[8], c[16], c[24], c[32], c[40], c[48], c[56] = dc, dc, dc, dc, dc, dc, dc, dc
			continue
		}
		e0, e1, e2, e3 := evenPart(c[0], c[16], c[32], c[48])
		o0, o1, o2, o3 := oddPart(c[8], c[24], c[40], c[56])
		const shift, half = idctBits - columnBits, 1 << (idctBits - columnBits - 1)
		c[0], c[56] = (e0+o0+half)>>shift, (e0-o0+half)>>shift
		c[8], c[48] = (e1+o1+half)>>shift, (e1-o1+half)>>shift
		c[16], c[40] = (e2+o2+half)>>shift, (e2-o2+half)>>shift
		c[24], c[32] = (e3+o3+half)>>shift, (e3-o3+half)>>shift
	}
	for y := range 8 {
		r := b[8*y : 8*y+8 : 8*y+8]
		o := out[y*stride : y*stride+8 : y*stride+8]
		const shift = idctBits + columnBits + 3 // the transform as written is 8 times the one of T.81
		const half = 128<<shift + 1<<(shift-1)
		e0, e1, e2, e3 := evenPart(r[0], r[2], r[4], r[6])
		o0, o1, o2, o3 := oddPart(r[1], r[3], r[5], r[7])
		e0, e1, e2, e3 = e0+half, e1+half, e2+half, e3+half
		o[0], o[7] = clamp((e0+o0)>>shift), clamp((e0-o0)>>shift)
		o[1], o[6] = clamp((e1+o1)>>shift), clamp((e1-o1)>>shift)
		o[2], o[5] = clamp((e2+o2)>>shift), clamp((e2-o2)>>shift)
		o[3], o[4] = clamp((e3+o3)>>shift), clamp((e3-o3)>>shift)
	}
}

// evenPart transforms frequencies 0, 2, 4 and 6.
func evenPart(f0, f2, f4, f6 int32) (e0, e1, e2, e3 int32) {
	z := (f2 + f6) * fix0_5411
	t2, t3 := z-f6*fix1_8477, z+f2*fix0_7653
	t0, t1 := (f0+f4)<<idctBits, (f0-f4)<<idctBits
	return t0 + t3, t1 + t2, t1 - t2, t0 - t3
}

// oddPart transforms frequencies 1, 3, 5 and 7.
func oddPart(f1, f3, f5, f7 int32) (o0, o1, o2, o3 int32) {
	z1, z2 := (f7+f1)*-fix0_8999, (f5+f3)*-fix2_5629
	z5 := (f7 + f3 + f5 + f1) * fix1_1758
	z3, z4 := z5-(f7+f3)*fix1_9615, z5-(f5+f1)*fix0_3901
	return f1*fix1_5013 + z1 + z4, f3*fix3_0727 + z2 + z3, f5*fix2_0531 + z2 + z4, f7*fix0_2986 + z1 + z3
}
