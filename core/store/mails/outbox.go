package mails

import (
	"context"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/outbox"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

const letterColumns = `SELECT id, address, subject, body, answers, list, member, seed, created_at, sent_at, next_at, tries, problem FROM outbox`

func letter(r engine.Scanner) (l outbox.Letter, err error) {
	return l, r.Scan(&l.ID, &l.To, &l.Subject, &l.Body, &l.Answers, &l.List, &l.Member, &l.Seed, engine.Moment(&l.CreatedAt), engine.Moment(&l.SentAt), engine.Moment(&l.NextAt), &l.Tries, &l.Problem)
}

// InsertLetter implements outbox.MailStore.
func (s Store) InsertLetter(ctx context.Context, id core.ID, m outbox.Mail, to core.ID, at time.Time) error {
	return s.Change(ctx, `INSERT INTO outbox (id, address, subject, body, created_at, next_at, member, about, seed, answers, list) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9, $10)`,
		id, m.To, m.Subject, m.Body, engine.Millis(at), to, m.About, m.Seed, m.Answers, m.List)
}

// Letters implements outbox.MailStore.
func (s Store) Letters(ctx context.Context, p core.Page) ([]outbox.Letter, error) {
	return engine.List(ctx, s.On(ctx), letter, letterColumns+` ORDER BY id DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// Letter implements outbox.FailureStore.
func (s Store) Letter(ctx context.Context, id core.ID) (outbox.Letter, error) {
	l, err := letter(s.On(ctx).Row(ctx, letterColumns+` WHERE id = $1`, id))
	return l, base.One(err)
}

// Failure implements outbox.FailureStore.
func (s Store) Failure(ctx context.Context, hash string) (f outbox.Failure, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT failed, at, filtered_at FROM mail_failure WHERE hash = $1`, hash).
		Scan(&f.Failed, engine.Moment(&f.At), engine.Moment(&f.FilteredAt)))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return f, err
}

// PutFailure implements outbox.FailureStore.
func (s Store) PutFailure(ctx context.Context, hash string, f outbox.Failure) error {
	return s.Change(ctx, `INSERT INTO mail_failure (hash, failed, at, filtered_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO UPDATE SET failed = excluded.failed, at = excluded.at, filtered_at = excluded.filtered_at`,
		hash, f.Failed, engine.Millis(f.At), engine.Millis(f.FilteredAt))
}

// DeleteFailure implements outbox.FailureStore.
func (s Store) DeleteFailure(ctx context.Context, hash string) error {
	return s.Change(ctx, `DELETE FROM mail_failure WHERE hash = $1`, hash)
}

// DeleteFailuresBefore implements outbox.FailureStore.
func (s Store) DeleteFailuresBefore(ctx context.Context, t time.Time) error {
	return s.Change(ctx, `DELETE FROM mail_failure WHERE at < $1 AND filtered_at < $1`, engine.Millis(t))
}

// DueLetters implements outbox.MailStore.
func (s Store) DueLetters(ctx context.Context, now time.Time, limit int) ([]outbox.Letter, error) {
	return engine.List(ctx, s.On(ctx), letter, letterColumns+` WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at LIMIT $2`, engine.Millis(now), limit)
}

// ClaimLetter implements outbox.MailStore.
func (s Store) ClaimLetter(ctx context.Context, l outbox.Letter, until time.Time) (claimed bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE outbox SET next_at = $3 WHERE id = $1 AND next_at = $2`, l.ID, engine.Millis(l.NextAt), engine.Millis(until))
		claimed = n == 1
		return err
	})
	return claimed, err
}

// SetLetter implements outbox.MailStore.
func (s Store) SetLetter(ctx context.Context, l outbox.Letter) error {
	return s.Change(ctx, `UPDATE outbox SET sent_at = $1, next_at = $2, tries = $3, problem = $4, body = $5, seed = $6 WHERE id = $7`,
		engine.Millis(l.SentAt), engine.Millis(l.NextAt), l.Tries, l.Problem, l.Body, l.Seed, l.ID)
}

// DeleteLettersBefore implements outbox.MailStore.
func (s Store) DeleteLettersBefore(ctx context.Context, sent time.Time) error {
	return s.Change(ctx, `DELETE FROM outbox WHERE sent_at > 0 AND sent_at < $1`, engine.Millis(sent))
}

// LetterQueue implements outbox.MailStore.
func (s Store) LetterQueue(ctx context.Context) (q outbox.Queue, err error) {
	err = s.On(ctx).Row(ctx, `SELECT coalesce(sum(sent_at = 0 AND next_at > 0), 0), coalesce(sum(sent_at > 0), 0), coalesce(sum(sent_at = 0 AND next_at = 0), 0),
		coalesce(min(CASE WHEN sent_at = 0 AND next_at > 0 THEN created_at END), 0) FROM outbox`).Scan(&q.Waiting, &q.Sent, &q.GivenUp, engine.Moment(&q.Oldest))
	return q, err
}

// FailingLetters implements outbox.MailStore.
func (s Store) FailingLetters(ctx context.Context, limit int) ([]outbox.Letter, error) {
	return engine.List(ctx, s.On(ctx), letter, letterColumns+` WHERE problem <> '' AND next_at = 0 ORDER BY id DESC LIMIT $1`, limit)
}
