package testpic

// A Kind is a colour model with the sampling factors of its components.
type Kind uint8

// The kinds that uploads come in. RGB, CMYK and YCCK carry the Adobe marker that names them; the inks of CMYK and YCCK
// are stored inverted, as Adobe's programs do.
const (
	YCbCr420 Kind = iota
	YCbCr422
	YCbCr444
	YCbCr440
	YCbCr411
	YCbCr410
	Grey
	Grey2x2 // one component that claims factors 2×2, which mean nothing (T.81 A.2.2)
	RGB
	CMYK
	YCCK
	YCCK420
)

// Kinds lists every Kind with the name tests print.
var Kinds = map[Kind]string{
	YCbCr420: "420", YCbCr422: "422", YCbCr444: "444", YCbCr440: "440", YCbCr411: "411", YCbCr410: "410",
	Grey: "grey", Grey2x2: "grey2x2", RGB: "rgb", CMYK: "cmyk", YCCK: "ycck", YCCK420: "ycck420",
}

// Options say how [Photo.JPEG] writes. The zero value is what a camera writes: baseline 4:2:0, quality 85, the
// standard Huffman tables, no restart markers, no EXIF.
type Options struct {
	Kind        Kind
	Quality     int  // 1–100 on the scale of libjpeg; 0 = 85
	Progressive bool // ten scans, as libjpeg's default script; Huffman tables made to measure
	Optimize    bool // Huffman tables made to measure (baseline)
	Separate    bool // one scan per component (baseline)
	Restart     int  // MCUs between restart markers, 0 = none
	Orientation int  // EXIF orientation 1–8, 0 = no EXIF segment
	BigEndian   bool // byte order of the EXIF segment
}

// component is one plane, already transformed and quantised.
type component struct {
	id, h, v   int
	quant      int       // 0 luma, 1 chroma; picks the Huffman tables too
	cols, rows int       // blocks that cover the picture: those of a scan of this component alone
	stride     int       // blocks a row, padded to whole MCUs
	blocks     [][64]int // coefficients in zigzag order
}

// picture is a JPEG being written.
type picture struct {
	Options
	width, height int
	mcusX, mcusY  int
	steps         [2][64]int
	comps         []component
	out           []byte
}

// JPEG returns the photo as a file.
func (p *Photo) JPEG(o Options) []byte {
	if o.Quality == 0 {
		o.Quality = 85
	}
	pic := &picture{Options: o, width: p.Width, height: p.Height}
	pic.setSteps()
	pic.transform(p.planes(o.Kind))
	pic.marker(0xD8, nil)
	pic.applicationSegments()
	pic.quantSegments()
	pic.frame()
	if o.Restart > 0 {
		pic.marker(0xDD, []byte{byte(o.Restart >> 8), byte(o.Restart)})
	}
	if o.Progressive {
		pic.progressiveScans()
	} else {
		pic.baselineScans()
	}
	pic.marker(0xD9, nil)
	return pic.out
}

// setSteps scales the quantisation tables as libjpeg does.
func (pic *picture) setSteps() {
	scale := 200 - 2*pic.Quality
	if pic.Quality < 50 {
		scale = 5000 / pic.Quality
	}
	for t := range pic.steps {
		for i, q := range quantTables[t] {
			pic.steps[t][i] = min(max((q*scale+50)/100, 1), 255)
		}
	}
}

// marker writes a marker, and its segment unless body is nil.
func (pic *picture) marker(code byte, body []byte) {
	pic.out = append(pic.out, 0xFF, code)
	if body != nil {
		n := len(body) + 2
		pic.out = append(pic.out, byte(n>>8), byte(n))
		pic.out = append(pic.out, body...)
	}
}

func (pic *picture) applicationSegments() {
	switch pic.Kind {
	case RGB, CMYK:
		pic.marker(0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x00"))
	case YCCK, YCCK420:
		pic.marker(0xEE, []byte("Adobe\x00\x64\x00\x00\x00\x00\x02"))
	default:
		pic.marker(0xE0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"))
	}
	if pic.Orientation > 0 {
		pic.marker(0xE1, exif(pic.Orientation, pic.BigEndian))
	}
}

// exif is an APP1 body whose IFD0 holds a few tags around Orientation, as a camera writes them.
func exif(orientation int, big bool) []byte {
	body := []byte("Exif\x00\x00")
	order, put := "II", func(v, n int) {
		for i := range n {
			body = append(body, byte(v>>(8*i)))
		}
	}
	if big {
		order, put = "MM", func(v, n int) {
			for i := range n {
				body = append(body, byte(v>>(8*(n-1-i))))
			}
		}
	}
	body = append(body, order...)
	put(42, 2)
	put(8, 4) // IFD0 follows at once
	put(3, 2)
	for _, tag := range [][4]int{{0x0100, 4, 1, 1024}, {0x0112, 3, 1, orientation}, {0x0128, 3, 1, 2}} {
		put(tag[0], 2)
		put(tag[1], 2)
		put(tag[2], 4)
		if tag[1] == 3 { // SHORT: the value is left-justified in its four bytes
			put(tag[3], 2)
			put(0, 2)
		} else {
			put(tag[3], 4)
		}
	}
	put(0, 4)
	return body
}

func (pic *picture) quantSegments() {
	for t := range pic.steps {
		body := []byte{byte(t)}
		for _, q := range pic.steps[t] {
			body = append(body, byte(q))
		}
		pic.marker(0xDB, body)
	}
}

func (pic *picture) frame() {
	code := byte(0xC0)
	if pic.Progressive {
		code = 0xC2
	}
	body := []byte{8, byte(pic.height >> 8), byte(pic.height), byte(pic.width >> 8), byte(pic.width), byte(len(pic.comps))}
	for _, c := range pic.comps {
		factors := byte(c.h<<4 | c.v)
		if pic.Kind == Grey2x2 {
			factors = 0x22
		}
		body = append(body, byte(c.id), factors, byte(c.quant))
	}
	pic.marker(code, body)
}
