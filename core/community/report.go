package community

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/report"
)

// Kinds of things that are reported: a thread (a topic, an event, a poll), and a comment in one. Thing.Owner is who wrote it.
const (
	ReportedThread  report.Kind = 6
	ReportedComment report.Kind = 7
)

// reports are the rows of what stands in communities. Their administrators hear of it, too.
func (s *Boards) reports() []report.Row {
	return []report.Row{
		{Kind: ReportedThread, Key: "topic", Look: s.reportedThread, Hears: s.hears, Hide: s.hideReported, Show: s.showReported, Delete: s.removeReported},
		{Kind: ReportedComment, Key: "topiccomment", Look: s.reportedComment, Hears: s.hears, Hide: s.hideReported, Show: s.showReported, Delete: s.removeReported},
	}
}

func (s *Boards) reportedThread(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	t, err := s.ThreadByID(ctx, viewer, on.ID)
	if err == nil && t.Author != on.Owner {
		err = core.ErrNotFound
	}
	if err != nil || t.PhotoCount == 0 {
		return report.Copy{Author: t.Author, Title: t.Title, Text: t.Body, At: t.CreatedAt}, err
	}
	photos, err := s.store.AttachedPhotos(ctx, threadAt(t))
	return report.Copy{Author: t.Author, Title: t.Title, Text: t.Body, At: t.CreatedAt, Photos: photos}, err
}

// reported gives a comment of the thread that the viewer may see.
func (s *Boards) reported(ctx context.Context, on report.Thing) (m Comment, err error) {
	if m, err = s.store.CommentByID(ctx, on.Comment); err == nil && (m.Thread != on.ID || m.Author != on.Owner) {
		err = core.ErrNotFound
	}
	return m, err
}

func (s *Boards) reportedComment(ctx context.Context, viewer core.Viewer, on report.Thing) (report.Copy, error) {
	t, err := s.ThreadByID(ctx, viewer, on.ID)
	if err != nil {
		return report.Copy{}, err
	}
	m, err := s.reported(ctx, on)
	if err == nil && !shows(viewer, m.Hidden, m.Author) {
		err = core.ErrNotFound
	}
	if err != nil {
		return report.Copy{}, err
	}
	photos, err := s.store.AttachedPhotos(ctx, commentAt(m))
	return report.Copy{Author: m.Author, Title: t.Title, Text: m.Body, At: m.CreatedAt, Photos: photos}, err
}

// hears lists who governs the community.
func (s *Boards) hears(ctx context.Context, on report.Thing) (who []core.ID, err error) {
	t, err := s.store.Thread(ctx, 0, on.ID)
	if err != nil {
		return nil, err
	}
	list, err := s.store.Members(ctx, t.Community, core.RoleSubAdministrator, core.RoleAdministrator, core.Page{Size: MaxSubs + 1})
	for _, m := range list {
		who = append(who, m.Member.ID)
	}
	return who, err
}

// hideReported keeps a thread or a comment out of everybody's sight but its author's: a thread is in no list and in no search, a comment's number
// says that it was removed. showReported lets it be seen again.
func (s *Boards) hideReported(ctx context.Context, on report.Thing) (string, error) {
	return "", s.setHidden(ctx, on, true)
}

func (s *Boards) showReported(ctx context.Context, on report.Thing, _ string) error {
	return s.setHidden(ctx, on, false)
}

func (s *Boards) setHidden(ctx context.Context, on report.Thing, hidden bool) error {
	if on.Comment != 0 {
		m, err := s.reported(ctx, on)
		if err != nil {
			return err
		}
		return s.store.SetNumberedHidden(ctx, m.ID, hidden)
	}
	t, err := s.store.Thread(ctx, 0, on.ID)
	if err != nil {
		return err
	}
	return s.store.SetHidden(ctx, t.Community, t.ID, hidden)
}

// removeReported removes what an operator deletes: a thread with everything in it, or a comment, whose number stays.
func (s *Boards) removeReported(ctx context.Context, on report.Thing) error {
	if on.Comment == 0 {
		t, err := s.store.Thread(ctx, 0, on.ID)
		if err != nil {
			return err
		}
		return errors.Join(s.store.DeleteThread(ctx, t, s.Now()), s.dropThreadNews(ctx, t), s.reindexThread(ctx, t))
	}
	m, err := s.reported(ctx, on)
	if err != nil {
		return err
	}
	return errors.Join(s.Reattach(ctx, m.Author, nil, commentAt(m)), s.store.DeleteNumbered(ctx, m))
}

// reviewThread and reviewComment have looked at what was just written.
func (s *Boards) reviewThread(ctx context.Context, t Thread) error {
	return s.Review(ctx, core.Written{Kind: uint8(ReportedThread), Owner: t.Author, ID: t.ID, Author: t.Author}, t.Title, t.Body)
}

func (s *Boards) reviewComment(ctx context.Context, m Comment) error {
	return s.Review(ctx, core.Written{Kind: uint8(ReportedComment), Owner: m.Author, ID: m.Thread, Comment: m.ID, Author: m.Author}, m.Body)
}
