package search

import (
	"context"
	"errors"
	"sync"
	"time"

	"musubi/core"
	"musubi/core/search/index"
)

func audience(v core.Visibility) index.Audience { return index.Audience(min(v, core.Friends)) }

// A Doc is a thing as the index takes it in: what each audience sees of it beyond what the audiences before it see.
type Doc struct {
	Key
	Texts [index.Audiences]string // folded
}

// Add puts in a text that has that visibility.
func (d *Doc) Add(v core.Visibility, text string) {
	if text != "" {
		d.Texts[audience(v)] += core.Fold(text) + " "
	}
}

// numbered are the things as the index takes them in.
func numbered(docs []Doc) []index.Doc {
	list := make([]index.Doc, len(docs))
	for i, d := range docs {
		list[i] = index.Doc{Key: d.number(), Texts: d.Texts}
	}
	return list
}

// A Note says that a thing was written, changed or deleted. N grows with every note.
type Note struct {
	Kind Kind
	Key
	N core.ID
}

// A Filling names one filling of the index, and how often it was put on disk since. The zero value is none.
type Filling struct {
	ID    core.ID
	Seals int64
}

// SearchNoteStore keeps what an indexer works on.
type SearchNoteStore interface {
	// PutSearchNote stores a note in place of an older one of the same thing.
	PutSearchNote(ctx context.Context, n Note) error
	// SearchNotes lists the notes after one, oldest first.
	SearchNotes(ctx context.Context, after core.ID, limit int) ([]Note, error)
	// DropSearchNote removes the note of one thing unless there is a newer one.
	DropSearchNote(ctx context.Context, n Note) error
	// DeleteSearchNotes removes up to limit notes that are not newer than upTo, and says how many it removed.
	DeleteSearchNotes(ctx context.Context, upTo core.ID, limit int) (int, error)
	// SearchFilling is the one whose index knows all of the database but the notes.
	SearchFilling(ctx context.Context) (Filling, error)
	SetSearchFilling(ctx context.Context, f Filling) error
	// SearchKeys lists things with IDs before one, newest first. It may read the keys of all things of that kind.
	SearchKeys(ctx context.Context, kind Kind, before core.ID, limit int) ([]Key, error)
	// SearchDocs reads things for the index, in the order of keys, without those that are gone.
	SearchDocs(ctx context.Context, kind Kind, keys []Key) ([]Doc, error)
}

// Habits of the indexer.
const (
	searchPoll     = 200 * time.Millisecond // between two looks at the notes: a new thing is found within a second
	searchRetry    = 10 * time.Second       // after a failure: what keeps the index from being written, a full disk say, lasts
	searchBite     = 200                    // notes worked on, or things read, at once
	searchFillKey  = 1 << 17                // keys read at once when the index is filled, 16 bytes each
	maxSearchLate  = 2048                   // late things that are put in again after each seal
	searchFillText = 1 << 23                // bytes of text filled in at once, about
)

// Reindex notes that a thing is new, changed or gone. It joins the write that changes the thing, so that the index
// forgets nothing whenever the process ends, and the write does not wait for the index.
func (s *Service) Reindex(ctx context.Context, kind Kind, owner, id core.ID) error {
	return s.store.AtomicOf(ctx, core.Of(owner), func(ctx context.Context) error { // on the writer, so that the numbers grow
		return s.store.PutSearchNote(ctx, Note{kind, Key{owner, id}, s.NextID()})
	})
}

