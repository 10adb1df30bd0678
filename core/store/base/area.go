package base

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/search"
	"musubi/core/store/engine"
)

// An Area is what the store of an area stands on.
type Area struct{ DB *engine.DB }

// On is what a method runs its SQL on: the transaction that ctx carries, or a connection for reading.
func (a Area) On(ctx context.Context) engine.Querier { return a.DB.On(ctx) }

// Exec runs statements as one atomic step; inside Atomic they join its transaction.
func (a Area) Exec(ctx context.Context, f func(ctx context.Context, q engine.Querier) error) error {
	return a.DB.Exec(ctx, f)
}

// Change runs one statement as one atomic step.
func (a Area) Change(ctx context.Context, query string, args ...any) error {
	return a.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, query, args...)
		return err
	})
}

// One maps "no row" to the error that the services know.
func One(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return core.ErrNotFound
	}
	return err
}

// MemberColumns are those of a member m with their photo p, which MemberRow reads.
const MemberColumns = `m.id, m.name, m.status, m.language, m.time_zone, m.seen_marks, m.diary_visibility, m.friends, m.created_at, m.last_login_at, m.alone_since,
	coalesce(p.id, 0), coalesce(p.hash, ''), coalesce(p.type, ''), coalesce(p.width, 0), coalesce(p.height, 0)`

// SparePhotos notes the files of photos, which are about to go, as perhaps in nobody's use, at time $at. of is what stands behind
// FROM, with the photo named photo.
func SparePhotos(at int, of string) string {
	from := `, $` + strconv.Itoa(at) + ` FROM ` + of
	return `INSERT INTO spare_blob (hash, since) SELECT photo.hash` + from + ` UNION SELECT photo.wide` + from + ` AND photo.wide <> '' UNION SELECT photo.original` + from +
		` AND photo.original <> '' ON CONFLICT (hash) DO UPDATE SET since = excluded.since`
}

// MemberPhoto joins it.
const MemberPhoto = ` LEFT JOIN photo p ON p.member = m.id AND p.id = m.photo `

// MemberFields are the targets for MemberColumns.
func MemberFields(m *core.Member) []any {
	return []any{&m.ID, &m.Name, &m.Status, &m.Language, &m.Zone, &m.SeenMarks, &m.DiaryVisibility, &m.Friends, engine.Moment(&m.CreatedAt),
		engine.Moment(&m.LastLoginAt), engine.Moment(&m.AloneSince), &m.Photo.ID, &m.Photo.Hash, &m.Photo.Type, &m.Photo.Width, &m.Photo.Height}
}

// MemberRow reads a row of MemberColumns.
func MemberRow(r engine.Scanner) (m core.Member, err error) {
	err = r.Scan(MemberFields(&m)...)
	m.Photo.Owner = m.ID
	return m, err
}

// TieColumns are facts between a viewer and the owner m.id of a thing, which TieFields reads. The viewer is w.viewer: see Wanted.
const TieColumns = `EXISTS (SELECT 1 FROM member WHERE id = w.viewer AND status = 0), m.status = 0,
	EXISTS (SELECT 1 FROM block WHERE member = w.viewer AND blocked = m.id) OR EXISTS (SELECT 1 FROM block WHERE member = m.id AND blocked = w.viewer),
	EXISTS (SELECT 1 FROM friend WHERE member = w.viewer AND friend = m.id)`

// TieFields are where TieColumns are read to.
func TieFields(t *core.Ties) []any {
	return []any{&t.ViewerActive, &t.OwnerActive, &t.Blocked, &t.Friends}
}

// Wanted writes the beginning of a statement about many things: the table w of their keys. Its length is one of a few, so
// that only a few statements are prepared; what is left over asks for nothing.
func Wanted(viewer core.ID, keys []search.Key) (with string, args []any) {
	n := 4
	for n < len(keys) {
		n *= 2
	}
	args = make([]any, 0, 3*n)
	for i := range n {
		var key search.Key
		if i < len(keys) {
			key = keys[i]
		}
		args = append(args, int64(viewer), int64(key.Owner), int64(key.ID))
	}
	return `WITH wanted (viewer, owner, id) AS (VALUES (?, ?, ?)` + strings.Repeat(`, (?, ?, ?)`, n-1) + `) `, args
}
