package web

import (
	"errors"

	"musubi/core"
)

// unsubscribeForm asks for a press: whoever looks at links in letters ends nothing (RFC 8058).
func (v newsPages) unsubscribeForm() error {
	_, list, err := v.unsubscribing()
	if err != nil {
		return err
	}
	return v.show(&unsubscribePage{frame(v), list, v.query("t")})
}

// unsubscribe ends letters of one kind, for a press on the page or a mail program's POST to the link, in which the token stands in the
// address.
func (v newsPages) unsubscribe() error {
	member, list, err := v.unsubscribing()
	if err == nil {
		err = v.site.core.News.Unsubscribe(v.ctx, member, list)
	}
	if errors.Is(err, core.ErrNotFound) && member != 0 {
		err = v.site.core.Digest.Unsubscribe(v.ctx, member, list)
	}
	if err != nil {
		return err
	}
	return v.show(&messagePage{frame(v), "unsubscribe", "unsubscribe.done"})
}

// unsubscribing reads the token of the link.
func (v newsPages) unsubscribing() (core.ID, string, error) {
	member, list, ok := v.site.core.Outbox.ReadUnsubscribe(v.query("t"))
	if !ok {
		return 0, "", core.ErrNotFound
	}
	return member, list, nil
}
