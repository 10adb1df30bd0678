package people

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/search"
)

// SearchMembers finds members.
const SearchMembers search.Kind = 0

// ProfilePhoto hangs on a profile: seen by every member.
const ProfilePhoto core.Attachment = 2

func (s *Service) profileGate(ctx context.Context, viewer core.Viewer, p core.Photo, _ core.Attached) (core.Photo, error) {
	v, err := s.shown(ctx, p.Owner)
	if err == nil {
		_, err = s.Require(ctx, viewer, p.Owner, v)
	}
	return p, err
}

// A ProfileField is one thing a member may say about themselves.
type ProfileField struct {
	Key     string // name of the form field, and of the label in the catalogue under "profile."
	Kind    FieldKind
	Choices core.Choices    // of a Choice
	Lines   core.Lines      // whether it is a long text
	Default core.Visibility // until the member chooses
	Fixed   bool            // the member cannot choose: always seen by everyone, as on the service we model [K1, T1]
	More    bool            // on the "more" page, not the profile's front
	// Searched: the search for members looks at it, as far as its visibility lets it. Left out are the fields that say
	// the same of half the members, and the date of birth.
	Searched bool
}

// PrefectureField says where a member lives.
const PrefectureField = "prefecture"

// What members do: of a list, and in their words.
const (
	occupationField = "occupation"
	workField       = "work"
)

// ProfileFields lists the fields in the order of pages.
var ProfileFields = []ProfileField{
	{Key: "realname", Default: core.Friends, Searched: true},
	{Key: "sex", Kind: Choice, Choices: Sexes, Default: core.FriendsOfFriends},
	{Key: PrefectureField, Kind: Choice, Choices: core.Prefectures, Default: core.Everyone, Searched: true},
	{Key: BirthdayField, Kind: Date, Default: core.Friends},
	{Key: occupationField, Kind: Choice, Choices: Occupations, Default: core.Friends, Searched: true},
	{Key: workField, Default: core.Friends, Searched: true},
	{Key: "intro", Lines: core.ManyLines, Fixed: true, Searched: true},
	{Key: "hobby", Fixed: true, Searched: true},
	{Key: "hometown", Default: core.Friends, More: true, Searched: true},
	{Key: "blood", Kind: Choice, Choices: BloodTypes, Default: core.Friends, More: true},
	{Key: "belongs", Default: core.Friends, More: true, Searched: true},
	{Key: "favorite", Lines: core.ManyLines, Fixed: true, More: true, Searched: true},
}

// Limit is the most characters a value may have.
func (f ProfileField) Limit() int {
	if f.Lines == core.ManyLines {
		return core.MaxProfileText
	}
	return core.MaxProfileLine
}

// Told is a value as the service reads it aloud, in searches and letters: the name of what was chosen, or the words.
func (f ProfileField) Told(value string) string {
	if f.Kind == Choice {
		return f.Choices.Name(value)
	}
	return value
}

// FindProfileField finds a field by its key.
func FindProfileField(key string) (ProfileField, bool) {
	for _, f := range ProfileFields {
		if f.Key == key {
			return f, true
		}
	}
	return ProfileField{}, false
}

// CleanProfile gives the values as they are stored; unknown keys and values of another kind are reported, fixed fields become
// visible to everyone.
func CleanProfile(c *core.Check, values []core.ProfileValue) []core.ProfileValue {
	values = occupationTold(values)
	for i := range values {
		v := &values[i]
		f, ok := FindProfileField(v.Key)
		if !ok {
			c.Fail(v.Key, "field.unknown", 0)
			continue
		}
		c.Text(v.Key, &v.Value, f.Lines, false, f.Limit())
		switch {
		case f.fits(&v.Value):
		case f.Kind == Choice:
			c.Fail(v.Key, "field.choice", 0)
		default:
			c.Fail(v.Key, "field.date", 0)
		}
		if v.Visibility > core.Private {
			c.Fail(v.Key, "field.choice", 0)
		}
		if f.Fixed {
			v.Visibility = core.Everyone
		}
	}
	return values
}

// Profile gives the fields of a member that the viewer may see and that are filled in, in the order of ProfileFields.
func (s *Service) Profile(ctx context.Context, viewer core.Viewer, member core.ID) ([]core.ProfileValue, error) {
	r, err := s.Require(ctx, viewer, member, core.Everyone)
	if err != nil {
		return nil, err
	}
	values, err := s.store.Profile(ctx, member)
	if err != nil {
		return nil, err
	}
	seen := make([]core.ProfileValue, 0, len(values))
	for _, f := range ProfileFields {
		for _, v := range values {
			if v.Key == f.Key && v.Value != "" && core.May(r, v.Visibility) {
				seen = append(seen, v)
			}
		}
	}
	return seen, nil
}

