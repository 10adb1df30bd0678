package main

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"musubi/carriers/internal/tsv"
)

var (
	modelColumns = []string{"carrier", "model", "same_as", "name", "generation", "type", "dialect", "width", "height", "colors",
		"page_kb", "images", "flash", "released", "sources"}
	generationColumns = []string{"carrier", "generation", "dialect", "charset", "emoji", "webcode", "cookies", "total", "page",
		"image", "counts", "images", "input", "width", "height", "colors", "source"}
	rangeColumns = []string{"carrier", "cidr", "class", "edition", "dated", "wide", "note", "source"}
)

// words translates the words of the tables into the identifiers of package carriers.
var words = map[string]map[string]string{
	"charset": {"UTF-8": "UTF8", "Shift_JIS": "ShiftJIS", "EUC-JP": "EUCJP"},
	"emoji": {"unicode": "EmojiUnicode", "none": "EmojiNone", "docomo": "EmojiDoCoMo", "au": "EmojiAu",
		"softbank": "EmojiSoftBank"},
	"input": {"html5": "InputHTML5", "istyle": "InputIstyle", "mode": "InputMODE", "css": "InputCSS", "format": "InputFormat",
		"none": "InputNone"},
	"images":  {"gif": "GIF", "jpeg": "JPEG", "png": "PNG", "bmp": "BMP"},
	"dialect": {"html5": "HTML5", "chtml": "CHTML", "ixhtml": "IXHTML", "xhtml-mp": "XHTMLMP", "jphone": "JPHONE", "hdml": "HDML", "html-3.2": "HTML32"},
	"class": {"handset": "ClassHandset", "fullbrowser": "ClassFullBrowser", "dialup": "ClassDialUp",
		"smartphone": "ClassSmartphone", "mail": "ClassMail"},
	"yesno": {"": "false", "no": "false", "yes": "true"},
}

func word(r tsv.Row, column, kind string) (string, error) {
	id, ok := words[kind][r.Cell(column)]
	if !ok {
		return "", r.Errorf(column, "%q is not a word of this column", r.Cell(column))
	}
	return id, nil
}

func number(r tsv.Row, column string, scale float64) (string, error) {
	cell := r.Cell(column)
	if cell == "" {
		return "0", nil
	}
	n, err := strconv.ParseFloat(cell, 64)
	if err != nil || n < 0 || n > 1<<31 {
		return "", r.Errorf(column, "%q is not a number in range", cell)
	}
	return strconv.Itoa(int(n * scale)), nil
}

func formats(r tsv.Row) (string, error) {
	if r.Cell("images") == "" {
		return "0", nil
	}
	var ids []string
	for _, name := range strings.Split(r.Cell("images"), "+") {
		id, ok := words["images"][name]
		if !ok {
			return "", r.Errorf("images", "%q is not an image format", name)
		}
		ids = append(ids, id)
	}
	return strings.Join(ids, " | "), nil
}

// dialect turns "ixhtml-2.3" into Dialect{IXHTML, 2, 3}.
func dialect(r tsv.Row) (string, error) {
	cell := r.Cell("dialect")
	if cell == "" {
		return "", nil
	}
	if id, ok := words["dialect"][cell]; ok {
		return "Dialect{Family: " + id + "}", nil
	}
	family, version, _ := strings.Cut(cell, "-")
	major, minor, ok := strings.Cut(version, ".")
	if id := words["dialect"][family]; id != "" && ok && len(major) == 1 && len(minor) == 1 {
		return fmt.Sprintf("Dialect{%s, %s, %s}", id, major, minor), nil
	}
	return "", r.Errorf("dialect", "%q is not a dialect", cell)
}

// share turns "30%" into share{percent: 30} and "9000" into share{bytes: 9000}.
func share(r tsv.Row, column string) (string, error) {
	cell := r.Cell(column)
	if cell == "" || cell == "0" {
		return "", nil
	}
	unit := "bytes"
	if strings.HasSuffix(cell, "%") {
		unit = "percent"
	}
	n, err := strconv.Atoi(strings.TrimSuffix(cell, "%"))
	if err != nil || n < 0 || unit == "percent" && n > 100 {
		return "", r.Errorf(column, "%q is neither bytes nor a percentage", cell)
	}
	return fmt.Sprintf("share{%s: %d}", unit, n), nil
}

