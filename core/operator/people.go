package operator

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/report"
)

// MemberStore finds members for operators.
type MemberStore interface {
	// FindMembers lists members by a part of their name, an address or an ID, newest first; all when the query is empty.
	FindMembers(ctx context.Context, query string, p core.Page) ([]core.Member, error)
	// Inviter gives who invited a member; 0: nobody, or not known.
	Inviter(ctx context.Context, member core.ID) (core.ID, error)
	// InvitedBy lists whom a member invited.
	InvitedBy(ctx context.Context, member core.ID, p core.Page) ([]core.Member, error)
	// Branch lists whom a member invited, whom those invited, and so on, down to a depth.
	Branch(ctx context.Context, root core.ID, depth, limit int) ([]Twig, error)
	// RealName is what a member gave as theirs; "": nothing.
	RealName(ctx context.Context, member core.ID) (string, error)
}

// chainLength is how far back a chain of inviters is followed.
const chainLength = 20

// A Person is what an operator sees of a member: nothing that they wrote for friends, and no message (SEC-121).
type Person struct {
	core.Member
	Mails    []string
	Sessions []account.Session
	Handsets []account.EasyLogin // with which they come in by one tap
	Removal  Removal             // zero: nobody removes them
	Chain    []core.Member       // who invited them, who invited those, and so on
	Invited  []core.Member
	Measures []report.Measure
	About    []report.Report // reports of what they made
	By       []report.Report // reports they made
}

// Find looks for members by name, address or ID.
func (s *Service) Find(ctx context.Context, query string, p core.Page) ([]core.Member, bool, error) {
	list, err := s.store.FindMembers(ctx, core.Clean(query, core.OneLine), p)
	if err != nil {
		return nil, false, err
	}
	list, more := core.Cut(list, p)
	return list, more, nil
}

// personRows is how many lines of each kind a Person has.
var personRows = core.Page{Number: 1, Size: 20}

// NameOf is what a member is called.
func (s *Service) NameOf(ctx context.Context, id core.ID) (string, error) {
	m, err := s.store.Member(ctx, id)
	return m.Name, err
}

// Person gives what operators see of a member.
func (s *Service) Person(ctx context.Context, id core.ID) (p Person, err error) {
	if p.Member, err = s.store.Member(ctx, id); err != nil {
		return p, err
	}
	if p.Mails, err = s.store.Mails(ctx, id); err != nil {
		return p, err
	}
	if p.Sessions, err = s.account.Sessions(ctx, id); err != nil {
		return p, err
	}
	if p.Handsets, err = s.account.EasyLogins(ctx, id); err != nil {
		return p, err
	}
	if p.Removal, err = s.store.Removal(ctx, id); err != nil && !errors.Is(err, core.ErrNotFound) {
		return p, err
	}
	if p.Measures, _, err = s.report.Measures(ctx, id, personRows); err != nil {
		return p, err
	}
	if p.About, _, err = s.report.About(ctx, id, personRows); err != nil {
		return p, err
	}
	if p.By, _, err = s.report.By(ctx, id, personRows); err != nil {
		return p, err
	}
	if p.Invited, err = s.store.InvitedBy(ctx, id, personRows); err != nil {
		return p, err
	}
	p.Chain, err = s.chain(ctx, id)
	return p, err
}

// chain follows who invited whom.
func (s *Service) chain(ctx context.Context, id core.ID) (chain []core.Member, err error) {
	for len(chain) < chainLength {
		if id, err = s.store.Inviter(ctx, id); err != nil || id == 0 {
			return chain, err
		}
		m, err := s.store.Member(ctx, id)
		if err != nil {
			return chain, err
		}
		chain = append(chain, m)
	}
	return chain, nil
}

// Hold suspends a member (利用停止) until a time, or until they are let in again, and ends their sessions. They are told why when
// they log in with the right password.
func (s *Service) Hold(ctx context.Context, by Operator, m report.Measure) error {
	m.Kind, m.By = report.Held, by.Name
	return s.acts(ctx, func(ctx context.Context) (Act, error) {
		a := Act{By: by.Name, Kind: "hold", Member: m.Member, Reason: m.Reason, After: status(core.Held, m.Until)}
		before, err := s.store.Member(ctx, m.Member)
		if err != nil {
			return a, err
		}
		a.Before, a.Object = before.Status.String(), before.Name
		if err := s.endHold(ctx, m.Member); err != nil {
			return a, err
		}
		if _, err := s.report.Measure(ctx, m); err != nil {
			return a, err
		}
		_, err = s.account.SetHeld(ctx, m.Member, true)
		return a, err
	})
}

func status(s core.Status, until time.Time) string {
	if until.IsZero() {
		return s.String()
	}
	return s.String() + " until " + until.In(core.Tokyo).Format(time.RFC3339)
}

// endHold ends the measure that holds a member, if there is one, also when its time is over.
func (s *Service) endHold(ctx context.Context, member core.ID) error {
	m, err := s.report.Last(ctx, member, report.Held)
	if errors.Is(err, core.ErrNotFound) {
		return nil
	}
	if err == nil {
		_, err = s.report.End(ctx, m.ID)
	}
	return err
}

