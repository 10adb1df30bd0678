package page

import (
	"errors"
	"strconv"
	"strings"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/keep"
	"musubi/transcode/markup"
	"musubi/transcode/own"
)

// ErrKept is returned for a form whose kept text cannot be read: it was changed on its way, or signed with another key, or is no
// longer what the page says that it was on. What came back must not be taken for what the member meant.
var ErrKept = errors.New("page: what this form keeps beside a field cannot be read; the page has to be opened again")

// A Sent is a form as the page's own server is to get it.
type Sent struct {
	Fields  form.Fields
	Charset string // that the server wants it in; "" is UTF-8
	Kind    string // of the body: "" as handsets send it, "m" multipart/form-data, "t" text/plain
	Mark    string // that the page gave it (Options.Mark)
	Files   []int  // which fields are files that were not chosen
	// What the pressed button says, "" where it says nothing: "get" or "post", and path and query of this host.
	Method, Target string
}

// SplitAnswers tells whether posted fields are a piece of a form that goes on. If so, answers, restored, goes into
// Options.Answers and the page is rendered again, from its URL without our own names.
func SplitAnswers(h *carriers.Handset, key []byte, fields form.Fields) (answers form.Fields, isPiece bool, err error) {
	for _, f := range fields {
		if f.Name != own.Piece {
			continue
		}
		if _, err := strconv.Atoi(f.Value); err != nil {
			return nil, false, nil
		}
		s := sending{h: h, key: key, goesOn: true}
		err := s.restore(fields)
		return append(form.Fields{f}, s.Fields...), true, err
	}
	return nil, false, nil
}

// Body writes the form as its own server is to get it, and its type.
func (s *Sent) Body() (body []byte, contentType string) {
	switch s.Kind {
	case "m":
		return s.Fields.AppendMultipart(nil, s.Charset, s.Files)
	case "t":
		return s.Fields.AppendPlain(nil, s.Charset), "text/plain"
	}
	return s.Fields.AppendEncodeIn(nil, s.Charset), "application/x-www-form-urlencoded"
}

// Restore makes of the fields that a handset sent those that the page's form means: what a page did to them because the
// handset's dialect, memory or charset left no other way is undone. That is answers of earlier pieces, buttons with a value
// or a way of their own, check boxes of HDML, packed names and values, and text of which the handset could not show all
// (key is the one of Options; texts are those of the page that TextsAt names). The gateway's own names are left out. Fields that
// need nothing are returned as they are. The only error is ErrKept.
func Restore(h *carriers.Handset, key []byte, fields, texts form.Fields) (Sent, error) {
	if !needsRestore(fields) {
		return Sent{Fields: fields}, nil
	}
	s := sending{Sent: Sent{Fields: make(form.Fields, 0, len(fields))}, h: h, key: key, texts: texts}
	err := s.restore(fields)
	return s.Sent, err
}

// A sending is a form that is being restored.
type sending struct {
	Sent
	h      *carriers.Handset
	key    []byte
	texts  form.Fields // of the page that its records name
	goesOn bool        // it is a piece: what stands on that page is left for the last one
}

func (s *sending) restore(fields form.Fields) error {
	for _, f := range fields {
		switch {
		case f.Name == own.Answers:
			if err := s.answered(unpack(f.Value)); err != nil {
				return err
			}
		case f.Name == own.Kept:
			if err := s.keptBeside(f.Value); err != nil {
				return err
			}
		case f.Name == own.Charset:
			s.Charset, s.Kind, _ = strings.Cut(f.Value, ",")
			s.Kind, s.Mark, _ = strings.Cut(s.Kind, ",")
			s.Mark, _, _ = strings.Cut(s.Mark, ",")
		case own.Field(f.Name):
		case strings.HasPrefix(f.Name, own.Way):
			s.goWay(f.Name[len(own.Way):])
		case strings.HasPrefix(f.Name, own.Step):
			stays := f.Value == markup.StepStays
			f.Name = strings.TrimPrefix(f.Name, own.Step)
			if f, ok := unwire(f); ok && !stays {
				s.replace(f)
			}
		default:
			if strings.HasPrefix(f.Name, own.File) {
				s.Files = append(s.Files, len(s.Fields))
			}
			if f, ok := unwire(f); ok {
				s.Fields = append(s.Fields, f)
			}
		}
	}
	return nil
}

