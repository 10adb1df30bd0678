package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/people"
	"musubi/core/premium"
	"musubi/core/report"
	"musubi/core/review"
	"musubi/core/talk"
)

// newPeople is a world in which addresses of docomo are handsets', with two friends.
func newPeople(t *testing.T) (w *world, hanako, taro core.Member) {
	w = newWorldWith(t, func(c *network.Config) {
		c.HandsetMail = func(address string) bool { return strings.HasSuffix(address, "@docomo.ne.jp") }
	})
	hanako, taro = w.member("花子"), w.member("太郎")
	w.friends(hanako, taro)
	return w, hanako, taro
}

// tells says whether the member's home has the sentence.
func (w *world) tells(b *browser, sentence string) bool {
	w.t.Helper()
	home := b.get(homePath)
	if home.status != 200 {
		w.t.Fatalf("home: %d", home.status)
	}
	return strings.Contains(home.body, sentence)
}

func (w *world) flush() {
	w.t.Helper()
	if err := w.core.News.FlushLooks(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) comments(by core.Member, d journal.Diary) talk.Comment {
	w.t.Helper()
	return w.comment(by, journal.DiaryThread(d.Owner, d.ID), "ひみつの返事")
}

// Every kind of news is on home and on the page of notices, leads to what it tells of, and is gone when that was looked at,
// or answered where home waits for an answer; before the look is stored and after.
func TestNoticesOfEveryKind(t *testing.T) {
	w, hanako, taro := newPeople(t)
	ctx := context.Background()
	jiro, saburo := w.member("次郎"), w.member("三郎")
	w.friends(taro, saburo)
	me := w.as(hanako)
	d := w.diary(hanako, "花見", core.Friends)
	a := w.hang(hanako, album.NewAlbum{Title: "夏休み", Visibility: core.Friends}, 1)
	s := w.core.Community
	square, taros, another := w.commune(hanako, "広場", true), w.commune(taro, "太郎の広場", true), w.commune(taro, "もうひとつの広場", false)
	topic, err := s.Open(ctx, core.Viewer{Member: hanako.ID}, square, community.NewThread{Title: "はじめまして", Body: "よろしく"}, nil)
	w.must(err)
	rows := []struct {
		kind     news.Kind
		home     string
		sentence string
		make     func() error
		clear    func(path string)
	}{
		{people.RequestNews, "友人申請が1件届いています", "次郎さんから友人申請が届いています。",
			func() error {
				_, err := w.core.People.RequestFriend(ctx, jiro.ID, hanako.ID, "よろしく")
				return err
			},
			func(string) {
				w.press(me, "/friend/answer", url.Values{"id": {jiro.ID.String()}, "reject": {"1"}})
			}},
		{letters.MessageNews, "新しいメッセージが1件あります", "太郎さんからメッセージが届いています。",
			func() error {
				_, err := w.core.Letters.SendMessage(ctx, taro.ID, letters.NewMessage{To: hanako.ID, Subject: "件名", Body: "本文"})
				return err
			}, nil},
		{journal.CommentNews, "日記に新しいコメントが1件あります", "太郎さんが、あなたの日記「花見」にコメントを書きました。",
			func() error { w.comments(taro, d); return nil }, nil},
		{people.IntroductionNews, "友人からの紹介が1件あります", "太郎さんが、友人の三郎さんを紹介しています。",
			func() error {
				return w.core.People.IntroduceFriend(ctx, taro.ID, hanako.ID, saburo.ID, "いい人です")
			},
			func(string) {
				w.press(me, "/friend/dismiss", url.Values{"id": {saburo.ID.String()}, "by": {taro.ID.String()}})
			}},
		{people.AcceptedNews, "新しい友人が1人増えました", "次郎さんと友人になりました。",
			func() error {
				if _, err := w.core.People.RequestFriend(ctx, hanako.ID, jiro.ID, ""); err != nil {
					return err
				}
				return w.core.People.AnswerRequest(ctx, jiro.ID, hanako.ID, true)
			}, nil},
		{people.EndorsementNews, "新しい紹介文が1件あります", "太郎さんが、あなたの紹介文を書きました。",
			func() error {
				return w.core.People.WriteEndorsement(ctx, taro.ID, hanako.ID, "同僚", "頼りになります", time.Time{})
			}, nil},
		{people.RoundNews, "足あとがキリ番1になりました: 太郎さん", "太郎さんの足あとで、キリ番1になりました。",
			func() error {
				if err := w.core.People.SetRound(ctx, hanako.ID, "1"); err != nil {
					return err
				}
				w.core.People.LeaveFootprint(taro.ID, hanako.ID, w.clock.Now())
				return w.core.People.FlushVisits(ctx)
			}, nil},
		{music.PlaylistNews, "プレイリストに新しいコメントが1件あります", "太郎さんが、あなたのプレイリスト「夏」にコメントを書きました。",
			func() error {
				l, err := w.core.Music.WritePlaylist(ctx, hanako.ID, 0, music.NewPlaylist{Title: "夏"})
				if err == nil {
					_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, music.PlaylistThread(hanako.ID, l.ID), "いいね", time.Time{})
				}
				return err
			}, nil},
		{review.CommentNews, "レビューに新しいコメントが1件あります", "太郎さんが、あなたの「こたつ」のレビューにコメントを書きました。",
			func() error {
				r := w.reviews(hanako, "こたつ", "あたたかい", core.Everyone)
				_, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, review.Thread(hanako.ID, r.ID), "いいね", time.Time{})
				return err
			}, nil},
		{journal.LikeNews, "日記に新しいいいねが1件あります", "太郎さんが、あなたの日記「花見」にいいねを付けました。",
			func() error {
				return w.core.Talk.Like(ctx, core.Viewer{Member: taro.ID}, journal.DiaryThread(hanako.ID, d.ID), 0)
			}, nil},
		{journal.MentionNews, "あなたが呼ばれたコメントが1件あります", "太郎さんの日記「お花見」のコメントで、あなたが呼ばれました。",
			func() error {
				e := w.diary(taro, "お花見", core.Everyone)
				_, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, journal.DiaryThread(taro.ID, e.ID), "@花子さん、見てね", time.Time{})
				return err
			}, nil},
		{album.MentionNews, "アルバムで、あなたが呼ばれたコメントが1件あります", "太郎さんのアルバム「雪山」のコメントで、あなたが呼ばれました。",
			func() error {
				a, err := w.core.Album.WriteAlbum(ctx, taro.ID, album.NewAlbum{Title: "雪山"})
				if err == nil {
					_, err = w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, album.AlbumThread(taro.ID, a.ID, 0), "@花子さん、見てね", time.Time{})
				}
				return err
			}, nil},
		{album.LikeNews, "アルバムに新しいいいねが1件あります", "太郎さんが、あなたのアルバム「夏休み」にいいねを付けました。",
			func() error {
				return w.core.Talk.Like(ctx, core.Viewer{Member: taro.ID}, album.AlbumThread(hanako.ID, a.ID, 0), 0)
			}, nil},
		{album.CommentNews, "アルバムに新しいコメントが1件あります", "太郎さんが、あなたのアルバム「夏休み」にコメントを書きました。",
			func() error {
				_, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, album.AlbumThread(hanako.ID, a.ID, 0), "いいね", time.Time{})
				return err
			}, nil},
		{report.AnsweredNews, "通報への回答が1件あります", "「次郎」の通報への対応が終わりました。",
			func() error {
				id, err := w.core.Report.File(ctx, core.Viewer{Member: hanako.ID}, report.Thing{Kind: people.ReportedMember, Owner: jiro.ID}, "spam", "")
				return errors.Join(err, w.core.Report.Close(ctx, id, report.NoAction, "", "運営"))
			}, nil},
		{report.HeardNews, "あなたの管理する場所で通報が1件あります", "あなたの管理する場所で「花見」が通報されました。",
			func() error {
				w.core.Report.Rows()[journal.ReportedDiary].Hears = func(context.Context, report.Thing) ([]core.ID, error) { return []core.ID{hanako.ID}, nil }
				e := w.diary(jiro, "花見", core.Everyone)
				_, err := w.core.Report.File(ctx, core.Viewer{Member: taro.ID}, report.Thing{Kind: journal.ReportedDiary, Owner: jiro.ID, ID: e.ID}, "spam", "")
				return err
			}, nil},
		{premium.EndingNews, "プレミアムの期限のお知らせが1件あります", "プレミアムの期限は" + w.clock.Now().Add(premium.Notice/2).In(core.Tokyo).Format("2006/01/02") + "です。",
			func() error {
				until := w.clock.Now().Add(premium.Notice / 2)
				return errors.Join(w.core.Premium.Grant(ctx, premium.Entitlement{Member: hanako.ID, Plan: premium.Premium, Until: until}), w.core.Premium.Sweep(ctx))
			}, nil},
		{report.MeasureNews, "運営者からの連絡が1件あります", "運営者から大切な連絡があります。",
			func() error {
				_, err := w.core.Report.Measure(ctx, report.Measure{Member: hanako.ID, Kind: report.Warned, Reason: "宣伝です"})
				return err
			}, nil},
		{community.RequestNews, "コミュニティへの参加申し込みが1件届いています", "次郎さんが、コミュニティ「広場」への参加を申し込んでいます。",
			func() error { _, err := s.Join(ctx, core.Viewer{Member: jiro.ID}, square, "よろしく"); return err },
			func(string) {
				w.press(me, communityRequestsPath, url.Values{"id": {square.String()}, "member": {jiro.ID.String()}, "reject": {"1"}})
			}},
		{community.AcceptedNews, "参加が承認されたコミュニティが1件あります", "太郎さんが、コミュニティ「太郎の広場」への参加を承認しました。",
			func() error {
				if _, err := s.Join(ctx, core.Viewer{Member: hanako.ID}, taros, ""); err != nil {
					return err
				}
				return s.Answer(ctx, core.Viewer{Member: taro.ID}, taros, hanako.ID, true)
			}, nil},
		{community.MentionNews, "コミュニティで、あなたが呼ばれたコメントが1件あります", "太郎さんが、「自己紹介」のコメントであなたを呼びました。",
			func() error {
				t, err := s.Open(ctx, core.Viewer{Member: taro.ID}, taros, community.NewThread{Title: "自己紹介", Body: "どうぞ"}, nil)
				if err == nil {
					_, err = s.WriteComment(ctx, core.Viewer{Member: taro.ID}, taros, t.ID, community.NewComment{Body: "@花子さん、見てね"})
				}
				return err
			}, nil},
		{community.InvitationNews, "コミュニティへの招待が1件届いています", "太郎さんが、コミュニティ「もうひとつの広場」に誘っています。",
			func() error { return s.Invite(ctx, core.Viewer{Member: taro.ID}, another, hanako.ID) },
			func(string) {
				w.press(me, communityAnswerPath, url.Values{"id": {another.String()}, "dismiss": {"1"}})
			}},
		{community.OfferNews, "コミュニティの管理を頼まれています(1件)", "太郎さんが、コミュニティ「太郎の広場」の管理を頼んでいます。",
			func() error {
				return s.Offer(ctx, core.Viewer{Member: taro.ID}, taros, hanako.ID, core.RoleSubAdministrator)
			},
			func(string) {
				w.press(me, communityAnswerPath, url.Values{"id": {taros.String()}, "reject": {"1"}})
			}},
		{community.CommentNews, "コミュニティの書き込みに新しいコメントが1件あります", "太郎さんが、あなたの書き込み「はじめまして」にコメントを書きました。",
			func() error {
				if _, err := s.Join(ctx, core.Viewer{Member: taro.ID}, square, ""); err != nil {
					return err
				}
				if err := s.Answer(ctx, core.Viewer{Member: hanako.ID}, square, taro.ID, true); err != nil {
					return err
				}
				_, err := s.WriteComment(ctx, core.Viewer{Member: taro.ID}, square, topic.ID, community.NewComment{Body: "どうも"})
				return err
			}, nil},
		{community.LikeNews, "コミュニティの書き込みに新しいいいねが1件あります", "太郎さんが、あなたの書き込み「はじめまして」にいいねを付けました。",
			func() error { return s.Like(ctx, core.Viewer{Member: taro.ID}, topic.ID, 0) }, nil},
		{community.SuccessionNews, "あなたが管理人になったコミュニティが1件あります", "前の管理人が退会したので、あなたがコミュニティ「太郎の別荘」の管理人になりました。",
			func() error {
				c := w.commune(taro, "太郎の別荘", false)
				w.joins(c, hanako)
				return errors.Join(s.Offer(ctx, core.Viewer{Member: taro.ID}, c, hanako.ID, core.RoleSubAdministrator), s.AnswerOffer(ctx, core.Viewer{Member: hanako.ID}, c, true),
					s.Leave(ctx, core.Viewer{Member: taro.ID}, c))
			}, nil},
		{community.PlaceNews, "キャンセル待ちから参加になったイベントが1件あります", "キャンセル待ちのイベント「合宿」に空きができ、参加できるようになりました。",
			func() error {
				today := core.DayOf(w.clock.Now())
				e, err := s.OpenEvent(ctx, core.Viewer{Member: hanako.ID}, square, community.NewThread{Title: "合宿"}, community.NewEvent{Day: today.Add(3), Capacity: 1}, today)
				if err != nil {
					return err
				}
				for _, m := range []core.ID{taro.ID, hanako.ID} {
					if _, err := s.Attend(ctx, core.Viewer{Member: m}, square, e.ID, today); err != nil {
						return err
					}
				}
				return s.CancelAttendance(ctx, core.Viewer{Member: taro.ID}, square, e.ID, today)
			}, nil},
		{community.EventNews, "参加するイベントのお知らせが1件あります", "参加するイベント「太郎の会」についてお知らせがあります。",
			func() error {
				today := core.DayOf(w.clock.Now())
				e, err := s.OpenEvent(ctx, core.Viewer{Member: taro.ID}, square, community.NewThread{Title: "太郎の会"}, community.NewEvent{Day: today.Add(3)}, today)
				if err != nil {
					return err
				}
				if _, err := s.Attend(ctx, core.Viewer{Member: hanako.ID}, square, e.ID, today); err != nil {
					return err
				}
				if err := s.WriteToAttendees(ctx, core.Viewer{Member: taro.ID}, square, e.ID, "集合は駅前", false); err != nil {
					return err
				}
				return s.Settle(ctx)
			}, nil},
	}
	if len(rows) != len(network.NewsKinds) {
		t.Fatalf("%d kinds are tried, there are %d", len(rows), len(network.NewsKinds))
	}
	for _, r := range rows {
		t.Run(network.NewsKinds[r.kind].Key, func(t *testing.T) {
			if w.tells(me, r.home) {
				t.Fatal("home tells before it came")
			}
			if err := r.make(); err != nil {
				t.Fatal(err)
			}
			if !w.tells(me, r.home) {
				t.Fatalf("home does not tell %q:\n%s", r.home, me.get(homePath).body)
			}
			page := me.get(noticesPath)
			w.contains(page, r.sentence)
			before, _, _ := strings.Cut(page.body, r.sentence)
			path := strings.ReplaceAll(before[strings.LastIndex(before, `href="`)+len(`href="`):len(before)-2], "&amp;", "&")
			if got := me.get(path); got.status != 200 {
				t.Fatalf("it leads to %s: %d", path, got.status)
			}
			if r.clear != nil {
				if !w.tells(me, r.home) {
					t.Error("home forgets what waits for an answer")
				}
				r.clear(path)
			}
			for range 2 {
				if w.tells(me, r.home) {
					t.Error("it is still told after the look")
				}
				if r.clear == nil && !seen(me.get(noticesPath).body, r.sentence) {
					t.Errorf("notices do not have it among what was looked at:\n%s", me.get(noticesPath).body)
				}
				w.flush()
			}
		})
	}
}

