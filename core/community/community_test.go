package community_test

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/outbox"
	"musubi/core/store"
)

// keep is a core.PhotoMaker that stores what it is given.
type keep struct{}

func (keep) MakePhoto(_ context.Context, upload []byte) (core.MadePhoto, error) {
	return core.MadePhoto{Bytes: bytes.Clone(upload), Type: "image/png", Width: 1, Height: 1}, nil
}

// town is the real network with a clock and some members.
type town struct {
	*testing.T
	*network.Services
	db  *store.Store
	now time.Time

	owner, sub, anna, ben, cleo core.ID // cleo is in nothing
}

func newTown(t *testing.T) *town {
	dir := t.TempDir()
	w := &town{T: t, now: time.Date(2007, 3, 3, 12, 0, 0, 0, time.UTC)}
	var err error
	w.db, err = store.Open(t.Context(), store.Config{Path: filepath.Join(dir, "musubi.db"), Rehearse: true})
	w.must(err)
	t.Cleanup(func() { w.db.Close() })
	var clock sync.Mutex
	w.Services, err = network.New(network.Config{Stores: w.db.Stores(), Blobs: files.Blobs(filepath.Join(dir, "blobs")), Photos: keep{}, Secret: bytes.Repeat([]byte("k"), 32),
		TopicComments: 20, Now: func() time.Time {
			clock.Lock()
			defer clock.Unlock()
			w.now = w.now.Add(time.Millisecond)
			return w.now
		}})
	w.must(err)
	for i, m := range []*core.ID{&w.owner, &w.sub, &w.anna, &w.ben, &w.cleo} {
		name := []string{"owner", "sub", "anna", "ben", "cleo"}[i]
		made, err := w.Account.CreateMember(t.Context(), account.NewMember{Name: name, Mail: name + "@example.jp", PasswordHash: "none"})
		w.must(err)
		*m = made.ID
	}
	return w
}

func (w *town) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// want fails unless err is the one expected.
func (w *town) want(err, expected error, what string) {
	w.Helper()
	if !errors.Is(err, expected) {
		w.Errorf("%s: %v, want %v", what, err, expected)
	}
}

func as(id core.ID) core.Viewer { return core.Viewer{Member: id} }

// founds makes a community of the owner with members.
func (w *town) founds(n community.NewCommunity, members ...core.ID) core.ID {
	w.Helper()
	n.Name, n.Description, n.Category = "間取り図大好き", "間取りを見るのが好きな人へ", 111
	c, err := w.Community.Create(w.Context(), w.owner, n)
	w.must(err)
	for _, m := range members {
		asked, err := w.Community.Join(w.Context(), as(m), c.ID, "")
		w.must(err)
		if asked {
			w.must(w.Community.Answer(w.Context(), as(w.owner), c.ID, m, true))
		}
	}
	return c.ID
}

func (w *town) opens(by, id core.ID, title string) community.Thread {
	w.Helper()
	t, err := w.Community.Open(w.Context(), as(by), id, community.NewThread{Title: title, Body: "本文"}, nil)
	w.must(err)
	return t
}

func (w *town) look(by, id core.ID) community.Seen {
	w.Helper()
	c, err := w.Community.Look(w.Context(), as(by), id)
	w.must(err)
	return c
}

