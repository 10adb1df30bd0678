package console

import (
	"context"
	"errors"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/operator"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Operator keeps who runs the service, and what they did.
type Operator struct{ base.Area }

const operatorColumns = `o.id, o.name, o.role, o.password, o.totp, o.used, o.created_at, o.ended_at, o.member`

func operatorFields(o *operator.Operator) []any {
	password, totp, used := o.Secrets()
	return []any{&o.ID, &o.Name, &o.Role, password, totp, used, engine.Moment(&o.CreatedAt), engine.Moment(&o.EndedAt), &o.Member}
}

func operatorRow(r engine.Scanner) (o operator.Operator, err error) {
	return o, r.Scan(operatorFields(&o)...)
}

// InsertOperator implements operator.AccountStore.
func (s Operator) InsertOperator(ctx context.Context, o operator.Operator) error {
	password, totp, used := o.Secrets()
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO operator (id, name, role, password, totp, used, created_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0) ON CONFLICT (name) DO NOTHING`,
			o.ID, o.Name, o.Role, *password, *totp, *used, engine.Millis(o.CreatedAt))
		if err == nil && n == 0 {
			err = core.ErrMailTaken
		}
		return err
	})
}

// Operator implements operator.AccountStore.
func (s Operator) Operator(ctx context.Context, name string) (operator.Operator, error) {
	o, err := operatorRow(s.On(ctx).Row(ctx, `SELECT `+operatorColumns+` FROM operator o WHERE o.name = $1`, name))
	return o, base.One(err)
}

// Operators implements operator.AccountStore.
func (s Operator) Operators(ctx context.Context) ([]operator.Operator, error) {
	return engine.List(ctx, s.On(ctx), operatorRow, `SELECT `+operatorColumns+` FROM operator o ORDER BY o.id`)
}

// OperatorOf implements operator.AccountStore.
func (s Operator) OperatorOf(ctx context.Context, member core.ID) (operator.Operator, error) {
	o, err := operatorRow(s.On(ctx).Row(ctx, `SELECT `+operatorColumns+` FROM operator o WHERE o.member = $1 AND o.member <> 0 AND o.ended_at = 0 LIMIT 1`, member))
	return o, base.One(err)
}

// SetOperatorMember implements operator.AccountStore.
func (s Operator) SetOperatorMember(ctx context.Context, id, member core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE operator SET member = $1 WHERE id = $2`, Args: []any{member, id}},
			engine.Step{Query: `DELETE FROM operator_session WHERE operator = $1`, Args: []any{id}})
	})
}

// SetCode implements operator.AccountStore.
func (s Operator) SetCode(ctx context.Context, id core.ID, step int64) (fresh bool, err error) {
	err = s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `UPDATE operator SET used = $1 WHERE id = $2 AND used < $1`, step, id)
		fresh = n > 0
		return err
	})
	return fresh, err
}

// EndOperator implements operator.AccountStore.
func (s Operator) EndOperator(ctx context.Context, id core.ID, at time.Time) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `UPDATE operator SET ended_at = $1 WHERE id = $2`, Args: []any{engine.Millis(at), id}},
			engine.Step{Query: `DELETE FROM operator_session WHERE operator = $1`, Args: []any{id}})
	})
}

// InsertOperatorSession implements operator.AccountStore.
func (s Operator) InsertOperatorSession(ctx context.Context, key string, o core.ID, at time.Time) error {
	return s.Change(ctx, `INSERT INTO operator_session (key, operator, created_at, seen_at) VALUES ($1, $2, $3, $3)`, key, o, engine.Millis(at))
}

// OperatorSession implements operator.AccountStore.
func (s Operator) OperatorSession(ctx context.Context, key string) (o operator.Operator, made, seen time.Time, err error) {
	err = s.On(ctx).Row(ctx, `SELECT `+operatorColumns+`, s.created_at, s.seen_at FROM operator_session s JOIN operator o ON o.id = s.operator WHERE s.key = $1`, key).
		Scan(append(operatorFields(&o), engine.Moment(&made), engine.Moment(&seen))...)
	return o, made, seen, base.One(err)
}

// SeeOperatorSession implements operator.AccountStore.
func (s Operator) SeeOperatorSession(ctx context.Context, key string, at time.Time) error {
	return s.Change(ctx, `UPDATE operator_session SET seen_at = $1 WHERE key = $2`, engine.Millis(at), key)
}

// DeleteOperatorSession implements operator.AccountStore.
func (s Operator) DeleteOperatorSession(ctx context.Context, key string) error {
	return s.Change(ctx, `DELETE FROM operator_session WHERE key = $1`, key)
}

// DeleteOperatorSessionsBefore implements operator.AccountStore.
func (s Operator) DeleteOperatorSessionsBefore(ctx context.Context, seen time.Time) error {
	return s.Change(ctx, `DELETE FROM operator_session WHERE seen_at < $1`, engine.Millis(seen))
}

const actColumns = `id, at, operator, kind, member, object, before, after, reason, peer`

// InsertAct implements operator.ActStore.
func (s Operator) InsertAct(ctx context.Context, a operator.Act) error {
	folded := core.Fold(strings.Join([]string{a.By, a.Kind, a.Object, a.Before, a.After, a.Reason, a.Peer, a.Member.String()}, "\n"))
	return s.Change(ctx, `INSERT INTO operator_act (`+actColumns+`, folded) VALUES (`+engine.Places(1, 11)+`)`,
		a.ID, engine.Millis(a.At), a.By, a.Kind, a.Member, a.Object, a.Before, a.After, a.Reason, a.Peer, folded)
}

