package core

// A Role is what a member is in something that many share, a community. It belongs to none of them, so no [Relation] decides who
// sees it: a block between two members hides neither's words on a board that both read, or threads would tear. What a block still
// ends there is what leads from one to the other: they get no letters of each other's posts and no link to write to each other.
type Role uint8

// Roles, from the one that may least. The zero value sees no more than that there is something. The numbers are stored.
const (
	RoleBlocked          Role = iota // was put out, and may not come back
	RoleNone                         // any other member
	RoleApplicant                    // has asked to be let in
	RoleMember                       //
	RoleSubAdministrator             // all but what ends it or hands it over
	RoleAdministrator                // one at most
)

// Sharing is what decides who sees something that many share.
type Sharing struct {
	MembersOnly bool // what stands in it is for its members
	Hidden      bool // that there is such a thing is for its members, and for those whom they invited
	Ending      bool // it was deleted and may be taken back: there for its administrator alone
}

// MayLook says who may know of it: its name, picture and description.
func (s Sharing) MayLook(viewer Viewer, r Role, invited bool) bool {
	switch {
	case viewer.Operator:
		return true
	case s.Ending:
		return r == RoleAdministrator
	case s.Hidden:
		return r >= RoleApplicant || invited && r != RoleBlocked
	}
	return true
}

// MayRead says who may see what stands in it. Whoever may read may look.
func (s Sharing) MayRead(viewer Viewer, r Role, invited bool) bool {
	switch {
	case viewer.Operator:
		return true
	case r == RoleBlocked || !s.MayLook(viewer, r, invited):
		return false
	case s.MembersOnly || s.Hidden:
		return r >= RoleMember
	}
	return true
}
