package store

import (
	"context"
	"strings"

	"musubi/core"
)

// bulkParameters bounds the parameters of one INSERT of many rows: twenty and more rows with each call of the driver,
// and only two lengths of statement for each table to keep prepared.
const bulkParameters = 240

// InsertBatch implements core.BatchStore.
func (s *Store) InsertBatch(ctx context.Context, b *core.Batch) error {
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		for _, insert := range [...]func(context.Context, querier, *core.Batch) error{
			bulkSearch, bulkMembers, bulkFriends, bulkDiaries, bulkPhotos, bulkComments, bulkLists, bulkVisits, bulkMessages,
		} {
			if err := insert(ctx, q, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// bulkSearch leaves the new rows to the filling of the search index, which goes on beside the pages when a process serves
// them: to note each one, or to index it here, would make a fill slower.
func bulkSearch(ctx context.Context, q querier, b *core.Batch) error {
	if len(b.Members) == 0 && len(b.Diaries) == 0 {
		return nil
	}
	return forgetFilling(ctx, q)
}

func bulkMembers(ctx context.Context, q querier, b *core.Batch) error {
	mails := newBulk(ctx, q, "mail", "address, member")
	mails.tail = " ON CONFLICT (address) DO NOTHING"
	members := newBulk(ctx, q, "member", "id, name, status, language, password, photo, diary_visibility, friends, created_at, last_login_at")
	profiles := newBulk(ctx, q, "profile", "member, field, value, visibility")
	for i := range b.Members {
		m := &b.Members[i]
		mails.row(m.Mail, int64(m.ID))
		members.row(int64(m.ID), m.Name, int64(m.Status), m.Language, m.PasswordHash, int64(m.Photo.ID),
			int64(m.DiaryVisibility), int64(m.Friends), millis(m.CreatedAt), millis(m.LastLoginAt))
		for _, v := range m.Profile {
			profiles.row(int64(m.ID), v.Key, v.Value, int64(v.Visibility))
		}
	}
	if err := mails.end(); err != nil {
		return err
	}
	if mails.stored < int64(len(b.Members)) {
		return core.ErrMailTaken
	}
	if err := members.end(); err != nil {
		return err
	}
	return profiles.end()
}

func bulkFriends(ctx context.Context, q querier, b *core.Batch) error {
	friends := newBulk(ctx, q, "friend", "member, friend, since, locked_until")
	for _, f := range b.Friends {
		friends.row(int64(f.Member), int64(f.Friend), millis(f.Since), int64(0))
	}
	if err := friends.end(); err != nil {
		return err
	}
	birthdays := newBulk(ctx, q, "friend_birthday", "member, day, friend")
	for _, f := range b.Birthdays {
		birthdays.row(int64(f.Member), int64(f.Month)*100+int64(f.Day), int64(f.Friend))
	}
	return birthdays.end()
}

func bulkDiaries(ctx context.Context, q querier, b *core.Batch) error {
	diaries := newBulk(ctx, q, "diary", "member, id, title, body, visibility, comments_open, comments, photos, created_at, updated_at")
	newest := newBulk(ctx, q, "newest_diary", "diary, owner")
	for i := range b.Diaries {
		d := &b.Diaries[i]
		diaries.row(int64(d.Owner), int64(d.ID), d.Title, d.Body, int64(d.Visibility), d.CommentsOpen, int64(d.Comments),
			int64(len(d.Photos)), millis(d.CreatedAt), max(millis(d.CreatedAt), millis(d.UpdatedAt)))
		if d.Visibility == core.Everyone {
			newest.row(int64(d.ID), int64(d.Owner))
		}
	}
	if err := diaries.end(); err != nil {
		return err
	}
	return newest.end()
}

func bulkPhotos(ctx context.Context, q querier, b *core.Batch) error {
	photos := newBulk(ctx, q, "photo", "member, id, hash, type, width, height, kind, owner, thing, place, created_at")
	add := func(p core.Photo, to core.Attached, place int) {
		photos.row(int64(p.Owner), int64(p.ID), p.Hash, p.Type, int64(p.Width), int64(p.Height),
			int64(to.Kind), int64(to.Owner), int64(to.Thing), int64(place), millis(p.ID.Time()))
	}
	for i := range b.Members {
		if m := &b.Members[i].Member; m.Photo.ID != 0 {
			add(m.Photo, core.Attached{Kind: core.ProfilePhoto, Owner: m.ID, Thing: m.ID}, 0)
		}
	}
	for i := range b.Diaries {
		d := &b.Diaries[i]
		for place, p := range d.Photos {
			add(p, core.Attached{Kind: core.DiaryPhoto, Owner: d.Owner, Thing: d.ID}, place)
		}
	}
	return photos.end()
}

func bulkComments(ctx context.Context, q querier, b *core.Batch) error {
	var of [len(boards)]*bulk
	for k := range boards {
		of[k] = newBulk(ctx, q, boards[k].table, boards[k].columns)
	}
	for i := range b.Comments {
		c := &b.Comments[i]
		if boards[c.Kind].pieces {
			of[c.Kind].row(int64(c.Owner), int64(c.Thing), int64(c.Piece), int64(c.ID), int64(c.Author), c.Body, millis(c.CreatedAt))
		} else {
			of[c.Kind].row(int64(c.Owner), int64(c.Thing), int64(c.ID), int64(c.Author), c.Body, millis(c.CreatedAt))
		}
	}
	for _, comments := range of {
		if err := comments.end(); err != nil {
			return err
		}
	}
	return nil
}

func bulkLists(ctx context.Context, q querier, b *core.Batch) error {
	delivered := newBulk(ctx, q, "friend_diary", "member, diary, owner")
	for _, d := range b.Delivered {
		delivered.row(int64(d.Member), int64(d.Diary), int64(d.Owner))
	}
	if err := delivered.end(); err != nil {
		return err
	}
	commented := newBulk(ctx, q, "commented", "member, owner, diary, updated_at")
	for _, c := range b.Commented {
		commented.row(int64(c.Member), int64(c.Owner), int64(c.Diary), millis(c.At))
	}
	return commented.end()
}

func bulkVisits(ctx context.Context, q querier, b *core.Batch) error {
	lines := newBulk(ctx, q, "footprint", "member, visitor, day, visited_at")
	books := newBulk(ctx, q, "footprint_book", "member, total")
	for i := range b.Visits {
		of := &b.Visits[i]
		books.row(int64(of.Member), int64(of.Total))
		for _, v := range of.Lines {
			lines.row(int64(of.Member), int64(v.Visitor), int64(v.Day), millis(v.At))
		}
	}
	if err := lines.end(); err != nil {
		return err
	}
	return books.end()
}

func bulkMessages(ctx context.Context, q querier, b *core.Batch) error {
	messages := newBulk(ctx, q, "message", "member, id, kind, folder, other, other_name, subject, body, folded, answers, unread, photos, created_at")
	for i := range b.Messages {
		m := &b.Messages[i]
		messages.row(int64(m.Member), int64(m.ID), int64(m.Kind), int64(m.Folder), int64(m.Other), m.OtherName, m.Subject, m.Body, foldedMessage(*m),
			int64(m.Answers), m.Unread, int64(0), millis(m.At))
	}
	return messages.end()
}

// bulk inserts rows of one table, many with each statement. The first error stops it; end returns it.
type bulk struct {
	ctx     context.Context
	q       querier
	table   string
	columns string
	tail    string // of the statement
	width   int    // columns
	full    string // the statement for many rows
	args    []any
	stored  int64 // rows
	err     error
}

func newBulk(ctx context.Context, q querier, table, columns string) *bulk {
	return &bulk{ctx: ctx, q: q, table: table, columns: columns, width: strings.Count(columns, ",") + 1}
}

// row adds a row; values are int64, string or bool, so that the driver need not convert them.
func (b *bulk) row(values ...any) {
	if b.err != nil {
		return
	}
	if b.args = append(b.args, values...); len(b.args)+b.width > bulkParameters {
		if b.full == "" {
			b.full = b.statement(len(b.args) / b.width)
		}
		b.run(b.full, b.args)
		b.args = b.args[:0]
	}
}

// end inserts the rows that are left, one by one.
func (b *bulk) end() error {
	if b.err != nil || len(b.args) == 0 {
		return b.err
	}
	single := b.statement(1)
	for ; len(b.args) > 0 && b.err == nil; b.args = b.args[b.width:] {
		b.run(single, b.args[:b.width])
	}
	return b.err
}

func (b *bulk) run(statement string, args []any) {
	n, err := b.q.run(b.ctx, statement, args...)
	b.stored += n
	b.err = err
}

// statement writes INSERT INTO table (columns) VALUES (?, ?), (?, ?)… for that many rows. Not $1, $2…: to bind a
// parameter the driver asks for its name, for which SQLite walks through the names of all before it; at 240 of them
// a fill took half as long again.
func (b *bulk) statement(rows int) string {
	var s strings.Builder
	s.WriteString("INSERT INTO " + b.table + " (" + b.columns + ") VALUES ")
	for i := range rows * b.width {
		switch {
		case i == 0:
			s.WriteString("(?")
		case i%b.width == 0:
			s.WriteString("), (?")
		default:
			s.WriteString(", ?")
		}
	}
	s.WriteByte(')')
	s.WriteString(b.tail)
	return s.String()
}
