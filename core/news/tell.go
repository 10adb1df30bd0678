package news

import (
	"context"
	"encoding/json"
	"errors"
	"musubi/core"
	"musubi/core/outbox"
	"slices"
	"time"
)

// What is old is not news: a seed or an import that writes of last year fills nobody's home.
const newsAge = 48 * time.Hour

// Bounds of the letters about news. Beside these, no letter tells of what home tells already: after the first comment on
// an entry, the next is worth a letter when the member has looked at the entry.
const (
	tellAgain  = time.Hour // between two letters about one thing; what happened longer ago is told on home alone
	MaxLetters = 20        // about news, to one member in tellAgain
)

// Letters says to which addresses letters about a kind of news go.
type Letters struct{ PC, Handset bool }

// A Line is News with the names that its sentence needs.
type Line struct {
	News
	ActorName string
	Title     string // of the Thing, for kinds that have one: an entry's title, the name of who is introduced, a number
}

// A Writer has the words of letters about news, in the language of who gets them; core/web has them. handset: for a
// small display, paid by the byte.
type Writer interface {
	// NewsLetter tells of news, without a token or anything that was written in private (SEC-93).
	NewsLetter(to core.Member, n Line, handset bool) outbox.Mail
}

// A Told is a letter about news that was sent.
type Told struct {
	Member core.ID
	Kind   Kind
	About  core.ID // its Thing or its Actor, as its Row says
	At     time.Time
}

// TellStore keeps who is told what by mail.
type TellStore interface {
	// NewsLetters gives the choices that a member has made.
	NewsLetters(ctx context.Context, member core.ID) (map[Kind]Letters, error)
	SetNewsLetters(ctx context.Context, member core.ID, choices map[Kind]Letters) error
	// Told lists the letters to a member since t.
	Told(ctx context.Context, member core.ID, since time.Time) ([]Told, error)
	// PutTold replaces the row of the same member, kind and thing.
	PutTold(ctx context.Context, t Told) error
	DeleteToldBefore(ctx context.Context, t time.Time) error
}

// Tell lets a member know of news: home shows it until they look, and letters go to the addresses that they chose for its
// kind. Call it in the transaction of what it tells of. Nobody is told of what they did themselves, but for kinds that are Own, nor of anything done
// by somebody whom a block hides. The service itself (Actor 0) tells everybody.
func (s *Service) Tell(ctx context.Context, n News, title string) error {
	if n.Actor == n.Member && !s.newsRows[n.Kind].Own || s.Now().Sub(n.At) > newsAge {
		return nil
	}
	return s.Later(ctx, tellTask, n.Member, telling{n, title}, func(ctx context.Context) error { return s.tell(ctx, n, title) })
}

// tellTask is the kind of task that tells a member.
const tellTask = "tell"

type telling struct {
	News  News
	Title string
}

// tellLater carries out such a task.
func (s *Service) tellLater(ctx context.Context, body []byte) error {
	var t telling
	if err := json.Unmarshal(body, &t); err != nil {
		return err
	}
	return s.tell(ctx, t.News, t.Title)
}

func (s *Service) tell(ctx context.Context, n News, title string) error {
	if n.Actor != 0 {
		if _, err := s.Require(ctx, core.Viewer{Member: n.Member}, n.Actor, core.Everyone); errors.Is(err, core.ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
	}
	actor, thing := n.Actor, core.ID(0)
	if s.newsRows[n.Kind].ByThing {
		actor, thing = 0, n.Thing
	}
	rows, err := s.store.NewsAbout(ctx, n.Member, n.Kind, actor, thing)
	if err != nil {
		return err
	}
	g := s.Sight(core.Viewer{Member: n.Member})
	known := slices.ContainsFunc(rows, func(w News) bool { return s.waits(ctx, g, w) })
	if err := s.store.PutNews(ctx, n, MaxNews); err != nil || known || s.Now().Sub(n.At) >= tellAgain {
		return err
	}
	if s.waker != nil {
		if err := s.waker(ctx, n); err != nil {
			return err
		}
	}
	return s.mailNews(ctx, n, Told{n.Member, n.Kind, actor + thing, s.Now()}, title)
}

// mailNews puts the letters about news into the outbox.
func (s *Service) mailNews(ctx context.Context, n News, t Told, title string) error {
	if s.writer == nil {
		return nil
	}
	to, err := s.newsAddresses(ctx, n)
	if err != nil || len(to) == 0 {
		return err
	}
	told, err := s.store.Told(ctx, n.Member, t.At.Add(-tellAgain))
	if err != nil || len(told) >= MaxLetters {
		return err
	}
	for _, before := range told {
		if before.Kind == t.Kind && before.About == t.About {
			return nil
		}
	}
	member, err := s.store.Member(ctx, n.Member)
	if err != nil {
		return err
	}
	actor, err := s.nameOf(ctx, n.Actor)
	if err != nil {
		return err
	}
	for _, address := range to {
		letter := s.writer.NewsLetter(member, Line{n, actor, title}, s.outbox.HandsetMail(address))
		letter.List = s.newsRows[n.Kind].Key
		if err := s.outbox.Write(ctx, n.Member, address, n.Actor, letter); err != nil {
			return err
		}
	}
	return s.store.PutTold(ctx, t)
}

// newsAddresses lists the member's addresses that letters about the news go to.
func (s *Service) newsAddresses(ctx context.Context, n News) (to []string, err error) {
	choice, err := s.NewsLetters(ctx, n.Member)
	if err != nil || choice[n.Kind] == (Letters{}) {
		return nil, err
	}
	all, err := s.store.Mails(ctx, n.Member)
	for _, address := range all {
		if handset := s.outbox.HandsetMail(address); handset && choice[n.Kind].Handset || !handset && choice[n.Kind].PC {
			to = append(to, address)
		}
	}
	return to, err
}

// NewsLetters says for each kind of news where a member wants letters: their choice, or that of its Row.
func (s *Service) NewsLetters(ctx context.Context, member core.ID) (map[Kind]Letters, error) {
	chosen, err := s.store.NewsLetters(ctx, member)
	if err != nil {
		return nil, err
	}
	all := make(map[Kind]Letters, len(s.newsRows))
	for k, kind := range s.newsRows {
		all[Kind(k)] = kind.Letters
		if c, ok := chosen[Kind(k)]; ok {
			all[Kind(k)] = c
		}
	}
	return all, nil
}

// Unsubscribe ends letters about a kind of news to a member, as a letter's own link asks: to all addresses.
func (s *Service) Unsubscribe(ctx context.Context, member core.ID, key string) error {
	return s.Store().AtomicOf(ctx, core.Of(member), func(ctx context.Context) error {
		all, err := s.NewsLetters(ctx, member)
		if err != nil {
			return err
		}
		for k, row := range s.newsRows {
			if row.Key == key {
				all[Kind(k)] = Letters{}
				return s.store.SetNewsLetters(ctx, member, all)
			}
		}
		return core.ErrNotFound
	})
}

// SetNewsLetters stores a member's choices.
func (s *Service) SetNewsLetters(ctx context.Context, member core.ID, choices map[Kind]Letters) error {
	return s.store.SetNewsLetters(ctx, member, choices)
}

// SweepNews forgets letters about news that hold back no further one, and what was looked at long ago.
func (s *Service) SweepNews(ctx context.Context, now time.Time) error {
	return errors.Join(s.store.DeleteToldBefore(ctx, now.Add(-tellAgain)), s.store.DeleteSeenBefore(ctx, now.Add(-seenAge)))
}