// seen says whether a page of notices has the sentence, without the mark of what is new.
func seen(page, sentence string) bool {
	before, _, found := strings.Cut(page, sentence)
	return found && !strings.Contains(before[strings.LastIndex(before, "<li"):], `class="new"`)
}

// What was looked at stays for 90 days, and the number of what waits is in the menu of every page of a PC.
func TestNoticesKeepWhatWasSeen(t *testing.T) {
	w, hanako, taro := newPeople(t)
	me, ctx := w.as(hanako), context.Background()
	m, err := w.core.Letters.SendMessage(ctx, taro.ID, letters.NewMessage{To: hanako.ID, Subject: "こんにちは", Body: "本文"})
	if err != nil {
		t.Fatal(err)
	}
	const sentence = "太郎さんからメッセージが届いています。"
	w.contains(me.get("/settings"), `<a href="/notices">お知らせ <span class="count">(1)</span></a>`, `<a href="/messages">メッセージ <span class="count">(1)</span></a>`)
	me.get(messageIDPath(m.ID))
	if body := me.get("/settings").body; strings.Contains(body, `class="count"`) {
		t.Error("the menu counts what was looked at")
	}
	for _, day := range []int{0, 89} {
		w.clock.advance(time.Duration(day) * 24 * time.Hour)
		if err := w.core.News.SweepNews(ctx, w.clock.Now()); err != nil {
			t.Fatal(err)
		}
		if !seen(w.as(hanako).get(noticesPath).body, sentence) {
			t.Errorf("after %d days it is gone:\n%s", day, w.as(hanako).get(noticesPath).body)
		}
	}
	w.clock.advance(48 * time.Hour)
	if err := w.core.News.SweepNews(ctx, w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(w.as(hanako).get(noticesPath).body, sentence) {
		t.Error("after 91 days it is still there")
	}
}

// Unread messages are counted as they come, go into the trash and come back.
func TestNoticesOfMessages(t *testing.T) {
	w, hanako, taro := newPeople(t)
	ctx := context.Background()
	me := w.as(hanako)
	var sent [3]letters.Message
	for i := range sent {
		m, err := w.core.Letters.SendMessage(ctx, taro.ID, letters.NewMessage{To: hanako.ID, Subject: fmt.Sprint(i), Body: "本文"})
		if err != nil {
			t.Fatal(err)
		}
		sent[i] = m
	}
	steps := []struct {
		name string
		do   func() error
		want int
	}{
		{"three came", func() error { return nil }, 3},
		{"one was opened", func() error { _, err := w.core.Letters.OpenMessage(ctx, hanako.ID, sent[0].ID); return err }, 2},
		{"it was opened again", func() error { _, err := w.core.Letters.OpenMessage(ctx, hanako.ID, sent[0].ID); return err }, 2},
		{"an unread one into the trash", func() error { return w.core.Letters.TrashMessage(ctx, hanako.ID, sent[1].ID) }, 1},
		{"and back", func() error { return w.core.Letters.RestoreMessage(ctx, hanako.ID, sent[1].ID) }, 2},
		{"a read one into the trash and back", func() error {
			if err := w.core.Letters.TrashMessage(ctx, hanako.ID, sent[0].ID); err != nil {
				return err
			}
			return w.core.Letters.RestoreMessage(ctx, hanako.ID, sent[0].ID)
		}, 2},
		{"the trash emptied of one", func() error {
			if err := w.core.Letters.TrashMessage(ctx, hanako.ID, sent[2].ID); err != nil {
				return err
			}
			return w.core.Letters.EmptyTrash(ctx, hanako.ID)
		}, 1},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			t.Fatal(s.name, err)
		}
		if !w.tells(me, fmt.Sprintf("新しいメッセージが%d件あります", s.want)) {
			t.Errorf("%s: home does not count %d", s.name, s.want)
		}
	}
	if n := len(w.letters()); n != 1 {
		t.Errorf("%d letters about three messages of one friend, want 1", n)
	}
}

