package search

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/search/index"
)

// A Kind is what somebody looks for.
type Kind uint8

// A FindRow is what there is to know of a kind of thing that can be found; the area that has such things supplies it.
type FindRow struct {
	Kind   Kind
	Most   int      // how many are read for one search, and as much more text; 0: searchRows
	Batch  int      // how many are read at once; 0: searchRows. Fewer where each may have much text.
	Person bool     // the thing is a member: all of theirs is forgotten with it, and Fields is what is looked at
	Fields []string // keys of Row.Profile in the order in which they are shown
	Text   string   // the one of Fields that is shown when no other has a word
}

// Bounds of one search, so that no query costs more than some milliseconds. A search that reaches one of them ends with
// what it has found, and goes on from there when it is asked to.
const (
	searchEntries = 2000    // things that the index names
	searchRows    = 100     // of them, read and compared with the query
	searchBytes   = 1 << 18 // of their text
	searchCommon  = 40      // of them, whose owner may be a friend of a friend: to find that out is dear
)

// A Key names a thing that can be found. The key of a member is Owner alone; ID is the same.
type Key struct{ Owner, ID core.ID }

// number names the thing in the index.
func (k Key) number() index.Key { return index.Key{Owner: int64(k.Owner), ID: int64(k.ID)} }

// named is the thing that the index names.
func named(k index.Key) Key { return Key{core.ID(k.Owner), core.ID(k.ID)} }

// A Row is a thing as it is at this moment: what it says, and what decides who sees it.
type Row struct {
	Key
	Member     core.Member     // the owner; of a thing that is no member only ID and Name
	Ties       core.Ties       // of the viewer to the owner; CommonFriend is not looked for
	Visibility core.Visibility // of all but Member.Name and Profile
	Title      string
	Body       string // of an album: note and captions; of one with a password nothing
	Comments   int
	Photos     int
	Profile    []core.ProfileValue // those that a search looks at
}

// SearchStore gives what a search reads, and keeps what the index does not know yet.
type SearchStore interface {
	// SearchRows reads things, in any order, without those that are gone.
	SearchRows(ctx context.Context, kind Kind, viewer core.ID, keys []Key) ([]Row, error)
	SearchNoteStore
	// OpenSearchIndex opens the index that lies beside the database, an empty one if there is none. It is closed with the
	// store. Further calls give the same.
	OpenSearchIndex(ctx context.Context) (*index.Index, error)
}

// FriendIDStore knows who the friends of a member are.
type FriendIDStore interface {
	// FriendIDs lists the friends of a member.
	FriendIDs(ctx context.Context, member core.ID) ([]core.ID, error)
}

// A Query is what a member asks for.
type Query struct {
	Kind  Kind
	Owner core.ID // whose things alone; 0: everybody's
	Words string  // all of which a thing must have
	From  string  // Found.Next of the page before; empty or not ours: the newest
	Size  int     // of a page
}

// Found is a page of what a search found, newest first.
type Found struct {
	Rows []FoundRow
	Next string // asks for the following page; empty: there is none
}

// A FoundRow is a thing that was found and that the viewer may see.
type FoundRow struct {
	Key
	Member   core.Member  // see Row
	Title    core.Excerpt // of a member: the name
	Text     core.Excerpt // around the first word found; may be empty
	Field    string       // of a member: the key of the profile field that Text is of
	Comments int
	Photos   int
	At       time.Time
}

// Search finds things by their words. What counts is what the viewer may see at this moment: a block, an ended friendship
// or a changed visibility works on the next search, whatever the index remembers. How many things there are that may not
// be seen never shows.
func (s *Service) Search(ctx context.Context, viewer core.Viewer, q Query) (Found, error) {
	words := core.SearchWords(q.Words)
	if len(words) == 0 {
		return Found{}, nil
	}
	x, err := s.store.OpenSearchIndex(ctx)
	if err != nil {
		return Found{}, err
	}
	f := finder{s: s, viewer: viewer, kind: &s.findRows[q.Kind], words: words, owner: q.Owner, last: s.readCursor(q.From)}
	f.walk, err = x.Find(ctx, index.Kind(q.Kind), words, int64(f.last))
	if err != nil {
		return Found{}, err
	}
	rows, more, err := f.find(ctx, q.Size)
	if err != nil {
		return Found{}, err
	}
	found := Found{Rows: rows}
	if more {
		found.Next = s.writeCursor(f.last)
	}
	return found, nil
}

// finder is one search at work.
type finder struct {
	s      *Service
	viewer core.Viewer
	kind   *FindRow
	words  []string
	owner  core.ID // whose things alone; 0: everybody's
	walk   *index.Walk
	found  []FoundRow
	last   core.ID // of the things looked at: those before it come next

	friends               map[core.ID]bool // of the viewer; nil: not asked for yet
	entries, rows, common int
	bytes                 int
}

