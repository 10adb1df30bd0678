package community

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// MemberStore keeps who is what in which community. A row is a member, an applicant or one who may not come back.
type MemberStore interface {
	Membership(ctx context.Context, community, member core.ID) (Membership, error)
	// PutMembership gives a member a role, and counts the members. Choices of one who has a row stay.
	PutMembership(ctx context.Context, community, member core.ID, r core.Role, message string, at time.Time) error
	// DeleteMembership takes the row away and counts. When the administrator goes, the oldest sub-administrator follows, or nobody.
	DeleteMembership(ctx context.Context, community, member core.ID, at time.Time) error
	SetChoices(ctx context.Context, community, member core.ID, c Choices) error
	SetOffer(ctx context.Context, community, member core.ID, r core.Role, by core.ID) error
	// SetAdministrator makes a member the administrator; who was it is a sub-administrator, or if demoted a member.
	SetAdministrator(ctx context.Context, community, member core.ID) error
	// SetAnnounced notes the newest announcement that the member has looked at.
	SetAnnounced(ctx context.Context, community, member core.ID, at time.Time) error
	// Members lists those of a role, or with more of it, in the order in which they came.
	Members(ctx context.Context, community core.ID, least, most core.Role, p core.Page) ([]MemberLine, error)
	// MembersFrom lists a part of those with one of the roles, the highest role first, then who came last, and one row more where there are more.
	MembersFrom(ctx context.Context, community core.ID, least, most core.Role, part Stretch) ([]MemberLine, error)
	// Among gives those of the members who are in the community, or have asked.
	Among(ctx context.Context, community core.ID, members []core.ID) ([]core.ID, error)
	CountRole(ctx context.Context, community core.ID, r core.Role) (int, error)
	CountMemberships(ctx context.Context, member core.ID) (in, administered int, err error)
	// Memberships lists the communities a member is in, those last written to first.
	Memberships(ctx context.Context, member core.ID, p core.Page) ([]Line, error)
	// ShownMemberships lists those that the member shows on their profile, those that the viewer shares first. Hidden ones are not there.
	ShownMemberships(ctx context.Context, member, viewer core.ID, p core.Page) ([]Line, error)
	HasInvitation(ctx context.Context, member, community core.ID) (bool, error)
	PutInvitation(ctx context.Context, member, community, inviter core.ID, at time.Time) error
	// DeleteInvitations ends all invitations of the member to the community.
	DeleteInvitations(ctx context.Context, member, community core.ID) error
	CountInvitations(ctx context.Context, inviter core.ID, most int) (int, error)
}

// A MemberLine is a row of a list of members.
type MemberLine struct {
	Member   core.Member
	Role     core.Role
	Message  string // of an applicant
	Offered  core.Role
	JoinedAt time.Time
}

// A Line is a row of a list of communities.
type Line struct {
	Community
	Role   core.Role
	Shared bool // the viewer is in it, too
	New    bool // something was written since the viewer looked
}

// Choices are what a member wants of a community.
type Choices struct {
	OnHome, OnProfile bool
	Letters           Letters
}

// Refusals about who governs a community.
var (
	ErrSubsFull      = &core.Error{Code: core.Full, Key: "error.subsfull"}
	ErrHandOverFirst = &core.Error{Code: core.Refused, Key: "error.handoverfirst"}
)

// Join takes part in a community, or asks to, where its administrator lets in; asked says which of the two it was. Whoever was put
// out for good finds no such community.
func (s *Roster) Join(ctx context.Context, viewer core.Viewer, id core.ID, message string) (asked bool, err error) {
	var check core.Check
	check.Text("message", &message, core.ManyLines, false, MaxJoinMessage)
	if err := check.Err(); err != nil {
		return false, err
	}
	err = s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		asked = false
		if _, err := s.Require(ctx, viewer, viewer.Member, core.Private); err != nil {
			return err
		}
		c, err := s.look(ctx, viewer, id)
		switch {
		case err != nil:
			return err
		case c.Role == core.RoleBlocked || !c.DeletedAt.IsZero():
			return core.ErrNotFound
		case c.IsMember():
			return ErrMemberAlready
		}
		if err := s.room(ctx, viewer.Member, false); err != nil {
			return err
		}
		if asked = c.Approval; asked {
			return s.ask(ctx, c, message)
		}
		return s.letIn(ctx, id, viewer.Member)
	})
	return asked, err
}

