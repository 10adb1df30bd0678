package web

import (
	"errors"
	"fmt"
	"sync"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// sending are the forms of members that are being answered, by nonce: one of each at a time (SEC-39).
type sending struct {
	mu     sync.Mutex
	inside map[string]chan struct{}
}

// enter waits until no request with that nonce is inside; the caller leaves.
func (s *sending) enter(nonce string) (leave func()) {
	for {
		s.mu.Lock()
		other, busy := s.inside[nonce]
		if !busy {
			break
		}
		s.mu.Unlock()
		<-other
	}
	defer s.mu.Unlock()
	mine := make(chan struct{})
	if s.inside == nil {
		s.inside = map[string]chan struct{}{}
	}
	s.inside[nonce] = mine
	return func() {
		s.mu.Lock()
		delete(s.inside, nonce)
		s.mu.Unlock()
		close(mine)
	}
}

// answerOnce runs the handler of a form whose page was not sent before, and answers one that comes again, with whatever content,
// with what the first led to (SEC-39). Handlers that store what must not be there twice after a crash either ask once, which keeps
// the answer in the transaction that stores; here it is kept after it.
func answerOnce(v *visit, answer handler) error {
	if v.form.nonce == "" {
		return answer(v)
	}
	defer v.site.sending.enter(v.form.nonce)()
	to, err := v.site.core.SentForm(v.ctx, v.member.ID, v.form.nonce)
	if err == nil {
		v.redirect(to)
		return nil
	}
	if !errors.Is(err, core.ErrNotFound) {
		return fmt.Errorf("%w: %w", core.ErrNotStored, err) // the form comes back: it can be sent again when the store is there
	}
	sender, nonce := v.member.ID, v.form.nonce
	if err := answer(v); err != nil || v.form.kept || v.ctx.Response.StatusCode() != fasthttp.StatusFound {
		return err
	}
	if err := v.site.core.NoteSentForm(v.ctx, sender, nonce, string(v.ctx.Response.Header.Peek("Location"))); err != nil {
		v.site.log.Error("a form may be stored twice", "path", string(v.ctx.Path()), "error", err) // what it said is stored
	}
	return nil
}
