package imaging

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

const svgHead = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="40" height="30">`

// TestSEC80_HostileVectors: a drawing reads nothing but itself, and what would cost too much is refused, or drawn without it.
func TestSEC80_HostileVectors(t *testing.T) {
	const disc = `<circle cx="20" cy="15" r="12" fill="red"/>`
	bomb := `<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>`
	for name, tt := range map[string]struct {
		src   string
		drawn bool
	}{
		"entities of its own":   {bomb + svgHead + `<text>&b;</text>` + disc + `</svg>`, false},
		"an entity of a file":   {`<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + svgHead + `<text>&x;</text>` + disc + `</svg>`, false},
		"a script":              {svgHead + `<script>alert(1)</script>` + disc + `</svg>`, true},
		"a picture from beside": {svgHead + `<image href="file:///etc/passwd" width="10" height="10"/><use href="other.svg#a"/>` + disc + `</svg>`, true},
		"uses of itself":        {svgHead + `<defs><g id="a"><use href="#a"/><use xlink:href="#b"/></g><g id="b"><use href="#a"/></g></defs><use href="#a"/>` + disc + `</svg>`, true},
		"too many elements":     {svgHead + strings.Repeat(`<g/>`, maxVectorElements+1) + disc + `</svg>`, false},
		"too deep":              {svgHead + strings.Repeat(`<g>`, 500) + disc + strings.Repeat(`</g>`, 500) + `</svg>`, false},
		"too large":             {strings.Replace(svgHead, `width="40"`, `width="99999"`, 1) + disc + `</svg>`, false},
		"no size":               {strings.Replace(svgHead, `width="40"`, `width="-1" viewBox="0 0 NaN 1"`, 1) + disc + `</svg>`, true},
		"fine dashes":           {svgHead + `<path d="M0 0L1e5 1e5" stroke="red" stroke-dasharray="0.000001 0.000001"/>` + disc + `</svg>`, true},
		"far away":              {svgHead + `<path d="M-1e30 0L1e30 1e30 A1e20 1e20 0 1 1 NaN Infinity" stroke="red" stroke-width="1e30"/>` + disc + `</svg>`, true},
		"broken numbers":        {svgHead + `<path d="M1,,2..3-"/><rect width="x" height="%"/><g transform="rotate(">` + disc + `</g></svg>`, true},
		"nothing to draw":       {svgHead + `<text>words</text></svg>`, false},
		"another root":          {`<html><svg></svg></html>`, false},
		"not closed":            {svgHead + disc, false},
	} {
		out, _, err := Convert(nil, []byte(tt.src), Limits{Formats: PNG})
		if !tt.drawn {
			if !errors.Is(err, ErrBroken) && !errors.Is(err, ErrTooLarge) {
				t.Errorf("%s: %v, want a refusal", name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		img, err := png.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if c := color.NRGBAModel.Convert(img.At(img.Bounds().Dx()/2, 15)).(color.NRGBA); name != "no size" && name != "far away" && (c.R < 200 || c.G > 60) {
			t.Errorf("%s: the middle is %v, want the red disc", name, c)
		}
	}
}

// TestDamagedAnywhere: files of the kinds that are decoded in ways of our own, damaged at any place, are shown or refused, and nothing worse.
func TestDamagedAnywhere(t *testing.T) {
	c := &corpus{t: t, dir: t.TempDir(), base: map[string]string{}}
	c.sources()
	tiny := c.base["tiny"]
	files := map[string][]byte{
		"svg":        []byte(svgHead + `<path d="M5 5h20v10z" fill-rule="evenodd" stroke="red" stroke-dasharray="3 1"/></svg>`),
		"avif":       c.run(tool(t, "avifenc"), "avif", "-s", "9", "-j", "1", tiny, "%OUT"),
		"arithmetic": c.run(tool(t, "cjpeg"), "jpg", "-arithmetic", "-restart", "1B", "-outfile", "%OUT", "odd.ppm"),
		"by passes":  c.run(tool(t, "cjpeg"), "jpg", "-arithmetic", "-progressive", "-outfile", "%OUT", "odd.ppm"),
		"bmp":        c.run(tool(t, "convert-im6.q16", "convert-im7.q16", "magick"), "bmp", tiny, "-type", "Palette", "-colors", "4", "-compress", "RLE", "BMP3:%OUT"),
		"ico":        c.run(tool(t, "convert-im6.q16", "convert-im7.q16", "magick"), "ico", tiny, "%OUT"),
	}
	for name, src := range files {
		if _, _, err := Convert(nil, src, Limits{}); err != nil {
			t.Errorf("%s, whole: %v", name, err)
		}
		steps := 120
		if name == "avif" {
			steps = 25 // each starts a decoder
		}
		for i := range steps {
			at := i * len(src) / steps
			for what, b := range map[string][]byte{"cut": src[:at], "flipped": put(src, at, src[at]^byte(1<<(i%8))), "doubled": insert(src, at, string(src[at:min(at+20, len(src))]))} {
				_, _, err := Convert(nil, b, Limits{Width: 20, Height: 20})
				if err != nil && !errors.Is(err, ErrBroken) && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrTooLarge) {
					t.Errorf("%s, %s at %d: %v", name, what, at, err)
				}
			}
		}
	}
}

// TestAVIFTurned: irot and imir are applied, as browsers do.
func TestAVIFTurned(t *testing.T) {
	for want, head := range map[int]string{1: "", 8: "\x00\x00\x00\x09irot\x01", 3: "\x00\x00\x00\x09irot\x02", 6: "\x00\x00\x00\x09irot\x03",
		4: "\x00\x00\x00\x09imir\x00", 2: "\x00\x00\x00\x09imir\x01"} {
		if got := turnedAVIF(fmt.Append([]byte("\x00\x00\x00\x18ftypavif"), head)); got != want {
			t.Errorf("%q: %d, want %d", head, got, want)
		}
	}
}
