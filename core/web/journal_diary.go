package web

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/report"
)

// listRows is how many entries a page of a list shows.
const listRows = 20

// diary shows one entry with its comments, the newest page of them unless another is asked for.
func (v journalPages) diary() error {
	owner, id, err := v.ownedID()
	if err != nil {
		return err
	}
	return v.showDiary(owner, id, "", nil)
}

// showDiary is the page of an entry; typed and wrong are those of a comment that could not be taken.
func (v journalPages) showDiary(owner, id core.ID, typed string, w wrong) error {
	d, err := v.site.core.Journal.Diary(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	v.site.core.Journal.MarkRead(v.member.ID, d.Diary)
	v.leaveFootprint(owner)
	if owner == v.member.ID {
		if err := errors.Join(v.looked(journal.CommentNews, 0, id), v.looked(journal.LikeNews, 0, id)); err != nil {
			return err
		}
	}
	if owner != v.member.ID {
		if err := v.looked(journal.MentionNews, owner, id); err != nil {
			return err
		}
	}
	p := &diaryPage{frame: frame(v), entry: d.Diary}
	if p.hidden, err = v.concealed(diaryReport(d.Diary), d.Visibility); err != nil {
		return err
	}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	if p.talk, err = v.talk(d.Talk(), typed, w); err != nil {
		return err
	}
	if p.quotes, err = v.filmQuotes(owner, d.Body); err != nil {
		return err
	}
	p.placed = v.photoQuotes(&p.entry, p.quotes)
	if p.plain, err = v.isPlain(owner); err != nil {
		return err
	}
	if v.forPC() { // it stands in an aside
		if p.before, p.after, err = v.site.core.Journal.Neighbours(v.ctx, d); err != nil {
			return err
		}
		if p.newest, _, err = v.site.core.Journal.Diaries(v.ctx, v.viewer(), owner, journal.DiaryFilter{}, core.Page{Size: homeRows}); err != nil {
			return err
		}
	}
	return v.show(p)
}

// diaryReport is what a report of an entry is about.
func diaryReport(d journal.Diary) report.Thing {
	return report.Thing{Kind: journal.ReportedDiary, Owner: d.Owner, ID: d.ID}
}

// diaryList lists a member's entries; without an owner one's own. month ("2007-03") and category narrow the list.
func (v journalPages) diaryList() error {
	owner, err := v.idOrSelf("owner")
	if err != nil {
		return err
	}
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), owner)
	if err != nil {
		return err
	}
	v.leaveFootprint(owner)
	p := &diaryListPage{frame: frame(v), of: m, heading: v.t("diary.of", m.Name), base: diaryListPath(owner), page: v.page(listRows)}
	if p.categories, err = v.site.core.Journal.DiaryCategories(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	var f journal.DiaryFilter
	if f.Category, _ = core.ParseID(v.query("category")); f.Category != 0 {
		p.category = f.Category
		p.base += "&category=" + f.Category.String()
	}
	if p.month, err = v.readMonth(owner); err != nil {
		return err
	}
	if v.query("month") != "" {
		f.From, f.To = p.month.first, p.month.first.AddDate(0, 1, 0)
		p.base += "&month=" + p.month.first.Format(monthForm)
		p.heading += " " + p.month.first.Format(v.t("date.month"))
	}
	if p.lines, p.more, err = v.site.core.Journal.Diaries(v.ctx, v.viewer(), owner, f, p.page); err != nil {
		return err
	}
	if v.forPC() {
		if p.previews, err = v.site.core.Journal.Previews(v.ctx, p.lines); err != nil {
			return err
		}
	}
	return v.show(p)
}

func (v journalPages) friendsDiaries() error {
	return v.showLines("diary.friends", "/diary/friends", v.site.core.Journal.FriendsDiaries)
}

func (v journalPages) everyonesDiaries() error {
	return v.showLines("diary.newest", "/diary/newest", v.site.core.Journal.EveryonesDiaries)
}

func (v journalPages) commentedDiaries() error {
	return v.showLines("diary.commented", "/diary/commented", v.site.core.Journal.CommentedDiaries)
}