// EditProfile changes a member's nickname and the profile fields given; an empty value empties the field. Invalid says
// what is wrong, and then nothing is changed.
func (s *Service) EditProfile(ctx context.Context, member core.ID, name string, values []core.ProfileValue) error {
	var c core.Check
	c.Text("name", &name, core.OneLine, true, core.MaxName)
	values = CleanProfile(&c, values)
	if err := c.Err(); err != nil {
		return err
	}
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		v, err := s.shown(ctx, member)
		if err != nil {
			return err
		}
		for i := range values {
			values[i].Visibility = max(values[i].Visibility, v)
		}
		texts := []string{name}
		for _, v := range values {
			texts = append(texts, v.Value)
		}
		return errors.Join(s.store.SetName(ctx, member, name), s.store.SetProfile(ctx, member, values), s.search.Reindex(ctx, SearchMembers, member, member),
			s.Review(ctx, core.Written{Kind: uint8(ReportedMember), Owner: member, Author: member}, texts...))
	})
}

// MaxProfilePhotos is how many photos a profile has; one of them is the main one.
const MaxProfilePhotos = 3

// ErrProfilePhotos is returned for one photo more than MaxProfilePhotos.
var ErrProfilePhotos = core.Invalid{{Field: "file", Key: "field.photos", N: MaxProfilePhotos}}

// ProfilePhotos lists the photos of a member's profile.
func (s *Service) ProfilePhotos(ctx context.Context, viewer core.Viewer, member core.ID) ([]core.Photo, error) {
	v, err := s.shown(ctx, member)
	if err != nil {
		return nil, err
	}
	if _, err := s.Require(ctx, viewer, member, v); errors.Is(err, core.ErrNotFound) && v != core.Everyone {
		return nil, nil // the profile is there, and its photos are hidden
	} else if err != nil {
		return nil, err
	}
	return s.store.AttachedPhotos(ctx, core.Attached{Kind: ProfilePhoto, Owner: member, Thing: member})
}

// AddProfilePhoto puts an unattached photo of the member on their profile; the first becomes the main one.
func (s *Service) AddProfilePhoto(ctx context.Context, member, photo core.ID) error {
	to := core.Attached{Kind: ProfilePhoto, Owner: member, Thing: member}
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		photos, err := s.store.AttachedPhotos(ctx, to)
		if err != nil {
			return err
		}
		if len(photos) >= MaxProfilePhotos {
			return ErrProfilePhotos
		}
		if err := s.store.AttachPhoto(ctx, member, photo, to, len(photos)); err != nil || len(photos) > 0 {
			return err
		}
		return s.standFor(ctx, member, photo)
	})
}

// SetMainPhoto makes one of the member's profile photos the one that stands for them.
func (s *Service) SetMainPhoto(ctx context.Context, member, photo core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		if _, err := s.profilePhoto(ctx, member, photo); err != nil {
			return err
		}
		return s.standFor(ctx, member, photo)
	})
}

// standFor makes a photo the one that stands for the member, unless an operator hides their profile: then none does.
func (s *Service) standFor(ctx context.Context, member, photo core.ID) error {
	if v, err := s.shown(ctx, member); err != nil || v != core.Everyone {
		return err
	}
	return s.store.SetMemberPhoto(ctx, member, photo)
}

// DeleteProfilePhoto takes a photo off the profile; when it was the main one, the first of the others takes its place.
func (s *Service) DeleteProfilePhoto(ctx context.Context, member, photo core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		if _, err := s.profilePhoto(ctx, member, photo); err != nil {
			return err
		}
		if err := errors.Join(s.store.DeletePhoto(ctx, member, photo), s.AuditDelete(ctx, member, "photo", photo)); err != nil {
			return err
		}
		m, err := s.store.Member(ctx, member)
		if err != nil || m.Photo.ID != 0 {
			return err
		}
		rest, err := s.store.AttachedPhotos(ctx, core.Attached{Kind: ProfilePhoto, Owner: member, Thing: member})
		if err != nil || len(rest) == 0 {
			return err
		}
		return s.standFor(ctx, member, rest[0].ID)
	})
}

// profilePhoto finds a photo that stands on the member's profile.
func (s *Service) profilePhoto(ctx context.Context, member, photo core.ID) (core.Photo, error) {
	p, to, err := s.store.Photo(ctx, member, photo)
	if err == nil && to.Kind != ProfilePhoto {
		err = core.ErrNotFound
	}
	return p, err
}

// RequiredProfile are the profile fields that a registration needs, beside nickname and password.
var RequiredProfile = map[string]bool{"realname": true, "prefecture": true, "sex": true, BirthdayField: true}

// Required says whether a registration needs the field.
func (f ProfileField) Required() bool { return RequiredProfile[f.Key] }

// ProfileStore keeps what members tell of themselves.
type ProfileStore interface {
	Profile(ctx context.Context, member core.ID) ([]core.ProfileValue, error)
	SetProfile(ctx context.Context, member core.ID, values []core.ProfileValue) error
}

// SetProfile stores what a new member told of themselves, as it was checked before.
func (s *Service) SetProfile(ctx context.Context, member core.ID, values []core.ProfileValue) error {
	return s.store.SetProfile(ctx, member, values)
}
