package charset

// JIS returns the seven-bit JIS code of a double-byte Shift_JIS code with lead byte 81–EF: first byte 21–7E in the high
// half, second in the low half. EUC-JP is the same with both high bits set.
func JIS(code uint16) uint16 {
	lead, trail := code>>8, code&0xFF
	if lead >= 0xE0 {
		lead -= 0x40
	}
	if trail >= 0x80 {
		trail--
	}
	row, cell := (lead-0x81)*2+0x21, trail-0x40
	if cell >= 94 {
		row, cell = row+1, cell-94
	}
	return row<<8 | (cell + 0x21)
}

// FromJIS is the inverse of JIS. Both bytes must be in 21–7E.
func FromJIS(jis uint16) uint16 {
	row, cell := jis>>8-0x21, jis&0xFF-0x21
	lead, trail := 0x81+row/2, 0x40+cell
	if row%2 == 1 {
		trail += 94
	}
	if trail >= 0x7F {
		trail++
	}
	if lead >= 0xA0 {
		lead += 0x40
	}
	return lead<<8 | trail
}
