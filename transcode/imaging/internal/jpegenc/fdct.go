package jpegenc

// zigzag gives the row-major position of each coefficient in the order of the file.
var zigzag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// Constants of the transform, 13 fraction bits: cos and sums of cos as in Loeffler, Ligtenberg and Moschytz,
// "Practical fast 1-D DCT algorithms with 11 multiplications" (1989).
const (
	fracBits = 13
	passBits = 2 // extra precision kept between the two passes

	fix0298 = 2446  // 0.298631336
	fix0390 = 3196  // 0.390180644
	fix0541 = 4433  // 0.541196100
	fix0765 = 6270  // 0.765366865
	fix0899 = 7373  // 0.899976223
	fix1175 = 9633  // 1.175875602
	fix1501 = 12299 // 1.501321110
	fix1847 = 15137 // 1.847759065
	fix1961 = 16069 // 1.961570560
	fix2053 = 16819 // 2.053119869
	fix2562 = 20995 // 2.562915447
	fix3072 = 25172 // 3.072711026
)

// forward transforms an 8×8 block of samples (0 … 255, rows together) in place. Coefficients come out eight times as
// large as the standard defines them, so that quantising keeps three bits of precision.
func forward(b *[64]int32) {
	for y := 0; y < 64; y += 8 {
		s := (*[8]int32)(b[y : y+8])
		dc := (s[0] + s[1] + s[2] + s[3] + s[4] + s[5] + s[6] + s[7] - 8*128) << passBits
		line(s, fracBits-passBits, passBits)
		s[0] = dc
	}
	for x := range 8 {
		c := [8]int32{b[x], b[8+x], b[16+x], b[24+x], b[32+x], b[40+x], b[48+x], b[56+x]}
		dc := (c[0] + c[1] + c[2] + c[3] + c[4] + c[5] + c[6] + c[7] + 1<<(passBits-1)) >> passBits
		line(&c, fracBits+passBits, -passBits)
		c[0] = dc
		for y := range 8 {
			b[8*y+x] = c[y]
		}
	}
}

// line transforms eight values. Products are scaled down by down bits; the sum in s[4], which has no product, is
// scaled up by up bits (down when negative). s[0] is left to the caller.
func line(s *[8]int32, down, up int) {
	a0, a7 := s[0]+s[7], s[0]-s[7]
	a1, a6 := s[1]+s[6], s[1]-s[6]
	a2, a5 := s[2]+s[5], s[2]-s[5]
	a3, a4 := s[3]+s[4], s[3]-s[4]

	// Even part.
	b0, b3 := a0+a3, a0-a3
	b1, b2 := a1+a2, a1-a2
	if up >= 0 {
		s[4] = (b0 - b1) << up
	} else {
		s[4] = (b0 - b1 + 1<<(-up-1)) >> -up
	}
	round := int32(1) << (down - 1)
	z := (b2+b3)*fix0541 + round
	s[2] = (z + b3*fix0765) >> down
	s[6] = (z - b2*fix1847) >> down

	// Odd part.
	z1, z2, z3, z4 := a4+a7, a5+a6, a4+a6, a5+a7
	z5 := (z3 + z4) * fix1175
	z1, z2 = -z1*fix0899+round, -z2*fix2562+round
	z3, z4 = z5-z3*fix1961, z5-z4*fix0390
	s[7] = (a4*fix0298 + z1 + z3) >> down
	s[5] = (a5*fix2053 + z2 + z4) >> down
	s[3] = (a6*fix3072 + z2 + z3) >> down
	s[1] = (a7*fix1501 + z1 + z4) >> down
}
