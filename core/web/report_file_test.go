package web

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/operator"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/report"
	"musubi/core/review"
)

// A reportable is a thing of the author's that the reporter sees.
type reportable struct {
	name  string
	on    report.Thing
	page  string // where the link to the report stands
	says  string // stands in its copy
	hides bool   // an operator can hide it
}

// reportables are one of each kind, and a photo of an album.
func (w *world) reportables(author, reporter core.Member) []reportable {
	w.t.Helper()
	ctx := w.t.Context()
	p, err := w.core.AddPhoto(ctx, author.ID, drawing(5), time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	d := w.diary(author, "ひどい日記", core.Everyone, p.ID)
	own := w.diary(reporter, "わたしの日記", core.Everyone)
	a := w.hang(author, album.NewAlbum{Title: "ひどい写真", Note: "ひどい説明", Visibility: core.Everyone}, 2)
	under, below := journal.DiaryThread(own.Owner, own.ID), album.AlbumThread(a.Owner, a.ID, 0)
	one, two := w.comment(author, under, "ひどいコメント"), w.comment(author, below, "ひどい返事")
	m, err := w.core.Letters.SendMessage(ctx, author.ID, letters.NewMessage{To: reporter.ID, Subject: "ひどい件名", Body: "ひどい手紙"})
	if err != nil {
		w.t.Fatal(err)
	}
	square := w.commune(reporter, "広場", false)
	_, err = w.core.Community.Join(ctx, core.Viewer{Member: author.ID}, square, "")
	w.must(err)
	bad, err := w.core.Community.Open(ctx, core.Viewer{Member: author.ID}, square, community.NewThread{Title: "題", Body: "ひどい本文"}, nil)
	w.must(err)
	mine, err := w.core.Community.Open(ctx, core.Viewer{Member: reporter.ID}, square, community.NewThread{Title: "わたしの題", Body: "本文"}, nil)
	w.must(err)
	said, err := w.core.Community.WriteComment(ctx, core.Viewer{Member: author.ID}, square, mine.ID, community.NewComment{Body: "ひどい一言"})
	w.must(err)
	l, err := w.core.Music.WritePlaylist(ctx, author.ID, 0, music.NewPlaylist{Title: "ひどい曲名", Note: "ひどい曲"})
	if err != nil {
		w.t.Fatal(err)
	}
	owns, err := w.core.Music.WritePlaylist(ctx, reporter.ID, 0, music.NewPlaylist{Title: "わたしの曲"})
	if err != nil {
		w.t.Fatal(err)
	}
	three := w.comment(author, music.PlaylistThread(owns.Owner, owns.ID), "ひどい感想")
	bad2 := w.reviews(author, "商品一", "ひどい感想文", core.Everyone)
	owned := w.reviews(reporter, "商品二", "よい", core.Everyone)
	four := w.comment(author, review.Thread(owned.Owner, owned.ID), "ひどい口出し")
	entered, err := w.core.Review.Enter(ctx, author.ID, review.NewProduct{Category: review.Categories()[0], Title: "ひどい商品", Maker: "ひどい会社"})
	w.must(err)
	list := []reportable{
		{"product", review.ProductReport(entered.ID), productIDPath(entered.ID), "ひどい商品", true},
		{"review", report.Thing{Kind: review.ReportedReview, Owner: author.ID, ID: bad2.ID}, reviewIDPath(author.ID, bad2.ID), "ひどい感想文", true},
		{"review comment", report.Thing{Kind: review.ReportedComment, Owner: owned.Owner, ID: owned.ID, Comment: four.ID}, reviewIDPath(owned.Owner, owned.ID), "ひどい口出し", true},
		{"member", report.Thing{Kind: people.ReportedMember, Owner: author.ID}, memberPath(author.ID), "ひどい自己紹介", true},
		{"diary", report.Thing{Kind: journal.ReportedDiary, Owner: author.ID, ID: d.ID}, diaryPath(author.ID, d.ID), "ひどい日記 の本文", true},
		{"comment", report.Thing{Kind: journal.ReportedComment, Owner: own.Owner, ID: own.ID, Comment: one.ID}, diaryPath(own.Owner, own.ID), "ひどいコメント", true},
		{"album", report.Thing{Kind: album.ReportedAlbum, Owner: author.ID, ID: a.ID}, albumIDPath(author.ID, a.ID), "ひどい説明", true},
		{"photo", report.Thing{Kind: album.ReportedAlbum, Owner: author.ID, ID: a.ID, Piece: w.shots(a)[0]}, albumPhotoIDPath(author.ID, a.ID, w.shots(a)[0]), "data-box=\"large\"", true},
		{"album comment", report.Thing{Kind: album.ReportedComment, Owner: a.Owner, ID: a.ID, Comment: two.ID}, albumIDPath(author.ID, a.ID), "ひどい返事", true},
		{"topic", report.Thing{Kind: community.ReportedThread, Owner: author.ID, ID: bad.ID}, communityThreadPath(&bad), "ひどい本文", true},
		{"topic comment", report.Thing{Kind: community.ReportedComment, Owner: author.ID, ID: mine.ID, Comment: said.ID}, communityThreadPath(&mine), "ひどい一言", true},
		{"playlist", report.Thing{Kind: music.ReportedPlaylist, Owner: author.ID, ID: l.ID}, playlistIDPath(author.ID, l.ID), "ひどい曲", true},
		{"playlist comment", report.Thing{Kind: music.ReportedComment, Owner: owns.Owner, ID: owns.ID, Comment: three.ID}, playlistIDPath(owns.Owner, owns.ID), "ひどい感想", true},
		{"message", report.Thing{Kind: letters.ReportedMessage, Owner: author.ID, ID: m.ID}, messageIDPath(m.ID), "ひどい手紙", true},
	}
	kinds := map[report.Kind]bool{}
	for _, r := range list {
		kinds[r.on.Kind] = true
	}
	if len(kinds) != len(network.ReportKinds) {
		w.t.Fatalf("%d kinds of reports are tried of %d", len(kinds), len(network.ReportKinds))
	}
	return list
}

// Everything a member sees of others can be reported by the link under it; the report keeps the thing as it was, whatever becomes
// of it, and its reporter reads of the outcome.
func TestReportEveryKind(t *testing.T) {
	w := newWorld(t)
	author, reporter := w.memberWith("悪子", "ひどい自己紹介"), w.member("花子")
	w.friends(author, reporter)
	me, self := w.as(reporter), w.as(author)
	for _, r := range w.reportables(author, reporter) {
		t.Run(r.name, func(t *testing.T) {
			w.contains(me.get(r.page), reportThingPath(r.on), "通報する")
			if r.on.Kind != journal.ReportedComment && strings.Contains(self.get(r.page).body, `href="`+reportThingPath(r.on)+`"`) {
				t.Error("its author is offered the report")
			}
			form := me.get(reportThingPath(r.on))
			w.contains(form, "通報の理由", "くわしい内容")
			values := url.Values{"k": {tokenOn(t, form.body, reportPath)}, "t": {r.on.String()}, "reason": {"abuse"}, "words": {"困っています☀"}}
			if got := me.post(reportPath, values); got.location != reportsPath+"?sent=1" {
				t.Fatalf("reporting: %d %s\n%s", got.status, got.location, got.body)
			}
			w.contains(me.get(reportsPath), "困っています☀", "誹謗中傷", "運営者が確認しています")
			list, _, err := w.core.Report.Queue(t.Context(), false, core.Page{Number: 1, Size: 10})
			if err != nil || len(list) != 1 {
				t.Fatalf("%d reports wait, %v", len(list), err)
			}
			got, err := w.core.Report.Report(t.Context(), list[0].ID)
			if err != nil || got.On != r.on || got.Was.Author != author.ID || r.on.Piece == 0 && !strings.Contains(got.Was.Text, r.says) || got.Reporter != reporter.ID {
				t.Fatalf("the report is %+v, %v", got, err)
			}
			if again := w.press(me, reportPath, values); again.status != 302 {
				t.Errorf("reporting again: %d", again.status)
			}
			if n, _, _ := w.core.Report.Waiting(t.Context()); n != 1 {
				t.Errorf("%d reports wait after the same thing was reported again", n)
			}
			if err := w.core.Report.Close(t.Context(), got.ID, report.NoAction, "お知らせありがとう", "運営"); err != nil {
				t.Fatal(err)
			}
			w.contains(me.get(noticesPath), "通報")
			w.contains(me.get(reportsPath), "問題は見つかりませんでした", "お知らせありがとう")
			if err := w.core.Report.Close(t.Context(), got.ID, report.NoAction, "", "運営"); err == nil {
				t.Error("a closed report is closed again")
			}
		})
	}
}

// Nobody reports what they do not see, or their own: the form is not there, as the thing is not.
func TestSEC112_ReportsOpenNothing(t *testing.T) {
	w := newWorld(t)
	author, friend, stranger := w.memberWith("悪子", "ひどい自己紹介"), w.member("花子"), w.member("他人")
	w.friends(author, friend)
	secret := w.diary(author, "秘密", core.Friends)
	things := w.reportables(author, friend)
	other := w.as(stranger)
	hidden := []report.Thing{{Kind: journal.ReportedDiary, Owner: author.ID, ID: secret.ID}, things[len(things)-1].on,
		{Kind: 99, Owner: author.ID}, {Kind: journal.ReportedDiary, Owner: author.ID}, {Kind: journal.ReportedComment, Owner: author.ID, ID: secret.ID, Comment: 1}}
	for _, on := range hidden {
		form := w.press(other, reportPath, url.Values{"t": {on.String()}, "reason": {"spam"}})
		if got := other.get(reportThingPath(on)); got.status != 404 || form.status != 404 {
			t.Errorf("%v: %d, sent %d, want 404", on, got.status, form.status)
		}
	}
	own := w.as(author)
	if got := own.get(reportThingPath(hidden[0])); got.status != 403 {
		t.Errorf("one's own: %d, want 403", got.status)
	}
	for _, bad := range []string{"", "x", "1", "1-", "1--2", "1-2-3-4-5-6", "256-1", "-1-1", "1-+2"} {
		if got := other.get(reportPath + "?t=" + url.QueryEscape(bad)); got.status != 404 {
			t.Errorf("%q: %d, want 404", bad, got.status)
		}
	}
	id, err := w.core.Report.File(t.Context(), core.Viewer{Member: friend.ID}, things[0].on, "spam", "")
	if err != nil {
		t.Fatal(err)
	}
	if got := other.get(heardPath + "?id=" + id.String()); got.status != 404 {
		t.Errorf("who has not the care reads of a report: %d", got.status)
	}
	if strings.Contains(other.get(reportsPath).body, "悪子") {
		t.Error("somebody else's report is listed")
	}
}

// What an operator hides is in nobody's sight but its author's, who reads why and cannot show it; when that ends it is seen
// again as before.
func TestHiddenThings(t *testing.T) {
	w := newWorld(t)
	author, friend := w.memberWith("悪子", "ひどい自己紹介"), w.member("花子")
	w.friends(author, friend)
	me, self := w.as(friend), w.as(author)
	for _, r := range w.reportables(author, friend) {
		m, err := w.core.Report.Hide(t.Context(), report.Measure{Member: author.ID, On: r.on, Title: r.name, Reason: "規約の3条", By: "運営"})
		if (err == nil) != r.hides {
			t.Fatalf("hiding a %s: %v", r.name, err)
		}
		if !r.hides {
			continue
		}
		if shows(me, r.page, r.says) {
			t.Errorf("a hidden %s is still seen", r.name)
		}
		w.contains(self.get(measuresPath), "非表示", "規約の3条", r.name)
		if r.on.Comment == 0 {
			w.contains(self.get(r.page), "運営者により非表示になっています", "規約の3条")
		}
		if _, err := w.core.Report.Hide(t.Context(), m); err == nil {
			t.Errorf("a %s is hidden twice", r.name)
		}
		w.showAnyway(author, r)
		if shows(me, r.page, r.says) {
			t.Errorf("its author shows a hidden %s", r.name)
		}
		for range 2 {
			if _, err := w.core.Report.End(t.Context(), m.ID); err != nil {
				t.Fatal(err)
			}
		}
		w.contains(me.get(r.page), r.says)
		w.contains(self.get(measuresPath), "解除されました")
	}
}

// showAnyway is what an author may try with a hidden thing.
func (w *world) showAnyway(author core.Member, r reportable) {
	w.t.Helper()
	ctx := w.t.Context()
	var err error
	switch r.on.Kind {
	case journal.ReportedDiary:
		err = w.core.Journal.EditDiary(ctx, author.ID, r.on.ID, journal.NewDiary{Title: "ひどい日記", Body: "ひどい日記 の本文", Visibility: core.Everyone})
		if _, all := w.core.Journal.ShowDiaries(ctx, author.ID, core.Everyone); all != nil {
			w.t.Fatal(all)
		}
	case people.ReportedMember:
		err = w.core.People.EditProfile(ctx, author.ID, author.Name, []core.ProfileValue{{Key: "intro", Value: "ひどい自己紹介"}})
	case music.ReportedPlaylist:
		_, err = w.core.Music.WritePlaylist(ctx, author.ID, r.on.ID, music.NewPlaylist{Title: "ひどい曲名", Note: "ひどい曲"})
	case review.ReportedReview:
		err = w.core.Review.Edit(ctx, author.ID, r.on.ID, review.NewReview{Stars: 1, Body: "ひどい感想文"})
	case album.ReportedAlbum:
		err = w.core.Album.EditAlbum(ctx, author.ID, r.on.ID, album.NewAlbum{Title: "ひどい写真", Note: "ひどい説明", Visibility: core.Everyone})
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// What an operator deletes is gone, hidden or not.
func TestRemovedThings(t *testing.T) {
	w := newWorld(t)
	author, friend := w.memberWith("悪子", "ひどい自己紹介"), w.member("花子")
	w.friends(author, friend)
	me := w.as(friend)
	removed := 0
	for i, r := range w.reportables(author, friend) {
		if network.ReportKinds[r.on.Kind].Delete == nil || r.name == "album comment" { // it goes with the album
			continue
		}
		m := report.Measure{Member: author.ID, On: r.on, Title: r.name, Reason: "規約の3条", By: "運営"}
		if r.hides && i%2 == 0 && r.name != "photo" { // which went with its album
			if _, err := w.core.Report.Hide(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.core.Report.Remove(t.Context(), m); err != nil && r.name != "photo" {
			t.Fatalf("%s: %v", r.name, err)
		}
		if got := me.get(r.page); got.status == 200 && strings.Contains(got.body, r.says) {
			t.Errorf("a deleted %s is still seen", r.name)
		}
		removed++
	}
	if removed < 4 {
		t.Errorf("only %d things are tried", removed)
	}
}

// Who is stopped from writing reads, and writes nothing until the time is over.
func TestStoppedFromWriting(t *testing.T) {
	w := newWorld(t)
	author, friend := w.member("悪子"), w.member("花子")
	w.friends(author, friend)
	d := w.diary(friend, "題", core.Everyone)
	if _, err := w.core.Report.Measure(t.Context(), report.Measure{Member: author.ID, Kind: report.Stopped, Reason: "連投", Until: w.clock.Now().Add(72 * time.Hour)}); err != nil {
		t.Fatal(err)
	}
	writes := func() (stopped int) {
		ctx := t.Context()
		_, comment := w.core.Talk.WriteComment(ctx, core.Viewer{Member: author.ID}, journal.DiaryThread(d.Owner, d.ID), "書く", time.Time{})
		_, entry := w.core.Journal.WriteDiary(ctx, author.ID, journal.NewDiary{Title: "題", Body: "本文"})
		_, letter := w.core.Letters.SendMessage(ctx, author.ID, letters.NewMessage{To: friend.ID, Subject: "件名", Body: "本文"})
		_, album := w.core.Album.WriteAlbum(ctx, author.ID, album.NewAlbum{Title: "題"})
		praise := w.core.People.WriteEndorsement(ctx, author.ID, friend.ID, "友人", "よい人", time.Time{})
		for _, err := range []error{comment, entry, letter, album, praise} {
			if err != nil {
				if !strings.Contains(err.Error(), report.ErrStopped.Key) {
					t.Fatal(err)
				}
				stopped++
			}
		}
		return stopped
	}
	if n := writes(); n != 5 {
		t.Errorf("%d of 5 writes are stopped", n)
	}
	b := w.as(author)
	got := w.press(b, "/diary/comment", url.Values{"owner": {d.Owner.String()}, "id": {d.ID.String()}, "body": {"消えない言葉"}, "send": {"1"}})
	w.contains(got, "書き込みが止められています", "消えない言葉")
	w.clock.advance(73 * time.Hour)
	if n := writes(); n != 0 {
		t.Errorf("%d of 5 writes are stopped when the time is over", n)
	}
}

// Somebody without an account reports a thing by its address, an operator asks its author, who answers within seven days, hides it unread, and
// the outcome goes out by mail.
func TestReportFromOutside(t *testing.T) {
	w := newWorld(t)
	author := w.member("悪子")
	d := w.diary(author, "だれかの写真", core.Friends)
	nobody := w.browser()
	w.contains(nobody.get("/"), outsidePath)
	bad := nobody.post(outsidePath, url.Values{"mail": {"x"}, "reason": {"privacy"}, "words": {"消してください"}})
	w.contains(bad, "消してください", `aria-invalid`)
	if n, _, _ := w.core.Report.Waiting(t.Context()); n != 0 {
		t.Fatal("a form that is not whole is stored")
	}
	form := url.Values{"mail": {"Victim@Example.com"}, "where": {"http://musubi.example" + diaryPath(author.ID, d.ID)}, "reason": {"privacy"}, "words": {"わたしの写真です"}}
	w.contains(nobody.post(outsidePath, form), "申し出を受け付けました")
	list, _, err := w.core.Report.Queue(t.Context(), false, core.Page{Number: 1, Size: 10})
	if err != nil || len(list) != 1 || list[0].Was.Author != author.ID || list[0].On != diaryReport(d) || list[0].Was.Text != "" {
		t.Fatalf("the queue has %+v, %v", list, err)
	}
	id := list[0].ID
	op := w.operator(operator.Reporter).logIn()
	page := op.get(consoleReport(id) + "&letter=inquiry")
	w.contains(page, "わたしの写真です", "victim@example.com", "7日以内にご意見")
	if strings.Contains(page.body, d.Body) {
		t.Error("an operator reads an entry for friends that nobody disclosed (SEC-121)")
	}
	op.sends(consoleReport(id), consoleReportPath, url.Values{"id": {id.String()}, "ask": {"1"}, "reason": {"どなたの写真ですか"}})
	self := w.as(author)
	w.contains(self.get(measuresPath), "あなたへの照会", "どなたの写真ですか")
	empty := w.press(self, replyPath, url.Values{"id": {id.String()}, "words": {""}})
	w.contains(empty, "あなたへの照会", `aria-invalid`)
	if got := w.press(w.as(w.member("他人")), replyPath, url.Values{"id": {id.String()}, "words": {"わたしのです"}}); got.status != 404 {
		t.Errorf("somebody else answers: %d", got.status)
	}
	w.contains(op.get(consoleReport(id)), "まだ返事はありません")
	w.clock.advance(report.InquiryTime + time.Minute)
	w.contains(op.logIn().get(consoleReportsPath), "期限切れ")
	self = w.as(author)
	if got := w.press(self, replyPath, url.Values{"id": {id.String()}, "words": {"許可を得ています"}}); got.status != 302 {
		t.Errorf("the answer: %d\n%s", got.status, got.body)
	}
	w.contains(op.get(consoleReport(id)), "許可を得ています")
	op.sends(consoleReport(id), consoleReportPath, url.Values{"id": {id.String()}, "hide": {"1"}, "reason": {"申し出"}, "answer": {"非表示にしました、ご安心ください"}})
	w.contains(self.get(diaryPath(author.ID, d.ID)), "運営者により非表示になっています")
	letters, _, err := w.core.Outbox.Letters(t.Context(), core.Page{Number: 1, Size: 10})
	if err != nil || !slices.ContainsFunc(letters, func(l outbox.Letter) bool {
		return l.To == "victim@example.com" && strings.Contains(l.Body, "非表示にしました") && strings.Contains(l.Body, "It was hidden") && strings.Contains(l.Body, "ご安心ください")
	}) {
		t.Errorf("no letter tells the outcome: %+v, %v", letters, err)
	}
	for where, want := range map[string]bool{memberPath(author.ID): true, albumIDPath(author.ID, 5): true, albumPhotoIDPath(author.ID, 5, 6): true,
		"/diary": false, "/diary?owner=x&id=1": false, "https://elsewhere.example/page": false, "%zz": false, "": false} {
		on, ok := thingAt(where)
		if ok != want || ok && thingPath(on) != where {
			t.Errorf("%q is %v, %v", where, on, ok)
		}
	}
}