// Acts implements operator.ActStore.
func (s Operator) Acts(ctx context.Context, words []operator.ActWord, member core.ID, p core.Page) ([]operator.Act, error) {
	args := []any{p.Limit(), p.Offset()}
	where := ``
	for _, w := range words {
		args = append(args, w.Folded)
		where += ` AND (instr(folded, ` + place(len(args)) + `) > 0 OR member IN (SELECT id FROM member WHERE name = ` + place(len(args)) + `)`
		for _, kind := range w.Kinds {
			args = append(args, kind)
			where += ` OR kind = ` + place(len(args))
		}
		where += `)`
	}
	if member != 0 {
		args = append(args, member)
		where += ` AND member = ` + place(len(args))
	}
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (a operator.Act, err error) {
		return a, r.Scan(&a.ID, engine.Moment(&a.At), &a.By, &a.Kind, &a.Member, &a.Object, &a.Before, &a.After, &a.Reason, &a.Peer)
	}, `SELECT `+actColumns+` FROM operator_act WHERE 1 = 1`+where+` ORDER BY id DESC LIMIT $1 OFFSET $2`, args...)
}

func place(n int) string { return engine.Places(n, 1) }

// DeleteActsBefore implements operator.ActStore.
func (s Operator) DeleteActsBefore(ctx context.Context, t time.Time) error {
	return s.Change(ctx, `DELETE FROM operator_act WHERE at < $1`, engine.Millis(t))
}

// FindMembers implements operator.MemberStore.
func (s Operator) FindMembers(ctx context.Context, query string, p core.Page) ([]core.Member, error) {
	id, _ := core.ParseID(query)
	mail, _ := core.NormalMail(query)
	return engine.List(ctx, s.On(ctx), base.MemberRow, `SELECT `+base.MemberColumns+` FROM member m`+base.MemberPhoto+`
		WHERE $1 = '' OR m.id = $2 OR m.id IN (SELECT member FROM mail WHERE address = $3) OR instr(m.name, $1) > 0
		ORDER BY m.id DESC LIMIT $4 OFFSET $5`, query, id, mail, p.Limit(), p.Offset())
}

// Inviter implements operator.MemberStore.
func (s Operator) Inviter(ctx context.Context, member core.ID) (inviter core.ID, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT inviter FROM inviter WHERE member = $1`, member).Scan(&inviter))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return inviter, err
}

// InvitedBy implements operator.MemberStore.
func (s Operator) InvitedBy(ctx context.Context, member core.ID, p core.Page) ([]core.Member, error) {
	return engine.List(ctx, s.On(ctx), base.MemberRow, `SELECT `+base.MemberColumns+` FROM inviter i JOIN member m ON m.id = i.member`+base.MemberPhoto+`
		WHERE i.inviter = $1 ORDER BY i.member DESC LIMIT $2 OFFSET $3`, member, p.Limit(), p.Offset())
}

// Branch implements operator.MemberStore.
func (s Operator) Branch(ctx context.Context, root core.ID, depth, limit int) ([]operator.Twig, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (t operator.Twig, err error) {
		t.Member, err = base.MemberRow(also{r, []any{&t.Inviter, &t.Depth}})
		return t, err
	}, `WITH RECURSIVE branch (member, inviter, depth) AS (
			SELECT member, inviter, 1 FROM inviter WHERE inviter = $1
			UNION SELECT i.member, i.inviter, b.depth + 1 FROM branch b JOIN inviter i ON i.inviter = b.member WHERE b.depth < $2)
		SELECT `+base.MemberColumns+`, b.inviter, b.depth FROM branch b JOIN member m ON m.id = b.member`+base.MemberPhoto+` ORDER BY b.depth, b.member LIMIT $3`, root, depth, limit)
}

// also scans more columns after those of a row that somebody else knows.
type also struct {
	engine.Scanner
	more []any
}

func (a also) Scan(dest ...any) error { return a.Scanner.Scan(append(dest, a.more...)...) }

// RealName implements operator.MemberStore.
func (s Operator) RealName(ctx context.Context, member core.ID) (name string, err error) {
	err = base.One(s.On(ctx).Row(ctx, `SELECT value FROM profile WHERE member = $1 AND field = 'realname'`, member).Scan(&name))
	if errors.Is(err, core.ErrNotFound) {
		err = nil
	}
	return name, err
}

const removalColumns = `member, at, due, reason, operator`

func removalRow(r engine.Scanner) (x operator.Removal, err error) {
	return x, r.Scan(&x.Member, engine.Moment(&x.At), engine.Moment(&x.Due), &x.Reason, &x.By)
}

// InsertRemoval implements operator.RemovalStore.
func (s Operator) InsertRemoval(ctx context.Context, r operator.Removal) error {
	return s.Change(ctx, `INSERT INTO removal (`+removalColumns+`) VALUES ($1, $2, $3, $4, $5)`, r.Member, engine.Millis(r.At), engine.Millis(r.Due), r.Reason, r.By)
}

// Removal implements operator.RemovalStore.
func (s Operator) Removal(ctx context.Context, member core.ID) (operator.Removal, error) {
	r, err := removalRow(s.On(ctx).Row(ctx, `SELECT `+removalColumns+` FROM removal WHERE member = $1`, member))
	return r, base.One(err)
}

// DeleteRemoval implements operator.RemovalStore.
func (s Operator) DeleteRemoval(ctx context.Context, member core.ID) error {
	return s.Change(ctx, `DELETE FROM removal WHERE member = $1`, member)
}

// DueRemovals implements operator.RemovalStore.
func (s Operator) DueRemovals(ctx context.Context, now time.Time, limit int) ([]operator.Removal, error) {
	return engine.List(ctx, s.On(ctx), removalRow, `SELECT `+removalColumns+` FROM removal WHERE due <= $1 ORDER BY due LIMIT $2`, engine.Millis(now), limit)
}