// ask puts the viewer among the applicants, and tells those who let in.
func (s *Roster) ask(ctx context.Context, c Seen, message string) error {
	if err := s.store.PutMembership(ctx, c.ID, c.Viewer.Member, core.RoleApplicant, message, s.Now()); err != nil {
		return err
	}
	return s.tellGovernors(ctx, c, news.News{Kind: RequestNews, Actor: c.Viewer.Member, Thing: c.ID, At: s.Now()})
}

// tellGovernors tells the administrator and the sub-administrators.
func (s *Roster) tellGovernors(ctx context.Context, c Seen, n news.News) error {
	list, err := s.store.Members(ctx, c.ID, core.RoleSubAdministrator, core.RoleAdministrator, core.Page{Size: MaxSubs + 1})
	for _, m := range list {
		n.Member = m.Member.ID
		err = errors.Join(err, s.news.Tell(ctx, n, c.Name))
	}
	return err
}

// letIn makes a member one of the community's.
func (s *Roster) letIn(ctx context.Context, id, member core.ID) error {
	return errors.Join(s.store.PutMembership(ctx, id, member, core.RoleMember, "", s.Now()), s.store.DeleteInvitations(ctx, member, id),
		s.news.DropNews(ctx, member, InvitationNews, 0, id))
}

// Leave ends the viewer's membership, or takes back that they asked for it. The administrator hands over first, or deletes, unless
// there is a sub-administrator, who follows.
func (s *Roster) Leave(ctx context.Context, viewer core.Viewer, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		switch {
		case err != nil:
			return err
		case c.Role < core.RoleApplicant:
			return core.ErrNotFound
		case c.MayOwn():
			if subs, err := s.store.CountRole(ctx, id, core.RoleSubAdministrator); err != nil || subs == 0 {
				return errors.Join(err, ErrHandOverFirst)
			}
		}
		return errors.Join(s.dropRequest(ctx, c, viewer.Member), s.leaveEvents(ctx, id, viewer.Member), s.store.DeleteMembership(ctx, id, viewer.Member, s.Now()))
	})
}

// dropRequest ends the news that somebody asks to be let in.
func (s *Roster) dropRequest(ctx context.Context, c Seen, applicant core.ID) error {
	list, err := s.store.Members(ctx, c.ID, core.RoleSubAdministrator, core.RoleAdministrator, core.Page{Size: MaxSubs + 1})
	for _, m := range list {
		err = errors.Join(err, s.news.DropNews(ctx, m.Member.ID, RequestNews, applicant, c.ID))
	}
	return err
}

// govern runs f on a member of a community that the viewer governs, in one transaction. The viewer may do nothing to themselves,
// nor to somebody whose role is as high.
func (s *Roster) govern(ctx context.Context, viewer core.Viewer, id, member core.ID, f func(ctx context.Context, c Seen, of Membership) error) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id, member), func(ctx context.Context) error {
		c, of, err := s.governed(ctx, viewer, id, member)
		if err != nil {
			return err
		}
		return f(ctx, c, of)
	})
}

// governed gives a community that the viewer governs, and what a member is there whose role is lower.
func (s *Roster) governed(ctx context.Context, viewer core.Viewer, id, member core.ID) (c Seen, of Membership, err error) {
	if c, err = s.look(ctx, viewer, id); err == nil {
		err = c.mayGovern()
	}
	if err != nil {
		return c, of, err
	}
	of, err = s.store.Membership(ctx, id, member)
	if err == nil && (member == viewer.Member || of.Role >= c.Role) {
		err = core.ErrNotFound
	}
	return c, of, err
}

// Answer lets an applicant in, or not; who is let in is told.
func (s *Roster) Answer(ctx context.Context, viewer core.Viewer, id, applicant core.ID, accept bool) error {
	return s.govern(ctx, viewer, id, applicant, func(ctx context.Context, c Seen, of Membership) error {
		if of.Role != core.RoleApplicant {
			return core.ErrNotFound
		}
		if err := s.dropRequest(ctx, c, applicant); err != nil {
			return err
		}
		if !accept {
			return s.store.DeleteMembership(ctx, id, applicant, s.Now())
		}
		if err := s.room(ctx, applicant, false); err != nil {
			return err
		}
		return errors.Join(s.letIn(ctx, id, applicant),
			s.news.Tell(ctx, news.News{Member: applicant, Kind: AcceptedNews, Actor: viewer.Member, Thing: id, At: s.Now()}, c.Name))
	})
}