// What is taken back is not told any more; what was said beside it is.
func TestNoticesTakenBack(t *testing.T) {
	w, hanako, taro := newPeople(t)
	ctx := context.Background()
	me := w.as(hanako)
	d := w.diary(hanako, "花見", core.Friends)
	first, second := w.comments(taro, d), w.comments(taro, d)
	if err := w.core.Talk.DeleteComment(ctx, taro.ID, journal.DiaryThread(d.Owner, d.ID), first.ID); err != nil {
		t.Fatal(err)
	}
	if !w.tells(me, "新しいコメントが1件") {
		t.Error("one of two comments is left, and home does not say so")
	}
	if err := w.core.Talk.DeleteComment(ctx, taro.ID, journal.DiaryThread(d.Owner, d.ID), second.ID); err != nil {
		t.Fatal(err)
	}
	if w.tells(me, "新しいコメント") {
		t.Error("home tells of comments that are deleted")
	}
	seen := w.comments(taro, d)
	me.get(diaryPath(d.Owner, d.ID))
	w.flush()
	w.clock.advance(time.Minute)
	w.comments(taro, d)
	if err := w.core.Talk.DeleteComment(ctx, taro.ID, journal.DiaryThread(d.Owner, d.ID), seen.ID); err != nil {
		t.Fatal(err)
	}
	if !w.tells(me, "新しいコメントが1件") {
		t.Error("deleting an old comment took a new one's notice")
	}
	if err := w.core.Journal.DeleteDiary(ctx, hanako.ID, d.ID); err != nil {
		t.Fatal(err)
	}
	if w.tells(me, "新しいコメント") {
		t.Error("home tells of an entry that is deleted")
	}
}

