package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

const invitationColumns = `SELECT inviter, id, address, state, draft, sent_at, expires_at FROM invitation `

func invitation(r engine.Scanner) (i account.Invitation, err error) {
	return i, r.Scan(&i.Inviter, &i.ID, &i.Address, &i.State, &i.Draft, engine.Moment(&i.SentAt), engine.Moment(&i.ExpiresAt))
}

// InsertInvitation implements account.InvitationStore.
func (s Account) InsertInvitation(ctx context.Context, i account.Invitation, hash string) error {
	return s.change(ctx, `INSERT INTO invitation (inviter, id, address, hash, state, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		i.Inviter, i.ID, i.Address, hash, i.State, engine.Millis(i.SentAt), engine.Millis(i.ExpiresAt))
}

// Invitations implements account.InvitationStore.
func (s Account) Invitations(ctx context.Context, inviter core.ID, p core.Page) ([]account.Invitation, error) {
	return engine.List(ctx, s.on(ctx), invitation, invitationColumns+`WHERE inviter = $1 ORDER BY id DESC LIMIT $2 OFFSET $3`,
		inviter, p.Limit(), p.Offset())
}

// WaitingInvitations implements account.InvitationStore.
func (s Account) WaitingInvitations(ctx context.Context, inviter core.ID, now time.Time) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM invitation WHERE inviter = $1 AND state = $2 AND expires_at > $3`,
		inviter, account.Waiting, engine.Millis(now)).Scan(&n)
	return n, err
}

// InvitationByHash implements account.InvitationStore.
func (s Account) InvitationByHash(ctx context.Context, hash string) (account.Invitation, error) {
	i, err := invitation(s.on(ctx).Row(ctx, invitationColumns+`WHERE hash = $1`, hash))
	return i, one(err)
}

// InvitationTo implements account.MailedStore.
func (s Account) InvitationTo(ctx context.Context, address string, now time.Time) (account.Invitation, error) {
	i, err := invitation(s.on(ctx).Row(ctx, invitationColumns+`WHERE address = $1 AND state = $2 AND expires_at > $3 ORDER BY id DESC LIMIT 1`,
		address, account.Waiting, engine.Millis(now)))
	return i, one(err)
}

// Invitation implements account.MailedStore.
func (s Account) Invitation(ctx context.Context, inviter, id core.ID) (account.Invitation, error) {
	i, err := invitation(s.on(ctx).Row(ctx, invitationColumns+`WHERE inviter = $1 AND id = $2`, inviter, id))
	return i, one(err)
}

// SetInvitationHash implements account.MailedStore.
func (s Account) SetInvitationHash(ctx context.Context, inviter, id core.ID, hash string) error {
	return s.change(ctx, `UPDATE invitation SET hash = $1 WHERE inviter = $2 AND id = $3`, hash, inviter, id)
}

// SetInvitationState implements account.InvitationStore.
func (s Account) SetInvitationState(ctx context.Context, inviter, id core.ID, state account.InvitationState) error {
	return s.change(ctx, `UPDATE invitation SET state = $1 WHERE inviter = $2 AND id = $3`, state, inviter, id)
}

// SetInvitationDraft implements account.InvitationStore.
func (s Account) SetInvitationDraft(ctx context.Context, inviter, id core.ID, draft string) error {
	return s.change(ctx, `UPDATE invitation SET draft = $1 WHERE inviter = $2 AND id = $3`, draft, inviter, id)
}

// WithdrawInvitation implements account.InvitationStore.
func (s Account) WithdrawInvitation(ctx context.Context, inviter, id core.ID) (done bool, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE invitation SET state = $1, draft = '' WHERE inviter = $2 AND id = $3 AND state = $4`,
			account.WithdrawnInvitation, inviter, id, account.Waiting)
		done = n > 0
		return err
	})
	return done, err
}
