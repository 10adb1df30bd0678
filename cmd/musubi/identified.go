package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"

	"musubi/carriers"
)

// identified is the JSON form of a Handset: a public contract. What is not known is left out.
type identified struct {
	Carrier      carriers.Carrier    `json:"carrier"`
	Generation   carriers.Generation `json:"generation,omitempty"`
	Model        string              `json:"model,omitempty"`
	Name         string              `json:"name,omitempty"`
	Type         string              `json:"type,omitempty"`
	Display      *displayJSON        `json:"display,omitempty"`
	Charset      string              `json:"charset"`
	Dialect      string              `json:"dialect"`
	Emoji        string              `json:"emoji"`
	Cookies      bool                `json:"cookies"`
	References   bool                `json:"references,omitempty"`
	PageBudget   int                 `json:"page_budget"`
	Image        *imageJSON          `json:"image,omitempty"`
	Flash        string              `json:"flash,omitempty"`
	Video        string              `json:"video,omitempty"`
	SubscriberID string              `json:"subscriber_id,omitempty"`
	CardID       string              `json:"card_id,omitempty"`
	TerminalID   string              `json:"terminal_id,omitempty"`
	Trusted      bool                `json:"trusted"`
	RangeClass   string              `json:"range_class,omitempty"`
	ListDate     string              `json:"list_date,omitempty"`
	Robot        bool                `json:"robot,omitempty"`
	FullBrowser  bool                `json:"full_browser,omitempty"`
	Step         string              `json:"step"`
}

type displayJSON struct {
	Width   int `json:"width,omitempty"`
	Height  int `json:"height,omitempty"`
	Colors  int `json:"colors,omitempty"`
	Columns int `json:"columns,omitempty"`
	Rows    int `json:"rows,omitempty"`
}

type imageJSON struct {
	Formats  []string `json:"formats"`
	MaxBytes int      `json:"max_bytes,omitempty"`
}

// newIdentified leaves out what the Handset only assumes.
func newIdentified(h *carriers.Handset) identified {
	v := identified{
		Carrier: h.Carrier, Generation: h.Generation, Model: h.Model, Name: h.Name, Type: h.Type,
		Charset: h.Charset.String(), Dialect: h.Dialect.String(), Emoji: h.Emoji.String(), Cookies: h.Cookies, References: h.References,
		PageBudget: h.PageBudget, Flash: h.Flash, Video: h.Video,
		SubscriberID: h.SubscriberID, CardID: h.CardID, TerminalID: h.TerminalID,
		Trusted: h.Trusted, RangeClass: h.Class.String(), ListDate: h.ListDate,
		Robot: h.Robot, FullBrowser: h.FullBrowser, Step: h.Step.String(),
	}
	d := displayJSON{Columns: h.Display.Columns, Rows: h.Display.Rows}
	if h.Assumed&carriers.FieldSize == 0 {
		d.Width, d.Height = h.Display.WidthPx, h.Display.HeightPx
	}
	if h.Assumed&carriers.FieldColors == 0 {
		d.Colors = h.Display.Colors
	}
	if d != (displayJSON{}) {
		v.Display = &d
	}
	if h.Image.Formats != 0 {
		v.Image = &imageJSON{h.Image.Formats.Names(), h.Image.MaxBytes}
	}
	return v
}

// requestLine is one line of --jsonl.
type requestLine struct {
	UA      *string    `json:"ua"`
	Headers fieldLines `json:"headers"`
	IP      string     `json:"ip"`
	TLS     bool       `json:"tls"`
}

// UnmarshalJSON refuses a line without "ua": it would be taken for a PC.
func (r *requestLine) UnmarshalJSON(b []byte) error {
	type plain requestLine
	if err := json.Unmarshal(b, (*plain)(r)); err != nil {
		return err
	}
	if r.UA == nil {
		return fmt.Errorf("it has no \"ua\"")
	}
	return nil
}

// facts returns the request. An address that cannot be read is an unknown one: it is believed nothing (SEC-07).
func (r *requestLine) facts() carriers.Request {
	ip, _ := netip.ParseAddr(r.IP)
	return carriers.Request{UserAgent: *r.UA, Headers: carriers.HeaderList(r.Headers), IP: ip, TLS: r.TLS}
}

// fieldLines reads a JSON object into header fields in order. A name that occurs twice, or whose value is a list, is as many
// fields: duplicates matter (SEC-08), and a Go map would hide them.
type fieldLines carriers.HeaderList

// UnmarshalJSON implements [json.Unmarshaler].
func (l *fieldLines) UnmarshalJSON(b []byte) error {
	d := json.NewDecoder(bytes.NewReader(b))
	if t, err := d.Token(); err != nil || t == nil {
		return err
	} else if t != json.Delim('{') {
		return fmt.Errorf("headers: expected an object of names and values")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		var list []string
		if json.Unmarshal(value, &list) != nil {
			list = make([]string, 1)
			if err := json.Unmarshal(value, &list[0]); err != nil {
				return fmt.Errorf("header %q: expected text or a list of texts", name)
			}
		}
		for _, v := range list {
			*l = append(*l, carriers.HeaderField{Name: name.(string), Value: v})
		}
	}
	return nil
}
