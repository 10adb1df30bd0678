package gateway

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"slices"
	"strings"
)

// sheds says whether this form may lose files: one for the core, which shows it again with its text and says what is missing.
// Another application would take it for a form with nothing chosen.
func (x *exchange) sheds() bool {
	return !x.program && x.g.forCore() && mediaType([]byte(x.ctype)) == "multipart/form-data"
}

// forCore says whether the upstream is musubi's core, which knows our fields.
func (g *Gateway) forCore() bool { return !g.cfg.Foreign && len(g.cfg.Secret) > 0 }

// mostBytes is the longest body that is read at all: of a form that is too large for the core its text is.
func (g *Gateway) mostBytes() int {
	if g.forCore() {
		return max(g.cfg.Limits.ShedBytes, g.cfg.Limits.UploadBytes)
	}
	return g.cfg.Limits.UploadBytes
}

// A shedding is a form with files on its way in: what was typed stays, and of its files those for which there is room.
type shedding struct {
	room int // bytes, for files
	text int // bytes, for what was typed
	body bytes.Buffer
	shed int // files that were let go: their names stay
}

// errNoForm is a body that is not the form it says it is.
var errNoForm = errors.New("a form with files that cannot be read")

// readShedding reads a form with files to its end and keeps at most room bytes of files.
func (x *exchange) readShedding(body io.Reader, room int) ([]byte, *refusal) {
	s := shedding{room: room, text: x.g.cfg.Limits.FormBytes}
	switch err := s.read(body, x.ctype); {
	case errors.Is(err, errStop), errors.Is(err, errNoForm):
		return nil, hangUp(errTooLarge, "body too large: "+err.Error())
	case err != nil:
		return nil, hangUp(parseErrorKind(err), "body: "+err.Error())
	}
	x.shed = s.shed
	return s.body.Bytes(), nil
}

func (s *shedding) read(body io.Reader, ctype string) error {
	_, params, err := mime.ParseMediaType(ctype)
	if err != nil || params["boundary"] == "" {
		return errNoForm
	}
	parts := multipart.NewReader(body, params["boundary"])
	for n := 0; ; n++ {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return errors.Join(errNoForm, err)
		}
		if n == maxFormFields {
			return errStop
		}
		s.body.WriteString("--" + params["boundary"] + "\r\n")
		if err := s.take(p); err != nil {
			return err
		}
		s.body.WriteString("\r\n")
	}
	s.body.WriteString("--" + params["boundary"] + "--\r\n")
	_, err = io.Copy(io.Discard, body) // what comes behind the form
	return err
}

// take writes a part, without its content when that is a file for which there is no room.
func (s *shedding) take(p *multipart.Part) error {
	writeHead(&s.body, p.Header)
	most, file := &s.text, strings.Contains(strings.ToLower(p.Header.Get("Content-Disposition")), "filename")
	if file {
		most = &s.room
	}
	at := s.body.Len()
	n, err := io.CopyN(&s.body, p, int64(*most)+1)
	switch {
	case err == io.EOF: // all of it is there
		*most -= int(n)
		return nil
	case err != nil:
		return err
	case !file:
		return errStop
	}
	s.body.Truncate(at)
	s.shed++
	_, err = io.Copy(io.Discard, p)
	return err
}

// writeHead writes the fields before a part's content, byte for byte what they said.
func writeHead(to *bytes.Buffer, head textproto.MIMEHeader) {
	names := make([]string, 0, len(head))
	for name := range head {
		names = append(names, name)
	}
	slices.Sort(names) // Content-Disposition before Content-Type
	for _, name := range names {
		for _, value := range head[name] {
			to.WriteString(name + ": " + value + "\r\n")
		}
	}
	to.WriteString("\r\n")
}
