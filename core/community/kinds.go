package community

import (
	"context"

	"musubi/core"
	"musubi/core/news"
	"musubi/core/search"
)

// What members are told of.
const (
	RequestNews    news.Kind = 8  // Actor asks to be let into the community Thing, which the member governs; waits until the answer
	AcceptedNews   news.Kind = 9  // Actor has let the member into Thing
	InvitationNews news.Kind = 10 // Actor invites the member to Thing; waits until the answer
	OfferNews      news.Kind = 11 // Actor asks the member to govern Thing; waits until the answer
	CommentNews    news.Kind = 12 // Actor commented on the member's thread Thing
	PlaceNews      news.Kind = 13 // the member has moved up from the waiting list of the event Thing
	EventNews      news.Kind = 14 // those who attend the event Thing are told something
	MentionNews    news.Kind = 25 // a comment by Actor on the thread Thing names the member
	LikeNews       news.Kind = 26 // Actor likes the member's thread Thing
	SuccessionNews news.Kind = 27 // the member has become the administrator of Thing, since the one before has left
)

// What is found.
const (
	SearchCommunities search.Kind = 3
	SearchThreads     search.Kind = 4
)

// Where photos hang.
const (
	Picture      core.Attachment = 5 // of a community: seen by whoever may know of it
	ThreadPhoto  core.Attachment = 6 // seen by whoever reads there
	CommentPhoto core.Attachment = 7
)

// reindex notes that a community is new, changed or gone.
func (s *common) reindex(ctx context.Context, id core.ID) error {
	return s.search.Reindex(ctx, SearchCommunities, id, id)
}

func (s *common) reindexThread(ctx context.Context, t Thread) error {
	return s.search.Reindex(ctx, SearchThreads, t.Community, t.ID)
}

// communityTitle is the Title of a news.Row whose Thing is a community.
func (s *common) communityTitle(ctx context.Context, n news.News) (string, error) {
	c, err := s.look(ctx, core.Viewer{Member: n.Member}, n.Thing)
	return c.Name, err
}

// threadTitle is the Title of a news.Row whose Thing is a thread.
func (s *Boards) threadTitle(ctx context.Context, n news.News) (string, error) {
	t, err := s.ThreadByID(ctx, core.Viewer{Member: n.Member}, n.Thing)
	return t.Title, err
}

// ThreadByID gives a thread that the viewer may see when only its ID is known.
func (s *Boards) ThreadByID(ctx context.Context, viewer core.Viewer, id core.ID) (Thread, error) {
	t, err := s.store.Thread(ctx, 0, id)
	if err == nil {
		_, err = s.read(ctx, viewer, t.Community)
	}
	if err == nil && !shows(viewer, t.Hidden, t.Author) {
		err = core.ErrNotFound
	}
	if err != nil {
		return Thread{}, err
	}
	return t, nil
}

func (s *common) pictureGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	_, err := s.look(ctx, viewer, to.Thing)
	return p, err
}

func (s *Boards) threadGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	_, err := s.ThreadByID(ctx, viewer, to.Thing)
	return p, err
}

func (s *Boards) commentGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	m, err := s.store.CommentByID(ctx, to.Thing)
	if err == nil {
		_, err = s.ThreadByID(ctx, viewer, m.Thread)
	}
	if err == nil && !shows(viewer, m.Hidden, m.Author) {
		err = core.ErrNotFound
	}
	return p, err
}
