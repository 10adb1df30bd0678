package gateway

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strconv"
	"strings"
	"sync"

	"musubi/carriers"
	"musubi/gateway/door"
	"musubi/transcode/own"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"
)

// meters count what a gateway does. Labels are words from our own tables, never what a client sent.
type meters struct {
	set   *metrics.Set
	ended *metrics.Counter // sessions ended because they came from elsewhere

	mu    sync.RWMutex
	known map[meterKey]*metersOf
}

func newMeters() *meters {
	metrics.ExposeMetadata(true) // # TYPE lines; it is of the whole process
	set := metrics.NewSet()
	return &meters{set: set, ended: set.NewCounter("musubi_sessions_mismatched_total"), known: map[meterKey]*metersOf{}}
}

// WriteDoor shows how many requests of each kind are behind a door and in line before it, and how many were turned away.
func WriteDoor(w io.Writer, d *door.Door) {
	for _, row := range []struct {
		name  string
		write func(w io.Writer, name string, value uint64)
		value func(door.State) uint64
	}{
		{"musubi_requests_inside", metrics.WriteGaugeUint64, func(s door.State) uint64 { return uint64(s.Inside) }},
		{"musubi_requests_waiting", metrics.WriteGaugeUint64, func(s door.State) uint64 { return uint64(s.Waiting) }},
		{"musubi_requests_turned_away_total", metrics.WriteCounterUint64, func(s door.State) uint64 { return s.TurnedAway }},
	} {
		kind := "gauge"
		if strings.HasSuffix(row.name, "_total") {
			kind = "counter"
		}
		metrics.WriteMetadataIfNeeded(w, row.name, kind)
		for _, k := range door.Kinds {
			fmt.Fprintf(w, "%s{kind=%q} %d\n", row.name, k, row.value(d.State(k)))
		}
	}
}

// A meterKey is what the meters of an exchange are told apart by: some thousands at most, of which a site sees few.
type meterKey struct {
	carrier carriers.Carrier
	dialect carriers.Dialect
	route   string // pattern of the address
	answer  string // what was made of it: a page, an image …
	class   int    // of the status
}

// metersOf are the meters of exchanges that are alike.
type metersOf struct {
	requests *metrics.Counter
	seconds  *metrics.PrometheusHistogram
	lost     *metrics.Counter // this and the following for pages only
	encoding *metrics.PrometheusHistogram
	budget   *metrics.PrometheusHistogram
}

// Upper bounds of the buckets. AnswerSeconds are those of musubi_request_seconds, in a core alone too.
var (
	AnswerSeconds = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	encodeSeconds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1}
	budgetUsed    = []float64{.1, .25, .5, .75, .9, 1}
)

// of finds the meters of a key without writing down their names again.
func (m *meters) of(k meterKey) *metersOf {
	m.mu.RLock()
	found := m.known[k]
	m.mu.RUnlock()
	if found != nil {
		return found
	}
	found = &metersOf{
		requests: m.set.GetOrCreateCounter(fmt.Sprintf(`musubi_requests_total{carrier=%q,dialect=%q,route=%q,answer=%q,status="%dxx"}`, k.carrier, k.dialect, k.route, k.answer, k.class)),
		seconds:  m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf(`musubi_request_seconds{route=%q}`, k.route), AnswerSeconds),
	}
	if k.answer == "page" {
		carrier := fmt.Sprintf(`{carrier=%q}`, k.carrier)
		found.lost = m.set.GetOrCreateCounter("musubi_page_lost_characters_total" + carrier)
		found.encoding = m.set.GetOrCreatePrometheusHistogramExt("musubi_page_seconds"+carrier, encodeSeconds)
		found.budget = m.set.GetOrCreatePrometheusHistogramExt("musubi_page_budget_used_ratio"+carrier, budgetUsed)
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
	of := m.of(meterKey{x.hs.Carrier, x.hs.Dialect, x.pattern(), x.stats.route, StatusClass(x.ctx.Response.StatusCode())})
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

// StatusClass is the class in which a status is counted. 501 and 505 are of a method or a version that nobody here speaks: the client has
// itself to thank for them, and whoever is told of 5xx has nothing to mend.
func StatusClass(status int) int {
	if status == fasthttp.StatusNotImplemented || status == fasthttp.StatusHTTPVersionNotSupported {
		return 4
	}
	return status / 100
}

// pattern is what addresses like the one that was asked for have in common: never the address itself, of which there is no end.
func (x *exchange) pattern() string {
	switch {
	case strings.HasPrefix(x.target.path, own.Pages):
		return own.Pages
	case x.g.cfg.Route != nil:
		return x.g.cfg.Route(x.method, x.target.path)
	}
	return "/"
}

// WriteMetrics writes the gateway's metrics in Prometheus' text format.
func (g *Gateway) WriteMetrics(w io.Writer) {
	g.metrics.set.WritePrometheus(w)
	WriteDoor(w, g.door)
}

// log writes the access line and, for requests that ended in the gateway, why. No query, no ID and no cookie gets into
// either (SEC-36).
func (x *exchange) log() {
	if r := x.refused; r != nil && !x.crowdTold() {
		level := slog.LevelInfo
		if StatusClass(r.kind.status) == 5 {
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
