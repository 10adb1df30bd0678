package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/report"
	"musubi/core/talk"
)

// commentRows is how many comments a page of a thread shows.
const commentRows = 50

// Addresses of the forms of comments.
const (
	diaryCommentPath       = "/diary/comment"
	diaryCommentDeletePath = "/diary/comment/delete"
	albumCommentPath       = "/album/comment"
	albumCommentDeletePath = "/album/comment/delete"
)

// threadNames are what the pages of a talk.Kind call things; an area's threadPages has the page of the thing itself.
type threadNames struct {
	write, remove string                     // where the forms go
	thing, of     string                     // the field that names the thing there: in the form that writes, and in the one that deletes
	piece         string                     // the field that names a piece; "": there are none
	page          string                     // the argument of the address for a page of the comments
	keys          bool                       // their pager has keys; otherwise those are for something else on the page
	path          func(t talk.Thread) string // the page that has the thread
	report        report.Kind                // of a comment there
}

// showThread shows the page that has a thread, with a comment that was not sent yet and what is wrong with it.
func (v talkPages) showThread(on talk.Thread, typed string, w wrong) error {
	return v.site.threadPages[on.Kind](v.visit, on, typed, w)
}

func threadPath(on talk.Thread) string { return threads[on.Kind].path(on) }

// removePath leads to the question before a comment is deleted. It is a link, so that on a handset the first form of a page is
// the one to write with.
func removePath(c *talk.Comment) string {
	kind := &threads[c.Kind]
	path := kind.remove + "?owner=" + c.Owner.String() + "&" + kind.of + "=" + c.Thing.String()
	if c.Piece != 0 {
		path += "&" + kind.piece + "=" + c.Piece.String()
	}
	return path + "&id=" + c.ID.String()
}

// A talkView is a page of a thread, and the form for one comment more.
type talkView struct {
	talk.Seen
	on       talk.Thread
	comments []talk.Comment
	talkers  []core.Member
	page     core.Page
	pages    int
	typed    string
	wrong    wrong
	likes    map[core.ID]talk.Likes
}

// talk gives the newest page of a thread unless another is asked for.
func (v *visit) talk(on talk.Seen, typed string, w wrong) (talkView, error) {
	t := talkView{Seen: on, on: on.Thread, typed: typed, wrong: w, pages: max((on.Comments+commentRows-1)/commentRows, 1)}
	t.page = core.Page{Number: t.pages, Size: commentRows}
	if n, ok := core.ParseID(v.query(threads[on.Kind].page)); ok && int(n) < t.pages {
		t.page.Number = int(n)
	}
	var err error
	if t.comments, _, err = v.site.core.Talk.Comments(v.ctx, on, t.page); err != nil {
		return t, err
	}
	t.talkers = talkers(t.comments, func(c *talk.Comment) (core.Member, string) {
		return core.Member{ID: c.Author, Name: c.AuthorName}, c.Body
	})
	if to, ok := core.ParseID(v.query("to")); ok && t.typed == "" { // an answer to one of them
		for i := range t.comments {
			if t.comments[i].ID == to {
				t.typed = v.t("talk.to", t.comments[i].AuthorName) + "\n"
			}
		}
	}
	t.likes, err = v.site.core.Talk.Likes(v.ctx, on)
	return t, err
}

// replyPath is the page of the thread with the beginning of an answer to a comment.
func (t *talkView) replyPath(c *talk.Comment) string {
	return t.pagePath(t.page.Number) + "&to=" + c.ID.String() + "#body"
}

// pagePath is another page of the thread.
func (t *talkView) pagePath(number int) string {
	return threadPath(t.on) + "&" + threads[t.on.Kind].page + "=" + strconv.Itoa(number)
}

// thread reads from a form where a comment stands; thing is the field that names the thing.
func (v talkPages) thread(kind talk.Kind, thing string) (on talk.Thread, err error) {
	on.Kind = kind
	if on.Owner, err = v.formID("owner"); err != nil {
		return on, err
	}
	on.Thing, err = v.formID(thing)
	if piece := threads[kind].piece; piece != "" {
		on.Piece, _ = core.ParseID(v.form.get(piece))
	}
	return on, err
}

// writeComment stores a comment, or shows what it would look like when 確認 was pressed.
func writeComment(kind talk.Kind) handler {
	return func(v *visit) error {
		on, err := talkPages{v}.thread(kind, threads[kind].thing)
		if err != nil {
			return err
		}
		body := v.form.get("body")
		if v.form.pressed("edit") {
			return talkPages{v}.showThread(on, body, nil)
		}
		if v.form.pressed("confirm") {
			about, err := v.site.core.Talk.See(v.ctx, v.viewer(), on)
			w, bad := invalid(talk.CheckComment(&body))
			if err != nil || bad { // the page says which
				return talkPages{v}.showThread(on, body, w)
			}
			return v.show(&commentPreviewPage{frame: frame{v}, on: on, about: about.Topic, body: body})
		}
		return v.onceOr(func(w wrong) error { return talkPages{v}.showThread(on, body, w) }, func(ctx context.Context) (string, error) {
			_, err := v.site.core.Talk.WriteComment(ctx, v.viewer(), on, body, v.site.core.Now())
			return threadPath(on) + "#comments", err
		})
	}
}

// deleteComment removes a comment of one's own, or one under a thing of one's own.
func deleteComment(kind talk.Kind) handler {
	return func(v *visit) error {
		on, err := talkPages{v}.thread(kind, threads[kind].of)
		if err != nil {
			return err
		}
		id, err := v.formID("id")
		if err != nil {
			return err
		}
		return v.once(func(ctx context.Context) (string, error) {
			return threadPath(on), v.site.core.Talk.DeleteComment(ctx, v.member.ID, on, id)
		})
	}
}

// commentLinks are the pages of comments that are reported, by the kind of the report: a feature says it with its threads.
func (f *feature) commentLinks(links map[report.Kind]func(on report.Thing) string) {
	for kind, row := range f.threads {
		links[row.report] = func(on report.Thing) string {
			return row.path(talk.Thread{Kind: kind, Owner: on.Owner, Thing: on.ID, Piece: on.Piece}) + "#c" + on.Comment.String()
		}
	}
}

// commentReport is what a report of a comment is about.
func commentReport(c *talk.Comment) report.Thing {
	return report.Thing{Kind: threads[c.Kind].report, Owner: c.Owner, ID: c.Thread.Thing, Piece: c.Piece, Comment: c.ID}
}