func TestJoiningLeavingAndGoverning(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{Approval: true}, w.sub, w.anna)
	if c := w.look(w.cleo, id); c.Members != 3 || c.Role != core.RoleNone || c.MayWrite() {
		t.Errorf("a stranger sees %+v", c)
	}
	w.want(s.Answer(ctx, as(w.anna), id, w.ben, true), core.ErrNotFound, "a member lets in")
	asked, err := s.Join(ctx, as(w.ben), id, "入れてください")
	if w.must(err); !asked || w.look(w.ben, id).IsMember() {
		t.Error("joined a community with approval at once")
	}
	w.must(s.Offer(ctx, as(w.owner), id, w.sub, core.RoleSubAdministrator))
	if c := w.look(w.sub, id); c.MayGovern() || c.Offered != core.RoleSubAdministrator {
		t.Errorf("governs before accepting: %+v", c.Membership)
	}
	w.must(s.AnswerOffer(ctx, as(w.sub), id, true))
	w.must(s.Answer(ctx, as(w.sub), id, w.ben, true))
	w.want(s.Expel(ctx, as(w.sub), id, w.owner, false), core.ErrNotFound, "a sub-administrator expels the administrator")
	w.want(s.Offer(ctx, as(w.sub), id, w.anna, core.RoleSubAdministrator), core.ErrNotFound, "a sub-administrator names another")
	w.must(s.Expel(ctx, as(w.sub), id, w.ben, true))
	_, err = s.Join(ctx, as(w.ben), id, "")
	w.want(err, core.ErrNotFound, "one who was put out comes back")
	if _, err := s.Read(ctx, as(w.ben), id); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("one who was put out reads: %v", err)
	}
	w.must(s.Unblock(ctx, as(w.owner), id, w.ben))
	_, err = s.Join(ctx, as(w.ben), id, "")
	w.must(err)
	if c := w.look(w.owner, id); c.Members != 3 {
		t.Errorf("%d members, want 3", c.Members)
	}
	w.must(s.Offer(ctx, as(w.owner), id, w.anna, core.RoleAdministrator))
	w.must(s.AnswerOffer(ctx, as(w.anna), id, true))
	if c := w.look(w.anna, id); !c.MayOwn() || c.Administrator != w.anna || w.look(w.owner, id).Role != core.RoleMember {
		t.Errorf("after handing over: %+v", c)
	}
	w.must(s.Leave(ctx, as(w.anna), id)) // the sub-administrator follows
	if c := w.look(w.sub, id); !c.MayOwn() || c.Administrator != w.sub || c.Members != 2 {
		t.Errorf("after the administrator left: %+v", c)
	}
	w.want(s.Leave(ctx, as(w.sub), id), community.ErrHandOverFirst, "an administrator without a successor leaves")
}

// TestSEC115_AdministratorsWhoLeaveAreFollowed: by those who take it on, and without any nobody writes after a month.
func TestSEC115_AdministratorsWhoLeaveAreFollowed(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna, w.ben)
	topic := w.opens(w.owner, id, "はじめまして")
	for _, m := range []core.ID{w.owner, w.anna} {
		_, err := s.WriteComment(ctx, as(m), id, topic.ID, community.NewComment{Body: "どうも"})
		w.must(err)
	}
	w.must(w.Chores.Remove(ctx, w.owner, "operator"))
	for range 2 {
		w.now = w.now.Add(time.Minute)
		w.must(w.Chores.PurgeLeft(ctx))
	}
	c, thread, err := s.Thread(ctx, as(w.anna), id, topic.ID)
	if w.must(err); c.Administrator != 0 || c.VacantSince.IsZero() || c.Members != 2 || thread.Author != 0 || thread.Body != "" || thread.Comments != 2 {
		t.Errorf("after the administrator left the site: %+v %+v", c, thread)
	}
	list, err := s.Comments(ctx, &c, &thread, 1, 10)
	if w.must(err); len(list) != 2 || !list[0].Removed || list[1].Removed || list[1].Number != 2 {
		t.Errorf("comments: %+v", list)
	}
	w.now = w.now.Add(community.VacantFor + time.Hour)
	_, err = s.WriteComment(ctx, as(w.anna), id, topic.ID, community.NewComment{Body: "まだ?"})
	w.want(err, community.ErrReadOnly, "writing where nobody governs")
	w.must(s.Volunteer(ctx, as(w.ben), id))
	w.want(s.Volunteer(ctx, as(w.anna), id), core.ErrNotFound, "a second successor")
	_, err = s.WriteComment(ctx, as(w.anna), id, topic.ID, community.NewComment{Body: "よかった"})
	w.must(err)
}

