package scaledjpeg_test

import (
	"errors"
	"fmt"

	"musubi/transcode/imaging/internal/testpic"
	"musubi/transcode/imaging/scaledjpeg"
)

// A 1.2 MP upload for a display of 240 pixels: 1/4 still has more samples than the display, 1/8 has not.
func ExampleDecoder_Decode() {
	upload := testpic.Draw(1280, 960, 1).JPEG(testpic.Options{Orientation: 6})
	var d scaledjpeg.Decoder
	p, err := d.Decode(upload, 4)
	if errors.Is(err, scaledjpeg.ErrUnsupported) {
		fmt.Println("ask the standard decoder")
	}
	if p != nil { // also beside an error: what could be read of a damaged file
		fmt.Println(p.Width, p.Height, p.CWidth, p.CHeight, p.Orientation)
	}
	// Output: 320 240 160 120 6
}
