package web

import (
	"context"
	"strconv"

	"rsc.io/qr"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/mailpost"
	"musubi/core/talk"
)

// Addresses of posting by mail.
const (
	mailpostPath       = "/settings/post"
	mailpostCodePath   = "/settings/post/qr"
	mailpostThreadPath = "/comment/mail"
)

// postsByMail says whether anything can be posted by mail on this site.
func (v *visit) postsByMail() bool { return v.site.core.Mailpost.Domain() != "" }

// A postAddress is a row of the page: an address, what it is for, and the value that names it in forms.
type postAddress struct{ label, address, name string }

// The values that name targets; an album's is its ID.
const (
	nameDiary   = "diary"
	nameProfile = "profile"
)

// postTarget is the target that a value names.
func (v mailpostPages) postTarget(name string) (mailpost.Target, error) {
	switch name {
	case nameDiary:
		return mailpost.Diary(v.member.ID), nil
	case nameProfile:
		return mailpost.Profile(v.member.ID), nil
	}
	id, ok := core.ParseID(name)
	if !ok {
		return mailpost.Target{}, core.ErrNotFound
	}
	return mailpost.Album(v.member.ID, id), nil
}

// addresses shows the addresses of the member: of the diary, the profile photo and a page of their albums, or of one album.
func (v mailpostPages) addresses() error {
	p := &mailpostPage{frame: frame(v), page: v.page(albumRows)}
	if !v.postsByMail() {
		return v.show(p)
	}
	if name := v.query("album"); name != "" {
		id, err := v.id("album")
		if err != nil {
			return err
		}
		a, err := v.site.core.Album.Album(v.ctx, v.viewer(), v.member.ID, id)
		if err == nil {
			err = p.add(v, v.t("mailpost.named", a.Title), id.String())
		}
		if err != nil {
			return err
		}
		return v.show(p)
	}
	if p.page.Number == 1 {
		if err := p.add(v, v.t("mailpost.diary"), nameDiary); err != nil {
			return err
		}
	}
	albums, more, err := v.site.core.Album.Albums(v.ctx, v.viewer(), v.member.ID, p.page)
	if err != nil {
		return err
	}
	for i := range albums {
		if err := p.add(v, v.t("mailpost.named", albums[i].Title), albums[i].ID.String()); err != nil {
			return err
		}
	}
	if p.more = more; !more {
		if err := p.add(v, v.t("mailpost.profile"), nameProfile); err != nil {
			return err
		}
	}
	return v.show(p)
}

// add adds the address of a target to the page.
func (p *mailpostPage) add(v mailpostPages, label, name string) error {
	t, err := v.postTarget(name)
	if err != nil {
		return err
	}
	address, err := v.site.core.Mailpost.Address(v.ctx, v.viewer(), t)
	p.list = append(p.list, postAddress{label, address, name})
	return err
}

// limits says how much one mail may bring.
func (p *mailpostPage) limits() string {
	const mb = 1 << 20
	most := p.site.core.Mailpost.LargestMail()
	if most == 0 {
		return ""
	}
	say := p.t("mailpost.limits", most/mb, journal.MaxDiaryPhotos)
	if p.site.core.Album.TakesFilms() {
		bytes, length := p.site.core.Album.FilmLimits()
		say += " " + p.t("mailpost.films", mailpost.MaxFilms, int(length.Minutes()), min(int(bytes), most)/mb)
	}
	return say
}

// renew gives one of them another address.
func (v mailpostPages) renew() error {
	t, err := v.postTarget(v.form.get("which"))
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return mailpostPath, v.site.core.Mailpost.Renew(ctx, v.viewer(), t)
	})
}

// code is the QR code of an address, for a camera of a phone.
func (v mailpostPages) code() error {
	t, err := v.postTarget(v.query("which"))
	if err != nil {
		return err
	}
	address, err := v.site.core.Mailpost.Address(v.ctx, v.viewer(), t)
	if err != nil {
		return err
	}
	code, err := qr.Encode("mailto:"+address, qr.M)
	if err != nil {
		return err
	}
	code.Scale = codeScale
	v.ctx.SetContentType("image/png")
	v.ctx.SetBody(code.PNG())
	return nil
}

// codeScale is how many pixels a square of a QR code is wide and high.
const codeScale = 4

// threadAddress shows the address for the member's comments in a thread.
func (v mailpostPages) threadAddress() error {
	on, about, err := v.postThread(v.query)
	if err != nil {
		return err
	}
	p := &mailpostThreadPage{frame: frame(v), on: on, about: about}
	if p.address, err = v.site.core.Mailpost.Address(v.ctx, v.viewer(), mailpost.Thread(v.member.ID, on)); err != nil {
		return err
	}
	return v.show(p)
}

func (v mailpostPages) renewThread() error {
	on, _, err := v.postThread(v.form.get)
	if err != nil {
		return err
	}
	return v.once(func(ctx context.Context) (string, error) {
		return mailpostThread(on), v.site.core.Mailpost.Renew(ctx, v.viewer(), mailpost.Thread(v.member.ID, on))
	})
}

// postThread reads which thread it is about, as far as the viewer may see it.
func (v mailpostPages) postThread(field func(string) string) (on talk.Thread, about talk.Topic, err error) {
	kind, kindErr := strconv.Atoi(field("kind"))
	owner, isOwner := core.ParseID(field("owner"))
	thing, isThing := core.ParseID(field("thing"))
	if kindErr != nil || kind < 0 || kind >= len(kinds.Threads) || !isOwner || !isThing {
		return on, about, core.ErrNotFound
	}
	on = talk.Thread{Kind: talk.Kind(kind), Owner: owner, Thing: thing}
	on.Piece, _ = core.ParseID(field("piece"))
	seen, err := v.site.core.Talk.See(v.ctx, v.viewer(), on)
	return on, seen.Topic, err
}

// mailpostThread is the page of the address for comments in a thread.
func mailpostThread(on talk.Thread) string {
	path := mailpostThreadPath + "?kind=" + strconv.Itoa(int(on.Kind)) + "&owner=" + on.Owner.String() + "&thing=" + on.Thing.String()
	if on.Piece != 0 {
		path += "&piece=" + on.Piece.String()
	}
	return path
}
