package operator

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"musubi/core"
)

// An Act is what an operator did, with what was before and after. It names members, so it is kept apart from the log of all
// (core.Entry), which has a line for each act with a hash over it: an act that is changed or missing shows.
type Act struct {
	ID            core.ID
	At            time.Time
	By            string // the operator
	Kind          string // "hold", "hide", "login" …: its word is "act." and this
	Member        core.ID
	Object        string // what else it was about
	Before, After string
	Reason        string
	Peer          string // address it came from
}

// ActStore keeps what operators did.
type ActStore interface {
	InsertAct(ctx context.Context, a Act) error
	// Acts lists acts, newest first: those with all of the words, each in any of their fields or by their kind; about a member unless
	// that is 0.
	Acts(ctx context.Context, words []ActWord, member core.ID, p core.Page) ([]Act, error)
	DeleteActsBefore(ctx context.Context, t time.Time) error
}

// An ActWord is searched for among acts: Folded stands in one of their fields, or they are of one of the kinds that people call so, or about
// the member of that name.
type ActWord struct {
	Folded string
	Kinds  []string
}

// act carries out do and notes it, together or not at all.
func (s *Service) act(ctx context.Context, a Act, do func(ctx context.Context) error) error {
	return s.acts(ctx, func(ctx context.Context) (Act, error) { return a, do(ctx) })
}

// Do carries out what an operator does in an area that this room does not know, and notes it.
func (s *Service) Do(ctx context.Context, by Operator, a Act, do func(ctx context.Context) error) error {
	a.By = by.Name
	return s.act(ctx, a, do)
}

// acts is act for what only do knows how to tell of.
func (s *Service) acts(ctx context.Context, do func(ctx context.Context) (Act, error)) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		a, err := do(ctx)
		if err != nil {
			return err
		}
		a.ID, a.At = s.Stamp(time.Time{})
		if p := core.PeerOf(ctx); p.Addr.IsValid() {
			a.Peer = p.Addr.String()
		}
		return errors.Join(s.store.InsertAct(ctx, a), s.Audit(ctx, "operator", a.Member, "operator", a.ID.String()+" "+a.hash()))
	})
}

// hash is what the log of all has of an act.
func (a Act) hash() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%q\n%q\n%d\n%q\n%q\n%q\n%q\n%q", a.ID, a.At.UnixMilli(), a.By, a.Kind, a.Member, a.Object, a.Before, a.After, a.Reason, a.Peer))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// Acts lists what operators did, newest first: what has all the words of the query, about a member unless that is 0.
// kinds gives the kinds that are called by a word, as people read them.
func (s *Service) Acts(ctx context.Context, query string, kinds func(folded string) []string, member core.ID, p core.Page) ([]Act, bool, error) {
	var words []ActWord
	for _, w := range core.SearchWords(query) {
		words = append(words, ActWord{w, kinds(w)})
	}
	list, err := s.store.Acts(ctx, words, member, p)
	if err != nil {
		return nil, false, err
	}
	list, more := core.Cut(list, p)
	return list, more, nil
}
