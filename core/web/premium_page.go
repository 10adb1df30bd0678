package web

import (
	"errors"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/premium"
)

// premium shows which plan a member has, until when, what they use of what, and the way to pay.
func (v premiumPages) premium() (err error) {
	p := &premiumPage{frame: frame(v)}
	if p.plan, p.until, err = v.site.core.Premium.Of(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.room, err = v.site.core.Album.AlbumRoom(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.diary, err = v.site.core.Journal.Room(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.reference, err = v.site.core.Premium.Reference(v.ctx, v.member.ID); err != nil {
		return err
	}
	if err := v.looked(premium.EndingNews, 0, 0); err != nil {
		return err
	}
	return v.show(p)
}

// payReference is the address of the way to pay, with the member's reference.
func payReference(reference string) string { return payPath + "?reference=" + reference }

// pay leads to the provider of payments, or says that there is none. The reference is always the member's own.
func (v premiumPages) pay() error {
	reference, err := v.site.core.Premium.Reference(v.ctx, v.member.ID)
	if err != nil {
		return err
	}
	return v.show(&payPage{frame(v), v.site.core.Premium.PayURL(reference), reference})
}

// hook takes a call of a provider of payments. It answers with a status and a word, for programs.
func (v premiumPages) hook() error {
	err := v.site.core.Premium.Hook(v.ctx, string(v.ctx.Request.Header.Peek("Musubi-Signature")), v.ctx.Request.Body())
	v.ctx.SetContentType("text/plain; charset=utf-8")
	switch {
	case err == nil:
		v.ctx.SetBodyString("ok\n")
	case errors.Is(err, premium.ErrSignature):
		v.ctx.SetStatusCode(fasthttp.StatusUnauthorized)
		v.ctx.SetBodyString("wrong signature\n")
	case errors.Is(err, premium.ErrHook):
		v.ctx.SetStatusCode(fasthttp.StatusBadRequest)
		v.ctx.SetBodyString("not an event\n")
	case errors.Is(err, core.ErrNotFound):
		v.ctx.SetStatusCode(fasthttp.StatusNotFound)
		v.ctx.SetBodyString("no such member\n")
	default:
		return err
	}
	return nil
}
