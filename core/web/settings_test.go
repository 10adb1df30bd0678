package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
)

// PC and handset at once: both logins are listed, one ends the other, and it is out on the next request (SEC-24).
func TestSEC24_SessionsAreListedAndEnded(t *testing.T) {
	w := newWorld(t)
	m := w.member("甲")
	pc, phone := w.as(m), w.as(m)
	other := w.as(w.member("乙"))
	page := pc.get(sessionsPath)
	if n := strings.Count(page.body, "<article"); n != 2 {
		t.Fatalf("%d sessions are listed, want 2", n)
	}
	w.contains(page, "この端末")
	key := w.sessionKey(phone)
	if got := w.press(other, sessionsPath, url.Values{"session": {key}}); got.status != 404 {
		t.Errorf("another member ending it: %d", got.status)
	}
	if phone.get("/home").status != 200 {
		t.Fatal("the session ended too early")
	}
	w.press(pc, sessionsPath, url.Values{"session": {key}})
	if got := phone.get("/home"); got.status != 302 {
		t.Errorf("after the end: %d", got.status)
	}
	third := w.as(m)
	w.press(pc, sessionsPath, url.Values{"others": {"1"}})
	if third.get("/home").status != 302 || pc.get("/home").status != 200 {
		t.Error("ending all others ended the wrong ones")
	}
}

func TestSEC24_PasswordChangeEndsOtherSessions(t *testing.T) {
	w := newWorld(t)
	m := w.member("甲")
	pc, phone := w.as(m), w.as(m)
	w.contains(w.press(pc, passwordPath, url.Values{"old": {"not this one"}, "password": {"a brand new sentence"}}), "old-error")
	w.contains(w.press(pc, passwordPath, url.Values{"old": {password}, "password": {"short"}}), "password-error")
	if got := w.press(pc, passwordPath, url.Values{"old": {password}, "password": {"a brand new sentence"}}); got.location != sessionsPath {
		t.Fatalf("changing: %d to %q", got.status, got.location)
	}
	if phone.get("/home").status != 302 || pc.get("/home").status != 200 {
		t.Error("the wrong sessions ended")
	}
	ctx := context.Background()
	if _, _, err := w.core.Account.Login(ctx, mailOf(m), password, "PC"); err == nil {
		t.Error("the old password still works")
	}
	if _, _, err := w.core.Account.Login(ctx, mailOf(m), "a brand new sentence", "PC"); err != nil {
		t.Errorf("the new password: %v", err)
	}
}

func TestPreferences(t *testing.T) {
	w := newWorld(t)
	m := w.member("甲")
	b := w.as(m)
	w.contains(b.get(preferencesPath), "日本語", "新しい日記・アルバムの公開範囲")
	w.contains(w.press(b, preferencesPath, url.Values{"language": {"tlh"}, "visibility": {"1"}}), "一覧から選んでください")
	w.press(b, preferencesPath, url.Values{"language": {"en"}, "visibility": {"1"}})
	w.contains(b.get("/settings"), "Settings", "Change the password")
	w.contains(b.get("/diary/write"), `value="1" selected`)
	if got, _, _ := w.core.Member(context.Background(), core.Viewer{Member: m.ID}, m.ID); got.DiaryVisibility != core.FriendsOfFriends {
		t.Errorf("new entries are for %v", got.DiaryVisibility)
	}
}

func TestVisibilityOfFields(t *testing.T) {
	w := newWorld(t)
	m, stranger := w.member("甲"), w.member("乙")
	b := w.as(m)
	w.contains(b.get(visibilityPath), "先にプロフィール")
	values := []core.ProfileValue{{Key: "work", Value: "時計職人", Visibility: core.Friends}, {Key: "intro", Value: "よろしく", Visibility: core.Everyone}}
	if err := w.store.People.SetProfile(context.Background(), m.ID, values); err != nil {
		t.Fatal(err)
	}
	page := b.get(visibilityPath)
	w.contains(page, "時計職人", `name="work-v"`)
	if strings.Contains(page.body, `name="intro-v"`) {
		t.Error("a field that everyone always sees can be hidden")
	}
	other := w.as(stranger)
	if strings.Contains(other.get(memberPath(m.ID)).body, "時計職人") {
		t.Fatal("a stranger sees a field for friends")
	}
	w.press(b, visibilityPath, url.Values{"work-v": {"0"}, "intro-v": {"3"}})
	w.contains(other.get(memberPath(m.ID)), "時計職人", "よろしく")
	w.press(b, visibilityPath, url.Values{"work-v": {"3"}})
	if strings.Contains(other.get(memberPath(m.ID)).body, "時計職人") {
		t.Error("a hidden field is still seen")
	}
}

