package store

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"musubi/core"
)

// Bounds of a batch.
const (
	// bulkParameters bounds the parameters of one INSERT of many rows: twenty and more rows with each call of the driver, and
	// only two lengths of statement for each table to keep prepared.
	bulkParameters = 240
	bulkAhead      = 16 // statements whose parameters wait while another is stored

	// After so many pages of 4 KiB the log of changes is copied into the database: usually, and while batches come, each of
	// which changes a thousand pages and many of them again. At SQLite's own 1,000 a post paid for copying the same pages.
	usualLog = 4000
	bulkLog  = 16_000
)

// InsertBatch implements core.BatchStore.
func (s *Store) InsertBatch(ctx context.Context, b *core.Batch) error {
	if _, inside := ctx.Value(transactionKey{}).(querier); !inside {
		if err := s.write.setLog(ctx, bulkLog); err != nil {
			return err
		}
		defer s.write.setLog(context.WithoutCancel(ctx), usualLog) // it fails when the store is closed, and then nobody needs it
	}
	return s.exec(ctx, func(ctx context.Context, q querier) error {
		if err := bulkSearch(ctx, q, b); err != nil {
			return err
		}
		return insertRows(ctx, q, func(out *bulkQueue) {
			for _, insert := range [...]func(*bulkQueue, *core.Batch){
				bulkMembers, bulkFriends, bulkDiaries, bulkAlbums, bulkPhotos, bulkComments, bulkLists, bulkVisits, bulkMessages,
			} {
				insert(out, b)
			}
		})
	})
}

// setLog says after how many pages a COMMIT copies the log of changes into the database. The statement works when it is
// prepared, so that it cannot be kept.
func (w *writer) setLog(ctx context.Context, pages int) error {
	return w.outside(ctx, func() error {
		_, err := w.conn.ExecContext(context.WithoutCancel(ctx), `PRAGMA wal_autocheckpoint = `+strconv.Itoa(pages))
		return err
	})
}

// bulkSearch leaves the new rows to the filling of the search index, which goes on beside the pages when a process serves
// them: to note each one, or to index it here, would make a fill slower.
func bulkSearch(ctx context.Context, q querier, b *core.Batch) error {
	if len(b.Members) == 0 && len(b.Diaries) == 0 && len(b.Albums) == 0 {
		return nil
	}
	return forgetFilling(ctx, q)
}

func bulkMembers(out *bulkQueue, b *core.Batch) {
	mails := newBulk(out, "mail", "address, member")
	mails.tail, mails.taken = " ON CONFLICT (address) DO NOTHING", core.ErrMailTaken
	members := newBulk(out, "member", "id, name, status, language, password, photo, diary_visibility, friends, created_at, last_login_at")
	profiles := newBulk(out, "profile", "member, field, value, visibility")
	for i := range b.Members {
		m := &b.Members[i]
		mails.row(m.Mail, int64(m.ID))
		members.row(int64(m.ID), m.Name, int64(m.Status), m.Language, m.PasswordHash, int64(m.Photo.ID),
			int64(m.DiaryVisibility), int64(m.Friends), millis(m.CreatedAt), millis(m.LastLoginAt))
		for _, v := range m.Profile {
			profiles.row(int64(m.ID), v.Key, v.Value, int64(v.Visibility))
		}
	}
	mails.end()
	members.end()
	profiles.end()
}

func bulkFriends(out *bulkQueue, b *core.Batch) {
	friends := newBulk(out, "friend", "member, friend, since, locked_until")
	for _, f := range b.Friends {
		friends.row(int64(f.Member), int64(f.Friend), millis(f.Since), int64(0))
	}
	friends.end()
	birthdays := newBulk(out, "friend_birthday", "member, day, friend")
	for _, f := range b.Birthdays {
		birthdays.row(int64(f.Member), int64(f.Month)*100+int64(f.Day), int64(f.Friend))
	}
	birthdays.end()
}

