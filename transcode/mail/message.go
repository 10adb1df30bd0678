package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"musubi/carriers"
)

// A Message is what a mail says.
type Message struct {
	Header  Header
	From    Address          // of the From field, whatever the envelope says; zero when there is none, or more than one
	Carrier carriers.Carrier // whose domain the sender has
	ID      string           // Message-ID without brackets, "" when there is none
	ReplyTo string           // In-Reply-To without brackets

	Subject     string // canonical text, one line
	Text        string // canonical text
	Attachments []Attachment
	Left        []Left // parts that are left out

	Kind    Kind
	Because string   // the field or fact that made Kind, in English
	Reports []Report // of a bounce: what became of which recipient

	Read []ReadText // the texts that Text is made of

	raw []byte
}

// An Attachment is a photo or film.
type Attachment struct {
	Kind   FileKind
	Format string // by its bytes, "image/jpeg"
	Bytes  int    // decoded

	encoded  []byte // shares the bytes that Read was given
	transfer transfer
}

// Append appends the bytes of the file. They are decoded each time.
func (a *Attachment) Append(dst []byte) []byte {
	return a.transfer.append(slices.Grow(dst, a.Bytes), a.encoded)
}

// Left is a part that is left out, and why.
type Left struct {
	Type string // by its declaration, as it stands there
	Why  LeftWhy
}

// A LeftWhy says why a part is left out.
type LeftWhy string

// The reasons.
const (
	LeftDecoration LeftWhy = "decoration"           // a picture within the HTML of a decorated mail
	LeftTwin       LeftWhy = "the same in HTML"     // the other half of multipart/alternative
	LeftUnknown    LeftWhy = "no photo or film"     // by its bytes
	LeftMessage    LeftWhy = "a mail within a mail" // a forwarded or returned one
	LeftText       LeftWhy = "a file of text"
)

// Missed is how many parts are left out that somebody attached on purpose: no decoration, no signature of a program.
func (m *Message) Missed() (n int) {
	for _, l := range m.Left {
		if l.Why != LeftDecoration && l.Why != LeftTwin && !strings.Contains(l.Type, "signature") && l.Type != "application/pgp-keys" && l.Type != "application/smil" {
			n++
		}
	}
	return n
}

// A ReadText says how one part of the text was read.
type ReadText struct {
	Type     string // text/plain or text/html
	Declared string // charset, "" for none
	As       string // charset
	Bytes    int    // of the part, decoded
}

// Options say how to read.
type Options struct {
	Limits
	Own string // our own domain: what comes from there goes in circles
}

// Read reads one message as it came over SMTP or from a file. It fails only with a *Refusal; whatever else is wrong with a
// message is read as well as it can be. The Message shares raw, which must not change.
func Read(raw []byte, o Options) (*Message, error) {
	limits := o.Limits.orDefault()
	if len(raw) > limits.Bytes {
		return nil, &Refusal{TooLarge, limits.Bytes}
	}
	h, body, err := splitHeader(raw, limits.HeaderBytes)
	if err != nil {
		return nil, err
	}
	m := &Message{Header: h, ID: angled(h.Get("Message-ID")), ReplyTo: angled(h.Get("In-Reply-To")), Carrier: carriers.PC, raw: raw}
	if from, ok := sender(h); ok {
		m.From, m.Carrier = from, carriers.ByMailDomain(from.Domain)
	}
	r := newReader(m.Carrier)
	m.Subject = r.header(h.Get("Subject"))
	w := walker{reader: r, limits: limits, cids: map[string]bool{}}
	c, err := w.walk(part{header: h, body: body}, 0)
	if err != nil {
		return nil, err
	}
	w.settle(m, c)
	m.Kind, m.Because = kindOf(m, o.Own)
	return m, nil
}

// sender is the author. Of two From fields nobody knows which one a reader is shown, so neither counts.
func sender(h Header) (Address, bool) {
	switch h.Count("From") {
	case 0:
		return headerAddress(h.Get("Sender"))
	case 1:
		return headerAddress(h.Get("From"))
	}
	return Address{}, false
}

// angled takes the brackets from an ID.
func angled(s string) string {
	if i := strings.IndexByte(s, '<'); i >= 0 {
		s, _, _ = strings.Cut(s[i+1:], ">")
	}
	return strings.TrimSpace(printable(s))
}

// Key names the message: by its Message-ID, or else by its Sum.
func (m *Message) Key() string {
	if m.ID != "" {
		return m.ID
	}
	return m.Sum()
}

// Sum is a hash of what the author wrote, which relays do not change. A message that comes twice has the same Key and Sum; another one may
// come under a used Message-ID.
func (m *Message) Sum() string {
	_, body, ok := bytes.Cut(m.raw, []byte("\r\n\r\n"))
	if !ok {
		_, body, _ = bytes.Cut(m.raw, []byte("\n\n"))
	}
	hash := sha256.New()
	for _, name := range []string{"From", "Date", "Subject"} {
		hash.Write([]byte(m.Header.Get(name) + "\n"))
	}
	hash.Write(body)
	return "sha256:" + hex.EncodeToString(hash.Sum(nil))
}