// Expel puts a member out; for good: they may not come back until Unblock. What they wrote stays, and nobody tells them who it was.
func (s *Roster) Expel(ctx context.Context, viewer core.Viewer, id, member core.ID, forGood bool) error {
	return s.govern(ctx, viewer, id, member, func(ctx context.Context, c Seen, of Membership) error {
		if of.Role < core.RoleApplicant {
			return core.ErrNotFound
		}
		err := errors.Join(s.dropRequest(ctx, c, member), s.leaveEvents(ctx, id, member), s.store.DeleteMembership(ctx, id, member, s.Now()), s.AuditDelete(ctx, viewer.Member, "communitymember", member))
		if err == nil && forGood {
			err = s.store.PutMembership(ctx, id, member, core.RoleBlocked, "", s.Now())
		}
		return err
	})
}

// Block keeps out somebody who is not in the community.
func (s *Roster) Block(ctx context.Context, viewer core.Viewer, id, member core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id, member), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err == nil {
			err = c.mayGovern()
		}
		if err != nil {
			return err
		}
		if _, err := s.store.Member(ctx, member); errors.Is(err, core.ErrNotFound) {
			return core.Invalid{{Field: "member", Key: "community.blocknobody"}}
		} else if err != nil {
			return err
		}
		switch m, err := s.store.Membership(ctx, id, member); {
		case errors.Is(err, core.ErrNotFound):
			return errors.Join(s.store.DeleteInvitations(ctx, member, id), s.store.PutMembership(ctx, id, member, core.RoleBlocked, "", s.Now()))
		case err != nil:
			return err
		case member == viewer.Member || m.Role >= c.Role:
			return core.Invalid{{Field: "member", Key: "community.blockgovernor"}}
		case m.Role == core.RoleBlocked:
			return nil
		}
		return s.Expel(ctx, viewer, id, member, true)
	})
}

// Unblock lets somebody who was put out come back.
func (s *Roster) Unblock(ctx context.Context, viewer core.Viewer, id, member core.ID) error {
	return s.govern(ctx, viewer, id, member, func(ctx context.Context, _ Seen, of Membership) error {
		if of.Role != core.RoleBlocked {
			return core.ErrNotFound
		}
		return s.store.DeleteMembership(ctx, id, member, s.Now())
	})
}

// Offer asks a member to take a role: sub-administrator, or to be the administrator in the viewer's place. RoleMember takes an offer back, and
// from a sub-administrator the role.
func (s *Roster) Offer(ctx context.Context, viewer core.Viewer, id, member core.ID, r core.Role) error {
	return s.govern(ctx, viewer, id, member, func(ctx context.Context, c Seen, of Membership) error {
		if err := c.mayOwn(); err != nil || of.Role < core.RoleMember || r < core.RoleMember || r != core.RoleMember && r <= of.Role {
			return errors.Join(err, core.ErrNotFound)
		}
		if err := errors.Join(s.store.SetOffer(ctx, id, member, 0, 0), s.news.DropNews(ctx, member, OfferNews, 0, id)); err != nil {
			return err
		}
		if r == core.RoleMember {
			return s.store.PutMembership(ctx, id, member, core.RoleMember, "", of.JoinedAt)
		}
		if err := s.roomForSub(ctx, id, r); err != nil {
			return err
		}
		return errors.Join(s.store.SetOffer(ctx, id, member, r, viewer.Member),
			s.news.Tell(ctx, news.News{Member: member, Kind: OfferNews, Actor: viewer.Member, Thing: id, At: s.Now()}, c.Name))
	})
}

func (s *Roster) roomForSub(ctx context.Context, id core.ID, r core.Role) error {
	if r != core.RoleSubAdministrator {
		return nil
	}
	n, err := s.store.CountRole(ctx, id, core.RoleSubAdministrator)
	if err == nil && n >= MaxSubs {
		err = ErrSubsFull
	}
	return err
}

// AnswerOffer takes the role that the viewer was asked to take, or not.
func (s *Roster) AnswerOffer(ctx context.Context, viewer core.Viewer, id core.ID, accept bool) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err != nil {
			return err
		}
		if c.Offered == 0 || !c.IsMember() {
			return core.ErrNotFound
		}
		if err := errors.Join(s.store.SetOffer(ctx, id, viewer.Member, 0, 0), s.news.DropNews(ctx, viewer.Member, OfferNews, 0, id)); err != nil || !accept {
			return err
		}
		if c.Offered == core.RoleAdministrator {
			return s.takeOver(ctx, c)
		}
		if err := s.roomForSub(ctx, id, c.Offered); err != nil {
			return err
		}
		return s.store.PutMembership(ctx, id, viewer.Member, c.Offered, "", c.JoinedAt)
	})
}