// Free lets a member in again.
func (s *Service) Free(ctx context.Context, by Operator, member core.ID, reason string) error {
	return s.acts(ctx, func(ctx context.Context) (Act, error) {
		a := Act{By: by.Name, Kind: "free", Member: member, Reason: reason, After: core.Active.String()}
		before, err := s.store.Member(ctx, member)
		if err != nil {
			return a, err
		}
		a.Before, a.Object = before.Status.String(), before.Name
		if err := s.endHold(ctx, member); err != nil {
			return a, err
		}
		_, err = s.account.SetHeld(ctx, member, false)
		return a, err
	})
}

// freeDue lets in again those whose time is over.
func (s *Service) freeDue(ctx context.Context) error {
	due, err := s.report.DueHolds(ctx)
	for _, m := range due {
		err = errors.Join(err, s.EndMeasure(ctx, Operator{Name: clockName}, m.ID))
	}
	return err
}

// clockName is who ends what has run out.
const clockName = "musubi"

// Warn tells a member something that is not to happen again.
func (s *Service) Warn(ctx context.Context, by Operator, m report.Measure) error {
	m.Kind = report.Warned
	return s.measure(ctx, by, m)
}

// Stop lets a member read and write nothing until a time.
func (s *Service) Stop(ctx context.Context, by Operator, m report.Measure) error {
	m.Kind = report.Stopped
	return s.measure(ctx, by, m)
}

func (s *Service) measure(ctx context.Context, by Operator, m report.Measure) error {
	m.By = by.Name
	a := Act{By: by.Name, Kind: m.Kind.String(), Member: m.Member, Object: m.Title, Reason: m.Reason}
	if !m.Until.IsZero() {
		a.After = "until " + m.Until.In(core.Tokyo).Format(time.RFC3339)
	}
	return s.act(ctx, a, func(ctx context.Context) error {
		if _, err := s.store.Member(ctx, m.Member); err != nil {
			return err
		}
		_, err := s.report.Measure(ctx, m)
		return err
	})
}

// EndMeasure ends what was done: what was hidden is seen again, who was stopped writes, who was held comes in.
func (s *Service) EndMeasure(ctx context.Context, by Operator, id core.ID) error {
	return s.acts(ctx, func(ctx context.Context) (Act, error) {
		m, err := s.report.End(ctx, id)
		if err == nil && m.Report == 0 && !by.Role.May(All) { // who answers reports ends what a report led to
			err = core.ErrNotFound
		}
		if err == nil && m.Kind == report.Held {
			_, err = s.account.SetHeld(ctx, m.Member, false)
		}
		return Act{By: by.Name, Kind: "end", Member: m.Member, Object: m.Title, Before: m.Kind.String() + ": " + m.Reason, After: "ended"}, err
	})
}

// ResetPassword sends the member a link to a new password, to each of their addresses.
func (s *Service) ResetPassword(ctx context.Context, by Operator, member core.ID) error {
	return s.act(ctx, Act{By: by.Name, Kind: "reset", Member: member}, func(ctx context.Context) error {
		mails, err := s.store.Mails(ctx, member)
		for _, address := range mails {
			err = errors.Join(err, s.account.AskReset(ctx, address))
		}
		if err == nil && len(mails) == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// ChangeMail gives a member another mail address in place of one of theirs, after they have proved otherwise who they are: proof says how,
// and stands in the log. The old address is told, and the new one gets a link to a new password, which shows that it is theirs.
func (s *Service) ChangeMail(ctx context.Context, by Operator, member core.ID, old, mail, proof string) error {
	if err := report.CheckReason(&proof); err != nil {
		return err
	}
	return s.act(ctx, Act{By: by.Name, Kind: "mail", Member: member, Before: old, After: mail, Reason: proof}, func(ctx context.Context) error {
		return account.ForOperators{Service: s.account}.ReplaceMail(ctx, member, old, mail)
	})
}

// EndSessions logs a member out everywhere.
func (s *Service) EndSessions(ctx context.Context, by Operator, member core.ID) error {
	return s.act(ctx, Act{By: by.Name, Kind: "sessions", Member: member}, func(ctx context.Context) error {
		return s.account.EndOtherSessions(ctx, member, "", "operator")
	})
}

// AddMember makes a member without an invitation, such as the first one, and sends them a link to a password.
func (s *Service) AddMember(ctx context.Context, by Operator, name, mail string) (m core.Member, err error) {
	hash, err := s.guard.HashPassword(ctx, word(20)) // nobody knows it: the letter leads to one of their own
	if err != nil {
		return m, err
	}
	err = s.acts(ctx, func(ctx context.Context) (Act, error) {
		if m, err = s.account.CreateMember(ctx, account.NewMember{Name: name, Mail: mail, PasswordHash: hash, DiaryVisibility: core.Friends}); err != nil {
			return Act{}, err
		}
		return Act{By: by.Name, Kind: "add", Member: m.ID, Object: m.Name, After: "active"}, s.account.AskReset(ctx, mail)
	})
	return m, err
}
