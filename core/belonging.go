package core

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// A Noun is a kind of thing that members have: a file of an export.
type Noun struct {
	Name   string  // of the file
	Fields []Field // without values
}

// words of the kinds that are choices, as exports write them.
var (
	visibilityNames = [...]string{"everyone", "friends_of_friends", "friends", "private"}
	folderNames     = [...]string{"inbox", "sent", "drafts", "trash"}
	attachmentNames = [...]string{"nothing", "diary", "profile", "message", "album"}
	invitationNames = [...]string{"waiting", "accepted", "withdrawn"}
)

// A reading writes rows as the member may read them.
type reading struct {
	s      *Services
	member ID
	sight  *sight
	names  map[ID]string // of members; "": not to be seen
}

func (s *Services) reading(member ID) *reading {
	return &reading{s, member, s.sight(Viewer{Member: member}), map[ID]string{member: ""}}
}

// maxNames bounds what a reading remembers.
const maxNames = 4096

// name is another member's as far as the reader may see them; ok is false when not.
func (r *reading) name(ctx context.Context, id ID) (name string, ok bool, err error) {
	if name, known := r.names[id]; known && id != r.member {
		return name, name != "", nil
	}
	if len(r.names) >= maxNames { // forgotten together: a reading is not to grow with the number of friends' friends
		clear(r.names)
		r.sight = r.s.sight(Viewer{Member: r.member})
	}
	if id == r.member || r.sight.may(ctx, id, Everyone) {
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
func (r *reading) append(ctx context.Context, to []byte, row []Field) (out []byte, ok bool, err error) {
	to = append(to, '{')
	first := true
	for _, f := range row {
		value, shown, err := r.value(ctx, f)
		if err != nil || !shown && f.Kind == AuthorField {
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
func (r *reading) value(ctx context.Context, f Field) (value any, shown bool, err error) {
	n, _ := f.Value.(int64)
	switch f.Kind {
	case SelfField, SecretField, InnerField:
		return nil, false, nil
	case FlagField:
		return n != 0, true, nil
	case TimeField:
		if n == 0 {
			return nil, true, nil
		}
		return time.UnixMilli(n).UTC().Format(time.RFC3339Nano), true, nil
	case IDField:
		if n == 0 {
			return nil, true, nil
		}
		return ID(n).String(), true, nil
	case MemberField, AuthorField:
		return r.person(ctx, ID(n), f.Kind == AuthorField)
	case VisibilityField:
		return word(visibilityNames[:], n), true, nil
	case FolderField:
		return word(folderNames[:], n), true, nil
	case AttachmentField:
		return word(attachmentNames[:], n), true, nil
	case InvitationField:
		return word(invitationNames[:], n), true, nil
	case NewsField:
		return word(r.s.newsNames(), n), true, nil
	}
	return f.Value, true, nil
}

// A person is a member as rows of an export name them: by ID, so that rows can be put together, and by name.
type person struct {
	ID   string  `json:"id"`
	Name *string `json:"name"` // null for one who has left or is not to be seen
}

func (r *reading) person(ctx context.Context, id ID, must bool) (any, bool, error) {
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