// takeOver makes the viewer the administrator.
func (s *Roster) takeOver(ctx context.Context, c Seen) error {
	if err := s.room(ctx, c.Viewer.Member, true); err != nil && !errors.Is(err, ErrCommunitiesFull) { // the member is in it already
		return err
	}
	return errors.Join(s.store.SetAdministrator(ctx, c.ID, c.Viewer.Member), s.Audit(ctx, "communityadministrator", c.Viewer.Member, "", c.ID.String()))
}

// Volunteer makes the viewer the administrator of a community that has none.
func (s *Roster) Volunteer(ctx context.Context, viewer core.Viewer, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err != nil {
			return err
		}
		may, err := s.mayVolunteer(ctx, &c)
		if err == nil && !may {
			err = core.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.takeOver(ctx, c)
	})
}

// elders is how many of those who are longest in are asked to follow an administrator who has gone.
const elders = 20

// mayVolunteer: for VacantFor those who are longest in, then, while nobody can write there, every member.
func (s *Roster) mayVolunteer(ctx context.Context, c *Seen) (bool, error) {
	if c.Administrator != 0 || !c.IsMember() || c.VacantSince.IsZero() {
		return false, nil
	}
	if c.ReadOnly {
		return true, nil
	}
	list, err := s.store.Members(ctx, c.ID, core.RoleMember, core.RoleMember, core.Page{Size: elders})
	for i, m := range list {
		if i < elders && m.Member.ID == c.Viewer.Member {
			return true, nil
		}
	}
	return false, err
}

// MayVolunteer says whether the viewer may become the administrator, since there is none.
func (s *Roster) MayVolunteer(ctx context.Context, c *Seen) (bool, error) {
	return s.mayVolunteer(ctx, c)
}

// Choose stores what the viewer wants of a community they are in.
func (s *Roster) Choose(ctx context.Context, viewer core.Viewer, id core.ID, c Choices) error {
	if c.Letters > Each {
		return core.Invalid{{Field: "letters", Key: "field.choice"}}
	}
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id), func(ctx context.Context) error {
		seen, err := s.look(ctx, viewer, id)
		if err == nil && !seen.IsMember() {
			err = core.ErrNotFound
		}
		if err != nil {
			return err
		}
		return s.store.SetChoices(ctx, id, viewer.Member, c)
	})
}

// Members lists the members of a community that the viewer may read, administrators first. Those whom a block hides are not there.
func (s *Roster) Members(ctx context.Context, c *Seen, p core.Page) (list []MemberLine, more bool, err error) {
	if !c.MayRead() {
		return nil, false, core.ErrNotFound
	}
	return s.listed(ctx, c.Viewer, c.ID, core.RoleMember, core.RoleAdministrator, p)
}

// MembersFrom lists a part of the members of a community, in the order of Members, and where the list goes on. Those
// whom a block hides are not there.
func (s *Roster) MembersFrom(ctx context.Context, c *Seen, part Stretch) (list []MemberLine, e Ends, err error) {
	if !c.MayRead() {
		return nil, e, core.ErrNotFound
	}
	var rows []MemberLine
	if part.First() { // kept in memory
		rows, err = s.store.Members(ctx, c.ID, core.RoleMember, core.RoleAdministrator, core.Page{Size: part.Size})
	} else {
		rows, err = s.store.MembersFrom(ctx, c.ID, core.RoleMember, core.RoleAdministrator, part)
	}
	if err != nil {
		return nil, e, err
	}
	rows, e = cutStretch(rows, part, func(m MemberLine) Mark { return Mark{m.Role, m.JoinedAt, m.Member.ID} })
	return s.sighted(ctx, c.Viewer, rows), e, nil
}

// Waiting lists the applicants, and Blocked those who may not come back, for who governs the community.
func (s *Roster) Waiting(ctx context.Context, viewer core.Viewer, id core.ID, r core.Role, p core.Page) (list []MemberLine, more bool, err error) {
	c, err := s.look(ctx, viewer, id)
	if err == nil {
		err = c.mayGovern()
	}
	if err != nil || r > core.RoleApplicant {
		return nil, false, errors.Join(err)
	}
	rows, err := s.store.Members(ctx, id, r, r, p)
	list, more = core.Cut(rows, p)
	return list, more, err
}

