package web

import (
	"context"

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
	return v.onceOr(func(w wrong) error { return v.showDiaryForm(entry, w) }, func(ctx context.Context) (string, error) {
		_, err := v.site.core.Journal.SaveDraft(ctx, v.member.ID, entry.saved, entry.NewDiary)
		return draftsPath, err
	})
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
