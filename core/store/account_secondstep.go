package store

import (
	"context"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/store/engine"
)

// SecondStep implements account.SecondStepStore.
func (s Account) SecondStep(ctx context.Context, member core.ID) (account.SecondStep, error) {
	step := account.SecondStep{Member: member}
	err := s.on(ctx).Row(ctx, `SELECT secret, used, since FROM second_step WHERE member = $1`, member).
		Scan(&step.Secret, &step.Used, engine.Moment(&step.Since))
	return step, one(err)
}

// PutSecondStep implements account.SecondStepStore.
func (s Account) PutSecondStep(ctx context.Context, step account.SecondStep, recovery []string) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO second_step (member, secret, used, since) VALUES ($1, $2, $3, $4)
			ON CONFLICT (member) DO UPDATE SET secret = excluded.secret, used = excluded.used, since = excluded.since`,
			step.Member, step.Secret, step.Used, engine.Millis(step.Since))
		if err != nil {
			return err
		}
		if _, err := q.Run(ctx, `DELETE FROM recovery_code WHERE member = $1`, step.Member); err != nil {
			return err
		}
		for _, hash := range recovery {
			if _, err := q.Run(ctx, `INSERT INTO recovery_code (member, hash) VALUES ($1, $2)`, step.Member, hash); err != nil {
				return err
			}
		}
		return nil
	})
}

// UseStep implements account.SecondStepStore.
func (s Account) UseStep(ctx context.Context, member core.ID, step int64) (bool, error) {
	return s.changed(ctx, `UPDATE second_step SET used = $2 WHERE member = $1 AND used < $2`, member, step)
}

// UseRecovery implements account.SecondStepStore.
func (s Account) UseRecovery(ctx context.Context, member core.ID, hash string) (bool, error) {
	return s.changed(ctx, `DELETE FROM recovery_code WHERE member = $1 AND hash = $2`, member, hash)
}

// changed runs a statement and says whether it found its row.
func (s Account) changed(ctx context.Context, query string, args ...any) (found bool, err error) {
	err = s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, query, args...)
		found = n > 0
		return err
	})
	return found, err
}

// CountRecovery implements account.SecondStepStore.
func (s Account) CountRecovery(ctx context.Context, member core.ID) (n int, err error) {
	err = s.on(ctx).Row(ctx, `SELECT count(*) FROM recovery_code WHERE member = $1`, member).Scan(&n)
	return n, err
}

// DeleteSecondStep implements account.SecondStepStore.
func (s Account) DeleteSecondStep(ctx context.Context, member core.ID) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, `DELETE FROM recovery_code WHERE member = $1`, member); err != nil {
			return err
		}
		_, err := q.Run(ctx, `DELETE FROM second_step WHERE member = $1`, member)
		return err
	})
}
