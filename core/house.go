package core

import "context"

// An Admission says who becomes a member.
type Admission uint8

// Admissions.
const (
	AsStarted    Admission = iota // as the program was told when it was started
	ByInvitation                  // who was invited
	OpenToAll                     // whoever sends an empty mail, too
	NoAdmission                   // nobody, for the time being
)

// House is what the areas ask of the rules that the operator has set for the house: core/policy. Without one everybody may come and
// nobody is too young.
type House interface {
	// MayJoin is an error for somebody who is let in by no invitation: their mail address, or where they come from, is banned, or the
	// house is closed.
	MayJoin(ctx context.Context, mail string) error
	// MayWrite is core.ErrNotStored, with a reason, while nothing is to be written.
	MayWrite(ctx context.Context) error
	// MayInvite is an error for a member when only operators invite.
	MayInvite(ctx context.Context, member ID) error
	Admission(ctx context.Context) Admission
	// MinAge is how old, in years, who registers has to be; 0: it does not matter.
	MinAge(ctx context.Context) int
	// Joined notes who invited a member.
	Joined(ctx context.Context, member, inviter ID) error
}

// UseHouse says whom to ask. Call it once, before the desk is used.
func (s *Desk) UseHouse(h House) { s.house = h }

// House is who knows the rules of the house.
func (s *Desk) House() House {
	if s.house == nil {
		return openHouse{}
	}
	return s.house
}

// openHouse has no rules.
type openHouse struct{}

func (openHouse) MayJoin(context.Context, string) error { return nil }
func (openHouse) MayWrite(context.Context) error        { return nil }
func (openHouse) MayInvite(context.Context, ID) error   { return nil }
func (openHouse) Admission(context.Context) Admission   { return AsStarted }
func (openHouse) MinAge(context.Context) int            { return 0 }
func (openHouse) Joined(context.Context, ID, ID) error  { return nil }
