package policy

import (
	"math"
	"strconv"
)

// contrastToWhite is the contrast ratio of a colour "#rrggbb" to white (WCAG 2.2, 1.4.3): from 1 to 21.
func contrastToWhite(colour string) float64 {
	n, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		return 1
	}
	light := func(shift int) float64 {
		v := float64(n>>shift&0xFF) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 1.05 / (0.2126*light(16) + 0.7152*light(8) + 0.0722*light(0) + 0.05)
}