func bulkDiaries(out *bulkQueue, b *core.Batch) {
	diaries := newBulk(out, "diary", "member, id, title, body, visibility, comments_open, comments, photos, created_at, updated_at")
	newest := newBulk(out, "newest_diary", "diary, owner")
	var open []*core.Diary
	for i := range b.Diaries {
		d := &b.Diaries[i]
		diaries.row(int64(d.Owner), int64(d.ID), d.Title, d.Body, int64(d.Visibility), d.CommentsOpen, int64(d.Comments),
			int64(len(d.Photos)), millis(d.CreatedAt), max(millis(d.CreatedAt), millis(d.UpdatedAt)))
		if d.Visibility == core.Everyone {
			open = append(open, &d.Diary)
		}
	}
	diaries.end()
	slices.SortFunc(open, func(x, y *core.Diary) int { return cmp.Compare(x.ID, y.ID) })
	for _, d := range open {
		newest.row(int64(d.ID), int64(d.Owner))
	}
	newest.end()
}

func bulkAlbums(out *bulkQueue, b *core.Batch) {
	albums := newBulk(out, "album", "member, id, title, note, visibility, protected, comments_open, cover, photos, comments, all_comments, created_at, updated_at")
	rooms := newBulk(out, "album_room", "member, albums, photos, bytes, hour, uploads")
	for i := 0; i < len(b.Albums); {
		room, owner := core.AlbumRoom{}, b.Albums[i].Owner
		for ; i < len(b.Albums) && b.Albums[i].Owner == owner; i++ {
			a := &b.Albums[i]
			cover := core.ID(0)
			for j := range a.Hung {
				if j == 0 {
					cover = a.Hung[j].ID
				}
				takeRoom(&room, &a.Hung[j].Photo)
			}
			room.Albums++
			albums.row(int64(owner), int64(a.ID), a.Title, a.Note, int64(a.Visibility), a.Protected, a.CommentsOpen, int64(cover),
				int64(len(a.Hung)), int64(a.Comments), int64(a.AllComments), millis(a.CreatedAt), millis(a.UpdatedAt))
		}
		rooms.row(int64(owner), int64(room.Albums), int64(room.Photos), room.Bytes, room.Hour, int64(room.Uploads))
	}
	albums.end()
	rooms.end()
	exhibited := newBulk(out, "friend_album", "member, owner, album, updated_at")
	for _, e := range b.Exhibited {
		exhibited.row(int64(e.Member), int64(e.Owner), int64(e.Album), millis(e.At))
	}
	exhibited.end()
}

// takeRoom counts a photo in albums as PutAlbumPhoto does.
func takeRoom(room *core.AlbumRoom, p *core.Photo) {
	room.Photos++
	room.Bytes += int64(p.Bytes)
	switch hour := p.ID.Time().Unix() / 3600; {
	case hour > room.Hour:
		room.Hour, room.Uploads = hour, 1
	case hour == room.Hour:
		room.Uploads++
	}
}

func bulkPhotos(out *bulkQueue, b *core.Batch) {
	type row struct {
		core.AlbumPhoto
		to    core.Attached
		place int
	}
	var rows []row
	for i := range b.Members {
		if m := &b.Members[i].Member; m.Photo.ID != 0 {
			rows = append(rows, row{core.AlbumPhoto{Photo: m.Photo}, core.Attached{Kind: core.ProfilePhoto, Owner: m.ID, Thing: m.ID}, 0})
		}
	}
	for i := range b.Diaries {
		d := &b.Diaries[i]
		for place, p := range d.Photos {
			rows = append(rows, row{core.AlbumPhoto{Photo: p}, core.Attached{Kind: core.DiaryPhoto, Owner: d.Owner, Thing: d.ID}, place})
		}
	}
	for i := range b.Albums {
		a := &b.Albums[i]
		for place, p := range a.Hung {
			rows = append(rows, row{p, core.Attached{Kind: core.InAlbum, Owner: a.Owner, Thing: a.ID}, place})
		}
	}
	slices.SortFunc(rows, func(x, y row) int { return cmp.Or(cmp.Compare(x.Owner, y.Owner), cmp.Compare(x.ID, y.ID)) })
	photos := newBulk(out, "photo", "member, id, hash, type, width, height, bytes, caption, comments, kind, owner, thing, place, created_at")
	for i := range rows {
		p := &rows[i]
		photos.row(int64(p.Owner), int64(p.ID), p.Hash, p.Type, int64(p.Width), int64(p.Height), int64(p.Bytes), p.Caption, int64(p.Comments),
			int64(p.to.Kind), int64(p.to.Owner), int64(p.to.Thing), int64(p.place), millis(p.ID.Time()))
	}
	photos.end()
}

