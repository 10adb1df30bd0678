package store

import (
	"fmt"
	"testing"
	"time"

	"musubi/core"
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
	must(s.InsertDiary(ctx, core.Diary{Owner: 1, ID: 5, CreatedAt: at}))
	must(s.InsertAlbum(ctx, core.Album{Owner: 1, ID: 5, CreatedAt: at}, ""))
	must(s.InsertPhoto(ctx, core.Photo{Owner: 1, ID: 6, Hash: "h"}, at))
	must(s.PutAlbumPhoto(ctx, 1, 5, 6, false, at))
	threads := []core.Thread{core.DiaryThread(1, 5), core.AlbumThread(1, 5, 0), core.AlbumThread(1, 5, 6)}
	if len(boards) != len(core.ThreadKinds) {
		t.Fatalf("%d boards for %d kinds of threads", len(boards), len(core.ThreadKinds))
	}
	batch := &core.Batch{}
	for i, on := range threads {
		batch.Comments = append(batch.Comments, core.Comment{Thread: on, ID: 1, Author: 2, Body: fmt.Sprint("batch ", i), CreatedAt: at})
	}
	must(s.InsertBatch(ctx, batch))
	counts := func() (n [4]int) {
		t.Helper()
		must(s.on(ctx).Row(ctx, `SELECT d.comments, a.comments, a.all_comments, p.comments FROM diary d, album a, photo p`).Scan(&n[0], &n[1], &n[2], &n[3]))
		return n
	}
	for i, on := range threads {
		body := fmt.Sprint("written ", i)
		must(s.InsertComment(ctx, core.Comment{Thread: on, ID: 2, Author: 2, Body: body, CreatedAt: at}))
		list, err := s.Comments(ctx, on, core.Page{Size: 9})
		if must(err); len(list) != 2 || list[0].Body != fmt.Sprint("batch ", i) || list[1].Body != body || list[1].AuthorName != "member 2" || list[1].Thread != on {
			t.Fatalf("%+v has %+v", on, list)
		}
	}
	if n := counts(); n != [4]int{1, 1, 2, 1} {
		t.Errorf("counted after writing: %d", n)
	}
	for _, on := range threads {
		c, err := s.Comment(ctx, on, 2)
		must(err)
		for range 2 { // the second time there is nothing to count off
			must(s.DeleteComment(ctx, c))
		}
		if _, err := s.Comment(ctx, on, 2); err != core.ErrNotFound {
			t.Errorf("%+v after deleting: %v", on, err)
		}
		if list, err := s.Comments(ctx, on, core.Page{Size: 9}); err != nil || len(list) != 1 {
			t.Errorf("%+v has %+v left, %v", on, list, err)
		}
	}
	if n := counts(); n != [4]int{} {
		t.Errorf("counted after deleting: %d", n)
	}
}
