package mails

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/outbox"
	"musubi/core/store/engine"
)

const letterColumns = `SELECT id, address, subject, body, answers, seed, created_at, sent_at, next_at, tries, problem FROM outbox`

func letter(r engine.Scanner) (l outbox.Letter, err error) {
	return l, r.Scan(&l.ID, &l.To, &l.Subject, &l.Body, &l.Answers, &l.Seed, engine.Moment(&l.CreatedAt), engine.Moment(&l.SentAt), engine.Moment(&l.NextAt), &l.Tries, &l.Problem)
}

// InsertLetter implements outbox.MailStore.
func (s Store) InsertLetter(ctx context.Context, id core.ID, m outbox.Mail, to core.ID, at time.Time) error {
	return s.Change(ctx, `INSERT INTO outbox (id, address, subject, body, created_at, next_at, member, about, seed, answers) VALUES ($1, $2, $3, $4, $5, $5, $6, $7, $8, $9)`,
		id, m.To, m.Subject, m.Body, engine.Millis(at), to, m.About, m.Seed, m.Answers)
}

// Letters implements outbox.MailStore.
func (s Store) Letters(ctx context.Context, p core.Page) ([]outbox.Letter, error) {
	return engine.List(ctx, s.On(ctx), letter, letterColumns+` ORDER BY id DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// DueLetters implements outbox.MailStore.
func (s Store) DueLetters(ctx context.Context, now time.Time, limit int) ([]outbox.Letter, error) {
	return engine.List(ctx, s.On(ctx), letter, letterColumns+` WHERE next_at > 0 AND next_at <= $1 ORDER BY next_at LIMIT $2`, engine.Millis(now), limit)
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
