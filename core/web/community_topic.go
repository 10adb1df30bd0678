package web

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/report"
)

// Numbers of comments that a page of a thread shows: the newest, or so many from one on.
const newestComments = 10

// A boardView is a thread with some of its comments, and the form for one more. Topics, events and polls have it.
type boardView struct {
	seen     community.Seen
	thread   community.Thread
	comments []community.Comment
	talkers  []core.Member
	first    int // number of the first one
	last     int
	all      bool // they are all there
	inside   bool // the address names a number to begin with
	full     bool
	hidden   string // why an operator keeps the thread out of sight; its author reads it
	back     int    // the number of the comment from which the viewer came; 0: none

	liked map[core.ID]bool // what the viewer likes there; 0 is the thread itself

	typed  string
	photos []core.Photo // of the comment that was not sent yet
	wrong  wrong
}

// board gives the newest comments of a thread, or those from a number on, or all.
func (v *visit) board(c community.Seen, t community.Thread, typed community.NewComment, w wrong) (b boardView, err error) {
	b = boardView{seen: c, thread: t, full: v.site.core.Community.Full(&t), typed: typed.Body, wrong: w}
	if t.Hidden {
		if b.hidden, err = v.concealed(report.Thing{Kind: community.ReportedThread, Owner: t.Author, ID: t.ID}, core.Private); err != nil {
			return b, err
		}
	}
	b.first, b.last = max(t.Comments-newestComments+1, 1), t.Comments
	if n, ok := v.number("from"); ok && n <= t.Comments {
		b.first, b.last, b.inside = n, min(n+newestComments-1, t.Comments), true
		b.back, _ = v.number("back")
	}
	if v.query("all") != "" {
		b.first, b.last = 1, t.Comments
	}
	b.all = b.first == 1 && b.last == t.Comments
	if n, ok := v.number("re"); ok && n <= t.Comments && b.typed == "" {
		b.typed = ">>" + strconv.Itoa(n) + "\n"
	}
	if b.photos, err = v.ownPhotos(typed.Photos); err != nil {
		return b, err
	}
	if b.liked, err = v.site.core.Community.Liked(v.ctx, v.viewer(), &t); err != nil {
		return b, err
	}
	b.comments, err = v.site.core.Community.Comments(v.ctx, &c, &t, b.first, b.last)
	b.talkers = talkers(b.comments, func(c *community.Comment) (core.Member, string) {
		return core.Member{ID: c.Author, Name: c.AuthorName}, c.Body
	})
	return b, err
}

// number reads a number of a comment from the address.
func (v *visit) number(name string) (int, bool) {
	n, err := strconv.Atoi(v.query(name))
	return n, err == nil && n > 0
}

// openThread gives the thread that the address names, by its community and its ID, or by the ID alone, and notes that it was read.
func (v *visit) openThread(of, id core.ID, kind community.ThreadKind) (c community.Seen, t community.Thread, err error) {
	if of == 0 {
		if t, err = v.site.core.Community.ThreadByID(v.ctx, v.viewer(), id); err != nil {
			return c, t, err
		}
		of = t.Community
	}
	if c, t, err = v.site.core.Community.Thread(v.ctx, v.viewer(), of, id); err != nil {
		return c, t, err
	}
	if t.Kind != kind {
		return c, t, core.ErrNotFound
	}
	v.site.core.Community.MarkRead(v.member.ID, &t)
	if t.Author == v.member.ID {
		err = v.looked(community.CommentNews, 0, t.ID)
	}
	return c, t, errors.Join(err, v.looked(community.MentionNews, 0, t.ID), v.looked(community.LikeNews, 0, t.ID))
}

// topic shows a topic. An address that names the ID alone leads to whatever thread it is.
func (v topicPages) topic() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	of, _ := core.ParseID(v.query("community"))
	if of == 0 {
		t, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), id)
		if err != nil {
			return err
		}
		if of = t.Community; t.Kind != community.TopicThread {
			v.redirect(communityThreadPath(&t))
			return nil
		}
	}
	return v.showTopic(of, id, community.NewComment{}, nil)
}

