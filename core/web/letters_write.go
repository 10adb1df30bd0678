package web

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"musubi/core"
	"musubi/core/letters"
)

// messageForm is the form for a message: to a member (to), in answer to a message (re), or from a draft (draft).
func (v letterPages) messageForm() error {
	switch {
	case v.query("re") != "":
		return v.replyForm()
	case v.query("draft") != "":
		return v.draftForm()
	}
	to, err := v.id("to")
	if err != nil {
		return err
	}
	return v.showMessageForm(letters.NewMessage{To: to}, nil)
}

func (v letterPages) replyForm() error {
	id, err := v.id("re")
	if err != nil {
		return err
	}
	m, err := v.site.core.Letters.Message(v.ctx, v.member.ID, id)
	if err != nil {
		return err
	}
	if m.Kind != letters.Inbox {
		return core.ErrNotFound
	}
	return v.showMessageForm(letters.NewMessage{To: m.Other, Answers: id, Subject: replySubject(m.Subject)}, nil)
}

// replySubject puts Re: before a subject, once, within the limit of subjects.
func replySubject(subject string) string {
	const re = "Re:"
	if strings.HasPrefix(core.Fold(subject), core.Fold(re)) {
		return subject
	}
	subject = re + " " + subject
	for utf8.RuneCountInString(subject) > letters.MaxSubject {
		_, last := utf8.DecodeLastRuneInString(subject)
		subject = subject[:len(subject)-last]
	}
	return subject
}

func (v letterPages) draftForm() error {
	id, err := v.id("draft")
	if err != nil {
		return err
	}
	m, err := v.site.core.Letters.Message(v.ctx, v.member.ID, id)
	if err != nil {
		return err
	}
	if m.Folder != letters.Drafts {
		return core.ErrNotFound
	}
	n := letters.NewMessage{To: m.Other, Subject: m.Subject, Body: m.Body, Answers: m.Answers, Draft: id}
	for _, p := range m.Photos {
		n.Photos = append(n.Photos, p.ID)
	}
	return v.showMessageForm(n, nil)
}

// showMessageForm shows the form with what was typed, what is wrong with it, and the message that it answers.
func (v letterPages) showMessageForm(n letters.NewMessage, w wrong) error {
	p := &messageFormPage{frame: frame(v), entry: n, wrong: w}
	var err error
	if p.to, err = v.addressee(n.To); err != nil {
		return err
	}
	if p.photos, err = v.ownPhotos(n.Photos); err != nil {
		return err
	}
	if n.Answers != 0 {
		if p.answered, err = v.site.core.Letters.Message(v.ctx, v.member.ID, n.Answers); err != nil && !errors.Is(err, core.ErrNotFound) {
			return err
		}
	}
	return v.show(p)
}

// writeMessage takes the form on its way: 確認 shows a preview, 修正する goes back to the form, 下書き保存 keeps it as it
// is, 送信 sends.
func (v letterPages) writeMessage() error {
	n, w, err := v.readMessage()
	if err != nil {
		return err
	}
	if len(w) > 0 || v.form.pressed("edit") {
		return v.showMessageForm(n, w)
	}
	if !v.form.pressed("send") && !v.form.pressed("save") {
		return v.previewMessage(n)
	}
	return v.onceOr(func(w wrong) error { return v.showMessageForm(n, w) }, func(ctx context.Context) (string, error) {
		if v.form.pressed("save") {
			_, err := v.site.core.Letters.SaveDraft(ctx, v.member.ID, n)
			return folderPath(letters.Drafts), err
		}
		_, err := v.site.core.Letters.SendMessage(ctx, v.member.ID, n)
		return folderPath(letters.Sent), err
	})
}

func (v letterPages) previewMessage(n letters.NewMessage) error {
	p := &messagePreviewPage{frame: frame(v), entry: n}
	var err error
	if p.to, err = v.addressee(n.To); err != nil {
		return err
	}
	if p.photos, err = v.ownPhotos(n.Photos); err != nil {
		return err
	}
	return v.show(p)
}

// readMessage reads a message from the form; for its pictures see readDiary.
func (v letterPages) readMessage() (letters.NewMessage, wrong, error) {
	n := letters.NewMessage{Subject: v.form.get("subject"), Body: v.form.get("body")}
	var err error
	if n.To, err = v.formID("to"); err != nil {
		return n, nil, err
	}
	n.Answers, _ = core.ParseID(v.form.get("re"))
	n.Draft, _ = core.ParseID(v.form.get("draft"))
	var w wrong
	if n.Photos, w, err = v.readPhotos(letters.MaxMessagePhotos); err != nil || v.form.pressed("edit") {
		return n, w, err
	}
	check := letters.CheckMessage
	if v.form.pressed("save") {
		check = letters.CheckDraft
	}
	if more, ok := invalid(check(&n)); ok {
		w = append(w, more...)
	}
	return n, w, nil
}
