package mails

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/digest"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const choiceColumns = `digest_pc, digest_handset, weekly, birthday_pc, birthday_handset`

// DayLetters implements digest.ChoiceStore.
func (s Store) DayLetters(ctx context.Context, member core.ID) (c digest.Choice, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT `+choiceColumns+` FROM day_letter WHERE member = $1`, member).
		Scan(&c.Digest.PC, &c.Digest.Handset, &c.Weekly, &c.Birthdays.PC, &c.Birthdays.Handset))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return c, err
}

// PutDayLetters implements digest.ChoiceStore.
func (s Store) PutDayLetters(ctx context.Context, member core.ID, c digest.Choice, since, due time.Time) error {
	return s.Change(ctx, `INSERT INTO day_letter (member, `+choiceColumns+`, since, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (member) DO UPDATE SET digest_pc = excluded.digest_pc, digest_handset = excluded.digest_handset, weekly = excluded.weekly,
		birthday_pc = excluded.birthday_pc, birthday_handset = excluded.birthday_handset, since = excluded.since, due_at = excluded.due_at`,
		member, c.Digest.PC, c.Digest.Handset, c.Weekly, c.Birthdays.PC, c.Birthdays.Handset, engine.Millis(since), engine.Millis(due))
}

// DueDayLetters implements digest.ChoiceStore.
func (s Store) DueDayLetters(ctx context.Context, now time.Time, limit int) ([]digest.Due, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (d digest.Due, err error) {
		return d, r.Scan(&d.Member, &d.Digest.PC, &d.Digest.Handset, &d.Weekly, &d.Birthdays.PC, &d.Birthdays.Handset, engine.Moment(&d.Since))
	}, `SELECT member, `+choiceColumns+`, since FROM day_letter WHERE due_at <= $1 ORDER BY due_at LIMIT $2`, engine.Millis(now), limit)
}

// MoveDayLetters implements digest.ChoiceStore.
func (s Store) MoveDayLetters(ctx context.Context, member core.ID, since, due time.Time) error {
	return s.Change(ctx, `UPDATE day_letter SET since = $2, due_at = $3 WHERE member = $1`, member, engine.Millis(since), engine.Millis(due))
}