func (v topicPages) showTopic(of, id core.ID, typed community.NewComment, w wrong) error {
	c, t, err := v.openThread(of, id, community.TopicThread)
	if err != nil {
		return err
	}
	p := &topicPage{frame: frame(v)}
	if p.board, err = v.board(c, t, typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// showThread shows the page of a thread, whatever it is, with a comment that was not sent yet.
func (v topicPages) showThread(t *community.Thread, typed community.NewComment, w wrong) error {
	switch t.Kind {
	case community.EventThread:
		return eventPages(v).showEvent(t.Community, t.ID, typed, w)
	case community.PollThread:
		return pollPages(v).showPoll(t.Community, t.ID, typed, nil, w)
	}
	return v.showTopic(t.Community, t.ID, typed, w)
}

// topics lists the topics of a community.
func (v topicPages) topics() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p := &topicsPage{frame: frame(v)}
	if p.seen, err = v.site.core.Community.Read(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	p.query = v.query("q")
	if p.query != "" {
		p.found, err = v.site.core.Search.Search(v.ctx, v.viewer(), topicQuery(id, p.query, v.query("from")))
	} else {
		p.list, p.ends, err = v.site.core.Community.ThreadsFrom(v.ctx, &p.seen, community.TopicThread, stretch(v.visit, topicRows))
	}
	if err != nil {
		return err
	}
	return v.show(p)
}

// A topicDraft is a topic on its way through form and preview; id is 0 for a new one.
type topicDraft struct {
	of, id core.ID
	community.NewThread
}

// form is the form of a new topic, of one that goes on from a full one (next), or of one's own.
func (v topicPages) topicForm() error {
	of, err := v.id("community")
	if err != nil {
		return err
	}
	d := topicDraft{of: of}
	if id, ok := core.ParseID(v.query("id")); ok {
		c, t, err := v.site.core.Community.Thread(v.ctx, v.viewer(), of, id)
		if err == nil && (!c.MayEdit(&t) || t.Kind != community.TopicThread) {
			err = core.ErrNotFound
		}
		if err != nil {
			return err
		}
		d.id, d.Title, d.Body = id, t.Title, t.Body
		for _, p := range t.Photos {
			d.Photos = append(d.Photos, p.ID)
		}
	}
	if before, ok := core.ParseID(v.query("after")); ok {
		_, t, err := v.site.core.Community.Thread(v.ctx, v.viewer(), of, before)
		if err != nil {
			return err
		}
		if t.Next != 0 { // made already
			v.redirect(threadIDPath(t.Kind, of, t.Next))
			return nil
		}
		d.Previous, d.Title = before, successorTitle(t.Title)
	}
	return v.showForm(d, nil)
}

// successorTitle counts on the title of a topic that is full: "A" → "A 2" → "A 3".
func successorTitle(title string) string {
	at := strings.LastIndexByte(title, ' ')
	if n, err := strconv.Atoi(title[at+1:]); err == nil && at > 0 && n > 1 && n < 10000 {
		return title[:at+1] + strconv.Itoa(n+1)
	}
	return title + " 2"
}

func (v topicPages) showForm(d topicDraft, w wrong) error {
	c, err := v.site.core.Community.Read(v.ctx, v.viewer(), d.of)
	if err == nil && !c.MayOpenTopics() && d.id == 0 {
		err = v.site.core.Community.WhyNot(&c)
	}
	if err != nil {
		return err
	}
	p := &topicFormPage{frame: frame(v), seen: c, draft: d, wrong: w}
	if p.photos, err = v.ownPhotos(d.Photos); err != nil {
		return err
	}
	return v.show(p)
}

// write takes the form on its way: 確認 shows a preview, 修正する goes back to the form, 送信 sends.
func (v topicPages) write() error {
	d := topicDraft{NewThread: community.NewThread{Title: v.form.get("title"), Body: v.form.get("body")}}
	var err error
	if d.of, err = v.formID("community"); err != nil {
		return err
	}
	d.id, _ = core.ParseID(v.form.get("topic"))
	d.Previous, _ = core.ParseID(v.form.get("after"))
	var w wrong
	if d.Photos, w, err = v.readPhotos(community.MaxPhotos); err != nil {
		return err
	}
	if v.form.pressed("edit") {
		return v.showForm(d, w)
	}
	if more, ok := invalid(community.CheckThread(&d.NewThread)); ok {
		w = append(w, more...)
	}
	if len(w) > 0 {
		return v.showForm(d, w)
	}
	if !v.form.pressed("send") {
		return v.previewTopic(d)
	}
	return v.onceOr(func(w wrong) error { return v.showForm(d, w) }, func(ctx context.Context) (string, error) {
		if d.id != 0 {
			return threadIDPath(d.Kind, d.of, d.id), v.site.core.Community.EditThread(ctx, v.viewer(), d.of, d.id, d.NewThread, nil)
		}
		t, err := v.site.core.Community.Open(ctx, v.viewer(), d.of, d.NewThread, nil)
		return communityThreadPath(&t), err
	})
}

func (v topicPages) previewTopic(d topicDraft) error {
	c, err := v.site.core.Community.Read(v.ctx, v.viewer(), d.of)
	if err != nil {
		return err
	}
	photos, err := v.ownPhotos(d.Photos)
	if err != nil {
		return err
	}
	return v.show(&topicPreviewPage{frame(v), c, d, photos})
}

// formThread reads from a form which thread it is about.
func (v topicPages) formThread() (of, id core.ID, err error) {
	if of, err = v.formID("community"); err == nil {
		id, err = v.formID("id")
	}
	return of, id, err
}

// remove deletes a thread.
func (v topicPages) remove() error {
	of, id, err := v.formThread()
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return communityIDPath(of), v.site.core.Community.DeleteThread(ctx, v.viewer(), of, id)
	})
}

