package store

import (
	"context"

	"musubi/core"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// What is read of members, everywhere alike.
const (
	memberColumns = base.MemberColumns
	memberPhoto   = base.MemberPhoto
)

var (
	memberFields = base.MemberFields
	memberRow    = base.MemberRow
)

// InsertMember implements core.MemberStore.
func (s Desk) InsertMember(ctx context.Context, m core.Member, mail, passwordHash string) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		n, err := q.Run(ctx, `INSERT INTO mail (address, member) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING`, mail, m.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrMailTaken
		}
		_, err = q.Run(ctx, `INSERT INTO member (id, name, status, language, password, diary_visibility, created_at, alone_since)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			m.ID, m.Name, m.Status, m.Language, passwordHash, m.DiaryVisibility, engine.Millis(m.CreatedAt))
		return err
	})
}

// Member implements core.MemberStore.
func (s Desk) Member(ctx context.Context, id core.ID) (core.Member, error) {
	m, err := memberRow(s.on(ctx).Row(ctx, `SELECT `+memberColumns+` FROM member m`+memberPhoto+`WHERE m.id = $1`, id))
	return m, one(err)
}

// A Person is a member as a cache keeps them: who blocks nobody, as most, need not be asked whom.
type Person struct {
	core.Member
	Blocks bool
}

const personColumns = memberColumns + `, EXISTS (SELECT 1 FROM block WHERE member = m.id)`

func personRow(r engine.Scanner) (p Person, err error) {
	err = r.Scan(append(memberFields(&p.Member), &p.Blocks)...)
	p.Photo.Owner = p.ID
	return p, err
}

// Person is Member with Blocks.
func (s Desk) Person(ctx context.Context, id core.ID) (Person, error) {
	p, err := personRow(s.on(ctx).Row(ctx, `SELECT `+personColumns+` FROM member m`+memberPhoto+`WHERE m.id = $1`, id))
	return p, one(err)
}

// Mails implements core.MemberStore.
func (s Desk) Mails(ctx context.Context, member core.ID) ([]string, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (address string, err error) { return address, r.Scan(&address) },
		`SELECT address FROM mail WHERE member = $1 ORDER BY address`, member)
}

// SetStatus implements core.MemberStore.
func (s Desk) SetStatus(ctx context.Context, member core.ID, status core.Status) error {
	return s.exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, `UPDATE member SET status = $1 WHERE id = $2`, status, member); err != nil {
			return err
		}
		return s.present(ctx, q, member, status)
	})
}

// SetName implements core.MemberStore.
func (s Desk) SetName(ctx context.Context, member core.ID, name string) error {
	return s.change(ctx, `UPDATE member SET name = $1 WHERE id = $2`, name, member)
}

// SetMemberPhoto implements core.MemberStore.
func (s Desk) SetMemberPhoto(ctx context.Context, member, photo core.ID) error {
	return s.change(ctx, `UPDATE member SET photo = $1 WHERE id = $2`, photo, member)
}
