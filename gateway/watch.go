package gateway

import (
	"context"
	"sync/atomic"
	"time"

	"musubi/gateway/wire"

	"github.com/valyala/fasthttp"
)

// An Interruptible upstream ends what it was asked when a context ends.
type Interruptible interface {
	DoUntil(ctx context.Context, req *fasthttp.Request, resp *fasthttp.Response) error
}

// A watch ends what is fetched for a client that is gone, and what takes too long: a site that sends a byte now and then holds nothing.
type watch struct {
	ctx    context.Context
	cancel context.CancelFunc
	conn   *wire.Conn
	until  atomic.Int64 // Unix nanoseconds
	most   time.Time    // until is never later once the answer is passed through
}

const (
	streamTime  = time.Hour   // the longest that one body may be on its way
	streamQuiet = time.Minute // the longest that nothing of it may come
	lookEvery   = time.Second
)

// watch is that of this exchange.
func (x *exchange) watch() context.Context {
	if x.watched == nil {
		w := &watch{conn: wire.Of(x.ctx.Conn())}
		w.ctx, w.cancel = context.WithCancel(context.Background())
		w.until.Store(time.Now().Add(x.g.cfg.Limits.AnswerTime).UnixNano())
		time.AfterFunc(min(lookEvery, x.g.cfg.Limits.AnswerTime), w.look)
		x.watched = w
	}
	return x.watched.ctx
}

func (w *watch) look() {
	switch {
	case w.ctx.Err() != nil:
	case time.Now().UnixNano() > w.until.Load(), w.conn.Gone():
		w.cancel()
	default:
		time.AfterFunc(lookEvery, w.look)
	}
}

// passing gives an answer that goes on as it comes its time anew.
func (w *watch) passing() {
	if w == nil {
		return
	}
	now := time.Now()
	if w.most.IsZero() {
		w.most = now.Add(streamTime)
	}
	until := now.Add(streamQuiet)
	if w.most.Before(until) {
		until = w.most
	}
	w.until.Store(until.UnixNano())
}

// stop ends it. What has been read stays.
func (w *watch) stop() {
	if w != nil {
		w.cancel()
	}
}
