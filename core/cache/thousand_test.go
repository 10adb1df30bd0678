package cache_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/cache"
	"musubi/core/chores"
	"musubi/core/community"
	"musubi/core/network"
	"musubi/core/store"
)

// A topic takes 1,000 comments exactly, as the program runs, from memory too: of 64 at once for the thousandth one has it, and of 64 at once
// for free numbers each has its own.
func TestTheThousandthCommentOnce(t *testing.T) {
	ctx := t.Context()
	st, err := store.Open(ctx, store.Config{Path: filepath.Join(t.TempDir(), "musubi.db")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	kept, err := cache.New(ctx, st, cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := network.New(network.Config{Stores: kept.Stores(), Blobs: noPhotos{}, Photos: noPhotos{}, Secret: make([]byte, 32)})
	if err != nil {
		t.Fatal(err)
	}
	const writers = 64
	now := time.Now()
	c := community.Made{Community: community.Community{ID: s.Chores.NewID(now), Name: "間取り図大好き", Category: 111, Members: writers, CreatedAt: now, TouchedAt: now}}
	var members []core.ID
	for i := range writers {
		m, err := s.Account.CreateMember(ctx, account.NewMember{Name: fmt.Sprint("客", i), Mail: fmt.Sprintf("guest%d@example.jp", i), PasswordHash: "none"})
		if err != nil {
			t.Fatal(err)
		}
		members = append(members, m.ID)
		c.In = append(c.In, community.MadeMember{Member: m.ID, Role: core.RoleMember, JoinedAt: now})
	}
	for _, said := range []int{900, community.DefaultMaxComments - 1} {
		topic := community.MadeThread{Thread: community.Thread{Community: c.ID, ID: s.Chores.NewID(now), Author: members[0], Title: "数える", Body: "文", Comments: said, CreatedAt: now, LastAt: now}}
		for n := range said {
			topic.Said = append(topic.Said, community.Comment{Number: n + 1, ID: s.Chores.NewID(now), Author: members[n%writers], Body: "はい", CreatedAt: now})
		}
		c.Threads = append(c.Threads, topic)
	}
	if err := s.Chores.InsertBatch(ctx, &chores.Batch{Communities: []community.Made{c}}); err != nil {
		t.Fatal(err)
	}

	for i, topic := range c.Threads {
		free := community.DefaultMaxComments - topic.Comments
		got, full := map[int]int{}, 0
		var all sync.WaitGroup
		var mu sync.Mutex
		for round := range writers {
			all.Go(func() {
				viewer := core.Viewer{Member: members[round]}
				seen, now, err := s.Community.Thread(ctx, viewer, c.ID, topic.ID) // as a page that is looked at before
				if err == nil {
					_, err = s.Community.Comments(ctx, &seen, &now, now.Comments-9, now.Comments)
				}
				if err != nil {
					t.Error(err)
				}
				m, err := s.Community.WriteComment(ctx, viewer, c.ID, topic.ID, community.NewComment{Body: "今"})
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
		all.Wait()
		want := min(free, writers)
		for n := topic.Comments + 1; n <= topic.Comments+want; n++ {
			if got[n] != 1 {
				t.Errorf("topic %d: the number %d was given %d times", i, n, got[n])
			}
		}
		if len(got) != want || full != writers-want {
			t.Errorf("topic %d: %d numbers, %d refused", i, len(got), full)
		}
		seen, now, err := s.Community.Thread(ctx, core.Viewer{Member: members[0]}, c.ID, topic.ID)
		if err != nil {
			t.Fatal(err)
		}
		list, err := s.Community.Comments(ctx, &seen, &now, 1, 2000)
		if err != nil || now.Comments != topic.Comments+want || len(list) != now.Comments || list[len(list)-1].Removed || s.Community.Full(&now) != (want == free) {
			t.Errorf("topic %d: %d comments, %d listed, %v", i, now.Comments, len(list), err)
		}
	}
}
