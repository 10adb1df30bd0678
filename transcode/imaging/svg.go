package imaging

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/srwiley/oksvg"
	"github.com/srwiley/rasterx"
	"golang.org/x/image/math/fixed"
)

// SVG is drawn by oksvg. It gets no file of a stranger but one that is written anew (tidyVector): elements and attributes that it
// knows, without declarations, entities, scripts, other files, or definitions that use others. What it may cost is bounded: bytes, elements, depth, uses,
// pixels, and the lines that curves, strokes and dashes come to.
const (
	maxVector         = 1 << 20 // bytes
	maxVectorElements = 20000
	maxVectorDepth    = 100
	maxVectorUses     = 500
	maxVectorLines    = 3e6
	vectorSide        = 300 // pixels, where the file says no size, as browsers take it
	vectorLong        = 150
)

// isVector says whether a file is an SVG: an element of that name comes first, behind declarations and comments.
func isVector(src []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(src[:min(len(src), 4096)], []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<")) && bytes.Contains(head, []byte("<svg"))
}

// readVector finds the size that the drawing has in a page, and refuses what would cost too much.
func (h *header) readVector(src []byte) error {
	if len(src) > maxVector {
		return fmt.Errorf("svg: more than %d bytes", maxVector)
	}
	t := tidier{d: xml.NewDecoder(bytes.NewReader(src))}
	t.d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil }
	if err := t.tidy(); err != nil {
		return err
	}
	h.one, h.depth, h.box, h.evenOdd = t.out.Bytes(), 8, t.box, t.evenOdd
	h.width, h.height = int(math.Round(t.width)), int(math.Round(t.height))
	return nil
}

// A tidier writes an SVG anew.
type tidier struct {
	d             *xml.Decoder
	out           bytes.Buffer
	box           [4]float64 // the part of the plane that is shown
	width, height float64    // in pixels
	evenOdd       bool
	elements      int
	uses          int
	open          []string // elements that are open in the result
	strokes       []stroke // of each
	defs          int      // of these, how many hold definitions
}

// A stroke is how wide lines are, which the library does not scale with what is drawn.
type stroke struct {
	scale, width, offset float64
	dash                 []float64
}

// keptVector are the elements that are drawn, and what they are written as.
var keptVector = map[string]string{
	"g": "g", "a": "g", "svg": "g", "switch": "g", "path": "path", "rect": "rect", "circle": "circle", "ellipse": "ellipse", "line": "line", "polyline": "polyline", "polygon": "polygon",
	"defs": "defs", "linearGradient": "linearGradient", "radialGradient": "radialGradient", "stop": "stop", "use": "use", "style": "style",
}

var errVector = errors.New("svg: not a drawing, or a damaged one")

