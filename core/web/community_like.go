package web

import (
	"context"
	"crypto/hmac"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/community"
)

// Addresses of likes (いいね) in communities, and of the form for the words of one's comment there.
const (
	communityLikePath = "/community/like"
	topicEditPath     = "/community/comment/edit"
)

// A boarded is a thread of a community, or its comment with a number. Addresses have it as short as they can.
type boarded struct {
	thread core.ID
	number int // 0: the thread itself
}

func (b boarded) String() string {
	s := "c" + strconv.FormatInt(int64(b.thread), 36)
	if b.number != 0 {
		s += "-" + strconv.Itoa(b.number)
	}
	return s
}

// parseBoarded reads what String wrote; the error is for an absent thing.
func parseBoarded(s string) (b boarded, err error) {
	s, is := strings.CutPrefix(s, "c")
	id, number, numbered := strings.Cut(s, "-")
	n, err := strconv.ParseInt(id, 36, 64)
	if err != nil || !is || n <= 0 {
		return b, core.ErrNotFound
	}
	b.thread = core.ID(n)
	if numbered {
		if b.number, err = strconv.Atoi(number); err != nil || b.number <= 0 {
			return b, core.ErrNotFound
		}
	}
	return b, nil
}

// path is where a thread shows it.
func (b boarded) path(t *community.Thread) string {
	if b.number != 0 {
		return numberPath(t, b.number, 0)
	}
	return communityThreadPath(t)
}

// boardLikeKey is likeKeyPath in communities.
func boardLikeKey(v *visit, b boarded, take bool) string {
	t := b.String()
	if take {
		t = "!" + t
	}
	return communityLikePath + "?t=" + t + "&k=" + v.likeToken(t)
}

// likeByKey likes what a handset's key names. A link without the session's own token leads to the question.
func (v topicPages) likeByKey() error {
	t := v.query("t")
	name, take := strings.CutPrefix(t, "!")
	b, err := parseBoarded(name)
	if err != nil {
		return err
	}
	on, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), b.thread)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(v.query("k")), []byte(v.likeToken(t))) {
		return v.show(&askPage{frame: frame(v), heading: v.t("like"), question: v.t("like.ask", on.Title), action: communityLikePath,
			fields: []hiddenValue{{"t", name}}, button: "like", word: "like", back: b.path(&on)})
	}
	if err := v.setLike(v.ctx, b, take); err != nil {
		return err
	}
	v.redirect(b.path(&on))
	return nil
}

// like likes what a form names, or takes it back.
func (v topicPages) like() error {
	b, err := parseBoarded(v.form.get("t"))
	if err != nil {
		return err
	}
	on, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), b.thread)
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return b.path(&on), v.setLike(ctx, b, v.form.pressed("take"))
	})
}

func (v topicPages) setLike(ctx context.Context, b boarded, take bool) error {
	if take {
		return v.site.core.Community.Unlike(ctx, v.viewer(), b.thread, b.number)
	}
	return v.site.core.Community.Like(ctx, v.viewer(), b.thread, b.number)
}

// editCommentForm is the form for other words in a comment of one's own.
func (v topicPages) editCommentForm() error {
	b, err := parseBoarded(v.query("t"))
	if err != nil {
		return err
	}
	t, m, err := v.site.core.Community.OwnComment(v.ctx, v.viewer(), b.thread, b.number)
	if err != nil {
		return err
	}
	return v.show(&numberedEditPage{frame: frame(v), on: b, thread: t, body: m.Body})
}

// editComment changes them.
func (v topicPages) editComment() error {
	b, err := parseBoarded(v.form.get("t"))
	if err != nil {
		return err
	}
	t, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), b.thread)
	if err != nil {
		return err
	}
	body := v.form.get("body")
	again := func(w wrong) error {
		return v.show(&numberedEditPage{frame: frame(v), on: b, thread: t, body: body, wrong: w})
	}
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		return b.path(&t), v.site.core.Community.EditComment(ctx, v.viewer(), b.thread, b.number, body)
	})
}
