package store

import (
	"context"
	"fmt"

	"musubi/core"
)

// Scrub implements core.LeaveStore. Deleted rows leave their bytes in the file: secure_delete overwrites those of the row itself,
// and the log that writes go through first is emptied here. It returns core.ErrBusy while somebody reads an older state of
// the database, for example a backup.
func (s *Store) Scrub(ctx context.Context) error {
	return s.write.outside(ctx, func() error {
		// Nobody is to wait long for a reader that does not end.
		if _, err := s.write.conn.ExecContext(ctx, `PRAGMA busy_timeout = 200`); err != nil {
			return err
		}
		defer s.write.conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTimeout.Milliseconds()))
		var busy, frames, moved int
		err := s.write.conn.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &frames, &moved)
		if err == nil && busy != 0 {
			err = core.ErrBusy
		}
		return err
	})
}