func (t *tidier) tidy() error {
	for {
		token, err := t.d.Token()
		switch {
		case err == io.EOF && len(t.open) == 0 && t.elements > 0:
			return nil
		case err != nil:
			return fmt.Errorf("%w: %v", errVector, err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = t.start(token)
		case xml.EndElement:
			t.end()
		case xml.CharData:
			if n := len(t.open); n > 0 && t.open[n-1] == "style" {
				xml.EscapeText(&t.out, token)
			}
		case xml.Directive:
			if bytes.Contains(token, []byte("ENTITY")) {
				return fmt.Errorf("%w: entities of its own", errVector)
			}
		}
		if err != nil {
			return err
		}
	}
}

// start writes the beginning of an element, or passes over all of it.
func (t *tidier) start(e xml.StartElement) error {
	if t.elements++; t.elements > maxVectorElements || len(t.open) > maxVectorDepth {
		return fmt.Errorf("%w: too much to draw", errVector)
	}
	name := keptVector[e.Name.Local]
	if len(t.open) == 0 {
		if e.Name.Local != "svg" || t.elements > 1 {
			return errVector
		}
		return t.root(e.Attr)
	}
	if name == "use" {
		t.uses++
	}
	if name == "" || hiddenVector(e.Attr) || name == "use" && (t.defs > 0 || t.uses > maxVectorUses) {
		return t.d.Skip()
	}
	if name == "defs" {
		t.defs++
	}
	t.write(name, e.Attr)
	return nil
}

// root finds the size, and writes a group of what the root says for all: and of what SVG says where the library begins otherwise.
func (t *tidier) root(attributes []xml.Attr) error {
	said := map[string]string{}
	for _, a := range attributes {
		said[a.Name.Local] = a.Value
	}
	w, hasWidth := vectorLength(said["width"])
	h, hasHeight := vectorLength(said["height"])
	t.box = vectorBox(said["viewBox"])
	switch has := t.box[2] > 0 && t.box[3] > 0; {
	case hasWidth && hasHeight:
	case has && hasWidth:
		h = w * t.box[3] / t.box[2]
	case has && hasHeight:
		w = h * t.box[2] / t.box[3]
	case has:
		w, h = vectorSide, vectorSide*t.box[3]/t.box[2]
	case hasWidth:
		h = vectorLong
	case hasHeight:
		w = vectorSide
	default:
		w, h = vectorSide, vectorLong
	}
	if !(w >= .5 && h >= .5 && w <= maxSide && h <= maxSide) {
		return fmt.Errorf("%w: it has no size that can be drawn", errVector)
	}
	if t.width, t.height = w, h; t.box[2] <= 0 || t.box[3] <= 0 {
		t.box = [4]float64{0, 0, w, h}
	}
	fmt.Fprintf(&t.out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="%v %v %v %v"><g stroke-linejoin="miter" stroke-miterlimit="4">`, t.box[0], t.box[1], t.box[2], t.box[3])
	t.open = append(t.open, "g></svg")
	t.strokes = append(t.strokes, stroke{scale: min(w/t.box[2], h/t.box[3]), width: 1})
	for _, name := range []string{"width", "height", "viewBox", "x", "y", "id", "transform"} {
		delete(said, name)
	}
	var rest []xml.Attr
	for _, a := range attributes {
		if _, ok := said[a.Name.Local]; ok {
			rest = append(rest, a)
		}
	}
	t.write("g", rest)
	t.open = append(t.open[:0], "g></g></svg")
	t.strokes = t.strokes[1:]
	return nil
}

// write writes the beginning of an element.
func (t *tidier) write(name string, attributes []xml.Attr) {
	t.open = append(t.open, name)
	t.strokes = append(t.strokes, t.strokes[len(t.strokes)-1])
	t.out.WriteString("<" + name)
	has := map[string]bool{}
	for _, a := range attributes {
		key, value := a.Name.Local, a.Value
		if a.Name.Space == "xmlns" || key == "xmlns" || strings.HasPrefix(key, "on") {
			continue
		}
		if value = t.attribute(key, value); value != "" {
			has[key] = true
			t.put(key, value)
		}
	}
	switch {
	case name == "rect" && has["rx"] != has["ry"]: // round alike
		for _, a := range attributes {
			if a.Name.Local == "rx" || a.Name.Local == "ry" {
				t.put(map[string]string{"rx": "ry", "ry": "rx"}[a.Name.Local], t.attribute(a.Name.Local, a.Value))
			}
		}
		fallthrough
	case name != "g" && name != "defs" && name != "style" && name != "stop" && !strings.HasSuffix(name, "Gradient"):
		t.putStroke()
	}
	t.out.WriteByte('>')
}

func (t *tidier) put(key, value string) {
	t.out.WriteString(" " + key + `="`)
	xml.EscapeText(&t.out, []byte(value))
	t.out.WriteByte('"')
}

// putStroke writes how wide a line is in pixels.
func (t *tidier) putStroke() {
	s := &t.strokes[len(t.strokes)-1]
	t.put("stroke-width", strconv.FormatFloat(s.width*s.scale, 'g', 8, 64))
	if len(s.dash) == 0 {
		return
	}
	var dash []string
	for _, v := range s.dash {
		dash = append(dash, strconv.FormatFloat(max(v*s.scale, .25), 'g', 8, 64)) // finer is a line, and takes for ever
	}
	t.put("stroke-dasharray", strings.Join(dash, " "))
	t.put("stroke-dashoffset", strconv.FormatFloat(s.offset*s.scale, 'g', 8, 64))
}

func (t *tidier) end() {
	n := len(t.open) - 1
	if n < 0 {
		return
	}
	if t.open[n] == "defs" {
		t.defs--
	}
	t.out.WriteString("</" + t.open[n] + ">")
	t.open, t.strokes = t.open[:n], t.strokes[:n]
}

var lengthAttributes = map[string]int{"x": 0, "y": 1, "width": 0, "height": 1, "cx": 0, "cy": 1, "r": 0, "rx": 0, "ry": 1, "x1": 0, "y1": 1, "x2": 0, "y2": 1}

// attribute writes a value in the way that the library reads.
func (t *tidier) attribute(key, value string) string {
	value = strings.TrimSpace(value)
	axis, isLength := lengthAttributes[key]
	switch {
	case isLength && strings.HasSuffix(value, "%") && !t.inGradient():
		if v, err := strconv.ParseFloat(strings.TrimSuffix(value, "%"), 64); err == nil {
			return strconv.FormatFloat(v/100*t.box[2+axis], 'g', 8, 64)
		}
	case isLength && !t.inGradient():
		if v, ok := vectorLength(value); ok {
			return strconv.FormatFloat(v, 'g', 8, 64)
		}
	case (key == "transform" || key == "gradientTransform") && !allTransforms.MatchString(value):
		return ""
	case key == "transform":
		t.strokes[len(t.strokes)-1].scale *= growth(value)
		fallthrough
	case key == "gradientTransform":
		return oneScale.ReplaceAllString(value, "scale($1 $1)")
	case key == "stroke-width":
		if v, ok := vectorLength(value); ok {
			t.strokes[len(t.strokes)-1].width = v
		} else if strings.TrimLeft(value, "0.") == "" {
			t.strokes[len(t.strokes)-1].width = 0
		}
		return ""
	case key == "stroke-dasharray":
		t.strokes[len(t.strokes)-1].dash = vectorNumbers(value)
		return ""
	case key == "stroke-dashoffset":
		t.strokes[len(t.strokes)-1].offset, _ = vectorLength(value)
		return ""
	case key == "fill-rule":
		t.evenOdd = t.evenOdd || value == "evenodd"
		return ""
	case key == "style":
		return t.style(value)
	case key == "fill", key == "stroke", key == "stop-color":
		return colour(value)
	}
	return value
}

func (t *tidier) inGradient() bool {
	return len(t.open) > 0 && strings.HasSuffix(t.open[len(t.open)-1], "Gradient")
}

// style writes declarations as attributes are written.
func (t *tidier) style(value string) string {
	var out []string
	for d := range strings.SplitSeq(value, ";") {
		key, v, ok := strings.Cut(d, ":")
		if key = strings.TrimSpace(key); !ok || key == "style" {
			continue
		}
		if v = t.attribute(key, v); v != "" {
			out = append(out, key+":"+v)
		}
	}
	return strings.Join(out, ";")
}

// hiddenVector says whether an element is not to be drawn.
func hiddenVector(attributes []xml.Attr) bool {
	for _, a := range attributes {
		v := strings.ReplaceAll(a.Value, " ", "")
		if a.Name.Local == "display" && v == "none" || a.Name.Local == "visibility" && v == "hidden" ||
			a.Name.Local == "style" && (strings.Contains(v, "display:none") || strings.Contains(v, "visibility:hidden")) {
			return true
		}
	}
	return false
}

var (
	oneScale  = regexp.MustCompile(`scale\(\s*([-+.0-9eE]+)\s*\)`)
	withAlpha = regexp.MustCompile(`^rgba\(([^,]+),([^,]+),([^,]+),[^)]*\)$`)
)

// colour writes a colour that the library does not know as one that it does.
func colour(s string) string {
	switch {
	case s == "currentColor" || s == "currentcolor":
		return "black"
	case s == "transparent":
		return "none"
	case s == "inherit":
		return ""
	case len(s) == 9 && s[0] == '#':
		return s[:7]
	}
	return withAlpha.ReplaceAllString(s, "rgb($1,$2,$3)")
}

// vectorNumbers reads lengths with commas or spaces between; what is none ends them.
func vectorNumbers(s string) (all []float64) {
	for f := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == ' ' || r == ',' }) {
		v, err := strconv.ParseFloat(strings.TrimSuffix(f, "px"), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || len(all) > 50 {
			break
		}
		all = append(all, v)
	}
	return all
}

var allTransforms = regexp.MustCompile(`^([a-zA-Z]+\s*\([-+.,0-9eE\s]+\)[\s,]*)*$`)

var transforms = regexp.MustCompile(`([a-zA-Z]+)\s*\(([^)]*)\)`)

// growth is how much longer lines become by a transformation.
func growth(s string) float64 {
	area := 1.0
	for _, m := range transforms.FindAllStringSubmatch(s, 20) {
		switch v := vectorNumbers(m[2]); {
		case m[1] == "scale" && len(v) == 1:
			area *= v[0] * v[0]
		case m[1] == "scale" && len(v) == 2:
			area *= v[0] * v[1]
		case m[1] == "matrix" && len(v) == 6:
			area *= v[0]*v[3] - v[1]*v[2]
		}
	}
	return math.Sqrt(math.Abs(area))
}

// vectorUnits are lengths in pixels.
var vectorUnits = map[string]float64{"": 1, "px": 1, "pt": 4. / 3, "pc": 16, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "em": 16, "ex": 8}

func vectorLength(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	number := strings.TrimRight(s, "%abcdefghijklmnopqrstuvwxyz")
	unit, known := vectorUnits[s[len(number):]]
	v, err := strconv.ParseFloat(number, 64)
	return v * unit, known && err == nil && v > 0
}

func vectorBox(s string) (box [4]float64) {
	fields := strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == ',' || r == '\n' || r == '\t' || r == '\r' })
	if len(fields) != 4 {
		return box
	}
	for i, f := range fields {
		v, err := strconv.ParseFloat(f, 64)
		if err != nil || math.Abs(v) > 1e7 {
			return [4]float64{}
		}
		box[i] = v
	}
	return box
}