// find gives up to size rows, and whether it is worth to go on.
func (f *finder) find(ctx context.Context, size int) (rows []FoundRow, more bool, err error) {
	for !f.spent() {
		near, last, err := f.next(ctx)
		if err != nil {
			return nil, false, err
		}
		if last == 0 {
			before, cut := f.walk.Cut()
			f.last = min(f.last, core.ID(before))
			return f.found, cut, nil
		}
		for keys := range slices.Chunk(near, cmp.Or(f.kind.Batch, searchRows)) {
			full, err := f.read(ctx, keys, size)
			if err != nil {
				return nil, false, err
			}
			if full || f.spent() {
				return f.found, true, nil
			}
		}
		f.last = last
	}
	return f.found, true, nil
}

// read looks at some things, and says whether there is one more than the page takes.
func (f *finder) read(ctx context.Context, keys []Key, size int) (full bool, err error) {
	rows, err := f.s.store.SearchRows(ctx, f.kind.Kind, f.viewer.Member, keys)
	if err != nil {
		return false, err
	}
	slices.SortFunc(rows, func(a, b Row) int { return cmp.Compare(b.ID, a.ID) })
	for i := range rows {
		row := &rows[i]
		r, ok, err := f.sees(ctx, row)
		switch {
		case err != nil:
			return false, err
		case ok && len(f.found) == size:
			return true, nil
		case ok:
			f.found = append(f.found, f.show(row, r))
		}
		if f.last = row.ID; f.spent() {
			return false, nil
		}
	}
	return false, nil
}

// spent says whether the search has looked at as much as one may.
func (f *finder) spent() bool {
	most := cmp.Or(f.kind.Most, searchRows)
	return f.entries >= searchEntries || f.rows >= most || f.bytes >= searchBytes/searchRows*most || f.common >= searchCommon
}

// next gives the next candidates without those that the viewer cannot see for sure, and the last one that was looked at;
// 0 at the end.
func (f *finder) next(ctx context.Context) (near []Key, last core.ID, err error) {
	candidates, err := f.walk.Next(ctx)
	if err != nil || len(candidates) == 0 {
		return nil, 0, err
	}
	f.entries += len(candidates)
	for _, c := range candidates {
		thing := named(c.Key)
		if f.owner != 0 && thing.Owner != f.owner {
			continue
		}
		ok := c.Audience <= index.Common || thing.Owner == f.viewer.Member || f.viewer.Operator
		if !ok {
			if ok, err = f.friend(ctx, thing.Owner); err != nil {
				return nil, 0, err
			}
		}
		if ok {
			near = append(near, thing)
		}
	}
	return near, core.ID(candidates[len(candidates)-1].ID), nil
}

// friend says whether the owner is a friend of the viewer.
func (f *finder) friend(ctx context.Context, owner core.ID) (bool, error) {
	if f.friends == nil {
		list, err := f.s.store.FriendIDs(ctx, f.viewer.Member)
		if err != nil {
			return false, err
		}
		f.friends = make(map[core.ID]bool, len(list))
		for _, id := range list {
			f.friends[id] = true
		}
	}
	return f.friends[owner], nil
}

// sees says whether the row has the words among what the viewer may see, and what the viewer is to its owner.
func (f *finder) sees(ctx context.Context, row *Row) (core.Relation, bool, error) {
	r := row.Ties.Relation(f.viewer.Member == row.Owner)
	if f.viewer.Operator {
		r = core.Operator
	}
	f.rows++
	if f.has(row, r) {
		return r, true, nil
	}
	if r != core.Stranger || !f.has(row, core.FriendOfFriend) {
		return r, false, nil
	}
	f.common++
	r, err := f.s.Relation(ctx, f.viewer, row.Owner)
	return r, err == nil && f.has(row, r), err
}

// has says whether the row has the words among what the relation sees.
func (f *finder) has(row *Row, r core.Relation) bool {
	if !core.May(r, core.Everyone) || !core.May(r, row.Visibility) {
		return false
	}
	var text strings.Builder
	if f.kind.Person {
		text.WriteString(row.Member.Name)
		for _, v := range row.Profile {
			if core.May(r, v.Visibility) {
				text.WriteByte('\n')
				text.WriteString(v.Value)
			}
		}
	} else {
		text.WriteString(row.Title)
		text.WriteByte('\n')
		text.WriteString(row.Body)
	}
	f.bytes += text.Len()
	return core.HasWords(core.Fold(text.String()), f.words)
}

// show makes a row of the page, with the words marked.
func (f *finder) show(row *Row, r core.Relation) FoundRow {
	found := FoundRow{Key: row.Key, Member: row.Member, Comments: row.Comments, Photos: row.Photos, At: row.ID.Time()}
	if !f.kind.Person {
		found.Title = core.Marked(row.Title, f.words)
		found.Text, _ = core.ExcerptOf(row.Body, f.words)
		return found
	}
	found.Title = core.Marked(row.Member.Name, f.words)
	for _, key := range f.kind.Fields {
		for _, v := range row.Profile {
			if v.Key != key || !core.May(r, v.Visibility) {
				continue
			}
			if text, hit := core.ExcerptOf(v.Value, f.words); hit || v.Key == f.kind.Text && found.Field == "" {
				found.Text, found.Field = text, v.Key
				if hit {
					return found
				}
			}
		}
	}
	return found
}

// newestSearched is before what a search begins.
const newestSearched = core.ID(index.Newest)