func bulkComments(out *bulkQueue, b *core.Batch) {
	var of [len(boards)]*bulk
	for k := range boards {
		of[k] = newBulk(out, boards[k].table, boards[k].columns)
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
		comments.end()
	}
}

func bulkLists(out *bulkQueue, b *core.Batch) {
	delivered := newBulk(out, "friend_diary", "member, diary, owner")
	for _, d := range b.Delivered {
		delivered.row(int64(d.Member), int64(d.Diary), int64(d.Owner))
	}
	delivered.end()
	commented := newBulk(out, "commented", "member, owner, diary, updated_at")
	for _, c := range b.Commented {
		commented.row(int64(c.Member), int64(c.Owner), int64(c.Diary), millis(c.At))
	}
	commented.end()
}

func bulkVisits(out *bulkQueue, b *core.Batch) {
	lines := newBulk(out, "footprint", "member, visitor, day, visited_at")
	books := newBulk(out, "footprint_book", "member, total")
	for i := range b.Visits {
		of := &b.Visits[i]
		books.row(int64(of.Member), int64(of.Total))
		for _, v := range of.Lines {
			lines.row(int64(of.Member), int64(v.Visitor), int64(v.Day), millis(v.At))
		}
	}
	lines.end()
	books.end()
}

func bulkMessages(out *bulkQueue, b *core.Batch) {
	messages := newBulk(out, "message", "member, id, kind, folder, other, other_name, subject, body, folded, answers, unread, photos, created_at")
	for i := range b.Messages {
		m := &b.Messages[i]
		messages.row(int64(m.Member), int64(m.ID), int64(m.Kind), int64(m.Folder), int64(m.Other), m.OtherName, m.Subject, m.Body, foldedMessage(*m),
			int64(m.Answers), m.Unread, int64(0), millis(m.At))
	}
	messages.end()
}

// bulkInsert is a statement with its parameters.
type bulkInsert struct {
	statement string
	args      []any
	rows      int64
	taken     error // when not all of the rows were stored
}

// bulkQueue brings inserts from the goroutine that makes their parameters to the writer, and the used memory back.
type bulkQueue struct {
	full  chan bulkInsert
	spare chan []any
}

// insertRows stores what add puts into the queue; add runs beside SQLite's work. After an error the rest is passed over, so that
// add has ended when insertRows returns.
func insertRows(ctx context.Context, q querier, add func(out *bulkQueue)) (err error) {
	out := &bulkQueue{make(chan bulkInsert, bulkAhead), make(chan []any, bulkAhead)}
	go func() {
		defer close(out.full)
		add(out)
	}()
	for n := range out.full {
		if err == nil {
			var stored int64
			if stored, err = q.run(ctx, n.statement, n.args...); err == nil && stored < n.rows {
				err = n.taken
			}
		}
		select {
		case out.spare <- n.args[:0]:
		default:
		}
	}
	return err
}

// memory is room for the parameters of one insert.
func (o *bulkQueue) memory() []any {
	select {
	case m := <-o.spare:
		return m
	default:
		return make([]any, 0, bulkParameters)
	}
}

// bulk puts rows of one table into the queue, many with each statement.
type bulk struct {
	out     *bulkQueue
	table   string
	columns string
	tail    string // of the statement
	taken   error  // see bulkInsert
	width   int    // columns
	many    string // the statement for many rows
	args    []any
}

func newBulk(out *bulkQueue, table, columns string) *bulk {
	return &bulk{out: out, table: table, columns: columns, width: strings.Count(columns, ",") + 1}
}

// row adds a row; values are int64, string or bool, so that the driver need not convert them.
func (b *bulk) row(values ...any) {
	if b.args == nil {
		b.args = b.out.memory()
	}
	if b.args = append(b.args, values...); len(b.args)+b.width > bulkParameters {
		rows := len(b.args) / b.width
		if b.many == "" {
			b.many = b.statement(rows)
		}
		b.out.full <- bulkInsert{b.many, b.args, int64(rows), b.taken}
		b.args = nil
	}
}

// end takes the rows that are left, one by one.
func (b *bulk) end() {
	if len(b.args) == 0 {
		return
	}
	single := b.statement(1)
	for left := range slices.Chunk(b.args, b.width) {
		b.out.full <- bulkInsert{single, append(b.out.memory(), left...), 1, b.taken}
	}
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
