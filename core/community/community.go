package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
)

// Limits of communities.
const (
	MaxName           = 60   // characters
	MaxDescription    = 3000 // characters
	MaxCommunities    = 1000 // that one member is in
	MaxAdministered   = 100  // that one member is the administrator of
	MaxSubs           = 10   // sub-administrators of one
	VacantFor         = 30 * 24 * time.Hour
	TakeBackWithin    = 7 * 24 * time.Hour // of deleting it
	announceEvery     = 7 * 24 * time.Hour
	MaxAnnouncement   = 1000 // characters
	MaxJoinMessage    = 500  // characters
	MaxOpenInvitation = 300  // that one member has sent and nobody has answered
)

// Refusals of communities.
var (
	ErrNotMember        = &core.Error{Code: core.Refused, Key: "error.communitymember"}
	ErrReadOnly         = &core.Error{Code: core.Refused, Key: "error.communityreadonly"}
	ErrOpeners          = &core.Error{Code: core.Refused, Key: "error.communityopeners"}
	ErrMemberAlready    = &core.Error{Code: core.Conflict, Key: "error.communityalready"}
	ErrCommunitiesFull  = &core.Error{Code: core.Full, Key: "error.communitiesfull"}
	ErrAdministeredFull = &core.Error{Code: core.Full, Key: "error.administeredfull"}
)

// A Community is people around something they like.
type Community struct {
	ID                core.ID
	Name, Description string
	Category          core.ID
	Administrator     core.ID // 0: there is none, since VacantSince
	AdministratorName string
	Approval          bool // the administrator lets in; otherwise everybody may join
	MembersOnly       bool // only members read what stands in it
	OpenedByFew       bool // only administrators open topics
	Hidden            bool // neither found nor shown on profiles
	Members           int
	EachLetters       int // members who want a letter about each post
	Photo             core.Photo
	CreatedAt         time.Time
	TouchedAt         time.Time // the last post; home merges by it, so that a post writes no row per member
	VacantSince       time.Time
	DeletedAt         time.Time // goes TakeBackWithin later; zero: it stays
	AnnouncedAt       time.Time
}

func (c Community) sharing() core.Sharing {
	return core.Sharing{MembersOnly: c.MembersOnly, Hidden: c.Hidden, Ending: !c.DeletedAt.IsZero()}
}

// A Membership is what a member is in a community, and what they want of it.
type Membership struct {
	Role      core.Role
	JoinedAt  time.Time
	OnHome    bool
	OnProfile bool
	Letters   Letters
	Offered   core.Role // that the member is asked to take; 0: none
	OfferedBy core.ID
	Announced time.Time // the newest announcement looked at
	Invited   bool      // by a member
}

// Letters says how a member hears of posts in a community.
type Letters uint8

// How often; the numbers are stored.
const (
	NoLetters Letters = iota
	Digest            // once a day
	Each              // of each post
)

// Seen is a community that the viewer may look at, with what they are in it: who has one has asked, and asks not again.
type Seen struct {
	Community
	Membership
	Viewer   core.Viewer
	ReadOnly bool // nobody has governed it for long
}

// Key is which community it is.
func (c Seen) Key() core.ID { return c.ID }

// MayRead says whether the viewer sees what stands in it.
func (c Seen) MayRead() bool { return c.sharing().MayRead(c.Viewer, c.Role, c.Invited) }

// IsMember says whether the viewer is in it.
func (c Seen) IsMember() bool { return c.Role >= core.RoleMember }

// MayWrite says whether the viewer may comment.
func (c Seen) MayWrite() bool { return c.IsMember() && !c.ReadOnly && c.DeletedAt.IsZero() }

// MayOpenTopics says whether the viewer may open topics, events and polls.
func (c Seen) MayOpenTopics() bool {
	return c.MayWrite() && (!c.OpenedByFew || c.Role >= core.RoleSubAdministrator)
}

// MayGovern says whether the viewer may let in, put out, pin and remove what others wrote.
func (c Seen) MayGovern() bool { return c.Role >= core.RoleSubAdministrator && c.DeletedAt.IsZero() }

// MayOwn says whether the viewer is its administrator, who alone deletes it, hands it over and names sub-administrators.
func (c Seen) MayOwn() bool { return c.Role == core.RoleAdministrator }