// listed keeps of a list of members those whom the viewer may see.
func (s *Roster) listed(ctx context.Context, viewer core.Viewer, id core.ID, least, most core.Role, p core.Page) (list []MemberLine, more bool, err error) {
	rows, err := s.store.Members(ctx, id, least, most, p)
	if err != nil {
		return nil, false, err
	}
	rows, more = core.Cut(rows, p)
	return s.sighted(ctx, viewer, rows), more, nil
}

// sighted keeps those whom no block hides from the viewer.
func (s *Roster) sighted(ctx context.Context, viewer core.Viewer, rows []MemberLine) []MemberLine {
	g, list := s.Sight(viewer), rows[:0]
	for _, m := range rows {
		if g.May(ctx, m.Member.ID, core.Everyone) {
			list = append(list, m)
		}
	}
	return list
}

// Mine lists the communities the viewer is in, those last written to first.
func (s *Roster) Mine(ctx context.Context, member core.ID, p core.Page) (list []Line, more bool, err error) {
	rows, err := s.store.Memberships(ctx, member, p)
	list, more = core.Cut(rows, p)
	return list, more, err
}

// Of lists the communities that a member shows on their profile to the viewer, those that both are in first.
func (s *Roster) Of(ctx context.Context, viewer core.Viewer, member core.ID, p core.Page) (list []Line, more bool, err error) {
	if member == viewer.Member {
		return s.Mine(ctx, member, p)
	}
	if _, err := s.Require(ctx, viewer, member, core.Everyone); err != nil {
		return nil, false, err
	}
	rows, err := s.store.ShownMemberships(ctx, member, viewer.Member, p)
	list, more = core.Cut(rows, p)
	return list, more, err
}

// Among gives those of the members, friends of the viewer, whom there is no need to invite: they are in, or have asked. Who was put out
// for good is not among them: the viewer learns of no block.
func (s *Roster) Among(ctx context.Context, viewer core.Viewer, id core.ID, members []core.ID) ([]core.ID, error) {
	c, err := s.look(ctx, viewer, id)
	if err == nil {
		err = c.mayWrite()
	}
	if err != nil {
		return nil, err
	}
	return s.store.Among(ctx, id, members)
}

// Invite asks a friend of the viewer to come along. Nobody is asked who was put out for good, nor twice by the same member.
func (s *Roster) Invite(ctx context.Context, viewer core.Viewer, id, friend core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, id, friend), func(ctx context.Context) error {
		c, err := s.look(ctx, viewer, id)
		if err == nil {
			err = c.mayWrite()
		}
		if err != nil {
			return err
		}
		if r, err := s.Require(ctx, viewer, friend, core.Everyone); err != nil || r != core.Friend {
			return errors.Join(err, core.ErrNotFound)
		}
		switch m, err := s.store.Membership(ctx, id, friend); {
		case err == nil && m.Role == core.RoleBlocked:
			return nil // the friend is not asked, and the viewer learns of no block
		case err == nil:
			return ErrMemberAlready
		case !errors.Is(err, core.ErrNotFound):
			return err
		}
		if n, err := s.store.CountInvitations(ctx, viewer.Member, MaxOpenInvitation); err != nil || n >= MaxOpenInvitation {
			return errors.Join(err, ErrCommunitiesFull)
		}
		return errors.Join(s.store.PutInvitation(ctx, friend, id, viewer.Member, s.Now()),
			s.news.Tell(ctx, news.News{Member: friend, Kind: InvitationNews, Actor: viewer.Member, Thing: id, At: s.Now()}, c.Name))
	})
}

// Dismiss ends the invitations of the viewer to a community.
func (s *Roster) Dismiss(ctx context.Context, member, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(member, id), func(ctx context.Context) error {
		return errors.Join(s.store.DeleteInvitations(ctx, member, id), s.news.DropNews(ctx, member, InvitationNews, 0, id))
	})
}

// MemberOf gives one member of a community to who governs it.
func (s *Roster) MemberOf(ctx context.Context, viewer core.Viewer, id, member core.ID) (l MemberLine, err error) {
	_, of, err := s.governed(ctx, viewer, id, member)
	if err != nil {
		return l, err
	}
	l.Role, l.Offered, l.JoinedAt = of.Role, of.Offered, of.JoinedAt
	l.Member, err = s.store.Member(ctx, member)
	return l, err
}
