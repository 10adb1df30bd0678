package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"musubi/core"
)

// TestFullDiskLosesNoAcknowledgedWrite: SQLite undoes a whole transaction when the disk is full. Of the writes that shared it,
// those that were told so are stored, and of the others nothing is.
func TestFullDiskLosesNoAcknowledgedWrite(t *testing.T) {
	const members = 8
	s, ctx := fresh(t), t.Context()
	for id := core.ID(1); id <= members; id++ {
		put(t, s, id)
	}
	if err := s.InsertDiary(ctx, core.Diary{Owner: 1, ID: 1, CreatedAt: time.UnixMilli(1)}); err != nil {
		t.Fatal(err)
	}
	full := func(on bool) {
		t.Helper()
		err := s.write.outside(ctx, func() error {
			var pages, limit int
			if err := s.write.conn.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
				return err
			}
			if !on {
				pages += 100_000
			}
			return s.write.conn.QueryRowContext(ctx, fmt.Sprintf(`PRAGMA max_page_count = %d`, pages)).Scan(&limit)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	full(true)
	// While the writer is held up, the others come together in one group; the one in the middle needs more room than there is.
	// Another fails half-way, so that the group is made again with savepoints.
	for _, spoil := range []bool{false, true} {
		started, release := make(chan struct{}), make(chan struct{})
		var hold sync.WaitGroup
		hold.Go(func() {
			s.Atomic(ctx, func(context.Context) error {
				close(started)
				<-release
				return nil
			})
		})
		<-started
		results := make([]error, members+1)
		name := fmt.Sprint("new ", spoil)
		for id := core.ID(1); id <= members; id++ {
			hold.Go(func() {
				results[id] = s.Atomic(ctx, func(ctx context.Context) error {
					switch id {
					case 3:
						if spoil {
							return errors.Join(s.SetName(ctx, 3, name), errors.New("half-way"))
						}
					case 5:
						return s.InsertComment(ctx, core.Comment{Thread: core.DiaryThread(1, 1), ID: 9, Author: 1, Body: strings.Repeat("文", 1<<20), CreatedAt: time.UnixMilli(1)})
					}
					return s.SetName(ctx, id, name)
				})
			})
			for len(s.write.queue) < int(id) {
				time.Sleep(time.Millisecond)
			}
		}
		close(release)
		hold.Wait()
		if results[5] == nil {
			t.Fatal("there was room")
		}
		for id := core.ID(1); id <= members; id++ {
			m, err := s.Member(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			if stored := m.Name == name; id != 5 && stored != (results[id] == nil) {
				t.Errorf("spoil %v, member %d was answered %v; stored: %v", spoil, id, results[id], stored)
			}
		}
	}
	full(false)
	if err := s.SetName(ctx, 1, "room again"); err != nil {
		t.Errorf("with room again: %v", err)
	}
}
