package seed

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/journal"
	"musubi/core/network"
)

// openDemo makes the community on a directory and logs the printed members in.
func openDemo(t *testing.T, dir string) (*network.Services, *Community, []core.ID) {
	t.Helper()
	s := newServices(t, dir)
	c, err := Demo(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	var ids []core.ID
	for _, l := range c.Logins {
		_, session, err := s.Account.Login(context.Background(), l.Mail, l.Password, "test")
		if err != nil {
			t.Fatalf("%s: %v", l.Mail, err)
		}
		ids = append(ids, session.Member)
	}
	return s, c, ids
}

// TestDemo lives through a demo's days: first start, an interrupted Develop, a diary written, a second start that finishes
// the pictures, a third that changes nothing.
func TestDemo(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	s, c, ids := openDemo(t, dir)
	if len(ids) != 3 {
		t.Fatalf("%d logins, want 3", len(ids))
	}
	for _, a := range ids {
		for _, b := range ids {
			if r, err := s.Relation(ctx, core.Viewer{Member: a}, b); err != nil || a != b && r != core.Friend {
				t.Errorf("printed members are %v to each other, %v", r, err)
			}
		}
	}
	feed, _, err := s.Journal.FriendsDiaries(ctx, ids[0], all)
	if err != nil || len(feed) < 12 {
		t.Errorf("%d entries of friends before the pictures, %v", len(feed), err)
	}
	unread := 0
	for _, l := range feed {
		if l.Unread {
			unread++
		}
	}
	if unread == 0 || unread > len(feed)/2 {
		t.Errorf("%d of %d entries are unread", unread, len(feed))
	}
	enough, cancel := context.WithCancel(ctx)
	cancel()
	if err := c.Develop(enough); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if err := c.illustrate(ctx, &c.entries[0], 0); err != nil || len(c.entries[0].pictures) == 0 {
		t.Fatalf("the first entry has no picture: %v", err)
	}
	if _, err := s.Journal.WriteDiary(ctx, ids[1], journal.NewDiary{Title: "自分の日記", Body: "消えないで"}); err != nil {
		t.Fatal(err)
	}

	s, c, again := openDemo(t, dir)
	if !reflect.DeepEqual(ids, again) {
		t.Errorf("members %v became %v", ids, again)
	}
	if err := c.Develop(ctx); err != nil {
		t.Fatal(err)
	}
	before := count(t, s, c)
	s, c, _ = openDemo(t, dir)
	if err := c.Develop(ctx); err != nil {
		t.Fatal(err)
	}
	if after := count(t, s, c); after != before {
		t.Errorf("third start: %+v became %+v", before, after)
	}

	want := tally{members: 15, portraits: 15, diaries: 1}
	for i := range c.entries {
		if e := &c.entries[i]; e.inSeason(monday) {
			want.diaries++
			want.comments += len(e.comments)
			want.pictures += len(e.pictures)
		}
	}
	if before != want {
		t.Errorf("the store holds %+v, want %+v", before, want)
	}
	if want.pictures < 8 {
		t.Errorf("%d pictures", want.pictures)
	}
}

type tally struct{ members, portraits, diaries, comments, pictures int }

// count counts what the members of the demo see of themselves.
func count(t *testing.T, s *network.Services, c *Community) (n tally) {
	t.Helper()
	for _, m := range c.cast {
		x := tell(t, s, c.ids[m.Key])
		n.members++
		if x.Member.Photo.ID != 0 {
			n.portraits++
		}
		for i, d := range x.Diaries {
			n.diaries++
			n.pictures += len(d.Photos)
			n.comments += len(x.Answers[i])
			for j, comment := range x.Answers[i] {
				if comment.CreatedAt.After(monday) || comment.CreatedAt.Before(d.CreatedAt) || j > 0 && comment.CreatedAt.Before(x.Answers[i][j-1].CreatedAt) {
					t.Errorf("%q: a comment of %v under an entry of %v", d.Title, comment.CreatedAt, d.CreatedAt)
				}
			}
		}
	}
	return n
}

// TestDemoSpeaks: profiles are filled in, a birthday is near, and what is private stays so.
func TestDemoSpeaks(t *testing.T) {
	ctx := context.Background()
	s, c, ids := openDemo(t, t.TempDir())
	values, err := s.People.Profile(ctx, core.Viewer{Member: ids[1]}, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	for _, v := range values {
		said[v.Key] = v.Value
	}
	if said["birthday"] != "1981-02-10" || said["sex"] != "female" || !strings.Contains(said["intro"], "みかん") {
		t.Errorf("profile %q", said)
	}
	if near, err := s.People.FriendsBirthdays(ctx, ids[1], monday); err != nil || len(near) != 1 || near[0].Friend.ID != ids[0] {
		t.Errorf("birthdays near for a friend of %s: %+v, %v", c.cast[0].Nick, near, err)
	}
	if said, _, err := s.People.Endorsements(ctx, core.Viewer{Member: ids[1]}, ids[0], all); err != nil || len(said) < 3 {
		t.Errorf("%d endorsements, %v", len(said), err)
	}
	if told, err := s.Account.Notices(ctx, core.Member{ID: ids[0]}); err != nil || len(told) == 0 || told[0].Key != "request" || told[0].N != 1 {
		t.Errorf("home tells %+v, %v", told, err)
	}
	lines, _, err := s.Journal.Diaries(ctx, core.Viewer{Member: ids[2]}, c.ids["megumi"], journal.DiaryFilter{}, all)
	if err != nil || len(lines) == 0 {
		t.Fatal(err)
	}
	for _, l := range lines {
		if l.Title == "中間発表まであと9日" {
			t.Error("a friend sees a private entry")
		}
	}
}

// TestDemoLeavesOldCommunityAlone: a data directory that remembers the members but not the demo's own notes.
func TestDemoLeavesOldCommunityAlone(t *testing.T) {
	s := newServices(t, t.TempDir())
	if _, err := s.Account.CreateMember(context.Background(), account.NewMember{Name: "はる", Mail: "haruka@example.jp", Password: DemoPassword}); err != nil {
		t.Fatal(err)
	}
	c, err := Demo(context.Background(), s)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Develop(context.Background()); err != nil || len(c.ids) != 0 {
		t.Errorf("%v, %d members", err, len(c.ids))
	}
}

// TestPatiently: a busy image stage is asked again; other errors and an impatient caller end it.
func TestPatiently(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	keep := func() (core.Photo, error) {
		if calls++; calls == 1 {
			return core.Photo{}, core.ErrBusy
		}
		return core.Photo{ID: 7}, nil
	}
	if p, err := patiently(ctx, keep); err != nil || p.ID != 7 || calls != 2 {
		t.Errorf("%+v, %v after %d calls", p, err, calls)
	}
	if _, err := patiently(ctx, func() (core.Photo, error) { return core.Photo{}, core.ErrPhoto }); !errors.Is(err, core.ErrPhoto) {
		t.Errorf("no picture: %v", err)
	}
	cancel()
	if _, err := patiently(ctx, func() (core.Photo, error) { return core.Photo{}, core.ErrBusy }); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func BenchmarkDemo(b *testing.B) {
	for b.Loop() {
		if _, err := Demo(context.Background(), newServices(b, b.TempDir())); err != nil {
			b.Fatal(err)
		}
	}
}