// pin puts a thread before the others, or back among them.
func (v topicPages) pin() error {
	of, id, err := v.formThread()
	if err != nil {
		return err
	}
	t, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showThread(&t, community.NewComment{}, w) }, func(ctx context.Context) (string, error) {
		return communityThreadPath(&t), v.site.core.Community.Pin(ctx, v.viewer(), of, id, v.form.pressed("pin"))
	})
}

// comment stores a comment under a thread of any kind, or shows what it would look like when 確認 was pressed.
func (v topicPages) comment() error {
	of, id, err := v.formThread()
	if err != nil {
		return err
	}
	c, t, err := v.site.core.Community.Thread(v.ctx, v.viewer(), of, id)
	if err != nil {
		return err
	}
	n := community.NewComment{Body: v.form.get("body")}
	var w wrong
	if n.Photos, w, err = v.readPhotos(community.MaxPhotos); err != nil {
		return err
	}
	if v.form.pressed("edit") || len(w) > 0 {
		return v.showThread(&t, n, w)
	}
	if v.form.pressed("confirm") {
		if w, bad := invalid(community.CheckComment(&n)); bad {
			return v.showThread(&t, n, w)
		}
		photos, err := v.ownPhotos(n.Photos)
		if err != nil {
			return err
		}
		return v.show(&numberedPreviewPage{frame(v), c, t, n, photos})
	}
	return v.onceOr(func(w wrong) error { return v.showThread(&t, n, w) }, func(ctx context.Context) (string, error) {
		m, err := v.site.core.Community.WriteComment(ctx, v.viewer(), of, id, n)
		t.Comments = m.Number // so that the page is another one for a browser's history
		return threadLinePath(&t) + numberAnchor(m.Number), err
	})
}

// removeComment removes a comment; its number stays.
func (v topicPages) removeComment() error {
	of, id, err := v.formThread()
	if err != nil {
		return err
	}
	t, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	number, _ := strconv.Atoi(v.form.get("number"))
	return v.once(func(ctx context.Context) (string, error) {
		return numberPath(&t, number, 0), v.site.core.Community.RemoveComment(ctx, v.viewer(), of, id, number)
	})
}
