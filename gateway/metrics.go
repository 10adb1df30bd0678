package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"sync"

	"musubi/carriers"
	"musubi/gateway/door"

	"github.com/VictoriaMetrics/metrics"
)

// meters count what a gateway does. Labels are words from our own tables, never what a client sent.
type meters struct {
	set   *metrics.Set
	ended *metrics.Counter // sessions ended because they came from elsewhere

	mu    sync.RWMutex
	known map[meterKey]*metersOf
}

func newMeters() *meters {
	set := metrics.NewSet()
	return &meters{set: set, ended: set.NewCounter("musubi_sessions_mismatched_total"), known: map[meterKey]*metersOf{}}
}

// watch shows how many requests of each kind are behind the door and in line before it, and how many were turned away.
func (m *meters) watch(d *door.Door) {
	for _, k := range door.Kinds {
		of := fmt.Sprintf(`{kind=%q}`, k)
		m.set.NewGauge("musubi_requests_inside"+of, func() float64 { return float64(d.State(k).Inside) })
		m.set.NewGauge("musubi_requests_waiting"+of, func() float64 { return float64(d.State(k).Waiting) })
		m.set.NewGauge("musubi_requests_turned_away_total"+of, func() float64 { return float64(d.State(k).TurnedAway) })
	}
}

// A meterKey is what the meters of an exchange are told apart by: a few hundred at most.
type meterKey struct {
	carrier carriers.Carrier
	dialect carriers.Dialect
	route   string
	class   int // of the status
}

// metersOf are the meters of exchanges that are alike.
type metersOf struct {
	requests *metrics.Counter
	seconds  *metrics.Histogram
	lost     *metrics.Counter // this and the following for pages only
	encoding *metrics.Histogram
	budget   *metrics.Histogram
}

// of finds the meters of a key without writing down their names again.
func (m *meters) of(k meterKey) *metersOf {
	m.mu.RLock()
	found := m.known[k]
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	found = &metersOf{
		requests: m.set.GetOrCreateCounter(fmt.Sprintf(`musubi_requests_total{carrier=%q,dialect=%q,route=%q,status="%dxx"}`, k.carrier, k.dialect, k.route, k.class)),
		seconds:  m.set.GetOrCreateHistogram(fmt.Sprintf(`musubi_request_seconds{route=%q}`, k.route)),
	}
	if k.route == "page" {
		carrier := fmt.Sprintf(`{carrier=%q}`, k.carrier)
		found.lost = m.set.GetOrCreateCounter("musubi_page_lost_characters_total" + carrier)
		found.encoding = m.set.GetOrCreateHistogram("musubi_page_seconds" + carrier)
		found.budget = m.set.GetOrCreateHistogram("musubi_page_budget_used_ratio" + carrier)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known[k] = found
	return found
}

// count takes one exchange into the books.
func (m *meters) count(x *exchange) {
	if x.stats.route == "" {
		x.stats.route = "error"
	}
	of := m.of(meterKey{x.hs.Carrier, x.hs.Dialect, x.stats.route, x.ctx.Response.StatusCode() / 100})
	of.requests.Inc()
	of.seconds.UpdateDuration(x.start)
	if x.stats.route == "page" && x.stats.bytes > 0 {
		of.lost.Add(x.stats.lost)
		of.encoding.Update(x.stats.encodeTime.Seconds())
		if x.stats.budget > 0 {
			of.budget.Update(float64(x.stats.bytes) / float64(x.stats.budget))
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
	if r := x.refused; r != nil && !x.crowdTold() {
		level := slog.LevelInfo
		if r.kind.status >= 500 {
			level = slog.LevelWarn
		}
		x.g.cfg.Log.Log(context.Background(), level, "refused", "id", x.id(), "status", r.kind.status, "why", r.detail, "carrier", string(x.hs.Carrier), "path", oneLine(x.target.path))
	}
	if x.verdict.refused != "" && x.verdict.refused != "off" {
		x.g.cfg.Log.Info("ID not believed", "id", x.id(), "why", x.verdict.refused, "carrier", string(x.hs.Carrier), "peer", x.peer.String())
	}
	if x.g.access != nil && !x.crowdedOut() {
		x.g.access.write(x)
	}
}

// id names an exchange in the log and nowhere else.
func (x *exchange) id() string { return strconv.FormatUint(x.ctx.ID(), 36) }

// subscriberTag is enough of the keyed hash to follow one handset through the log.
func (x *exchange) subscriberTag() string {
	return x.verdict.subscriber[:min(8, len(x.verdict.subscriber))]
}
