package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"time"

	"musubi/gateway/door"

	"github.com/VictoriaMetrics/metrics"
)

// meters count what a gateway does. Labels are words from our own tables, never what a client sent.
type meters struct {
	set   *metrics.Set
	ended *metrics.Counter // sessions ended because they came from elsewhere
}

func newMeters() *meters {
	set := metrics.NewSet()
	return &meters{set, set.NewCounter("musubi_sessions_mismatched_total")}
}

// watch shows how many requests are behind the door and in line before it.
func (m *meters) watch(d *door.Door) {
	m.set.NewGauge("musubi_requests_inside", func() float64 { inside, _ := d.State(); return float64(inside) })
	m.set.NewGauge("musubi_requests_waiting", func() float64 { _, waiting := d.State(); return float64(waiting) })
}

// count takes one exchange into the books.
func (m *meters) count(x *exchange) {
	status := x.ctx.Response.StatusCode()
	if x.stats.route == "" {
		x.stats.route = "error"
	}
	labels := fmt.Sprintf(`{carrier=%q,dialect=%q,route=%q,status="%dxx"}`, x.hs.Carrier, x.hs.Dialect, x.stats.route, status/100)
	m.set.GetOrCreateCounter("musubi_requests_total" + labels).Inc()
	m.set.GetOrCreateHistogram(fmt.Sprintf(`musubi_request_seconds{route=%q}`, x.stats.route)).UpdateDuration(x.start)
	if x.stats.route == "page" && x.stats.bytes > 0 {
		carrier := fmt.Sprintf(`{carrier=%q}`, x.hs.Carrier)
		m.set.GetOrCreateCounter("musubi_page_lost_characters_total" + carrier).Add(x.stats.lost)
		m.set.GetOrCreateHistogram("musubi_page_seconds" + carrier).Update(x.stats.encodeTime.Seconds())
		if x.stats.budget > 0 {
			m.set.GetOrCreateHistogram("musubi_page_budget_used_ratio" + carrier).Update(float64(x.stats.bytes) / float64(x.stats.budget))
		}
	}
	if why := x.verdict.refused; why != "" {
		m.set.GetOrCreateCounter(fmt.Sprintf(`musubi_ids_refused_total{carrier=%q,why=%q}`, x.hs.Carrier, why)).Inc()
	}
}

// WriteMetrics writes the gateway's metrics in Prometheus' text format.
func (g *Gateway) WriteMetrics(w io.Writer) {
	g.metrics.set.WritePrometheus(w)
}

// log writes the access line and, for requests that ended in the gateway, why. No query, no ID and no cookie gets into
// either (SEC-36).
func (x *exchange) log() {
	if r := x.refused; r != nil && !x.oneOfMany(r) {
		level := slog.LevelInfo
		if r.kind.status >= 500 {
			level = slog.LevelWarn
		}
		x.g.cfg.Log.Log(context.Background(), level, "refused", "id", x.id(), "status", r.kind.status, "why", r.detail, "carrier", string(x.hs.Carrier), "path", oneLine(x.target.path))
	}
	if x.verdict.refused != "" && x.verdict.refused != "off" {
		x.g.cfg.Log.Info("ID not believed", "id", x.id(), "why", x.verdict.refused, "carrier", string(x.hs.Carrier), "peer", x.peer.addr.String())
	}
	if x.g.cfg.Access == nil {
		return
	}
	x.g.cfg.Access.Info("request", "id", x.id(), "method", oneLine(x.method), "host", x.target.host, "path", oneLine(x.target.path),
		"status", x.ctx.Response.StatusCode(), "bytes", x.stats.bytes, "carrier", string(x.hs.Carrier), "model", oneLine(x.hs.Model),
		"dialect", x.hs.Dialect.String(), "route", x.stats.route, "lost", x.stats.lost, "peer", x.peer.addr.String(), "subscriber", x.subscriberTag(),
		"ms", float64(time.Since(x.start).Microseconds())/1000, "upstream_ms", float64(x.stats.upstreamTime.Microseconds())/1000)
}

// oneOfMany says whether this second's line about the crowd has been written: one for each who is turned away would make
// the crowd dearer. The access log has them all.
func (x *exchange) oneOfMany(r *refusal) bool {
	second := x.start.Unix()
	return (r.kind == errCrowded || r.kind == errCrowdedForm) && x.g.crowdLogged.Swap(second) == second
}

// id names an exchange in the log and nowhere else.
func (x *exchange) id() string { return strconv.FormatUint(x.ctx.ID(), 36) }

// subscriberTag is enough of the keyed hash to follow one handset through the log.
func (x *exchange) subscriberTag() string {
	return x.verdict.subscriber[:min(8, len(x.verdict.subscriber))]
}