// All entries at once, after a question: who may read them sees them at once, and who may not does not, in lists, on home and
// on the page (SEC-112).
func TestSEC112_VisibilityOfAllDiaries(t *testing.T) {
	w := newWorld(t)
	m, friend, stranger := w.member("甲"), w.member("乙"), w.member("丙")
	w.friends(m, friend)
	var entries []journal.Diary
	for i := range 45 { // more than two batches
		entries = append(entries, w.diary(m, "題", core.Visibility(i%4)))
	}
	me := w.as(m)
	readers := map[string]*browser{"friend": w.as(friend), "stranger": w.as(stranger)}
	for _, step := range []struct {
		to      core.Visibility
		changed int
		sees    map[string]bool
	}{
		{core.Friends, 34, map[string]bool{"friend": true}},
		{core.Private, 45, nil},
		{core.Private, 0, nil},
		{core.Everyone, 45, map[string]bool{"friend": true, "stranger": true}},
	} {
		to := url.Values{"visibility": {fmt.Sprint(int(step.to))}, "confirm": {"1"}}
		asked := w.press(me, diaryVisibilityPath, to)
		w.contains(asked, fmt.Sprintf("日記%d件を", step.changed), "変えますか")
		if n, err := w.core.Journal.CountDiariesNot(t.Context(), m.ID, step.to); err != nil || n != step.changed {
			t.Fatalf("the question changed %d entries, %v", step.changed-n, err)
		}
		w.contains(w.press(me, diaryVisibilityPath, url.Values{"visibility": to["visibility"], "edit": {"1"}}), "selected")
		w.contains(w.press(me, diaryVisibilityPath, url.Values{"visibility": to["visibility"], "send": {"1"}}), fmt.Sprintf("日記%d件を", step.changed), "変えました")
		for name, b := range readers {
			for _, d := range []journal.Diary{entries[0], entries[44]} {
				if got := b.get(diaryPath(d.Owner, d.ID)).status == 200; got != step.sees[name] {
					t.Errorf("for %d, %s: the page opens: %v", step.to, name, got)
				}
			}
			if got := strings.Contains(b.get(diaryListPath(m.ID)).body, "題</a>"); got != step.sees[name] {
				t.Errorf("for %d, %s: the list shows it: %v", step.to, name, got)
			}
			if got := strings.Contains(b.get("/diary/newest").body, "題</a>"); got != (step.to == core.Everyone) {
				t.Errorf("for %d, %s: everyone's newest shows it: %v", step.to, name, got)
			}
		}
		if got := strings.Contains(readers["friend"].get("/diary/friends").body, "題</a>"); got != step.sees["friend"] {
			t.Errorf("for %d: friends' newest shows it: %v", step.to, got)
		}
	}
	w.contains(w.press(me, diaryVisibilityPath, url.Values{"visibility": {"9"}, "send": {"1"}}), "一覧から選んでください")
}

// TestPagesWaitForNoWriter: the first page after a while, which shows that a session is alive, comes while somebody else
// writes; that it was alive is stored later.
func TestPagesWaitForNoWriter(t *testing.T) {
	w := newWorld(t)
	m, friend := w.member("甲"), w.member("乙")
	w.friends(m, friend)
	b := w.as(m)
	w.clock.advance(10 * time.Minute)
	seen := func() time.Time {
		s, err := w.store.Account.Session(t.Context(), w.sessionKey(b))
		if err != nil {
			t.Fatal(err)
		}
		return s.SeenAt
	}
	before := seen()
	writing, done, ended := make(chan struct{}, 1), make(chan struct{}), make(chan error)
	go func() {
		ended <- w.store.Atomic(t.Context(), func(context.Context) error {
			select {
			case writing <- struct{}{}:
			default: // the store may run a write twice
			}
			<-done
			return nil
		})
	}()
	<-writing
	for _, path := range []string{homePath, memberPath(friend.ID), "/diary/newest", noticesPath} {
		if r := b.get(path); r.status != 200 {
			t.Errorf("%s while somebody writes: %d", path, r.status)
		}
	}
	close(done)
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err := w.core.Account.FlushTouches(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := seen(); got.Sub(before) != 10*time.Minute {
		t.Errorf("seen %v later, want ten minutes", got.Sub(before))
	}
	w.clock.advance(account.SessionIdle - time.Minute)
	if b.get(homePath).status != 200 {
		t.Error("the session ended although it was alive")
	}
}
