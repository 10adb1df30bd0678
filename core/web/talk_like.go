package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/talk"
)

// Addresses of likes (いいね), and of the form for the words of one's comment.
const (
	likePath        = "/like"
	commentEditPath = "/comment/edit"
)

// A liked is what can be liked: the thing of a thread, or a comment there. Addresses have it as short as they can.
type liked struct {
	on      talk.Thread
	comment core.ID // 0: the thing itself
}

func (l liked) String() string {
	parts := []core.ID{core.ID(l.on.Kind), l.on.Owner, l.on.Thing}
	if l.on.Piece != 0 || l.comment != 0 {
		parts = append(parts, l.on.Piece)
	}
	if l.comment != 0 {
		parts = append(parts, l.comment)
	}
	words := make([]string, len(parts))
	for i, id := range parts {
		words[i] = strconv.FormatInt(int64(id), 36)
	}
	return strings.Join(words, "-")
}

// parseLiked reads what String wrote; the error is for an absent thing.
func parseLiked(s string) (l liked, err error) {
	words := strings.Split(s, "-")
	if len(words) < 3 || len(words) > 5 {
		return l, core.ErrNotFound
	}
	var ids [5]core.ID
	for i, word := range words {
		n, err := strconv.ParseInt(word, 36, 64)
		if err != nil || n < 0 {
			return l, core.ErrNotFound
		}
		ids[i] = core.ID(n)
	}
	if ids[0] >= core.ID(len(threads)) || ids[1] == 0 || ids[2] == 0 {
		return l, core.ErrNotFound
	}
	return liked{talk.Thread{Kind: talk.Kind(ids[0]), Owner: ids[1], Thing: ids[2], Piece: ids[3]}, ids[4]}, nil
}

// path is the page that shows it.
func (l liked) path() string {
	if l.comment != 0 {
		return threadPath(l.on) + "#c" + l.comment.String()
	}
	return threadPath(l.on)
}

// likeKeyPath is a link that likes at once, or takes it back: one key of a handset. What it does twice it has done once, so that it needs no
// nonce; that it is this session's own, its token says (SEC-38).
func (v *visit) likeKeyPath(l liked, take bool) string {
	t := l.String()
	if take {
		t = "!" + t
	}
	return likePath + "?t=" + t + "&k=" + v.likeToken(t)
}

func (v *visit) likeToken(t string) string {
	m := hmac.New(sha256.New, v.site.formKey)
	m.Write([]byte("like\n" + v.session.Key + "\n" + t))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:6])
}

// likeByKey likes what a handset's key names. A link without the session's own token leads to the question.
func (v talkPages) likeByKey() error {
	t := v.query("t")
	name, take := strings.CutPrefix(t, "!")
	l, err := parseLiked(name)
	if err != nil {
		return err
	}
	if !hmac.Equal([]byte(v.query("k")), []byte(v.likeToken(t))) {
		about, err := v.site.core.Talk.See(v.ctx, v.viewer(), l.on)
		if err != nil {
			return err
		}
		p := &askPage{frame: frame(v), heading: v.t("like"), question: v.t("like.ask", about.Title), action: likePath,
			fields: []hiddenValue{{"t", name}}, button: "like", word: "like", back: l.path()}
		return v.show(p)
	}
	if err := v.setLike(v.ctx, l, take); err != nil {
		return err
	}
	v.redirect(l.path())
	return nil
}

// like likes what a form names, or takes it back.
func (v talkPages) like() error {
	l, err := parseLiked(v.form.get("t"))
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return l.path(), v.setLike(ctx, l, v.form.pressed("take"))
	})
}

func (v talkPages) setLike(ctx context.Context, l liked, take bool) error {
	if take {
		return v.site.core.Talk.Unlike(ctx, v.viewer(), l.on, l.comment)
	}
	return v.site.core.Talk.Like(ctx, v.viewer(), l.on, l.comment)
}

// editCommentForm is the form for other words in a comment of one's own.
func (v talkPages) editCommentForm() error {
	l, err := parseLiked(v.query("t"))
	if err != nil {
		return err
	}
	c, err := v.site.core.Talk.Comment(v.ctx, v.viewer(), l.on, l.comment)
	if err != nil {
		return err
	}
	return v.show(&commentEditPage{frame: frame(v), on: l, body: c.Body})
}

// editComment changes them.
func (v talkPages) editComment() error {
	l, err := parseLiked(v.form.get("t"))
	if err != nil {
		return err
	}
	body := v.form.get("body")
	again := func(w wrong) error {
		return v.show(&commentEditPage{frame: frame(v), on: l, body: body, wrong: w})
	}
	if v.form.pressed("edit") {
		return again(nil)
	}
	return v.onceOr(again, func(ctx context.Context) (string, error) {
		return l.path(), v.site.core.Talk.EditComment(ctx, v.viewer(), l.on, l.comment, body)
	})
}