func TestNumbersAreGivenOnceByManyAtTheSameTime(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna, w.ben)
	topic := w.opens(w.anna, id, "数える")
	var wg sync.WaitGroup
	var mu sync.Mutex
	got, full := map[int]int{}, 0
	for i := range 64 { // the topic takes 20
		wg.Go(func() {
			m, err := s.WriteComment(ctx, as([]core.ID{w.anna, w.ben, w.owner}[i%3]), id, topic.ID, community.NewComment{Body: "今"})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				got[m.Number]++
			case errors.Is(err, community.ErrThreadFull):
				full++
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	for n := 1; n <= 20; n++ {
		if got[n] != 1 {
			t.Errorf("the number %d was given %d times", n, got[n])
		}
	}
	if len(got) != 20 || full != 44 {
		t.Errorf("%d numbers, %d refused", len(got), full)
	}
	c, now, err := s.Thread(ctx, as(w.cleo), id, topic.ID)
	w.must(err)
	list, err := s.Comments(ctx, &c, &now, 1, 1000)
	if w.must(err); now.Comments != 20 || len(list) != 20 || !s.Full(&now) {
		t.Errorf("%d comments, %d listed", now.Comments, len(list))
	}
	w.must(s.RemoveComment(ctx, as(w.owner), id, topic.ID, 20))
	if _, err := s.WriteComment(ctx, as(w.anna), id, topic.ID, community.NewComment{Body: "空いた?"}); !errors.Is(err, community.ErrThreadFull) {
		t.Errorf("a number was given again: %v", err)
	}
	second, err := s.Open(ctx, as(w.ben), id, community.NewThread{Title: "数える 2", Body: "続き", Previous: topic.ID}, nil)
	w.must(err)
	if _, before, _ := s.Thread(ctx, as(w.anna), id, topic.ID); before.Next != second.ID || second.Previous != topic.ID {
		t.Errorf("not linked: %d after %d, %d before %d", before.Next, topic.ID, second.Previous, second.ID)
	}
	if _, err := s.Open(ctx, as(w.ben), id, community.NewThread{Title: "数える 3", Body: "続き", Previous: topic.ID}, nil); !errors.Is(err, community.ErrSuccessor) {
		t.Errorf("two topics go on from one: %v", err)
	}
}

func TestTopicsAreSortedAndMerged(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	one, two := w.founds(community.NewCommunity{}, w.anna), w.founds(community.NewCommunity{}, w.anna)
	first, second, other := w.opens(w.owner, one, "first"), w.opens(w.owner, one, "second"), w.opens(w.owner, two, "other")
	_, err := s.WriteComment(ctx, as(w.anna), one, first.ID, community.NewComment{Body: "上へ"})
	w.must(err)
	w.must(s.EditThread(ctx, as(w.owner), one, second.ID, community.NewThread{Title: "second", Body: "直した"}, nil)) // moves nothing
	order := func(what string, list []community.Thread, err error, want ...core.ID) {
		t.Helper()
		w.must(err)
		if len(list) != len(want) {
			t.Fatalf("%s: %d threads, want %d", what, len(list), len(want))
		}
		for i := range want {
			if list[i].ID != want[i] {
				t.Errorf("%s: %q is number %d", what, list[i].Title, i)
			}
		}
	}
	seen := w.look(w.cleo, one)
	list, _, err := s.Threads(ctx, &seen, community.TopicThread, core.Page{Size: 9})
	order("topics", list, err, first.ID, second.ID)
	w.must(s.Pin(ctx, as(w.owner), one, second.ID, true))
	list, _, err = s.Threads(ctx, &seen, community.TopicThread, core.Page{Size: 9})
	order("pinned", list, err, second.ID, first.ID)
	list, _, err = s.Newest(ctx, w.anna, core.Page{Size: 9})
	order("home", list, err, first.ID, other.ID, second.ID)
	if !list[1].Unread || list[1].CommunityName == "" {
		t.Errorf("home shows %+v", list[1])
	}
	s.MarkRead(w.anna, &list[1])
	w.must(s.Choose(ctx, as(w.anna), one, community.Choices{}))
	list, _, err = s.Newest(ctx, w.anna, core.Page{Size: 9})
	order("home without one", list, err, other.ID)
	if list[0].Unread {
		t.Error("a topic that was opened is unread")
	}
	list, _, err = s.Commented(ctx, w.anna, core.Page{Size: 9})
	order("commented", list, err, first.ID)
}

// plain writes letters of titles alone.
type plain struct{}

func (plain) BoardLetter(to core.Member, threads []community.Thread, handset bool) outbox.Mail {
	m := outbox.Mail{Subject: "board"}
	for _, t := range threads {
		m.Body += t.CommunityName + "/" + t.Title + "\n"
	}
	return m
}

// letters are the bodies of what waits to go out to a member.
func (w *town) letters(to string) (bodies []string) {
	w.Helper()
	list, _, err := w.Outbox.Letters(w.Context(), core.Page{Size: 100})
	w.must(err)
	for _, l := range list {
		if l.To == to+"@example.jp" && l.Subject == "board" {
			bodies = append(bodies, l.Body)
		}
	}
	return bodies
}

func TestLettersOfEachPostAndOfTheDay(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	s.UseWriter(plain{})
	id := w.founds(community.NewCommunity{}, w.sub, w.anna, w.ben)
	w.must(s.Choose(ctx, as(w.anna), id, community.Choices{OnHome: true, Letters: community.Each}))
	w.must(s.Choose(ctx, as(w.sub), id, community.Choices{OnHome: true, Letters: community.Each}))
	w.must(s.Choose(ctx, as(w.ben), id, community.Choices{OnHome: true, Letters: community.Digest}))
	w.must(w.People.Block(ctx, w.sub, w.owner)) // ends letters between the two, and hides nothing
	topic := w.opens(w.owner, id, "一")
	_, err := s.WriteComment(ctx, as(w.anna), id, topic.ID, community.NewComment{Body: "自分の"})
	w.must(err)
	for range 3 {
		w.must(s.SendLetters(ctx))
	}
	if got := w.letters("anna"); len(got) != 1 || got[0] != "間取り図大好き/一\n" {
		t.Errorf("anna has %q: one of the topic, none of her own comment", got)
	}
	if got := w.letters("sub"); len(got) != 1 {
		t.Errorf("sub has %q: none of the owner, whom a block hides", got)
	}
	if c, now, err := s.Thread(ctx, as(w.sub), id, topic.ID); err != nil || now.Body != "本文" || !c.MayRead() {
		t.Errorf("a block hides a post on a shared board: %+v, %v", now, err)
	}
	if got := w.letters("ben"); len(got) != 0 {
		t.Errorf("ben has %q before the day's letter", got)
	}
	for range 2 { // the second one finds that it was sent
		w.must(s.Sweep(ctx))
	}
	if got := w.letters("ben"); len(got) != 1 || got[0] != "間取り図大好き/一\n" {
		t.Errorf("ben has %q", got)
	}
}

func TestDeletedTakenBackAndGone(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna)
	topic := w.opens(w.anna, id, "題")
	for range 3 {
		_, err := s.WriteComment(ctx, as(w.anna), id, topic.ID, community.NewComment{Body: "あ"})
		w.must(err)
	}
	w.must(s.AddBookmark(ctx, as(w.cleo), id))
	w.want(s.Delete(ctx, as(w.anna), id), core.ErrNotFound, "a member deletes the community")
	w.must(s.Delete(ctx, as(w.owner), id))
	_, err := s.Look(ctx, as(w.anna), id)
	w.want(err, core.ErrNotFound, "a member looks at a deleted community")
	if _, _, err := s.Thread(ctx, as(w.owner), id, topic.ID); err != nil {
		t.Errorf("its administrator does not see what goes: %v", err)
	}
	w.now = w.now.Add(community.TakeBackWithin - time.Hour)
	w.must(s.Sweep(ctx))
	w.must(s.TakeBack(ctx, as(w.owner), id))
	if c := w.look(w.anna, id); !c.MayWrite() {
		t.Error("taken back, but not whole")
	}
	w.must(s.Delete(ctx, as(w.owner), id))
	w.now = w.now.Add(community.TakeBackWithin + time.Hour)
	w.must(s.Sweep(ctx))
	for _, table := range []string{"community", "community_member", "community_thread", "community_comment", "community_bookmark", "community_commented"} {
		var n int
		w.must(w.db.Engine().On(ctx).Row(ctx, `SELECT count(*) FROM `+table).Scan(&n))
		if n != 0 {
			t.Errorf("%d rows of %s are left", n, table)
		}
	}
}

func TestFoundByWordsCategoryAndLife(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	big := w.founds(community.NewCommunity{}, w.anna, w.ben)
	small := w.founds(community.NewCommunity{}, w.anna)
	hidden := w.founds(community.NewCommunity{Hidden: true})
	w.opens(w.anna, small, "いま")
	w.must(w.Search.UpdateSearch(ctx))
	for _, words := range []string{"", "間取り"} {
		for order, want := range map[community.Order][]core.ID{community.ByMembers: {big, small}, community.ByLife: {small, big}} {
			list, _, err := s.Find(ctx, as(w.cleo), community.Query{Words: words, Category: 111, Order: order}, core.Page{Size: 9})
			if w.must(err); len(list) != 2 || list[0].ID != want[0] || list[1].ID != want[1] {
				t.Errorf("%q in order %d: %+v", words, order, list)
			}
		}
		list, _, err := s.Find(ctx, as(w.cleo), community.Query{Words: words, Category: 101}, core.Page{Size: 9})
		if w.must(err); len(list) != 0 {
			t.Errorf("found in another category: %+v", list)
		}
	}
	_, err := s.Look(ctx, as(w.cleo), hidden)
	w.want(err, core.ErrNotFound, "a stranger looks at a hidden community")
	w.must(w.People.LinkFriends(ctx, w.owner, w.cleo, w.now, time.Time{}))
	w.must(s.Invite(ctx, as(w.owner), hidden, w.cleo))
	if c := w.look(w.cleo, hidden); !c.Invited || c.MayRead() {
		t.Errorf("who is invited looks and does not read: %+v", c.Membership)
	}
	_, err = s.Join(ctx, as(w.cleo), hidden, "")
	w.must(err)
	if c := w.look(w.cleo, hidden); !c.MayWrite() {
		t.Error("who was invited joins")
	}
}

func TestAnnouncementsOnceAWeek(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	id := w.founds(community.NewCommunity{}, w.anna)
	w.want(s.Announce(ctx, as(w.anna), id, "わたしから"), core.ErrNotFound, "a member announces")
	w.must(s.Announce(ctx, as(w.owner), id, "オフ会をします"))
	w.want(s.Announce(ctx, as(w.owner), id, "もう一度"), community.ErrAnnounced, "a second one in a week")
	told, err := s.Waitings(ctx, w.anna)
	if w.must(err); len(told) != 1 || !told[0].Announced {
		t.Errorf("home tells %+v", told)
	}
	list, _, err := s.Announcements(ctx, as(w.anna), id, core.Page{Size: 9})
	if w.must(err); len(list) != 1 || list[0].Body != "オフ会をします" {
		t.Errorf("announced %+v", list)
	}
	if told, err := s.Waitings(ctx, w.anna); err != nil || len(told) != 0 {
		t.Errorf("home tells %+v after the look, %v", told, err)
	}
	if told, err := s.Waitings(ctx, w.owner); err != nil || len(told) != 0 {
		t.Errorf("home tells the author %+v, %v", told, err)
	}
	w.now = w.now.Add(8 * 24 * time.Hour)
	w.must(s.Announce(ctx, as(w.owner), id, "次の週"))
}

func TestRecommendedByWhatMembersShare(t *testing.T) {
	w := newTown(t)
	ctx, s := t.Context(), w.Community
	all := []core.ID{w.sub, w.anna, w.ben, w.cleo}
	one, two, tiny := w.founds(community.NewCommunity{}, all...), w.founds(community.NewCommunity{}, all...), w.founds(community.NewCommunity{}, w.anna)
	hidden := w.founds(community.NewCommunity{Hidden: true})
	for _, m := range all {
		w.must(w.People.LinkFriends(ctx, w.owner, m, w.now, time.Time{}))
		w.must(s.Invite(ctx, as(w.owner), hidden, m))
		_, err := s.Join(ctx, as(m), hidden, "")
		w.must(err)
	}
	w.must(s.Sweep(ctx))
	seen := w.look(w.anna, one)
	list, err := s.Recommended(ctx, &seen)
	if w.must(err); len(list) != 1 || list[0].ID != two {
		t.Errorf("recommended %+v; %d is small, %d hidden", list, tiny, hidden)
	}
}
