package store

import (
	"fmt"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/chores"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/store/engine"
	"musubi/core/talk"
)

// Each kind of thread keeps its comments apart, however they were stored, and counts those that a service stores and deletes.
func TestComments(t *testing.T) {
	s, ctx := fresh(t), t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	put(t, s, 1)
	put(t, s, 2)
	at := time.UnixMilli(1)
	must(s.Journal.InsertDiary(ctx, journal.Diary{Owner: 1, ID: 5, CreatedAt: at}))
	must(s.Album.InsertAlbum(ctx, album.Album{Owner: 1, ID: 5, CreatedAt: at}, ""))
	must(s.Desk.InsertPhoto(ctx, core.Photo{Owner: 1, ID: 6, Hash: "h"}, at))
	must(s.Album.PutAlbumPhoto(ctx, 1, 5, 6, false, at))
	threads := []talk.Thread{journal.DiaryThread(1, 5), album.AlbumThread(1, 5, 0), album.AlbumThread(1, 5, 6)}
	if len(s.boards) != len(network.ThreadKinds) {
		t.Fatalf("%d boards for %d kinds of threads", len(s.boards), len(network.ThreadKinds))
	}
	batch := &chores.Batch{}
	for i, on := range threads {
		batch.Comments = append(batch.Comments, talk.Comment{Thread: on, ID: 1, Author: 2, Body: fmt.Sprint("batch ", i), CreatedAt: at})
	}
	must(s.Chores.InsertBatch(ctx, batch))
	counts := func() (n [4]int) {
		t.Helper()
		must(s.on(ctx).Row(ctx, `SELECT d.comments, a.comments, a.all_comments, p.comments FROM diary d, album a, photo p`).Scan(&n[0], &n[1], &n[2], &n[3]))
		return n
	}
	for i, on := range threads {
		body := fmt.Sprint("written ", i)
		must(s.Talk.InsertComment(ctx, talk.Comment{Thread: on, ID: 2, Author: 2, Body: body, CreatedAt: at}))
		list, err := s.Talk.Comments(ctx, on, core.Page{Size: 9})
		if must(err); len(list) != 2 || list[0].Body != fmt.Sprint("batch ", i) || list[1].Body != body || list[1].AuthorName != "member 2" || list[1].Thread != on {
			t.Fatalf("%+v has %+v", on, list)
		}
	}
	if n := counts(); n != [4]int{1, 1, 2, 1} {
		t.Errorf("counted after writing: %d", n)
	}
	for _, on := range threads {
		c, err := s.Talk.Comment(ctx, on, 2)
		must(err)
		for range 2 { // the second time there is nothing to count off
			must(s.Talk.DeleteComment(ctx, c))
		}
		if _, err := s.Talk.Comment(ctx, on, 2); err != core.ErrNotFound {
			t.Errorf("%+v after deleting: %v", on, err)
		}
		if list, err := s.Talk.Comments(ctx, on, core.Page{Size: 9}); err != nil || len(list) != 1 {
			t.Errorf("%+v has %+v left, %v", on, list, err)
		}
	}
	if n := counts(); n != [4]int{} {
		t.Errorf("counted after deleting: %d", n)
	}
}

// An entry comes to the top of the comment histories with a comment, and not again within a minute of the one that brought it
// there: a lively talk changes the rows of all who take part once a minute.
func TestHistoriesMoveOnceAMinute(t *testing.T) {
	s, ctx := fresh(t), t.Context()
	for id := core.ID(1); id <= 3; id++ {
		put(t, s, id)
	}
	began := time.UnixMilli(1_200_000_000_000)
	if err := s.Journal.InsertDiary(ctx, journal.Diary{Owner: 1, ID: 5, CreatedAt: began}); err != nil {
		t.Fatal(err)
	}
	for i, step := range []struct {
		author      core.ID
		after, want time.Duration // since began: when the comment comes, and where it leaves the first writer's history
	}{
		{2, 0, 0},
		{3, time.Second, 0},
		{3, time.Minute, 0},
		{3, time.Minute + time.Millisecond, time.Minute + time.Millisecond},
		{1, 2 * time.Minute, time.Minute + time.Millisecond},
	} {
		c := talk.Comment{Thread: journal.DiaryThread(1, 5), ID: core.ID(i + 1), Author: step.author, Body: "返", CreatedAt: began.Add(step.after)}
		if err := s.Talk.InsertComment(ctx, c); err != nil {
			t.Fatal(err)
		}
		var at time.Time
		err := s.on(ctx).Row(ctx, `SELECT updated_at FROM commented WHERE member = 2 AND owner = 1 AND diary = 5`).Scan(engine.Moment(&at))
		if err != nil || !at.Equal(began.Add(step.want)) {
			t.Errorf("after a comment %v after the first, the entry stands at %v after it, want %v (%v)", step.after, at.Sub(began), step.want, err)
		}
	}
}
