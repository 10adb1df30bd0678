package cache_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/news"
	"musubi/core/store/pgtest"
)

// What a member is told by a transaction that has not named them is a task, which is done when the transaction is answered; one whose process was
// killed before is done by another node, and none is done twice, however many find it.
func TestTasksAreDoneOnce(t *testing.T) {
	url := pgtest.Database(t, nil)
	sites := []site{openSite(t, url), openSite(t, url), openSite(t, url)}
	ctx := t.Context()
	must := func(errs ...error) {
		t.Helper()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
	}
	as := func(id core.ID) core.Viewer { return core.Viewer{Member: id} }
	ids := make([]core.ID, crowd)
	for i := range ids {
		m, err := sites[0].Account.CreateMember(ctx, account.NewMember{Name: fmt.Sprint("名", i), Mail: fmt.Sprintf("%d@example.jp", i), PasswordHash: "none"})
		must(err)
		ids[i] = m.ID
	}
	c, err := sites[0].Community.Create(ctx, ids[0], community.NewCommunity{Name: "会", Description: "説明", Category: 111})
	must(err)
	topic, err := sites[0].Community.Open(ctx, as(ids[0]), c.ID, community.NewThread{Title: "話", Body: "本文"}, nil)
	must(err)
	told := func(s site) int {
		t.Helper()
		must(s.Fresh(ctx))
		all, _, err := s.News.Waiting(ctx, ids[0], 0)
		must(err)
		return all
	}
	must(atOnce(func(i int) error {
		s := sites[i%len(sites)]
		if i == 0 {
			return nil
		}
		if _, err := s.Community.Join(ctx, as(ids[i]), c.ID, ""); err != nil {
			return err
		}
		_, err := s.Community.WriteComment(ctx, as(ids[i]), c.ID, topic.ID, community.NewComment{Body: "はい"})
		return err
	})...)
	for _, s := range sites {
		if n := told(s); n != crowd-1 {
			t.Errorf("the author of a topic was told of %d comments of %d", n, crowd-1)
		}
	}
	if n := len(sites[0].due(t)); n != crowd-1 {
		t.Errorf("%d of %d were tasks", n, crowd-1)
	}
	for _, s := range sites {
		must(s.FlushTasks(ctx))
	}
	if n := len(sites[0].due(t)); n != 0 {
		t.Errorf("%d tasks that are done are still there", n)
	}

	// A process leaves a task and is killed; all others find it when its lease is over, one of them before its row is gone again.
	body, err := json.Marshal(struct {
		News  news.News
		Title string
	}{news.News{Member: ids[0], Kind: community.CommentNews, Actor: ids[1], Thing: topic.ID, At: sites[0].Now()}, "話"})
	must(err)
	left := core.Task{Member: ids[1], ID: sites[0].NextID(), Whose: ids[0], Kind: "tell", Body: body, Due: sites[0].Now().Add(time.Hour)}
	must(sites[0].Store.Ledger.InsertTask(ctx, left))
	for _, s := range sites {
		must(s.FlushTasks(ctx))
	}
	if n := told(sites[0]); n != crowd-1 {
		t.Errorf("%d: a task was taken from one who has a lease", n)
	}
	for range 2 { // the second time as if the process that did it had been killed before its row went
		must(sites[0].Store.Ledger.DropTasks(ctx, []core.Task{left}))
		left.Due = sites[0].Now().Add(-time.Second)
		must(sites[0].Store.Ledger.InsertTask(ctx, left))
		var all sync.WaitGroup
		failed := make([]error, len(sites))
		for i, s := range sites {
			all.Go(func() { failed[i] = s.FlushTasks(ctx) })
		}
		all.Wait()
		must(failed...)
		if n := told(sites[0]); n != crowd {
			t.Errorf("told %d times, expected %d", n, crowd)
		}
	}
	if n := len(sites[0].due(t)); n != 0 {
		t.Errorf("%d tasks are left", n)
	}
}

// due are all tasks, whoever has a lease.
func (s site) due(t *testing.T) []core.Task {
	t.Helper()
	list, err := s.Store.Ledger.DueTasks(t.Context(), s.Now().Add(24*time.Hour), 1000)
	if err != nil {
		t.Fatal(err)
	}
	return list
}
