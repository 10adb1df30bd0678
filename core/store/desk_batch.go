package store

import (
	"cmp"
	"slices"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/chores"
	"musubi/core/journal"
	"musubi/core/people"
	"musubi/core/store/engine"
)

func bulkMembers(out *engine.Queue, b *chores.Batch) {
	mails := out.Rows("mail", "address, member")
	mails.Unique("address", core.ErrMailTaken)
	members := out.Rows("member", "id, name, status, language, password, photo, diary_visibility, friends, created_at, last_login_at")
	profiles := out.Rows("profile", "member, field, value, visibility")
	for i := range b.Members {
		m := &b.Members[i]
		mails.Add(m.Mail, int64(m.ID))
		for _, more := range m.MoreMail {
			mails.Add(more, int64(m.ID))
		}
		members.Add(int64(m.ID), m.Name, int64(m.Status), m.Language, m.PasswordHash, int64(m.Photo.ID),
			int64(m.DiaryVisibility), int64(m.Friends), engine.Millis(m.CreatedAt), engine.Millis(m.LastLoginAt))
		for _, v := range m.Profile {
			profiles.Add(int64(m.ID), v.Key, v.Value, int64(v.Visibility))
		}
	}
	mails.End()
	members.End()
	profiles.End()
}

func bulkPhotos(out *engine.Queue, b *chores.Batch) {
	type row struct {
		album.AlbumPhoto
		to    core.Attached
		place int
	}
	var rows []row
	for i := range b.Members {
		if m := &b.Members[i].Member; m.Photo.ID != 0 {
			rows = append(rows, row{album.AlbumPhoto{Photo: m.Photo}, core.Attached{Kind: people.ProfilePhoto, Owner: m.ID, Thing: m.ID}, 0})
		}
	}
	for i := range b.Diaries {
		d := &b.Diaries[i]
		for place, p := range d.Photos {
			rows = append(rows, row{album.AlbumPhoto{Photo: p}, core.Attached{Kind: journal.DiaryPhoto, Owner: d.Owner, Thing: d.ID}, place})
		}
	}
	for i := range b.Albums {
		a := &b.Albums[i]
		for place, p := range a.Hung {
			rows = append(rows, row{p, core.Attached{Kind: album.InAlbum, Owner: a.Owner, Thing: a.ID}, place})
		}
	}
	slices.SortFunc(rows, func(x, y row) int { return cmp.Or(cmp.Compare(x.Owner, y.Owner), cmp.Compare(x.ID, y.ID)) })
	photos := out.Rows("photo", "member, id, hash, type, width, height, bytes, caption, comments, kind, owner, thing, place, created_at, wide, wide_width, wide_height, original, original_type")
	for i := range rows {
		p := &rows[i]
		photos.Add(int64(p.Owner), int64(p.ID), p.Hash, p.Type, int64(p.Width), int64(p.Height), int64(p.Bytes), p.Caption, int64(p.Comments),
			int64(p.to.Kind), int64(p.to.Owner), int64(p.to.Thing), int64(p.place), engine.Millis(p.ID.Time()),
			p.Wide.Hash, int64(p.Wide.Width), int64(p.Wide.Height), p.Original.Hash, p.Original.Type)
	}
	photos.End()
}
