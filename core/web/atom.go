package web

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"net/url"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// Atom as programs read it (RFC 4287). Text is text, never markup: nobody's reader runs what a member wrote.
type (
	atomFeed struct {
		XMLName   xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		ID        string      `xml:"id"`
		Title     string      `xml:"title"`
		Updated   string      `xml:"updated"`
		Links     []atomLink  `xml:"link"`
		Author    *atomPerson `xml:"author"` // of entries that name none
		Generator string      `xml:"generator,omitempty"`
		Entries   []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID        string         `xml:"id"`
		Title     atomText       `xml:"title"`
		Published string         `xml:"published,omitempty"`
		Updated   string         `xml:"updated"`
		Links     []atomLink     `xml:"link"`
		Author    *atomPerson    `xml:"author"`
		Category  []atomCategory `xml:"category"`
		Summary   *atomText      `xml:"summary"`
		Content   *atomText      `xml:"content"`
	}
	// atomDocument is an entry that stands alone. Within a feed it has the feed's namespace, so no name of its own.
	atomDocument struct {
		XMLName xml.Name `xml:"http://www.w3.org/2005/Atom entry"`
		atomEntry
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Type string `xml:"type,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomPerson struct {
		Name string `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	atomText struct {
		Type string `xml:"type,attr"`
		Src  string `xml:"src,attr,omitempty"`
		Text string `xml:",chardata"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr,omitempty"`
		Label string `xml:"label,attr,omitempty"`
	}
)

// Types of what programs are sent.
const (
	atomFeedType  = "application/atom+xml;type=feed;charset=utf-8"
	atomEntryType = "application/atom+xml;type=entry;charset=utf-8"
)

// atomTime is a time as Atom writes it (RFC 3339).
func atomTime(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }

// plainText is text of a type that every reader knows.
func plainText(s string) *atomText {
	if s == "" {
		return nil
	}
	return &atomText{Type: "text", Text: s}
}

// host is the name of the site in identifiers, without a port.
func (s *Site) host() string {
	u, err := url.Parse(s.link(""))
	if err != nil {
		return "localhost"
	}
	return u.Hostname()
}

// tagURI names a thing for ever (RFC 4151): what kind it is, which, and the day it was made.
func (s *Site) tagURI(made time.Time, kind string, ids ...core.ID) string {
	parts := []string{kind}
	for _, id := range ids {
		parts = append(parts, id.String())
	}
	return "tag:" + s.host() + "," + made.UTC().Format(time.DateOnly) + ":" + strings.Join(parts, "/")
}

// encodeXML writes a document. It begins with its declaration: old programs take nothing before it.
func encodeXML(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	return append([]byte(xml.Header), append(b, '\n')...), err
}

// tagOf is the entity tag of what is sent.
func tagOf(body []byte) string {
	sum := sha256.Sum256(body)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}

// hasTag says whether a field of a condition names the tag.
func hasTag(field, tag string) bool {
	for one := range strings.SplitSeq(field, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// sendTagged answers a program with what it asked for, or says that it has it already. It may keep it, for itself and to ask again;
// where it leads on to it says nothing of the secret address.
func sendTagged(v *visit, body []byte, kind string) error {
	h, tag := &v.ctx.Response.Header, tagOf(body)
	h.Set("Cache-Control", "private, no-cache")
	h.Del("Pragma")
	h.Del("Expires")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("ETag", tag)
	if asked := string(v.ctx.Request.Header.Peek("If-None-Match")); asked != "" && hasTag(asked, tag) {
		v.ctx.SetStatusCode(fasthttp.StatusNotModified)
		return nil
	}
	v.ctx.SetContentType(kind)
	v.ctx.SetBody(body)
	return nil
}
