package web

import "musubi/core"

// diaryVisibilityPath is where a member changes who reads all that they have written.
const diaryVisibilityPath = "/settings/diaries"

// diaryVisibilityForm asks who shall read all entries.
func (v journalPages) diaryVisibilityForm() error {
	return v.show(&diaryVisibilityPage{frame: frame(v), chosen: v.member.DiaryVisibility})
}

// setDiaryVisibility asks first, with the number of entries; then it changes them all.
func (v journalPages) setDiaryVisibility() error {
	p := &diaryVisibilityPage{frame: frame(v)}
	var ok bool
	if p.chosen, ok = core.ParseVisibility(v.form.get("visibility")); !ok {
		p.chosen, p.wrong = v.member.DiaryVisibility, wrong{{Field: "visibility", Key: "field.choice"}}
		return v.show(p)
	}
	if v.form.pressed("edit") {
		return v.show(p)
	}
	var err error
	if v.form.pressed("send") {
		p.done = true
		p.count, err = v.site.core.Journal.ShowDiaries(v.ctx, v.member.ID, p.chosen)
	} else {
		p.asked = true
		p.count, err = v.site.core.Journal.CountDiariesNot(v.ctx, v.member.ID, p.chosen)
	}
	if err != nil {
		return err
	}
	return v.show(p)
}
