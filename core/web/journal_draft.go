package web

import (
	"context"
	"encoding/json"
	"errors"

	"musubi/core"
	"musubi/core/journal"
)

// Addresses of drafts of entries.
const (
	draftsPath      = "/diary/drafts"
	draftDeletePath = "/diary/draft/delete"
)

func draftPath(id core.ID) string { return "/diary/write?draft=" + id.String() }

// draftTitle is what the list calls a draft: by its title, or by how it begins.
func (p *draftsPage) draftTitle(d *journal.Draft) string {
	if d.Title != "" {
		return d.Title
	}
	if e, _ := core.ExcerptOf(d.Body, nil); len(e) > 0 {
		return e[0].Text
	}
	return p.t("diary.untitled")
}

// drafts lists what the member has begun to write, saved last first.
func (v journalPages) drafts() (err error) {
	p := &draftsPage{frame: frame(v)}
	if p.list, err = v.site.core.Journal.Drafts(v.ctx, v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

// draftForm is the form with a draft in it.
func (v journalPages) draftForm() error {
	id, err := v.id("draft")
	if err != nil {
		return err
	}
	d, err := v.site.core.Journal.Draft(v.ctx, v.member.ID, id)
	if err != nil {
		return err
	}
	return v.showDiaryForm(draft{saved: id, NewDiary: d.NewDiary}, nil)
}

// saveDraft keeps the form as it is, and leads to the list of what is kept.
func (v journalPages) saveDraft(entry draft) error {
	if v.form.pressed("script") {
		return v.keepDraft(entry)
	}
	return v.onceOr(func(w wrong) error { return v.showDiaryForm(entry, w) }, func(ctx context.Context) (string, error) {
		_, err := v.site.core.Journal.SaveDraft(ctx, v.member.ID, entry.saved, entry.NewDiary)
		return draftsPath, err
	})
}

// keepDraft keeps it for the script of the form, which goes on being filled: the answer has the draft's ID and the next token.
func (v journalPages) keepDraft(entry draft) error {
	answer := map[string]string{"text": v.t("diary.kept")}
	saved, err := v.site.core.Once(v.ctx, v.member.ID, v.form.nonce, func(ctx context.Context) (string, error) {
		d, err := v.site.core.Journal.SaveDraft(ctx, v.member.ID, entry.saved, entry.NewDiary)
		return d.ID.String(), err
	})
	var refusal *core.Error
	w, bad := invalid(err)
	switch {
	case bad:
		answer["text"] = w.of(v.visit, w[0].Field)
	case errors.As(err, &refusal):
		answer["text"] = v.t(refusal.Key)
	case err != nil:
		return err
	default:
		answer["saved"] = saved
	}
	answer["token"] = v.site.newToken(v.session.Key, "/diary/write")
	v.ctx.SetContentType("application/json; charset=UTF-8")
	return json.NewEncoder(v.ctx).Encode(answer)
}

// deleteDraft throws a draft away.
func (v journalPages) deleteDraft() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return draftsPath, v.site.core.Journal.DeleteDraft(ctx, v.member.ID, id)
	})
}