// mayWrite is MayWrite as an error.
func (c Seen) mayWrite() error {
	switch {
	case !c.IsMember():
		return ErrNotMember
	case !c.MayWrite():
		return ErrReadOnly
	}
	return nil
}

// mayOpen is MayOpenTopics as an error.
func (c Seen) mayOpen() error {
	if err := c.mayWrite(); err != nil {
		return err
	}
	if !c.MayOpenTopics() {
		return ErrOpeners
	}
	return nil
}

// mayGovern is MayGovern as an error: that of a page that there is not.
func (c Seen) mayGovern() error {
	if !c.MayGovern() {
		return core.ErrNotFound
	}
	return nil
}

func (c Seen) mayOwn() error {
	if !c.MayOwn() {
		return core.ErrNotFound
	}
	return nil
}

// CommunityStore keeps communities themselves.
type CommunityStore interface {
	InsertCommunity(ctx context.Context, c Community) error
	Community(ctx context.Context, id core.ID) (Community, error)
	// UpdateCommunity replaces what its administrators can change.
	UpdateCommunity(ctx context.Context, c Community) error
	SetCommunityPhoto(ctx context.Context, id core.ID, p core.Photo) error
	SetCommunityDeleted(ctx context.Context, id core.ID, at time.Time) error
	// Categories lists the operator's list: headings, each followed by what is below it.
	Categories(ctx context.Context) ([]Category, error)
	// PutCategory stores one, in place of the one with its ID; DeleteCategory takes it away, unless something is in it (ErrCategoryUsed).
	PutCategory(ctx context.Context, c Category) error
	DeleteCategory(ctx context.Context, id core.ID) error
	// FindCommunities lists all communities with a word in their name, hidden and deleted ones too, newest first.
	FindCommunities(ctx context.Context, word string, p core.Page) ([]Community, error)
}

// A Category is one of the operator's list.
type Category struct {
	ID, Parent    core.ID // Parent 0: a heading, which takes no communities
	Place         int     // among those below one heading, or among the headings
	Name, English string
}

// look gives a community that the viewer may know of; ErrNotFound for every other one. What stands in it needs read.
func (s *common) look(ctx context.Context, viewer core.Viewer, id core.ID) (Seen, error) {
	c := Seen{Viewer: viewer}
	var err error
	if c.Community, err = s.store.Community(ctx, id); err != nil {
		return Seen{}, err
	}
	if c.Membership, err = s.membership(ctx, viewer.Member, id); err != nil {
		return Seen{}, err
	}
	if !c.sharing().MayLook(viewer, c.Role, c.Invited) {
		return Seen{}, core.ErrNotFound
	}
	c.ReadOnly = !c.VacantSince.IsZero() && s.Now().Sub(c.VacantSince) > VacantFor
	return c, nil
}

// membership is what the member is in a community. Whoever has no row is nobody there, and whoever is suspended or gone may not
// even be that.
func (s *common) membership(ctx context.Context, member, id core.ID) (Membership, error) {
	m, err := s.store.Membership(ctx, id, member)
	if errors.Is(err, core.ErrNotFound) {
		m, err = Membership{Role: core.RoleNone}, nil
	}
	if err != nil || m.Role >= core.RoleMember || member == 0 {
		return m, err
	}
	m.Invited, err = s.store.HasInvitation(ctx, member, id)
	return m, err
}

// read gives a community whose threads the viewer may see; ErrNotFound for every other one.
func (s *common) read(ctx context.Context, viewer core.Viewer, id core.ID) (Seen, error) {
	c, err := s.look(ctx, viewer, id)
	if err == nil && !c.MayRead() {
		return Seen{}, core.ErrNotFound
	}
	return c, err
}

// Look gives a community that the viewer may know of.
func (s *Service) Look(ctx context.Context, viewer core.Viewer, id core.ID) (Seen, error) {
	return s.look(ctx, viewer, id)
}

// Read gives a community whose threads the viewer may see.
func (s *Service) Read(ctx context.Context, viewer core.Viewer, id core.ID) (Seen, error) {
	return s.read(ctx, viewer, id)
}

