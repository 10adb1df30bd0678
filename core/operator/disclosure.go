package operator

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/report"
)

// A Disclosure is what an operator gives out of a member when the law asks for it: who they are and when they came from where. Nothing that
// they wrote, and no message (SEC-121).
type Disclosure struct {
	Member   core.ID         `json:"id"`
	Name     string          `json:"name"`
	RealName string          `json:"real_name,omitempty"` // as they gave it; nobody has checked it
	Mails    []string        `json:"mail_addresses"`
	Joined   time.Time       `json:"joined"`
	Status   string          `json:"status"`
	Inviter  string          `json:"invited_by,omitempty"`
	From     time.Time       `json:"from"`
	Until    time.Time       `json:"until"`
	Request  string          `json:"request"`
	Log      []DisclosedLine `json:"log"`
}

// A DisclosedLine is a line of the log about the member.
type DisclosedLine struct {
	At     time.Time `json:"at"`
	Kind   string    `json:"kind"`
	Peer   string    `json:"address,omitempty"`
	Client string    `json:"client,omitempty"`
}

// maxDisclosed is how many lines of the log go out at most: the newest.
const maxDisclosed = 10_000

// Disclose gathers what the law asks for; request says by which order, and stands in the log of acts.
func (s *Service) Disclose(ctx context.Context, by Operator, member core.ID, request string, from, until time.Time) (d Disclosure, err error) {
	if err := report.CheckReason(&request); err != nil {
		return d, err
	}
	if !from.Before(until) {
		return d, core.Invalid{{Field: "until", Key: "field.date"}}
	}
	m, err := s.store.Member(ctx, member)
	if err != nil {
		return d, err
	}
	d = Disclosure{Member: m.ID, Name: m.Name, Joined: m.CreatedAt, Status: m.Status.String(), From: from, Until: until, Request: request, Log: []DisclosedLine{}}
	if d.Mails, err = s.store.Mails(ctx, member); err != nil {
		return d, err
	}
	if d.RealName, err = s.store.RealName(ctx, member); err != nil {
		return d, err
	}
	if chain, err := s.chain(ctx, member); err != nil {
		return d, err
	} else if len(chain) > 0 {
		d.Inviter = chain[0].Name + " (" + chain[0].ID.String() + ")"
	}
	err = s.ReadAudit(ctx, from, until, func(e core.Entry) error {
		if e.Member == member && e.Kind != "operator" {
			d.Log = append(d.Log, DisclosedLine{e.At.UTC(), e.Kind, e.Peer, e.Client})
		}
		return nil
	})
	if err != nil {
		return d, err
	}
	d.Log = d.Log[max(len(d.Log)-maxDisclosed, 0):]
	span := from.In(core.Tokyo).Format(time.DateOnly) + " – " + until.In(core.Tokyo).Format(time.DateOnly)
	return d, s.act(ctx, Act{By: by.Name, Kind: "disclose", Member: member, Object: span, Reason: request}, func(context.Context) error { return nil })
}
