package core

import "context"

// A Relation is what the viewer is to the owner of a thing.
type Relation uint8

// Relations, from the one that sees least. The zero value sees nothing.
const (
	Blocked        Relation = iota // one of the two has blocked the other, or the viewer is suspended or gone
	Suspended                      // the owner is suspended or gone: nobody but operators sees anything
	Stranger                       // any other member
	FriendOfFriend                 //
	Friend                         //
	Self                           //
	Operator                       // sees everything but messages (SEC-121)
)

// A Visibility is how far a thing can be seen. The order matters: a relation that reaches one reaches all before it.
type Visibility uint8

// Visibilities, widest first.
const (
	Everyone         Visibility = iota // every member; nothing is ever seen without a login
	FriendsOfFriends                   //
	Friends                            //
	Private                            // the owner alone
)

// Visibilities lists all values, in the order of forms.
var Visibilities = [...]Visibility{Everyone, FriendsOfFriends, Friends, Private}

// String writes the value as a form sends it.
func (v Visibility) String() string { return string('0' + rune(v)) }

// ParseVisibility reads the value a form sends ("0" … "3").
func ParseVisibility(s string) (Visibility, bool) {
	if len(s) != 1 || s[0] < '0' || s[0] > '3' {
		return 0, false
	}
	return Visibility(s[0] - '0'), true
}

// May is the one rule of the whole service: who may see what. Pages, images, lists, counts, comments and search all
// ask here (SEC-112); nobody else compares relations with visibilities.
func May(r Relation, v Visibility) bool {
	widest, ok := Reach(r)
	return ok && v <= widest
}

// Reach gives the narrowest visibility that the relation still sees, for lists that the store filters by
// `visibility <= reach`. ok is false when the relation sees nothing at all.
func Reach(r Relation) (v Visibility, ok bool) {
	switch r {
	case Self, Operator:
		return Private, true
	case Friend:
		return Friends, true
	case FriendOfFriend:
		return FriendsOfFriends, true
	case Stranger:
		return Everyone, true
	}
	return 0, false
}

// A Viewer is who looks: a member, or an operator of the service.
type Viewer struct {
	Member   ID
	Operator bool
	Session  string // key of the session in which they look, for the passwords given in it; "": none
}

// Ties are the facts between two members from which a relation follows.
type Ties struct {
	ViewerActive, OwnerActive bool
	Blocked                   bool // by either of them
	Friends                   bool
	CommonFriend              bool
}

// PermissionStore gives the facts that permission needs.
type PermissionStore interface {
	Ties(ctx context.Context, viewer, owner ID) (Ties, error)
	// NearTies is Ties without CommonFriend, which costs the most to find out.
	NearTies(ctx context.Context, viewer, owner ID) (Ties, error)
}

// Relation says what the viewer is to the owner, at this moment: a block or an ended friendship works on the next
// request.
func (s *Desk) Relation(ctx context.Context, viewer Viewer, owner ID) (Relation, error) {
	return RelationBy(ctx, viewer, owner, s.store.Ties)
}

func RelationBy(ctx context.Context, viewer Viewer, owner ID, ties func(ctx context.Context, viewer, owner ID) (Ties, error)) (Relation, error) {
	if viewer.Operator {
		return Operator, nil
	}
	t, err := ties(ctx, viewer.Member, owner)
	if err != nil {
		return Blocked, err
	}
	return t.Relation(viewer.Member == owner), nil
}

func (t Ties) Relation(self bool) Relation {
	switch {
	case !t.ViewerActive || t.Blocked:
		return Blocked
	case !t.OwnerActive:
		return Suspended
	case self:
		return Self
	case t.Friends:
		return Friend
	case t.CommonFriend:
		return FriendOfFriend
	}
	return Stranger
}

// Sight answers May for one viewer and many owners, asking the store once for each owner. It lives as long as one call
// of a service, never longer.
type Sight struct {
	s      *Desk
	Viewer Viewer
	known  map[ID]Relation // by near ties: whose Stranger may be a friend of a friend
}

func (s *Desk) Sight(viewer Viewer) *Sight {
	return &Sight{s, viewer, make(map[ID]Relation, 8)}
}

// near is the relation as far as near ties tell.
func (g *Sight) near(ctx context.Context, owner ID) (Relation, error) {
	r, ok := g.known[owner]
	if ok {
		return r, nil
	}
	r, err := RelationBy(ctx, g.Viewer, owner, g.s.store.NearTies)
	if err == nil {
		g.known[owner] = r
	}
	return r, err
}

// Sees is require for one of many owners. Common friends are looked for only where they decide, so that a Stranger it
// returns may be a friend of a friend.
func (g *Sight) Sees(ctx context.Context, owner ID, v Visibility) (Relation, error) {
	r, err := g.near(ctx, owner)
	if err == nil && r == Stranger && !May(Stranger, v) && May(FriendOfFriend, v) {
		r, err = g.s.Relation(ctx, g.Viewer, owner)
	}
	if err == nil && !May(r, v) {
		err = ErrNotFound
	}
	return r, err
}

// May says whether the viewer sees a thing of the owner; an error counts as no.
func (g *Sight) May(ctx context.Context, owner ID, v Visibility) bool {
	_, err := g.Sees(ctx, owner, v)
	return err == nil
}

// Require is May as an error: ErrNotFound when the viewer may not see, so that nobody learns that there is something.
func (s *Desk) Require(ctx context.Context, viewer Viewer, owner ID, v Visibility) (Relation, error) {
	r, err := s.Relation(ctx, viewer, owner)
	if err != nil {
		return r, err
	}
	if !May(r, v) {
		return r, ErrNotFound
	}
	return r, nil
}
