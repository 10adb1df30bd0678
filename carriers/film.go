package carriers

import "strings"

// A Film is a way in which handsets play films: a name, and what one file of it may have. Each is made once, for all handsets
// that it is for (docs/video.md).
type Film struct {
	Name  string // "3gp-300"; "" for none
	Type  string // media type
	Bytes int64  // of one file; 0: whatever it has
}

// The ways of films, by their names.
var (
	FilmPage = Film{"mp4", "video/mp4", 0}
	FilmOld  = Film{"flv", "video/x-flv", 0} // a PC of 2007
	filmLong = Film{"i-motion", "video/3gpp", 10 << 20}
	film500  = Film{"3gp-500", "video/3gpp", 500_000}
	film300  = Film{"3gp-300", "video/3gpp", 300_000}
	film200  = Film{"3gp-200", "video/3gpp", 200_000}
	filmWIN  = Film{"3g2-1500", "video/3gpp2", 1_500_000}
	film1X   = Film{"3g2-240", "video/3gpp2", 240_000}
)

// Films are all of them, in the order in which they are made: what most people wait for first, the smallest of a kind before the
// others, whose files may be the same.
var Films = []Film{FilmPage, film200, film300, film500, film1X, filmWIN, filmLong, FilmOld}

// Film says how the handset plays films; its Name is empty when it plays none.
func (h *Handset) Film() Film {
	switch {
	case h.Carrier == PC || h.Carrier == Smartphone || h.FullBrowser:
		return FilmPage
	case h.Generation == IMode2:
		return filmLong
	case h.Generation == FOMA:
		return fomaFilm(series(h.Model))
	case h.Generation == WAP2WIN:
		return filmWIN
	case h.Generation == WAP2x1 && h.Video != "":
		return film1X
	case h.Generation == SB3GC:
		return film300
	case h.Generation == SBW:
		return film200
	}
	return Film{}
}

// fomaFilm follows the series: 300 KB up to 900i, 500 KB for 901i, 902i and the 70xi, 10 MB played while it loads from 903i
// on; ASF or nothing for the first.
func fomaFilm(series int) Film {
	switch {
	case series == 2101 || series == 2001 || series == 2002:
		return Film{}
	case series >= 903 && series < 1000:
		return filmLong
	case series == 901 || series == 902 || series >= 700 && series < 800:
		return film500
	}
	return film300
}

// series is the number in a model: 903 of P903i, 2051 of F2051.
func series(model string) (n int) {
	start := strings.IndexFunc(model, func(r rune) bool { return r >= '0' && r <= '9' })
	if start < 0 {
		return 0
	}
	for _, c := range model[start:] {
		if c < '0' || c > '9' || n > 10_000 {
			break
		}
		n = n*10 + int(c-'0')
	}
	return n
}
