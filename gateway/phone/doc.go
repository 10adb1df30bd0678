// Package phone behaves as a handset behind its carrier's gateway, so that what members did with a phone in 2007 can be
// done from a shell and in tests: it asks for pages, adds the subscriber ID where the carrier would, keeps cookies only
// where the model does, refuses pages that the model could not hold, reads the page in the handset's own charset and
// emoji, and posts forms in the handset's own bytes.
//
//	p, err := phone.New(phone.Config{URL: "http://127.0.0.1:8080", UserAgent: "DoCoMo/2.0 P903i(c100;TB;W24H12)"})
//	page, err := p.Get("/")
//	page, err = p.Submit(0, "mail", "hanako@example.org", "password", "…")
//	page, err = p.Key("1")
//
// It shares no code with the gateway that it tests, but the charset and emoji tables.
package phone