// MayRead is nil when the viewer sees what stands in a community.
func (s *Service) MayRead(ctx context.Context, viewer core.Viewer, id core.ID) error {
	_, err := s.read(ctx, viewer, id)
	return err
}

// MayGovern is nil when the viewer looks after a community.
func (s *Service) MayGovern(ctx context.Context, viewer core.Viewer, id core.ID) error {
	c, err := s.read(ctx, viewer, id)
	if err != nil {
		return err
	}
	return c.mayGovern()
}

// MayPin is nil when the viewer may put up in a community what stands elsewhere: whoever may comment there.
func (s *Service) MayPin(ctx context.Context, viewer core.Viewer, id core.ID) error {
	c, err := s.read(ctx, viewer, id)
	if err != nil {
		return err
	}
	return c.mayWrite()
}

// Categories lists the operator's list.
func (s *Service) Categories(ctx context.Context) ([]Category, error) {
	return s.store.Categories(ctx)
}

// NewCommunity is what a community is made of, and changed to.
type NewCommunity struct {
	Name, Description                          string
	Category                                   core.ID
	Approval, MembersOnly, OpenedByFew, Hidden bool
	At                                         time.Time // of a new one; zero: now
}

// Check cleans what a community is to be made of and returns Invalid for fields that are wrong.
func (s *Service) Check(ctx context.Context, n *NewCommunity) error {
	var c core.Check
	c.Text("name", &n.Name, core.OneLine, true, MaxName)
	c.Text("description", &n.Description, core.ManyLines, true, MaxDescription)
	list, err := s.store.Categories(ctx)
	if err != nil {
		return err
	}
	known := false
	for _, k := range list {
		known = known || k.ID == n.Category && k.Parent != 0
	}
	if !known {
		c.Fail("category", "field.choice", 0)
	}
	return c.Err()
}

// Create makes a community, whose administrator the member is.
func (s *Service) Create(ctx context.Context, member core.ID, n NewCommunity) (Community, error) {
	if err := s.Check(ctx, &n); err != nil {
		return Community{}, err
	}
	c := Community{Name: n.Name, Description: n.Description, Category: n.Category, Administrator: member, Approval: n.Approval,
		MembersOnly: n.MembersOnly, OpenedByFew: n.OpenedByFew, Hidden: n.Hidden}
	c.ID, c.CreatedAt = s.Stamp(n.At)
	c.TouchedAt = c.CreatedAt
	return c, s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.Require(ctx, core.Viewer{Member: member}, member, core.Private); err != nil {
			return err
		}
		if err := errors.Join(s.MayWrite(ctx, member), s.room(ctx, member, true)); err != nil {
			return err
		}
		return errors.Join(s.store.InsertCommunity(ctx, c), s.store.PutMembership(ctx, c.ID, member, core.RoleAdministrator, "", c.CreatedAt), s.reindex(ctx, c.ID))
	})
}

// room is an error when the member is in as many communities as one may be, or, to own another, is the administrator of as many.
func (s *common) room(ctx context.Context, member core.ID, own bool) error {
	in, owned, err := s.store.CountMemberships(ctx, member)
	switch {
	case err != nil:
		return err
	case in >= MaxCommunities:
		return ErrCommunitiesFull
	case own && owned >= MaxAdministered:
		return ErrAdministeredFull
	}
	return nil
}

// Edit replaces what administrators can change.
func (s *Service) Edit(ctx context.Context, viewer core.Viewer, id core.ID, n NewCommunity) error {
	if err := s.Check(ctx, &n); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err == nil {
			err = errors.Join(c.mayGovern(), s.MayWrite(ctx, viewer.Member))
		}
		if err != nil {
			return err
		}
		c.Name, c.Description, c.Category = n.Name, n.Description, n.Category
		c.Approval, c.MembersOnly, c.OpenedByFew, c.Hidden = n.Approval, n.MembersOnly, n.OpenedByFew, n.Hidden
		return errors.Join(s.store.UpdateCommunity(ctx, c.Community), s.reindex(ctx, id))
	})
}

// WhyNot says why the viewer may not open topics; nil when they may.
func (s *Service) WhyNot(c *Seen) error { return c.mayOpen() }
