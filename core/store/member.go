package store

import (
	"context"
	"time"

	"musubi/core"
)

const memberColumns = `m.id, m.name, m.status, m.language, m.diary_visibility, m.friends, m.created_at, m.last_login_at, m.alone_since,
	coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0)`

const memberPhoto = ` LEFT JOIN photo p ON p.member = m.id AND p.id = m.photo `

// memberFields are the targets for memberColumns.
func memberFields(m *core.Member) []any {
	return []any{&m.ID, &m.Name, &m.Status, &m.Language, &m.DiaryVisibility, &m.Friends, moment{&m.CreatedAt},
		moment{&m.LastLoginAt}, moment{&m.AloneSince}, &m.Photo.ID, &m.Photo.Hash, &m.Photo.Type, &m.Photo.Width, &m.Photo.Height}
}

// InsertMember implements core.MemberStore.
func (s *Store) InsertMember(ctx context.Context, m core.Member, mail, passwordHash string) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		n, err := q.run(ctx, `INSERT INTO mail (address, member) VALUES ($1, $2) ON CONFLICT (address) DO NOTHING`, mail, m.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return core.ErrMailTaken
		}
		_, err = q.run(ctx, `INSERT INTO member (id, name, status, language, password, diary_visibility, created_at, alone_since)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			m.ID, m.Name, m.Status, m.Language, passwordHash, m.DiaryVisibility, millis(m.CreatedAt))
		return err
	})
}

// Member implements core.MemberStore.
func (s *Store) Member(ctx context.Context, id core.ID) (core.Member, error) {
	m, err := memberRow(s.on(ctx).row(ctx, `SELECT `+memberColumns+` FROM member m`+memberPhoto+`WHERE m.id = $1`, id))
	return m, one(err)
}

// A Person is a member as a cache keeps them: who blocks nobody, as most, need not be asked whom.
type Person struct {
	core.Member
	Blocks bool
}

const personColumns = memberColumns + `, EXISTS (SELECT 1 FROM block WHERE member = m.id)`

func personRow(r scanner) (p Person, err error) {
	err = r.Scan(append(memberFields(&p.Member), &p.Blocks)...)
	p.Photo.Owner = p.ID
	return p, err
}

// Person is Member with Blocks.
func (s *Store) Person(ctx context.Context, id core.ID) (Person, error) {
	p, err := personRow(s.on(ctx).row(ctx, `SELECT `+personColumns+` FROM member m`+memberPhoto+`WHERE m.id = $1`, id))
	return p, one(err)
}

// FriendPeople gives all friends of a member, active or not.
func (s *Store) FriendPeople(ctx context.Context, member core.ID) ([]Person, error) {
	return list(ctx, s.on(ctx), personRow, `SELECT `+personColumns+` FROM friend f JOIN member m ON m.id = f.friend`+memberPhoto+
		`WHERE f.member = $1`, member)
}

// Credentials implements core.MemberStore.
func (s *Store) Credentials(ctx context.Context, mail string) (member core.ID, hash string, err error) {
	err = s.on(ctx).row(ctx, `SELECT m.id, m.password FROM mail a JOIN member m ON m.id = a.member WHERE a.address = $1`, mail).
		Scan(&member, &hash)
	return member, hash, one(err)
}

// Mails implements core.MemberStore.
func (s *Store) Mails(ctx context.Context, member core.ID) ([]string, error) {
	return list(ctx, s.on(ctx), func(r scanner) (address string, err error) { return address, r.Scan(&address) },
		`SELECT address FROM mail WHERE member = $1 ORDER BY address`, member)
}

// PasswordHash implements core.MemberStore.
func (s *Store) PasswordHash(ctx context.Context, member core.ID) (hash string, err error) {
	err = s.on(ctx).row(ctx, `SELECT password FROM member WHERE id = $1`, member).Scan(&hash)
	return hash, one(err)
}

// SetPassword implements core.MemberStore.
func (s *Store) SetPassword(ctx context.Context, member core.ID, hash string) error {
	return s.change(ctx, `UPDATE member SET password = $1 WHERE id = $2`, hash, member)
}

// SetLastLogin implements core.MemberStore.
func (s *Store) SetLastLogin(ctx context.Context, member core.ID, at time.Time) error {
	return s.change(ctx, `UPDATE member SET last_login_at = $1 WHERE id = $2`, millis(at), member)
}

// SetStatus implements core.MemberStore.
func (s *Store) SetStatus(ctx context.Context, member core.ID, status core.Status) error {
	return s.change(ctx, `UPDATE member SET status = $1 WHERE id = $2`, status, member)
}

// SetName implements core.MemberStore.
func (s *Store) SetName(ctx context.Context, member core.ID, name string) error {
	return s.change(ctx, `UPDATE member SET name = $1 WHERE id = $2`, name, member)
}

// SetMemberPhoto implements core.MemberStore.
func (s *Store) SetMemberPhoto(ctx context.Context, member, photo core.ID) error {
	return s.change(ctx, `UPDATE member SET photo = $1 WHERE id = $2`, photo, member)
}

// Profile implements core.MemberStore.
func (s *Store) Profile(ctx context.Context, member core.ID) ([]core.ProfileValue, error) {
	return list(ctx, s.on(ctx), func(r scanner) (v core.ProfileValue, err error) {
		return v, r.Scan(&v.Key, &v.Value, &v.Visibility)
	}, `SELECT field, value, visibility FROM profile WHERE member = $1`, member)
}

// SetProfile implements core.MemberStore: the values given replace those of the same keys.
func (s *Store) SetProfile(ctx context.Context, member core.ID, values []core.ProfileValue) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		for _, v := range values {
			_, err := q.run(ctx, `INSERT INTO profile (member, field, value, visibility) VALUES ($1, $2, $3, $4)
				ON CONFLICT (member, field) DO UPDATE SET value = excluded.value, visibility = excluded.visibility`,
				member, v.Key, v.Value, v.Visibility)
			if err != nil {
				return err
			}
			if v.Key == birthdayField {
				if err := fanOutBirthday(ctx, q, member); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
