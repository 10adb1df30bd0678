package form

import (
	"errors"
	"fmt"
	"mime"
	"strings"

	"musubi/carriers"
)

// A Field is one name and value of a form, both canonical text.
type Field struct{ Name, Value string }

// Fields are the fields of a form in the order they were sent, duplicates and empty values kept.
type Fields []Field

// Limits bounds what is read. Zero values are the defaults.
type Limits struct {
	Bytes  int // of a query or body; default 8 MiB
	Fields int // number of fields, files included; default 1000
}

func (l Limits) withDefaults() Limits {
	if l.Bytes == 0 {
		l.Bytes = 8 << 20
	}
	if l.Fields == 0 {
		l.Fields = 1000
	}
	return l
}

// Kinds of error. The text of an error says what was found and what is expected.
var (
	ErrTooLarge  = errors.New("form: too large")
	ErrMalformed = errors.New("form: malformed")
)

func (l Limits) check(body []byte) error {
	if len(body) > l.Bytes {
		return fmt.Errorf("%w: %d bytes, at most %d are read", ErrTooLarge, len(body), l.Bytes)
	}
	return nil
}

// Media types of forms.
const (
	urlencodedType = "application/x-www-form-urlencoded"
	multipartType  = "multipart/form-data"
)

// Parse reads the body of a form from h: URL-encoded, or multipart, of which the text fields are returned and files are
// passed over. No content type means URL-encoded. Errors wrap ErrTooLarge or ErrMalformed. The fields share no memory
// with body.
func Parse(h *carriers.Handset, contentType string, body []byte, l Limits) (Fields, error) {
	l = l.withDefaults()
	if err := l.check(body); err != nil {
		return nil, err
	}
	kind, params, err := mediaType(contentType)
	if err != nil {
		return nil, err
	}
	if kind == urlencodedType {
		raw, err := splitURLEncoded(h, body, l)
		if err != nil {
			return nil, err
		}
		return decode(h, params["charset"], raw), nil
	}
	parts, err := splitMultipart(body, params["boundary"], l)
	if err != nil {
		return nil, err
	}
	c := codecOf(h, params["charset"], texts(parts))
	var fields Fields
	for _, p := range parts {
		if d := p.disposition(c); !d.file {
			fields = append(fields, Field{d.name, string(c.AppendDecode(nil, p.content))})
		}
	}
	return fields, nil
}

// ParseQuery reads the query string of a URL (without "?") that h asked for. Errors wrap ErrTooLarge.
func ParseQuery(h *carriers.Handset, rawQuery []byte, l Limits) (Fields, error) {
	return Parse(h, urlencodedType, rawQuery, l)
}

// mediaType reads a Content-Type field that names a form.
func mediaType(contentType string) (kind string, params map[string]string, err error) {
	if strings.TrimSpace(contentType) == "" {
		return urlencodedType, nil, nil
	}
	kind, params, err = mime.ParseMediaType(contentType)
	if kind == "" || err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return "", nil, fmt.Errorf("%w: content type %q cannot be read", ErrMalformed, contentType)
	}
	if kind != urlencodedType && kind != multipartType {
		return "", nil, fmt.Errorf("%w: content type %q is no form; %s or %s is expected", ErrMalformed, kind, urlencodedType, multipartType)
	}
	return kind, params, nil
}