// RunSearch keeps the search index up to date until ctx ends: what one of the processes on a database runs beside its
// handler. problem is told of errors.
func (s *Service) RunSearch(ctx context.Context, problem func(error)) {
	tick := time.NewTicker(searchPoll)
	defer tick.Stop()
	failed := false
	for {
		began := time.Now()
		more, err := s.searchStep(ctx)
		if err != nil && ctx.Err() == nil {
			problem(err)
			tick.Reset(searchRetry)
			failed = true
		} else if failed {
			tick.Reset(searchPoll)
			failed = false
		}
		if more && err == nil { // pages come first: filling takes half a core
			select {
			case <-time.After(time.Since(began)):
				continue
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// UpdateSearch brings the index up to date before it returns: for tests, and for tools that search what they just wrote.
func (s *Service) UpdateSearch(ctx context.Context) error {
	for {
		if more, err := s.searchStep(ctx); err != nil || !more {
			return err
		}
	}
}

func (s *Service) searchStep(ctx context.Context) (more bool, err error) {
	s.indexer.mu.Lock()
	defer s.indexer.mu.Unlock()
	return s.indexer.step(ctx, s)
}

// indexer is the one that changes the index.
type indexer struct {
	mu sync.Mutex

	index *index.Index
	noted core.ID        // up to where notes are in the index
	keys  map[Kind][]Key // of what is filled in next, newest first
}

// step does a piece of work, and says whether there is more to do at once.
func (x *indexer) step(ctx context.Context, s *Service) (more bool, err error) {
	if x.index == nil {
		if x.index, err = s.store.OpenSearchIndex(ctx); err != nil {
			return false, err
		}
		x.keys = map[Kind][]Key{} // a filling that was begun before goes on
	}
	filling, err := s.store.SearchFilling(ctx)
	if err != nil {
		return false, err
	}
	if has := x.index.Filling(); filling.ID == 0 || has.ID != int64(filling.ID) || has.Flushes < filling.Seals {
		return true, x.refill(ctx, s)
	}
	if more, err = x.note(ctx, s); err != nil || more {
		return more, err
	}
	return x.fill(ctx, s)
}

// refill begins a new filling: there was none, it is of another version or another database, or much was stored past it.
func (x *indexer) refill(ctx context.Context, s *Service) error {
	id := s.NextID()
	x.noted, x.keys = 0, map[Kind][]Key{}
	if err := x.index.Refill(ctx, int64(id)); err != nil {
		return err
	}
	return s.store.SetSearchFilling(ctx, Filling{ID: id})
}

// note takes in what has changed.
func (x *indexer) note(ctx context.Context, s *Service) (more bool, err error) {
	notes, err := s.store.SearchNotes(ctx, x.noted, searchBite)
	if err != nil || len(notes) == 0 {
		return false, err
	}
	for _, row := range s.findRows {
		kind := row.Kind
		var some []Note
		for _, n := range notes {
			if n.Kind == kind {
				some = append(some, n)
			}
		}
		if err := x.take(ctx, s, kind, some); err != nil {
			return false, err
		}
	}
	x.noted = notes[len(notes)-1].N
	if x.index.Full() {
		err = x.seal(ctx, s)
	}
	return len(notes) == searchBite, err
}

// take puts things into the index. Those that are gone it forgets at once, with their notes: nothing of a member who has
// left waits for a seal.
func (x *indexer) take(ctx context.Context, s *Service, kind Kind, notes []Note) error {
	if len(notes) == 0 {
		return nil
	}
	keys := make([]Key, len(notes))
	for i, n := range notes {
		keys[i] = n.Key
	}
	docs, err := s.store.SearchDocs(ctx, kind, keys)
	if err != nil {
		return err
	}
	x.index.Put(index.Kind(kind), numbered(docs))
	there := make(map[Key]bool, len(docs))
	for i := range docs {
		there[docs[i].Key] = true
	}
	for _, n := range notes {
		if !there[n.Key] {
			if err := x.forget(ctx, s, n); err != nil {
				return err
			}
			if err := s.store.DropSearchNote(ctx, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// forget removes a thing from the index; of a member, everything that is the member's.
func (x *indexer) forget(ctx context.Context, s *Service, n Note) error {
	if s.findRows[n.Kind].Person {
		return x.index.ForgetOwner(ctx, int64(n.Owner))
	}
	return x.index.Forget(ctx, index.Kind(n.Kind), n.number())
}

// seal puts on disk what waits in memory, and then throws away its notes.
func (x *indexer) seal(ctx context.Context, s *Service) error {
	late, err := x.index.Flush(ctx)
	if err != nil {
		return err
	}
	has := x.index.Filling()
	filling := Filling{core.ID(has.ID), has.Flushes}
	if len(late) > maxSearchLate {
		filling = Filling{} // an import: in order again with the next filling
	}
	if err := s.store.SetSearchFilling(ctx, filling); err != nil {
		return err
	}
	upTo := x.noted
	for _, n := range late {
		err = errors.Join(err, s.Reindex(ctx, Kind(n.Kind), core.ID(n.Owner), core.ID(n.ID)))
	}
	if err != nil {
		return err
	}
	for {
		n, err := s.store.DeleteSearchNotes(ctx, upTo, searchBite)
		if err != nil || n < searchBite {
			return err
		}
	}
}

// fill takes in a piece of what was there before the index.
func (x *indexer) fill(ctx context.Context, s *Service) (more bool, err error) {
	for _, row := range s.findRows {
		kind := row.Kind
		before, more := x.index.FilledTo(index.Kind(kind))
		if !more {
			continue
		}
		if len(x.keys[kind]) == 0 {
			if x.keys[kind], err = s.store.SearchKeys(ctx, kind, core.ID(before), searchFillKey); err != nil {
				return false, err
			}
		}
		return true, x.fillSome(ctx, s, kind)
	}
	return false, nil
}

func (x *indexer) fillSome(ctx context.Context, s *Service, kind Kind) error {
	var docs []index.Doc
	rest := x.keys[kind]
	for size := 0; len(rest) > 0 && len(docs)+searchBite <= index.MaxFill && size < searchFillText; {
		n := min(searchBite, len(rest))
		some, err := s.store.SearchDocs(ctx, kind, rest[:n])
		if err != nil {
			return err
		}
		for _, d := range numbered(some) {
			docs, size = append(docs, d), size+d.Size()
		}
		rest = rest[n:]
	}
	if len(docs) > 0 || len(x.keys[kind]) == 0 {
		if err := x.index.Fill(ctx, index.Kind(kind), docs); err != nil {
			return err
		}
	}
	x.keys[kind] = rest
	return nil
}
