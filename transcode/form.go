package transcode

import (
	"musubi/carriers"
	"musubi/transcode/form"
)

// Form is the form stage: the query string of the URL and the body of a request from h become fields of canonical text.
// Both are decoded apart, because a link of ours is UTF-8 where the handset's own form is not. A request without body
// has a nil one. Errors wrap form.ErrTooLarge or form.ErrMalformed.
func Form(h *carriers.Handset, rawQuery []byte, contentType string, body []byte, l form.Limits) (query, fields form.Fields, err error) {
	if query, err = form.ParseQuery(h, rawQuery, l); err != nil || body == nil {
		return query, nil, err
	}
	fields, err = form.Parse(h, contentType, body, l)
	return query, fields, err
}
