package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"musubi/core"
	"musubi/core/disk"
	"musubi/core/store/survey"
	"musubi/core/web"
	"musubi/gateway"

	"github.com/VictoriaMetrics/metrics"
	"github.com/valyala/fasthttp"
)

// operators is what the operators of a community see on their listener.
func (r *coreRoom) operators() gateway.Operators {
	return gateway.Operators{
		Ready:   func() error { return r.store.Ping(context.Background()) },
		Metrics: []func(io.Writer){r.writeMetrics},
		More:    r.site.AdminHandler,
	}
}

// coreMeters count what a core alone answers, as a gateway does for itself.
type coreMeters struct{ set *metrics.Set }

func newCoreMeters() coreMeters {
	metrics.ExposeMetadata(true)
	return coreMeters{metrics.NewSet()}
}

// count has a handler counted, by the pattern of its route.
func (m coreMeters) count(h fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(ctx *fasthttp.RequestCtx) {
		start := time.Now()
		h(ctx)
		route := web.Pattern(string(ctx.Method()), string(ctx.Path()))
		m.set.GetOrCreateCounter(fmt.Sprintf(`musubi_requests_total{route=%q,status="%dxx"}`, route, gateway.StatusClass(ctx.Response.StatusCode()))).Inc()
		m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf(`musubi_request_seconds{route=%q}`, route), gateway.AnswerSeconds).UpdateDuration(start)
	}
}

// figuresAge is for how long figures of the community are shown before they are counted again: counting reads whole indexes.
const figuresAge = 30 * time.Second

// countedFigures are the figures of a community as they were some moments ago.
type countedFigures struct {
	mu sync.Mutex
	at time.Time
	survey.Figures
}

// figures are those of now, or nearly.
func (r *coreRoom) figures() (survey.Figures, error) {
	f := &r.counted
	f.mu.Lock()
	defer f.mu.Unlock()
	if time.Since(f.at) > figuresAge {
		counted, err := survey.Count(context.Background(), r.store.Engine())
		if err != nil {
			return survey.Figures{}, err
		}
		f.Figures, f.at = counted, time.Now()
	}
	return f.Figures, nil
}

// writeMetrics writes what is known of the community and its disk in Prometheus' text format. What cannot be counted now is
// left out, and musubi_store_up says so.
func (r *coreRoom) writeMetrics(w io.Writer) {
	f, err := r.figures()
	up := 1
	if err != nil {
		up = 0
	}
	gauge(w, "musubi_store_up", "", uint64(up))
	if err == nil {
		for i, status := range []core.Status{core.Active, core.Held, core.Withdrawn} {
			series(w, "musubi_members", fmt.Sprintf("{status=%q}", status), uint64(f.Members[status]), i == 0)
		}
		gauge(w, "musubi_sessions", "", uint64(f.Sessions))
		gauge(w, "musubi_letters_waiting", "", uint64(f.LettersWaiting))
		gauge(w, "musubi_letters_given_up", "", uint64(f.LettersGivenUp))
		gauge(w, "musubi_members_leaving", "", uint64(f.Leaving))
		gauge(w, "musubi_exports_waiting", "", uint64(f.Exports))
	}
	gauge(w, "musubi_read_only", "", r.full.gauge())
	gauge(w, "musubi_photos_without_file", "", uint64(r.lost.Load()))
	for i, name := range []string{databaseFile, databaseFile + "-wal", "search.db"} {
		size := int64(0)
		if info, err := os.Stat(filepath.Join(r.data, name)); err == nil {
			size = info.Size()
		}
		series(w, "musubi_file_bytes", fmt.Sprintf("{file=%q}", name), uint64(size), i == 0)
	}
	if room, err := disk.RoomOf(r.data); err == nil {
		gauge(w, "musubi_disk_free_bytes", "", room.Free)
		gauge(w, "musubi_disk_bytes", "", room.Total)
	}
	if r.cache != nil {
		gauge(w, "musubi_cache_bytes", "", r.cache.Bytes())
	}
}

// gauge writes one value with its type.
func gauge(w io.Writer, name, labels string, value uint64) { series(w, name, labels, value, true) }

// series writes a value; the first of a name comes with its type.
func series(w io.Writer, name, labels string, value uint64, first bool) {
	if first {
		metrics.WriteMetadataIfNeeded(w, name, "gauge")
	}
	fmt.Fprintf(w, "%s%s %d\n", name, labels, value)
}