// showLines is a list of several members' entries.
func (v journalPages) showLines(word, base string, list func(ctx context.Context, member core.ID, p core.Page) ([]journal.DiaryLine, bool, error)) (err error) {
	p := &diaryListPage{frame: frame(v), heading: v.t(word), base: base, page: v.page(listRows)}
	if p.lines, p.more, err = list(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	if v.forPC() {
		if p.previews, err = v.site.core.Journal.Previews(v.ctx, p.lines); err != nil {
			return err
		}
	}
	return v.show(p)
}

// diaryForm is the form for a new entry.
func (v journalPages) diaryForm() error {
	if v.query("draft") != "" {
		return v.draftForm()
	}
	drafts, err := v.site.core.Journal.Drafts(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	n := draft{NewDiary: journal.NewDiary{Visibility: v.member.DiaryVisibility}}
	if film, ok := core.ParseID(v.query("film")); ok { // to be quoted
		n.Body = album.Quote(film) + "\n"
	}
	return v.fillDiaryForm(&diaryFormPage{frame: frame(v), entry: n, drafts: drafts})
}

// editDiaryForm is the form of an entry of one's own.
func (v journalPages) editDiaryForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	d, err := v.site.core.Journal.Diary(v.ctx, v.viewer(), v.member.ID, id)
	if err != nil {
		return err
	}
	n := draft{id: id, NewDiary: journal.NewDiary{Title: d.Title, Body: d.Body, Visibility: d.Visibility, CommentsClosed: !d.CommentsOpen, Category: d.Category}}
	n.Captions = core.Captions{}
	for _, p := range d.Photos {
		n.Photos = append(n.Photos, p.ID)
		n.Captions[p.ID] = p.Caption
	}
	return v.showDiaryForm(n, nil)
}

// A draft is an entry on its way through form and preview; id is 0 for a new one, saved that of the journal.Draft it goes on from.
type draft struct {
	id, saved core.ID
	journal.NewDiary
}

// writeDiary takes the form on its way: 確認 shows a preview, 修正する goes back to the form, 下書き保存 keeps it as it is, 送信
// sends.
func (v journalPages) writeDiary() error {
	entry, w, err := v.readDiary()
	if err != nil {
		return err
	}
	if len(w) > 0 || v.form.pressed("edit") {
		return v.showDiaryForm(entry, w)
	}
	if v.form.pressed("draft") && entry.id == 0 {
		return v.saveDraft(entry)
	}
	if !v.form.pressed("send") {
		photos, err := v.ownPhotos(entry.Photos)
		if err != nil {
			return err
		}
		quotes, err := v.filmQuotes(v.member.ID, entry.Body)
		if err != nil {
			return err
		}
		p := &diaryPreviewPage{frame: frame(v), entry: entry, quotes: quotes, shown: journal.Diary{Owner: v.member.ID, Body: entry.Body, Photos: photos}}
		for i := range photos {
			if said, ok := entry.Captions[photos[i].ID]; ok {
				photos[i].Caption = said
			}
		}
		p.placed = v.photoQuotes(&p.shown, quotes)
		if p.plain, err = v.isPlain(v.member.ID); err != nil {
			return err
		}
		return v.show(p)
	}
	return v.onceOr(func(w wrong) error { return v.showDiaryForm(entry, w) }, func(ctx context.Context) (string, error) {
		if entry.id != 0 {
			return diaryPath(v.member.ID, entry.id), v.site.core.Journal.EditDiary(ctx, v.member.ID, entry.id, entry.NewDiary)
		}
		if entry.saved != 0 {
			d, err := v.site.core.Journal.SendDraft(ctx, v.member.ID, entry.saved, entry.NewDiary)
			return diaryPath(d.Owner, d.ID), err
		}
		d, err := v.site.core.Journal.WriteDiary(ctx, v.member.ID, entry.NewDiary)
		return diaryPath(d.Owner, d.ID), err
	})
}

// showDiaryForm shows the form with what was typed, and what is wrong with it.
func (v journalPages) showDiaryForm(entry draft, w wrong) error {
	return v.fillDiaryForm(&diaryFormPage{frame: frame(v), entry: entry, wrong: w})
}

func (v journalPages) fillDiaryForm(p *diaryFormPage) (err error) {
	entry := &p.entry
	if p.photos, err = v.ownPhotos(entry.Photos); err != nil {
		return err
	}
	if p.categories, err = v.site.core.Journal.DiaryCategories(v.ctx, v.viewer(), v.member.ID); err != nil {
		return err
	}
	v.allowScript()
	return v.show(p)
}

// readDiary reads an entry from the form. Pictures that come with it are stored at once, belonging to nothing yet, and
// travel on as ids; a picture that cannot be read is a wrong field, not a lost entry.
func (v journalPages) readDiary() (draft, wrong, error) {
	n := draft{NewDiary: journal.NewDiary{Title: v.form.get("title"), Body: v.form.get("body"), CommentsClosed: v.form.pressed("closed")}}
	n.id, _ = core.ParseID(v.form.get("entry"))
	n.saved, _ = core.ParseID(v.form.get("saved"))
	n.Category, _ = core.ParseID(v.form.get("category"))
	visibility, ok := core.ParseVisibility(v.form.get("visibility"))
	n.Visibility = visibility
	if !ok {
		n.Visibility = v.member.DiaryVisibility
	}
	var w wrong
	var err error
	if n.Photos, w, err = v.readPhotos(journal.MaxDiaryPhotos); err != nil {
		return n, nil, err
	}
	n.Captions = readCaptions(v.visit, n.Photos)
	if v.form.pressed("edit") || v.form.pressed("draft") {
		return n, w, nil
	}
	if more, ok := invalid(journal.CheckDiary(&n.NewDiary)); ok {
		w = append(w, more...)
	}
	return n, w, nil
}

// deleteDiaryForm asks before an entry goes.
func (v journalPages) deleteDiaryForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	d, err := v.site.core.Journal.Diary(v.ctx, v.viewer(), v.member.ID, id)
	if err != nil {
		return err
	}
	return v.show(&askPage{frame: frame(v), heading: v.t("diary.delete"), question: v.t("diary.deleteask", d.Title, d.Comments),
		action: "/diary/delete", fields: []hiddenValue{{"id", d.ID.String()}}, button: "delete", back: diaryPath(d.Owner, d.ID)})
}

// deleteDiary removes an entry of one's own.
func (v journalPages) deleteDiary() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return diaryListPath(v.member.ID), v.site.core.Journal.DeleteDiary(ctx, v.member.ID, id)
	})
}

// isPlain says whether an author's plan has no decoration of entries.
func (v journalPages) isPlain(author core.ID) (bool, error) {
	err := v.site.core.MayUse(v.ctx, author, core.LimitDecorate)
	if errors.Is(err, core.ErrPlan) {
		return true, nil
	}
	return false, err
}
