package gateway

import "time"

// A Passage is a request that was answered, for who follows requests through a site (Config.Passed): no member, no address and no
// word of theirs is in it.
type Passage struct {
	ID               string // as in the log
	Method, Route    string // Route is the pattern of the address, as in metrics
	Kind             string // page, image, stream, redirect, own, error
	Carrier, Dialect string
	Status, Bytes    int
	Began, Ended     time.Time
	Asked            time.Time // when the upstream was first asked; zero: it was not
	Upstream         time.Duration
}

// tellFollower tells who follows requests.
func (x *exchange) tellFollower() {
	if x.g.cfg.Passed == nil {
		return
	}
	x.g.cfg.Passed(Passage{
		ID: x.id(), Method: x.method, Route: x.pattern(), Kind: x.stats.route, Carrier: string(x.hs.Carrier), Dialect: x.hs.Dialect.String(),
		Status: x.ctx.Response.StatusCode(), Bytes: x.stats.bytes, Began: x.start, Ended: time.Now(), Asked: x.stats.asked, Upstream: x.stats.upstreamTime,
	})
}
