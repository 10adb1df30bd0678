package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"musubi/core"
	"musubi/core/disk"
)

// fullLook is how often the room on the disk is looked at.
const fullLook = 2 * time.Second

// fullness is whether the disk has too little room for anything to be stored. A database that runs into the end of its disk loses
// nothing, but what frees room, a backup's rotation say, may need some itself; so writing ends before.
type fullness struct{ on atomic.Bool }

func (f *fullness) is() bool { return f.on.Load() }

func (f *fullness) gauge() uint64 {
	if f.is() {
		return 1
	}
	return 0
}

// refuse implements store.Config.Refuse.
func (f *fullness) refuse() error {
	if f.is() {
		return fmt.Errorf("the disk is nearly full: %w", core.ErrNotStored)
	}
	return nil
}

// look compares the room with what is to stay free. To come back there must be a quarter more.
func (f *fullness) look(free, least uint64, log *slog.Logger) {
	switch was := f.is(); {
	case !was && free < least:
		f.on.Store(true)
		log.Error("the disk is nearly full: members can read, and nothing is stored until there is room", "free", free, "least", least)
	case was && free > least+least/4:
		f.on.Store(false)
		log.Warn("there is room on the disk again, members can write", "free", free)
	}
}

// watch looks until ctx ends.
func (f *fullness) watch(ctx context.Context, dir string, least uint64, log *slog.Logger) {
	tick := time.NewTicker(fullLook)
	defer tick.Stop()
	for least > 0 {
		if room, err := disk.RoomOf(dir); err == nil {
			f.look(room.Free, least, log)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}