// drawVector draws the file at its size. Text has no font here: a drawing of nothing but text is none.
func (h *header) drawVector() (img *image.NRGBA, err error) {
	defer func() { // the library trusts its input
		if p := recover(); p != nil {
			img, err = nil, fmt.Errorf("svg: %v", p)
		}
	}()
	icon, err := oksvg.ReadIconStream(bytes.NewReader(h.one), oksvg.IgnoreErrorMode)
	if err != nil {
		return nil, err
	}
	if len(icon.SVGPaths) == 0 {
		return nil, errors.New("svg: nothing that can be drawn")
	}
	for i := range icon.SVGPaths {
		icon.SVGPaths[i].UseNonZeroWinding = !h.evenOdd
	}
	icon.ViewBox.X, icon.ViewBox.Y, icon.ViewBox.W, icon.ViewBox.H = h.box[0], h.box[1], h.box[2], h.box[3]
	scale := min(float64(h.width)/h.box[2], float64(h.height)/h.box[3])
	w, t := h.box[2]*scale, h.box[3]*scale
	icon.SetTarget((float64(h.width)-w)/2, (float64(h.height)-t)/2, w, t) // in the middle, as browsers place it
	drawn := image.NewRGBA(image.Rect(0, 0, h.width, h.height))
	s := &vectorScanner{ScannerGV: rasterx.NewScannerGV(h.width, h.height, drawn, drawn.Rect), to: drawn}
	icon.Draw(rasterx.NewDasher(h.width, h.height, s), 1)
	return straight(drawn), nil
}

