package people

import (
	"context"
	"musubi/core"
	"musubi/core/news"
	"strconv"
	"sync"
	"time"
)

// oneVisit is how long after a look at a member's pages another look is still the same visit.
const oneVisit = 5 * time.Minute

// A Visit is a member looking at another's profile or diary.
type Visit struct {
	Owner, Visitor core.ID
	Day            int       // 20070303
	Began, At      time.Time // of the first look and of the last
}

type visitKey struct {
	owner, visitor core.ID
	day            int
}

// visits holds the visits of the last moments in the order they began: a page must not wait for a disk. Those of a process
// that is killed are lost.
type visits struct {
	mu      sync.Mutex
	pending []Visit
	place   map[visitKey]int // in pending
}

// LeaveFootprint notes that a member looks at pages of the owner, which they may see. at is now, in the zone whose days
// divide the list. Run stores visits every core.FlushEvery.
func (s *Service) LeaveFootprint(visitor, owner core.ID, at time.Time) {
	if visitor == owner {
		return
	}
	year, month, day := at.Date()
	s.visits.add(Visit{owner, visitor, year*10000 + int(month)*100 + day, at, at})
}

func (w *visits) add(v Visit) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.place == nil {
		w.place = make(map[visitKey]int)
	}
	key := visitKey{v.Owner, v.Visitor, v.Day}
	if i, ok := w.place[key]; ok && v.At.Sub(w.pending[i].At) < oneVisit {
		w.pending[i].At = v.At
	} else if len(w.pending) < core.MaxWaiting {
		w.place[key] = len(w.pending)
		w.pending = append(w.pending, v)
	}
}

// take gives the visits that wait, and waits for new ones.
func (w *visits) take() []Visit {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.pending
	w.pending, w.place = nil, nil
	return list
}

// FlushVisits stores the visits that wait. It leaves nothing of a visitor who may not see the owner any more.
func (s *Service) FlushVisits(ctx context.Context) error {
	return core.InBatches(s.visits.take(), func(list []Visit) error { return s.storeVisits(ctx, list) })
}

// storeVisits stores some visits as one transaction.
func (s *Service) storeVisits(ctx context.Context, list []Visit) error {
	list, err := s.stillSeeing(ctx, list)
	if err != nil || len(list) == 0 {
		return err
	}
	owners := make([]core.ID, len(list))
	for i, v := range list {
		owners[i] = v.Owner
	}
	return s.store.AtomicOf(ctx, core.Of(owners...), func(ctx context.Context) error {
		visited := make(map[core.ID]bool)
		for _, v := range list {
			if err := s.storeVisit(ctx, v); err != nil {
				return err
			}
			visited[v.Owner] = true
		}
		for owner := range visited {
			if err := s.store.TrimFootprints(ctx, owner, MaxFootprints); err != nil {
				return err
			}
		}
		return nil
	})
}

// stillSeeing keeps the visits of those who may see the owner at this moment. It asks before the transaction, where other
// writes would wait for it.
func (s *Service) stillSeeing(ctx context.Context, list []Visit) (kept []Visit, err error) {
	for _, v := range list {
		r, err := core.RelationBy(ctx, core.Viewer{Member: v.Visitor}, v.Owner, s.store.NearTies)
		if err != nil {
			return nil, err
		}
		if core.May(r, core.Everyone) {
			kept = append(kept, v)
		}
	}
	return kept, nil
}

// storeVisit writes the line of a visit and counts it unless it goes on from another. It leaves nothing of a visitor in
// stealth.
func (s *Service) storeVisit(ctx context.Context, v Visit) error {
	if s.stealth {
		if b, err := s.store.FootprintBook(ctx, v.Visitor); err != nil || b.Stealth {
			return err
		}
	}
	last, err := s.store.LastVisit(ctx, v.Owner, v.Visitor)
	if err != nil {
		return err
	}
	if err := s.store.PutFootprint(ctx, v); err != nil || v.Began.Sub(last) < oneVisit {
		return err
	}
	round, err := s.store.CountVisit(ctx, v)
	if err != nil || round == 0 {
		return err
	}
	return s.news.Tell(ctx, news.News{Member: v.Owner, Kind: RoundNews, Actor: v.Visitor, Thing: core.ID(round), At: v.At}, strconv.Itoa(round))
}
