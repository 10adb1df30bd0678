package news

import (
	"context"
	"musubi/core"
	"slices"
	"time"
)

// MaxNews is how much news of one kind waits for a member; older news rolls off, and home counts no further.
const MaxNews = 100

// seenAge is how long news that was looked at stays on the page of notices.
const seenAge = 90 * 24 * time.Hour

// A Kind is a kind of thing that members are told of: on home always, by mail as they choose. The numbers are stored:
// a new kind comes last.
type Kind uint8

// A Row is what there is to know of a kind of news; the area that it comes from supplies it.
type Row struct {
	Kind     Kind
	Key      string // of its words: "news.…", "notice.…", "letter.…"
	ByThing  bool   // letters fold by Thing; otherwise by Actor
	Numbered bool   // Thing is a number that Actor made: a notice tells of the newest alone
	Own      bool   // of no other member: Actor is who is told, so that no block and nobody's leaving hides it
	Letters  Letters

	// Title is what news calls its Thing; ErrNotFound when the member may not see it any more. nil: it has no title.
	Title func(ctx context.Context, n News) (string, error)
}

// News is something that a member has not looked at yet.
type News struct {
	Member core.ID // who is told
	Kind   Kind
	Actor  core.ID // who did it; 0: the service itself
	Thing  core.ID // what it is about; 0: nothing but Actor
	N      int
	At     time.Time // of the newest of the N
	Seen   bool      // it was looked at; only the page of notices still has it
}

// About says whether the news is of the kind, by the actor and about the thing; zero is any.
func (n News) About(kind Kind, actor, thing core.ID) bool {
	return n.Kind == kind && (actor == 0 || n.Actor == actor) && (thing == 0 || n.Thing == thing)
}

// NewsStore keeps the news that waits for each member, one row for each kind, actor and thing, and apart from it, so that home
// never reads it, what was looked at.
type NewsStore interface {
	// PutNews adds one to the row of n, and lets the oldest of that kind roll off when more than keep wait.
	PutNews(ctx context.Context, n News, keep int) error
	// News lists what waits for a member, newest first.
	News(ctx context.Context, member core.ID) ([]News, error)
	// NewsAbout lists what of it is of a kind, by the actor and about the thing; zero is any.
	NewsAbout(ctx context.Context, member core.ID, kind Kind, actor, thing core.ID) ([]News, error)
	// SeenNews lists what was looked at, newest first.
	SeenNews(ctx context.Context, member core.ID, from, n int) ([]News, error)
	// DropNews removes news of a kind by the actor and about the thing, waiting or seen; zero is any.
	DropNews(ctx context.Context, member core.ID, kind Kind, actor, thing core.ID) error
	// SeeNews puts the rows named among what was looked at, unless something has been added to them since At.
	SeeNews(ctx context.Context, rows []News) error
	// DeleteSeenBefore removes what was looked at and is older than t.
	DeleteSeenBefore(ctx context.Context, t time.Time) error
	// TakeNews takes one off the row of n, if the row began at n.At or before.
	TakeNews(ctx context.Context, n News) error
}

type newsKey struct {
	member core.ID
	kind   Kind
	actor  core.ID
	thing  core.ID
}

func (n News) key() newsKey { return newsKey{n.Member, n.Kind, n.Actor, n.Thing} }

// Looked notes that the member has looked at what news of a kind tells of: home tells no more, and the next such thing is
// worth a letter again. Zero actor or thing is any. A look that is lost lets home tell once more.
func (s *Service) Looked(ctx context.Context, member core.ID, kind Kind, actor, thing core.ID) error {
	rows, err := s.store.News(ctx, member)
	if err != nil {
		return err
	}
	seen := slices.DeleteFunc(rows, func(n News) bool { return !n.About(kind, actor, thing) })
	for _, n := range seen {
		s.looks.Put(n.key(), n)
	}
	return nil
}

// FlushLooks stores the looks that wait. Run does so every core.FlushEvery.
func (s *Service) FlushLooks(ctx context.Context) error {
	return s.looks.Flush(func(some []News) error { return s.see(ctx, some) })
}

// see puts rows among what was looked at.
func (s *Service) see(ctx context.Context, rows []News) error {
	owners := make([]core.ID, len(rows))
	for i, n := range rows {
		owners[i] = n.Member
	}
	return s.Store().AtomicOf(ctx, core.Of(owners...), func(ctx context.Context) error { return s.store.SeeNews(ctx, rows) })
}

// Answered is [Service.Looked] in the transaction of what the member did about the news.
func (s *Service) Answered(ctx context.Context, member core.ID, kind Kind, actor, thing core.ID) error {
	rows, err := s.store.NewsAbout(ctx, member, kind, actor, thing)
	if err != nil {
		return err
	}
	return s.see(ctx, rows)
}

// Waiting is how much news waits for the member, and how much of it is of one kind.
func (s *Service) Waiting(ctx context.Context, member core.ID, kind Kind) (all, ofKind int, err error) {
	rows, err := s.news(ctx, member)
	for _, n := range rows {
		all += n.N
		if n.Kind == kind {
			ofKind += n.N
		}
	}
	return all, ofKind, err
}

// WaitingByKind is how much news of each kind waits for the member, by the kinds' numbers.
func (s *Service) WaitingByKind(ctx context.Context, member core.ID) ([]int, error) {
	rows, err := s.news(ctx, member)
	counts := make([]int, len(s.newsRows))
	for _, n := range rows {
		counts[n.Kind] += n.N
	}
	return counts, err
}

// news lists what waits for a member, newest first, without what a block hides and what somebody did who is gone.
func (s *Service) news(ctx context.Context, member core.ID) ([]News, error) {
	rows, err := s.store.News(ctx, member)
	if err != nil {
		return nil, err
	}
	g := s.Sight(core.Viewer{Member: member})
	return slices.DeleteFunc(rows, func(n News) bool { return !s.waits(ctx, g, n) }), nil
}

// waits says whether the member has yet to look at news, and may see whom it is of.
func (s *Service) waits(ctx context.Context, g *core.Sight, n News) bool {
	return !s.looked(n) && sees(ctx, g, n)
}

// sees says whether the member may see whom the news is of; everybody does the service itself.
func sees(ctx context.Context, g *core.Sight, n News) bool {
	return n.Actor == 0 || g.May(ctx, n.Actor, core.Everyone)
}

// looked says whether a look at the news waits to be stored.
func (s *Service) looked(n News) bool {
	look, looked := s.looks.Pending(n.key())
	return looked && !look.At.Before(n.At)
}

// NewsNames are the keys of the kinds of news, by their numbers, as exports write them.
func (s *Service) NewsNames() (names []string) {
	for _, row := range s.newsRows {
		names = append(names, row.Key)
	}
	return names
}

// DropNews forgets news of a kind by the actor and about the thing, because it is no more; zero is any.
func (s *Service) DropNews(ctx context.Context, member core.ID, kind Kind, actor, thing core.ID) error {
	return s.store.DropNews(ctx, member, kind, actor, thing)
}

// PutNews adds news without a letter, for those who have been told before.
func (s *Service) PutNews(ctx context.Context, n News, keep int) error {
	return s.store.PutNews(ctx, n, keep)
}

// TakeNews takes one back.
func (s *Service) TakeNews(ctx context.Context, n News) error { return s.store.TakeNews(ctx, n) }