// A look of one member leaves another's notices; no more than MaxNews wait.
func TestNoticesAreBounded(t *testing.T) {
	w, hanako, taro := newPeople(t)
	w.friends(taro, w.member("次郎"))
	ctx := context.Background()
	for i := range news.MaxNews + 20 {
		w.clock.advance(time.Second)
		if _, err := w.core.Letters.SendMessage(ctx, taro.ID, letters.NewMessage{To: hanako.ID, Subject: fmt.Sprint(i), Body: "本文"}); err != nil {
			t.Fatal(err)
		}
	}
	me := w.as(hanako)
	if !w.tells(me, fmt.Sprintf("新しいメッセージが%d件あります", news.MaxNews)) {
		t.Errorf("home counts further than %d", news.MaxNews)
	}
	rows, err := w.store.News.News(ctx, hanako.ID)
	if err != nil || len(rows) != news.MaxNews {
		t.Errorf("%d rows wait, %v", len(rows), err)
	}
	if n := strings.Count(me.get(noticesPath).body, "太郎さんから"); n != noticeRows {
		t.Errorf("a page has %d lines, want %d", n, noticeRows)
	}
	w.contains(me.get(noticesPath+"?page=5"), "太郎さんから")
	w.contains(me.get(noticesPath+"?page=6"), "新しいお知らせはありません")
	if w.tells(w.as(taro), "新しいメッセージ") {
		t.Error("the sender is told of what they sent")
	}
}

