package core

import "context"

// A ProfileField is one thing a member may say about themselves.
type ProfileField struct {
	Key     string     // name of the form field, and of the label in the catalogue under "profile."
	Lines   Lines      // whether it is a long text
	Default Visibility // until the member chooses
	Fixed   bool       // the member cannot choose: always seen by everyone, as on the service we model [K1, T1]
	More    bool       // on the "more" page, not the profile's front
}

// ProfileFields lists the fields in the order of pages.
var ProfileFields = []ProfileField{
	{Key: "realname", Default: Friends},
	{Key: "sex", Default: FriendsOfFriends},
	{Key: "prefecture", Default: Everyone},
	{Key: "birthday", Default: Friends},
	{Key: "occupation", Default: Friends},
	{Key: "intro", Lines: ManyLines, Fixed: true},
	{Key: "hobby", Fixed: true},
	{Key: "hometown", Default: Friends, More: true},
	{Key: "blood", Default: Friends, More: true},
	{Key: "belongs", Default: Friends, More: true},
	{Key: "favorite", Lines: ManyLines, Fixed: true, More: true},
}

// A ProfileValue is one field filled in.
type ProfileValue struct {
	Key        string
	Value      string
	Visibility Visibility
}

func profileField(key string) (ProfileField, bool) {
	for _, f := range ProfileFields {
		if f.Key == key {
			return f, true
		}
	}
	return ProfileField{}, false
}

// cleanProfile cleans values in place; unknown keys are reported, fixed fields become visible to everyone.
func cleanProfile(c *check, values []ProfileValue) {
	for i := range values {
		v := &values[i]
		f, ok := profileField(v.Key)
		if !ok {
			c.fail(v.Key, "field.unknown", 0)
			continue
		}
		limit := MaxProfileLine
		if f.Lines == ManyLines {
			limit = MaxProfileText
		}
		c.text(v.Key, &v.Value, f.Lines, false, limit)
		if f.Fixed {
			v.Visibility = Everyone
		}
	}
}

// Profile gives the fields of a member that the viewer may see and that are filled in, in the order of ProfileFields.
func (s *Services) Profile(ctx context.Context, viewer Viewer, member ID) ([]ProfileValue, error) {
	r, err := s.require(ctx, viewer, member, Everyone)
	if err != nil {
		return nil, err
	}
	values, err := s.store.Profile(ctx, member)
	if err != nil {
		return nil, err
	}
	seen := make([]ProfileValue, 0, len(values))
	for _, f := range ProfileFields {
		for _, v := range values {
			if v.Key == f.Key && v.Value != "" && May(r, v.Visibility) {
				seen = append(seen, v)
			}
		}
	}
	return seen, nil
}