// A cell fills one field of a literal.
type cell struct {
	field string
	value string
	err   error
}

func join(cells ...cell) (string, error) {
	var f fields
	for _, c := range cells {
		if c.err != nil {
			return "", c.err
		}
		f.add(c.field, c.value)
	}
	return f.String(), nil
}

func text(r tsv.Row, column string) string { return strconv.Quote(r.Cell(column)) }

func of(field string, value string, err error) cell { return cell{field, value, err} }

func modelLiteral(r tsv.Row) (string, error) {
	kb := func() (string, error) { return number(r, "page_kb", 1000) }
	limit, limitErr := kb()
	width, widthErr := number(r, "width", 1)
	height, heightErr := number(r, "height", 1)
	colors, colorsErr := number(r, "colors", 1)
	images, imagesErr := formats(r)
	markup, markupErr := dialect(r)
	return join(
		of("carrier", text(r, "carrier"), nil),
		of("token", text(r, "model"), nil),
		of("sameAs", text(r, "same_as"), nil),
		of("name", text(r, "name"), nil),
		of("generation", text(r, "generation"), nil),
		of("kind", text(r, "type"), nil),
		of("dialect", markup, markupErr),
		of("width", width, widthErr),
		of("height", height, heightErr),
		of("colors", colors, colorsErr),
		of("limit", limit, limitErr),
		of("images", images, imagesErr),
		of("flash", text(r, "flash"), nil),
		of("line", strconv.Itoa(r.Line), nil),
	)
}

func generationLiteral(r tsv.Row) (string, error) {
	var cells []cell
	put := func(field string, value string, err error) { cells = append(cells, cell{field, value, err}) }
	put("carrier", text(r, "carrier"), nil)
	put("generation", text(r, "generation"), nil)
	v, err := dialect(r)
	put("dialect", v, err)
	v, err = word(r, "charset", "charset")
	put("charset", v, err)
	v, err = word(r, "emoji", "emoji")
	put("emoji", v, err)
	v, err = word(r, "webcode", "yesno")
	put("webcode", v, err)
	v, err = word(r, "cookies", "yesno")
	put("cookies", v, err)
	v, err = number(r, "total", 1)
	put("total", v, err)
	v, err = share(r, "page")
	put("page", v, err)
	v, err = share(r, "image")
	put("image", v, err)
	v, err = word(r, "counts", "yesno")
	put("counts", v, err)
	v, err = formats(r)
	put("images", v, err)
	v, err = word(r, "input", "input")
	put("input", v, err)
	v, err = number(r, "width", 1)
	put("width", v, err)
	v, err = number(r, "height", 1)
	put("height", v, err)
	v, err = number(r, "colors", 1)
	put("colors", v, err)
	put("line", strconv.Itoa(r.Line), nil)
	return join(cells...)
}

func rangeLiteral(r tsv.Row) (string, error) {
	p, err := netip.ParsePrefix(r.Cell("cidr"))
	if err != nil || p != p.Masked() {
		return "", r.Errorf("cidr", "%q is not an address range", r.Cell("cidr"))
	}
	class, err := word(r, "class", "class")
	return join(
		of("carrier", text(r, "carrier"), nil),
		of("cidr", text(r, "cidr"), nil),
		of("class", class, err),
		of("edition", text(r, "edition"), nil),
		of("dated", text(r, "dated"), nil),
		of("line", strconv.Itoa(r.Line), nil),
	)
}

func robotLiteral(r tsv.Row) (string, error) {
	return join(of("word", text(r, "word"), nil), of("kind", text(r, "kind"), nil), of("line", strconv.Itoa(r.Line), nil))
}

func mailLiteral(r tsv.Row) (string, error) {
	return join(of("domain", text(r, "domain"), nil), of("carrier", text(r, "carrier"), nil))
}