// The letter about news says who and what, has a link without a token, and nothing that was written in private (SEC-93); it
// is there in the same moment as what it tells of, in the receiver's language.
func TestSEC93_NewsLetters(t *testing.T) {
	w, hanako, taro := newPeople(t)
	ctx := context.Background()
	d := w.diary(hanako, "花見", core.Friends)
	w.comments(taro, d)
	if _, err := w.core.Letters.SendMessage(ctx, taro.ID, letters.NewMessage{To: hanako.ID, Subject: "ひみつの件", Body: "ひみつの文"}); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Account.SetPreferences(ctx, hanako.ID, account.Preferences{Language: "en"}); err != nil {
		t.Fatal(err)
	}
	if err := w.core.People.WriteEndorsement(ctx, taro.ID, hanako.ID, "ひみつの仲", "ひみつの紹介", time.Time{}); err != nil {
		t.Fatal(err)
	}
	letters := w.letters()
	if len(letters) != 3 {
		t.Fatalf("%d letters, want 3", len(letters))
	}
	for _, l := range letters {
		if l.To != mailOf(hanako) {
			t.Errorf("a letter to %s", l.To)
		}
		if strings.Contains(l.Subject+l.Body, "ひみつ") {
			t.Errorf("the letter has what was written in private:\n%s\n%s", l.Subject, l.Body)
		}
		link := linkPattern.FindStringSubmatch(l.Body)
		if link == nil {
			t.Fatalf("no link:\n%s", l.Body)
		}
		if r := w.browser().get(link[1]); r.status != 302 || !strings.HasPrefix(r.location, "/?next=") {
			t.Errorf("%s opens without a login: %d to %q", link[1], r.status, r.location)
		}
		if r := w.as(hanako).get(link[1]); r.status != 200 {
			t.Errorf("%s after the login: %d", link[1], r.status)
		}
	}
	if !strings.Contains(letters[2].Body, "太郎さんが、あなたの日記「花見」にコメントを書きました。") || letters[2].Subject != "musubi: 日記へのコメント" {
		t.Errorf("the letter about the comment:\n%s\n%s", letters[2].Subject, letters[2].Body)
	}
	if !strings.Contains(letters[0].Body, "太郎 wrote an endorsement of you.") {
		t.Errorf("the letter in English:\n%s\n%s", letters[0].Subject, letters[0].Body)
	}
	boom := fmt.Errorf("undo")
	before := len(w.letters())
	err := w.core.Bulk(ctx, func(ctx context.Context) error {
		w.clock.advance(2 * time.Hour)
		other := w.entryOf(ctx, hanako)
		if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, journal.DiaryThread(hanako.ID, other.ID), "返事", time.Time{}); err != nil {
			t.Error(err)
		}
		return boom
	})
	if err != boom || len(w.letters()) != before {
		t.Errorf("a comment that was undone left a letter, %v", err)
	}
}

