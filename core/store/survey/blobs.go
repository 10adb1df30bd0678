package survey

import (
	"context"
	"errors"
	"time"

	"musubi/core/store/engine"
)

// BlobNames lists the names of files that photos have, after one, in their order.
func BlobNames(ctx context.Context, db *engine.DB, after string, limit int) ([]string, error) {
	return engine.List(ctx, db.On(ctx), text, `SELECT hash FROM photo WHERE hash > $1 UNION SELECT wide FROM photo WHERE wide > $1 AND wide <> ''
		UNION SELECT original FROM photo WHERE original > $1 AND original <> '' ORDER BY 1 LIMIT $2`, after, limit)
}

func text(r engine.Scanner) (s string, err error) { return s, r.Scan(&s) }

// blobBatch is how many names are asked for at once.
const blobBatch = 500

// EachBlob calls f with the name of every file that a photo has.
func EachBlob(ctx context.Context, db *engine.DB, f func(name string)) error {
	for after := ""; ; {
		names, err := BlobNames(ctx, db, after, blobBatch)
		if err != nil || len(names) == 0 || ctx.Err() != nil {
			return err
		}
		for _, n := range names {
			f(n)
		}
		after = names[len(names)-1]
	}
}

// Orphans gives those of the names of files that no row of any table has. It asks every column of text, whatever area it is of: a
// table that was forgotten here would cost a member their picture or film.
func Orphans(ctx context.Context, db *engine.DB, names []string) ([]string, error) {
	used := map[string]bool{}
	ask := func(table, column string, names []string) error {
		args := make([]any, len(names))
		for i, n := range names {
			args[i] = n
		}
		found, err := engine.List(ctx, db.On(ctx), text, `SELECT DISTINCT `+column+` FROM `+table+` WHERE `+column+` IN (`+engine.Places(1, len(names))+`)`, args...)
		for _, n := range found {
			used[n] = true
		}
		return err
	}
	left := func() (rest []string) {
		for _, n := range names {
			if !used[n] {
				rest = append(rest, n)
			}
		}
		return rest
	}
	if len(names) == 0 {
		return nil, nil
	}
	if err := ask("photo", "hash", names); err != nil || len(left()) == 0 { // an index answers for nearly all
		return nil, err
	}
	type place struct{ table, column string }
	all, err := db.TextColumns(ctx)
	var places []place
	for _, p := range all {
		if p[0] != "spare_blob" {
			places = append(places, place{p[0], p[1]})
		}
	}
	for _, p := range places {
		if rest := left(); err == nil && len(rest) > 0 {
			err = ask(p.table, p.column, rest)
		}
	}
	return left(), err
}

// Spare hands files that nobody uses to the sweeping of pictures, which looks once more before it deletes them.
func Spare(ctx context.Context, db *engine.DB, names []string, now time.Time) error {
	return db.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		for _, n := range names {
			if _, err := q.Run(ctx, `INSERT INTO spare_blob (hash, since) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, n, engine.Millis(now)); err != nil {
				return err
			}
		}
		return nil
	})
}

// contradictions are what must never be found, by what it would be.
var contradictions = []struct{ what, query string }{
	{"members whose number of friends is not what they have", `SELECT count(*) FROM member m WHERE friends <> (SELECT count(*) FROM friend f WHERE f.member = m.id)`},
	{"friends on one side only", `SELECT count(*) FROM friend f WHERE NOT EXISTS (SELECT 1 FROM friend g WHERE g.member = f.friend AND g.friend = f.member)`},
	{"entries whose number of comments is not what they have", `SELECT count(*) FROM diary d WHERE comments <> (SELECT count(*) FROM comment c WHERE c.owner = d.member AND c.diary = d.id)`},
	{"comments on no entry", `SELECT count(*) FROM comment c WHERE NOT EXISTS (SELECT 1 FROM diary d WHERE d.member = c.owner AND d.id = c.diary)`},
	{"entries of nobody", `SELECT count(*) FROM diary d WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.id = d.member)`},
	{"lists with entries that are gone", `SELECT count(*) FROM friend_diary l WHERE NOT EXISTS (SELECT 1 FROM diary d WHERE d.member = l.owner AND d.id = l.diary)`},
	{"mail addresses of nobody", `SELECT count(*) FROM mail a WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.id = a.member)`},
	{"sessions of nobody", `SELECT count(*) FROM session s WHERE NOT EXISTS (SELECT 1 FROM member m WHERE m.id = s.member)`},
}

// Contradictions calls each with what was found of every kind; 0 is what ought to be.
func Contradictions(ctx context.Context, db *engine.DB, each func(what string, n int)) error {
	for _, c := range contradictions {
		var n int
		if err := db.On(ctx).Row(ctx, c.query).Scan(&n); err != nil {
			return err
		}
		each(c.what, n)
	}
	return nil
}

// Integrity reads the whole database and says what is damaged; "" is nothing. PostgreSQL has pg_amcheck and checksums for it, and is not
// read here.
func Integrity(ctx context.Context, db *engine.DB) (damage string, err error) {
	return db.Damage(ctx, false)
}

// Damage reads the file of a database, which may be one that is served from, and says what is damaged; "" is nothing. Indexes are not
// compared with their tables, so that it is quick.
func Damage(ctx context.Context, path string) (damage string, err error) {
	db, err := engine.Open(ctx, engine.Config{Path: path, Look: true}, nil)
	if err != nil {
		return "", err
	}
	damage, err = db.Damage(ctx, true)
	return damage, errors.Join(err, db.Close())
}