// A vectorScanner is the library's, bounded, and with the rule of even and odd, which that does not know.
type vectorScanner struct {
	*rasterx.ScannerGV
	to     *image.RGBA
	ink    color.Color
	parity bool
	at     fixed.Point26_6
	lines  []vectorLine
	total  int
}

type vectorLine struct{ x0, y0, x1, y1 float64 }

func (s *vectorScanner) SetWinding(nonZero bool) { s.parity = !nonZero }

func (s *vectorScanner) SetColor(c any) {
	s.ink, _ = c.(color.Color)
	s.ScannerGV.SetColor(c)
}

func (s *vectorScanner) Clear() {
	s.lines = s.lines[:0]
	s.ScannerGV.Clear()
}

func (s *vectorScanner) Start(a fixed.Point26_6) {
	s.at = a
	s.ScannerGV.Start(a)
}

func (s *vectorScanner) Line(b fixed.Point26_6) {
	if s.total++; s.total > maxVectorLines {
		panic("too much to draw")
	}
	if s.parity {
		s.lines = append(s.lines, vectorLine{float64(s.at.X) / 64, float64(s.at.Y) / 64, float64(b.X) / 64, float64(b.Y) / 64})
	}
	s.at = b
	s.ScannerGV.Line(b)
}

// Draw fills the path. By even and odd each row of pixels is looked at in four lines, whose crossings with the path, in
// order, begin and end what is filled.
func (s *vectorScanner) Draw() {
	if !s.parity || s.ink == nil || len(s.lines) > 20000 {
		s.ScannerGV.Draw()
		return
	}
	const fine = 4
	b := s.to.Rect
	cover := make([]float64, b.Dx()+1)
	var crossings []float64
	for y := range b.Dy() {
		clear(cover)
		for n := range fine {
			crossings = crossings[:0]
			at := float64(y) + (float64(n)+.5)/fine
			for _, l := range s.lines {
				if (l.y0 <= at) != (l.y1 <= at) {
					crossings = append(crossings, l.x0+(at-l.y0)/(l.y1-l.y0)*(l.x1-l.x0))
				}
			}
			slices.Sort(crossings)
			for i := 0; i+1 < len(crossings); i += 2 {
				spread(cover[:b.Dx()], crossings[i], crossings[i+1], 1./fine)
			}
		}
		for x, c := range cover[:b.Dx()] {
			if c > 0 {
				m := image.NewUniform(color.Alpha{byte(min(c, 1)*255 + .5)})
				draw.DrawMask(s.to, image.Rect(x, y, x+1, y+1), image.NewUniform(s.ink), image.Point{}, m, image.Point{}, draw.Over)
			}
		}
	}
}

// spread adds a share to the pixels from one place of a row to another.
func spread(row []float64, from, to, share float64) {
	from, to = max(from, 0), min(to, float64(len(row)))
	for x := int(from); x < len(row) && float64(x) < to; x++ {
		row[x] += share * (min(to, float64(x+1)) - max(from, float64(x)))
	}
}

// straight divides the colours by what they cover.
func straight(img *image.RGBA) *image.NRGBA {
	out := image.NewNRGBA(img.Rect)
	for i := 0; i+3 < len(img.Pix); i += 4 {
		a := uint32(img.Pix[i+3])
		if out.Pix[i+3] = byte(a); a == 0 {
			continue
		}
		for c := range 3 {
			out.Pix[i+c] = byte(min((uint32(img.Pix[i+c])*255+a/2)/a, 255))
		}
	}
	return out
}
