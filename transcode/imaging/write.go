package imaging

import (
	"errors"
	"fmt"
)

// write encodes the picture in the best of the formats allowed. Formats that lose nothing of a drawing come first for
// drawings (PNG and GIF sources) and for displays of few colours, JPEG comes first for photos. If a format cannot keep
// within the byte limit at full size, the others are tried before the picture is made smaller.
func (c *converter) write(dst []byte, draw render, info Info, l *Limits) ([]byte, Info, error) {
	order := preference(l, info.SourceFormat != JPEG)
	for _, shrink := range []bool{false, true} {
		for _, f := range order {
			out, done, err := c.encode(dst, draw, info, f, l, shrink)
			if err == nil {
				return out, done, nil
			}
			if !errors.Is(err, ErrNoFit) {
				return dst, Info{}, err
			}
		}
	}
	return dst, Info{}, fmt.Errorf("%w of %d bytes: allow more, or another format than %v", ErrNoFit, l.MaxBytes, l.formats())
}

func (l *Limits) formats() Formats {
	if l.Formats == 0 {
		return Web
	}
	return l.Formats
}

// preference lists the formats allowed, best first.
func preference(l *Limits, drawing bool) []Formats {
	order := []Formats{JPEG, PNG, GIF, BMP, WBMP}
	switch {
	case l.Colors > 0 && l.Colors <= 256:
		order = []Formats{GIF, PNG, BMP, JPEG, WBMP}
	case drawing:
		order = []Formats{PNG, GIF, JPEG, BMP, WBMP}
	}
	allowed := order[:0]
	for _, f := range order {
		if l.formats()&f != 0 {
			allowed = append(allowed, f)
		}
	}
	return allowed
}

// encode writes one format. Only with shrink may the picture become smaller than planned.
func (c *converter) encode(dst []byte, draw render, info Info, f Formats, l *Limits, shrink bool) ([]byte, Info, error) {
	info.Format = f
	comment := l.Flag.comment(f)
	info.Header = l.Flag.header()
	var err error
	if f == JPEG {
		dst, err = c.fitJPEG(dst, draw, &info, l, comment, shrink)
	} else {
		dst, err = fitPalette(dst, draw, &info, l, comment, shrink)
	}
	return dst, info, err
}
