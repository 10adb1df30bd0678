package store

import (
	"context"
	"errors"

	"musubi/core"
	"musubi/core/store/engine"
)

// Scrub implements chores.LeaveStore: nothing of deleted rows stays in the files. It returns core.ErrBusy while somebody reads an
// older state of the database, for example a backup.
func (s Chores) Scrub(ctx context.Context) error {
	err := s.db.Scrub(ctx)
	if errors.Is(err, engine.ErrBusy) {
		err = core.ErrBusy
	}
	return err
}
