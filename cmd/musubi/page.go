package main

import (
	"fmt"
	"io"
	"net/url"

	"musubi/carriers"
	"musubi/transcode/page"
)

// pageCmd is the page stage alone.
type pageCmd struct {
	UA        string   `long:"ua" description:"User-Agent of the handset that asks." required:"true"`
	Header    []string `long:"header" description:"Further request header, repeatable." value-name:"NAME: VALUE"`
	URL       string   `long:"url" description:"Absolute URL of the page: base of relative links, and which host is its own."`
	Session   string   `long:"session" description:"Session ID for every link and form to the page's own host."`
	Part      int      `long:"part" description:"Part of a page that is longer than the handset's budget, from 1." default:"1"`
	Include   bool     `long:"include" description:"Write the head of the HTTP response first."`
	Rules     string   `long:"rules" description:"Rules for foreign pages (docs/rules.md)." value-name:"FILE" type:"path"`
	EasyLogin bool     `long:"easy-login" description:"Honour data-utn: links that ask the handset for its ID."`
}

// Run reads canonical HTML and writes the bytes the handset gets.
func (c *pageCmd) Run(s *std) error {
	headers, err := headerFields(c.Header)
	if err != nil {
		return err
	}
	if c.Part < 1 {
		return badUsage("part %d does not exist; parts are counted from 1", c.Part)
	}
	if u, err := url.Parse(c.URL); c.URL != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
		return badUsage("URL %q cannot be used; an absolute http or https URL is expected", c.URL)
	}
	src, err := io.ReadAll(io.LimitReader(s.In, page.MaxSource+1))
	if err != nil {
		return badUsage("standard input cannot be read: %v", err)
	}
	o := page.Options{URL: c.URL, Session: c.Session, Part: c.Part, EasyLogin: c.EasyLogin, Foreign: true}
	if c.Rules != "" {
		if o.Rules, err = readRules(c.Rules); err != nil {
			return err
		}
	}
	h := carriers.Identify(carriers.Request{UserAgent: c.UA, Headers: headers})
	out, info, err := page.Render(nil, &h, src, o)
	if err != nil {
		return badUsage("%v", err)
	}
	if c.Part > info.Parts {
		return badUsage("part %d does not exist; the page has %d for this handset", c.Part, info.Parts)
	}
	if c.Include {
		fmt.Fprintf(s.Out, "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nPage-Part: %d/%d\r\n\r\n",
			info.ContentType, info.Bytes, info.Part, info.Parts)
	}
	_, err = s.Out.Write(out)
	return err
}
