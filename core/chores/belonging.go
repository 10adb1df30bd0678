package chores

import (
	"context"
	"encoding/json"
	"fmt"
	"musubi/core"
	"time"
)

// A Noun is a kind of thing that members have: a file of an export.
type Noun struct {
	Name   string       // of the file
	Fields []core.Field // without values
}

// words of the kinds that are choices, as exports write them.
var (
	visibilityNames = [...]string{"everyone", "friends_of_friends", "friends", "private"}
	folderNames     = [...]string{"inbox", "sent", "drafts", "trash"}
	invitationNames = [...]string{"waiting", "accepted", "withdrawn"}
)

// A reading writes rows as the member may read them.
type reading struct {
	s      *Service
	member core.ID
	sight  *core.Sight
	names  map[core.ID]string // of members; "": not to be seen
}

func (s *Service) reading(member core.ID) *reading {
	return &reading{s, member, s.Sight(core.Viewer{Member: member}), map[core.ID]string{member: ""}}
}

// maxNames bounds what a reading remembers.
const maxNames = 4096

// name is another member's as far as the reader may see them; ok is false when not.
func (r *reading) name(ctx context.Context, id core.ID) (name string, ok bool, err error) {
	if name, known := r.names[id]; known && id != r.member {
		return name, name != "", nil
	}
	if len(r.names) >= maxNames { // forgotten together: a reading is not to grow with the number of friends' friends
		clear(r.names)
		r.sight = r.s.Sight(core.Viewer{Member: r.member})
	}
	if id == r.member || r.sight.May(ctx, id, core.Everyone) {
		m, err := r.s.store.Member(ctx, id)
		if err != nil {
			return "", false, err
		}
		name = m.Name
	}
	r.names[id] = name
	return name, name != "" || id == r.member, nil
}

// append writes a row as a JSON object. ok is false for a row that the reader may not see.
func (r *reading) append(ctx context.Context, to []byte, row []core.Field) (out []byte, ok bool, err error) {
	to = append(to, '{')
	first := true
	for _, f := range row {
		value, shown, err := r.value(ctx, f)
		if err != nil || !shown && f.Kind == core.AuthorField {
			return nil, false, err
		}
		if !shown {
			continue
		}
		if !first {
			to = append(to, ", "...)
		}
		first = false
		to = fmt.Appendf(to, "%q: ", f.Name)
		text, err := json.Marshal(value)
		if err != nil {
			return nil, false, err
		}
		to = append(to, text...)
	}
	return append(to, '}'), true, nil
}

// value is what stands for a field in JSON; shown is false when nothing does.
func (r *reading) value(ctx context.Context, f core.Field) (value any, shown bool, err error) {
	n, _ := f.Value.(int64)
	switch f.Kind {
	case core.SelfField, core.SecretField, core.InnerField:
		return nil, false, nil
	case core.FlagField:
		return n != 0, true, nil
	case core.TimeField:
		if n == 0 {
			return nil, true, nil
		}
		return time.UnixMilli(n).UTC().Format(time.RFC3339Nano), true, nil
	case core.IDField:
		if n == 0 {
			return nil, true, nil
		}
		return core.ID(n).String(), true, nil
	case core.MemberField, core.AuthorField:
		return r.person(ctx, core.ID(n), f.Kind == core.AuthorField)
	case core.VisibilityField:
		return word(visibilityNames[:], n), true, nil
	case core.FolderField:
		return word(folderNames[:], n), true, nil
	case core.AttachmentField:
		return word(r.s.AttachmentNames(), n), true, nil
	case core.InvitationField:
		return word(invitationNames[:], n), true, nil
	case core.NewsField:
		return word(r.s.news.NewsNames(), n), true, nil
	}
	return f.Value, true, nil
}

// A person is a member as rows of an export name them: by ID, so that rows can be put together, and by name.
type person struct {
	ID   string  `json:"id"`
	Name *string `json:"name"` // null for one who has left or is not to be seen
}

func (r *reading) person(ctx context.Context, id core.ID, must bool) (any, bool, error) {
	if id == 0 {
		return nil, !must, nil
	}
	name, ok, err := r.name(ctx, id)
	if err != nil || !ok && must {
		return nil, false, err
	}
	p := person{ID: id.String()}
	if ok {
		p.Name = &name
	}
	return p, true, nil
}

func word(words []string, n int64) any {
	if n < 0 || n >= int64(len(words)) {
		return n
	}
	return words[n]
}