// answered takes what earlier pieces were answered, restored but for texts that stand on the page.
func (s *sending) answered(fields form.Fields) error {
	for _, f := range fields {
		if f.Name != own.KeptAnswer {
			s.Fields = append(s.Fields, f)
		} else if err := s.keptBeside(f.Value); err != nil {
			return err
		}
	}
	return nil
}

// keptBeside puts the text behind what a field showed into the field, which stands before its record.
func (s *sending) keptBeside(sealed string) error {
	r, ok := keep.Open(s.key, sealed)
	if ok && r.Page != "" && s.goesOn {
		s.Fields = append(s.Fields, form.Field{Name: own.KeptAnswer, Value: sealed})
		return nil
	}
	if ok && r.Page != "" {
		r.Original, ok = textOf(s.key, s.texts, &r)
	}
	if !ok {
		return ErrKept
	}
	for i := len(s.Fields) - 1; i >= 0; i-- {
		if s.Fields[i].Name == r.Name {
			screen := keep.Of(s.h)
			s.Fields[i].Value = screen.Merge(r, s.Fields[i].Value)
			break
		}
	}
	return nil
}

// replace puts a field in the place of the one of its name, or behind all.
func (s *Sent) replace(f form.Field) {
	for i := len(s.Fields) - 1; i >= 0; i-- {
		if s.Fields[i].Name == f.Name {
			s.Fields[i] = f
			return
		}
	}
	s.Fields = append(s.Fields, f)
}

// goWay reads what a button says about where and how the form is sent, and what it adds to it.
func (s *Sent) goWay(packed string) {
	way, ok := keep.Clear(packed)
	if !ok {
		return
	}
	parts := strings.Split(way, "\x00")
	if len(parts)%2 != 0 {
		return
	}
	if parts[1] != "" {
		method, kind, told := strings.Cut(parts[0], ",")
		if s.Method, s.Target = method, parts[1]; told {
			s.Kind = kind
		}
	}
	for i := 2; i < len(parts); i += 2 {
		s.Fields = append(s.Fields, form.Field{Name: parts[i], Value: parts[i+1]})
	}
}

// unwire undoes what the prefixes of a field's name say. It says false if the field stands for none.
func unwire(f form.Field) (form.Field, bool) {
	if pick, ok := strings.CutPrefix(f.Name, own.Pick); ok {
		n, name, _ := strings.Cut(pick, ".")
		if f.Name = name; f.Value != n {
			return f, false
		}
	}
	if button, ok := strings.CutPrefix(f.Name, own.Button); ok {
		f.Name, f.Value, _ = strings.Cut(button, "=")
	}
	if name, ok := strings.CutPrefix(f.Name, own.Check); ok {
		if f.Name = name; f.Value == "" {
			return f, false
		}
	}
	if name, ok := strings.CutPrefix(f.Name, own.Lines); ok {
		f.Name, f.Value = name, strings.ReplaceAll(f.Value, string(keep.Mark), "\n")
	}
	if name, ok := strings.CutPrefix(f.Name, own.File); ok {
		f.Name, f.Value = name, ""
	}
	if name, ok := strings.CutPrefix(f.Name, own.Value); ok {
		value, ok := keep.Clear(f.Value)
		if !ok {
			return f, false
		}
		f.Name, f.Value = name, value
	}
	if packed, ok := strings.CutPrefix(f.Name, own.Name); ok {
		name, ok := keep.Clear(packed)
		if !ok {
			return f, false
		}
		f.Name = name
	}
	return f, true
}

func needsRestore(fields form.Fields) bool {
	for _, f := range fields {
		if len(f.Name) > 1 && f.Name[0] == '_' {
			return true
		}
	}
	return false
}