// entryOf writes an entry inside a transaction.
func (w *world) entryOf(ctx context.Context, m core.Member) journal.Diary {
	d, err := w.core.Journal.WriteDiary(ctx, m.ID, journal.NewDiary{Title: "題", Body: "本文", Visibility: core.Friends})
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// Letters go where the member chose for that kind, or nowhere.
func TestNewsLettersGoWhereChosen(t *testing.T) {
	w, hanako, taro := newPeople(t)
	ctx := context.Background()
	const handset = "hanako@docomo.ne.jp"
	if err := w.store.Account.PutAddress(ctx, hanako.ID, account.Address{Mail: handset}); err != nil {
		t.Fatal(err)
	}
	me := w.as(hanako)
	w.contains(me.get(newsLettersPath), `name="`+letterField(journal.CommentNews)+`"`, "日記へのコメント")
	for choice, want := range [][]string{{}, {mailOf(hanako)}, {handset}, {mailOf(hanako), handset}} {
		if got := w.press(me, newsLettersPath, url.Values{letterField(journal.CommentNews): {fmt.Sprint(choice)}, letterField(letters.MessageNews): {"9"}}); got.location != "/settings" {
			t.Fatalf("choosing %d: %d", choice, got.status)
		}
		w.contains(me.get(newsLettersPath), fmt.Sprintf(`value="%d" selected>%s`, choice, catalogue[fmt.Sprintf("newsletters.%d", choice)][japanese]))
		before := len(w.letters())
		w.comments(taro, w.entryOf(ctx, hanako))
		var got []string
		for _, l := range w.letters()[:len(w.letters())-before] {
			got = append(got, l.To)
			if l.To == handset && len(l.Body) > 300 {
				t.Errorf("a letter of %d bytes to a handset:\n%s", len(l.Body), l.Body)
			}
		}
		if len(got) != len(want) || !strings.Contains(fmt.Sprint(got), strings.Trim(fmt.Sprint(want), "[]")) && len(want) == 1 {
			t.Errorf("choice %d: letters to %v, want %v", choice, got, want)
		}
	}
	// what the form said of messages was none of the choices: they stay as they were
	if choices, err := w.core.News.NewsLetters(ctx, hanako.ID); err != nil || choices[letters.MessageNews] != network.NewsKinds[letters.MessageNews].Letters {
		t.Errorf("messages: %+v, %v", choices[letters.MessageNews], err)
	}
}

// Ten comments in an hour are one letter; after the member has looked and an hour has passed there is another. Nobody can make
// more than MaxLetters in an hour.
func TestNewsLettersFold(t *testing.T) {
	w, hanako, taro := newPeople(t)
	jiro := w.member("次郎")
	w.friends(hanako, jiro)
	ctx := context.Background()
	me := w.as(hanako)
	d := w.diary(hanako, "花見", core.Friends)
	for range 10 {
		w.comments(taro, d)
		w.comments(jiro, d)
	}
	count := func(want int, when string) {
		t.Helper()
		if n := len(w.letters()); n != want {
			t.Fatalf("%s: %d letters, want %d", when, n, want)
		}
	}
	count(1, "twenty comments")
	w.clock.advance(3 * time.Hour)
	w.comments(taro, d)
	count(1, "not looked, three hours later")
	me.get(diaryPath(d.Owner, d.ID))
	w.flush()
	w.comments(taro, d)
	count(2, "looked, three hours later")
	me.get(diaryPath(d.Owner, d.ID))
	w.flush()
	w.comments(taro, d)
	count(2, "looked, in the same hour")
	for range 5 { // asking and taking back
		if _, err := w.core.People.RequestFriend(ctx, w.stranger("四郎").ID, hanako.ID, ""); err != nil {
			t.Fatal(err)
		}
		if err := w.core.People.WithdrawRequest(ctx, w.stranger("四郎").ID, hanako.ID); err != nil {
			t.Fatal(err)
		}
	}
	count(3, "a request that was taken back four times")
	for range news.MaxLetters + 5 {
		w.comments(taro, w.entryOf(ctx, hanako))
	}
	count(1+news.MaxLetters, "comments on many entries") // the first letter was three hours before
	w.clock.advance(time.Hour)
	w.comments(taro, w.entryOf(ctx, hanako))
	count(2+news.MaxLetters, "an hour later")
	if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, journal.DiaryThread(hanako.ID, w.entryOf(ctx, hanako).ID), "きのうの返事", w.clock.Now().Add(-24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	count(2+news.MaxLetters, "a comment of yesterday")
	rows, err := w.store.News.News(ctx, hanako.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.core.Talk.WriteComment(ctx, core.Viewer{Member: taro.ID}, journal.DiaryThread(hanako.ID, w.entryOf(ctx, hanako).ID), "昔の返事", w.clock.Now().Add(-72*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if after, err := w.store.News.News(ctx, hanako.ID); err != nil || len(after) != len(rows) {
		t.Errorf("a comment of three days ago is news: %d and %d rows, %v", len(rows), len(after), err)
	}
	if err := w.core.Chores.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if told, err := w.store.News.Told(ctx, hanako.ID, time.Time{}); err != nil || len(told) != 1 {
		t.Errorf("after the sweep %d letters are remembered, want 1, %v", len(told), err)
	}
}

// stranger is the member of the name, made when there is none.
func (w *world) stranger(name string) core.Member {
	w.t.Helper()
	id, _, err := w.store.Account.Credentials(context.Background(), mailOf(core.Member{Name: name}))
	if err != nil {
		return w.member(name)
	}
	m, err := w.store.Desk.Member(context.Background(), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

// Nobody is told of themselves, of who is behind a block or suspended, on home, on the page or by mail (SEC-112, SEC-113).
func TestSEC113_NewsOfTheBlocked(t *testing.T) {
	w, hanako, taro := newPeople(t)
	ctx := context.Background()
	jiro := w.member("次郎")
	w.friends(hanako, jiro)
	me := w.as(hanako)
	d := w.diary(hanako, "花見", core.Friends)
	w.comments(hanako, d)
	if w.tells(me, "新しいコメント") || len(w.letters()) != 0 {
		t.Error("one's own comment is told")
	}
	w.comments(taro, d)
	w.comments(jiro, d)
	if !w.tells(me, "新しいコメントが2件") {
		t.Fatal("two comments are not told")
	}
	if err := w.core.People.Block(ctx, hanako.ID, taro.ID); err != nil {
		t.Fatal(err)
	}
	if !w.tells(me, "新しいコメントが1件") || strings.Contains(me.get(noticesPath).body, "太郎") {
		t.Error("somebody behind a block is told of")
	}
	if err := w.core.People.Unblock(ctx, hanako.ID, taro.ID); err != nil {
		t.Fatal(err)
	}
	if !w.tells(me, "新しいコメントが2件") {
		t.Error("what waited before the block does not wait after it")
	}
	if err := w.core.People.Block(ctx, taro.ID, hanako.ID); err != nil {
		t.Fatal(err)
	}
	if err := w.store.Desk.SetStatus(ctx, jiro.ID, core.Held); err != nil {
		t.Fatal(err)
	}
	if w.tells(me, "新しいコメント") || strings.Contains(me.get(noticesPath).body, "次郎") {
		t.Error("a suspended member is told of")
	}
	before := len(w.letters())
	w.core.People.LeaveFootprint(taro.ID, hanako.ID, w.clock.Now())
	if err := w.core.People.SetRound(ctx, hanako.ID, "1"); err != nil {
		t.Fatal(err)
	}
	if err := w.core.People.FlushVisits(ctx); err != nil {
		t.Fatal(err)
	}
	if w.tells(me, "キリ番") || len(w.letters()) != before {
		t.Error("a blocked member's visit is told")
	}
}
