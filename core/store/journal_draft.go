package store

import (
	"context"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/store/engine"
)

// PutDraft implements journal.DraftStore.
func (s Journal) PutDraft(ctx context.Context, d journal.Draft) error {
	return s.change(ctx, `INSERT INTO diary_draft (member, id, title, body, visibility, comments_open, category, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (member, id) DO UPDATE SET title = excluded.title, body = excluded.body, visibility = excluded.visibility,
			comments_open = excluded.comments_open, category = excluded.category, saved_at = excluded.saved_at`,
		d.Owner, d.ID, d.Title, d.Body, d.Visibility, !d.CommentsClosed, d.Category, engine.Millis(d.SavedAt))
}

const draftRows = `SELECT id, title, body, visibility, comments_open, category, saved_at FROM diary_draft WHERE member = $1`

// draftOf reads drafts of a member.
func draftOf(owner core.ID) func(r engine.Scanner) (journal.Draft, error) {
	return func(r engine.Scanner) (journal.Draft, error) {
		d := journal.Draft{Owner: owner}
		var open bool
		err := r.Scan(&d.ID, &d.Title, &d.Body, &d.Visibility, &open, &d.Category, engine.Moment(&d.SavedAt))
		d.CommentsClosed = !open
		return d, err
	}
}

// Draft implements journal.DraftStore.
func (s Journal) Draft(ctx context.Context, owner, id core.ID) (journal.Draft, error) {
	d, err := draftOf(owner)(s.on(ctx).Row(ctx, draftRows+` AND id = $2`, owner, id))
	return d, one(err)
}

// Drafts implements journal.DraftStore.
func (s Journal) Drafts(ctx context.Context, owner core.ID) ([]journal.Draft, error) {
	return engine.List(ctx, s.on(ctx), draftOf(owner), draftRows+` ORDER BY saved_at DESC, id DESC`, owner)
}

// DeleteDraft implements journal.DraftStore.
func (s Journal) DeleteDraft(ctx context.Context, owner, id core.ID) error {
	return s.change(ctx, `DELETE FROM diary_draft WHERE member = $1 AND id = $2`, owner, id)
}
