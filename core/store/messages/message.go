// Package messages is the SQL of messages between members.
package messages

import (
	"context"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/letters"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Store keeps the messages of members.
type Store struct{ base.Area }

// InsertMessage implements letters.MessageStore.
func (s Store) InsertMessage(ctx context.Context, m letters.Message) error {
	return s.Change(ctx, `INSERT INTO message (member, id, kind, folder, other, other_name, subject, body, folded, answers, unread, photos, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		m.Member, m.ID, m.Kind, m.Folder, m.Other, m.OtherName, m.Subject, m.Body, Folded(m), m.Answers, m.Unread, m.PhotoCount, engine.Millis(m.At))
}

// Folded is what a search looks at.
func Folded(m letters.Message) string {
	return core.Fold(m.OtherName + "\n" + m.Subject + "\n" + m.Body)
}

// messageLine has the columns of a list, messageColumns those of a whole message.
const (
	messageLine    = `SELECT member, id, kind, folder, other, other_name, ` + shown + `subject END, '', answers, unread, replied, hidden, photos, created_at, seen_at `
	messageColumns = `SELECT member, id, kind, folder, other, other_name, ` + shown + `subject END, ` + shown + `body END, answers, unread, replied, hidden, photos, created_at, seen_at `
	// shown begins what the receiver of a message that an operator hides does not read.
	shown = `CASE WHEN hidden = 1 AND kind = 0 THEN '' ELSE `
)

func message(r engine.Scanner) (m letters.Message, err error) {
	return m, r.Scan(&m.Member, &m.ID, &m.Kind, &m.Folder, &m.Other, &m.OtherName, &m.Subject, &m.Body, &m.Answers, &m.Unread, &m.Replied, &m.Hidden,
		&m.PhotoCount, engine.Moment(&m.At), engine.Moment(&m.SeenAt))
}

// Message implements letters.MessageStore.
func (s Store) Message(ctx context.Context, member, id core.ID) (letters.Message, error) {
	m, err := message(s.On(ctx).Row(ctx, messageColumns+`FROM message WHERE member = $1 AND id = $2`, member, id))
	return m, base.One(err)
}

// UpdateDraft implements letters.MessageStore.
func (s Store) UpdateDraft(ctx context.Context, m letters.Message) error {
	return s.Change(ctx, `UPDATE message SET other = $1, other_name = $2, subject = $3, body = $4, folded = $5, photos = $6
		WHERE member = $7 AND id = $8`, m.Other, m.OtherName, m.Subject, m.Body, Folded(m), m.PhotoCount, m.Member, m.ID)
}

// SetMessageRead implements letters.MessageStore.
func (s Store) SetMessageRead(ctx context.Context, member, id core.ID) error {
	return s.Change(ctx, `UPDATE message SET unread = 0 WHERE member = $1 AND id = $2`, member, id)
}

// SetMessageSeen implements letters.MessageStore.
func (s Store) SetMessageSeen(ctx context.Context, sender, id core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE message SET seen_at = $1 WHERE member = $2 AND id = $3 AND kind = $4`, engine.Millis(at), sender, id, letters.Sent)
}

// Conversation implements letters.MessageStore.
func (s Store) Conversation(ctx context.Context, member core.ID, others []core.ID, p core.Page) ([]letters.Message, error) {
	args, in := []any{member, p.Limit(), p.Offset()}, ""
	for i, other := range others {
		if args = append(args, other); i > 0 {
			in += ", "
		}
		in += "$" + strconv.Itoa(len(args))
	}
	return engine.List(ctx, s.On(ctx), message, messageColumns+`FROM message WHERE member = $1 AND other IN (`+in+`) AND folder < 2 ORDER BY id DESC LIMIT $2 OFFSET $3`, args...)
}

// Correspondents implements letters.MessageStore.
func (s Store) Correspondents(ctx context.Context, member core.ID, p core.Page) ([]letters.Message, error) {
	return engine.List(ctx, s.On(ctx), message, messageLine+`FROM message WHERE member = $1 AND id IN (
		SELECT max(id) FROM message WHERE member = $1 AND folder < 2 GROUP BY other ORDER BY 1 DESC LIMIT $2 OFFSET $3) ORDER BY id DESC`, member, p.Limit(), p.Offset())
}

// SetMessageReplied implements letters.MessageStore.
func (s Store) SetMessageReplied(ctx context.Context, member, id, other core.ID) error {
	return s.Change(ctx, `UPDATE message SET replied = 1 WHERE member = $1 AND id = $2 AND other = $3 AND kind = $4`, member, id, other, letters.Inbox)
}

// MoveMessage implements letters.MessageStore.
func (s Store) MoveMessage(ctx context.Context, member, id core.ID, trash bool) error {
	query := `UPDATE message SET folder = kind WHERE member = $1 AND id = $2 AND folder = $3`
	if trash {
		query = `UPDATE message SET folder = $3 WHERE member = $1 AND id = $2 AND folder <> $3`
	}
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, query, member, id, letters.Trash)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// DeleteMessage implements letters.MessageStore.
func (s Store) DeleteMessage(ctx context.Context, member, id core.ID) error {
	return s.Change(ctx, `DELETE FROM message WHERE member = $1 AND id = $2`, member, id)
}

// SetMessageHidden implements letters.MessageStore.
func (s Store) SetMessageHidden(ctx context.Context, author, id core.ID, hidden bool) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE message SET hidden = $1 WHERE id = $2 AND kind < 2 AND kind = 0 AND other = $3`, hidden, id, author)
		if err == nil && n == 0 {
			err = core.ErrNotFound
		}
		return err
	})
}

// Messages implements letters.MessageStore.
func (s Store) Messages(ctx context.Context, member core.ID, f letters.Folder, p core.Page) ([]letters.Message, error) {
	return engine.List(ctx, s.On(ctx), message, messageLine+`FROM message WHERE member = $1 AND folder = $2 ORDER BY id DESC LIMIT $3 OFFSET $4`,
		member, f, p.Limit(), p.Offset())
}

// FindMessages implements letters.MessageStore.
func (s Store) FindMessages(ctx context.Context, member core.ID, words []string, depth int, p core.Page) ([]letters.Message, error) {
	query := messageLine + `FROM (SELECT * FROM message WHERE member = $1 AND folder <> $2 AND (hidden = 0 OR kind <> 0) ORDER BY id DESC LIMIT $3) m WHERE 1 = 1`
	args := []any{member, letters.Trash, depth, p.Limit(), p.Offset()}
	for _, w := range words {
		args = append(args, "%"+literal.Replace(w)+"%")
		query += ` AND folded LIKE $` + strconv.Itoa(len(args)) + ` ESCAPE '\'`
	}
	return engine.List(ctx, s.On(ctx), message, query+` ORDER BY id DESC LIMIT $4 OFFSET $5`, args...)
}

// literal takes their meaning from the signs that LIKE knows.
var literal = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// CountDrafts implements letters.MessageStore.
func (s Store) CountDrafts(ctx context.Context, member core.ID, max int) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM (SELECT 1 FROM message WHERE member = $1 AND folder = $2 LIMIT $3) m`,
		member, letters.Drafts, max).Scan(&n)
	return n, err
}

// MessagesBetween implements letters.MessageStore.
func (s Store) MessagesBetween(ctx context.Context, after, before core.ID, limit int) ([]letters.Message, error) {
	return engine.List(ctx, s.On(ctx), message, messageLine+`FROM message WHERE id > $1 AND id < $2 AND kind < 2 ORDER BY id LIMIT $3`, after, before, limit)
}
