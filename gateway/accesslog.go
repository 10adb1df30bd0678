package gateway

import (
	"encoding/json"
	"io"
	"strconv"
	"sync"
	"time"
)

// An accessLog collects the lines of many requests and writes them together: one call of the system for each would cost
// more than all else that is counted and noted of a request. A killed process loses the lines of the last accessEvery.
type accessLog struct {
	out io.Writer

	mu    sync.Mutex
	lines []byte // not written yet

	writing sync.Mutex // held while out is written to
	spare   []byte

	stop chan struct{}
	done sync.WaitGroup
}

// Lines wait for accessEvery, or until there are accessBytes of them.
const (
	accessEvery = 100 * time.Millisecond
	accessBytes = 64 << 10
)

func newAccessLog(out io.Writer) *accessLog {
	l := &accessLog{out: out, stop: make(chan struct{})}
	l.done.Go(func() {
		tick := time.NewTicker(accessEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				l.flush()
			case <-l.stop:
				return
			}
		}
	})
	return l
}

// close writes what waits. Nothing may be written afterwards.
func (l *accessLog) close() {
	close(l.stop)
	l.done.Wait()
	l.flush()
}

// flush writes the lines that wait. Others go on collecting meanwhile.
func (l *accessLog) flush() {
	l.writing.Lock()
	defer l.writing.Unlock()
	l.mu.Lock()
	lines := l.lines
	l.lines = l.spare[:0]
	l.mu.Unlock()
	if len(lines) > 0 {
		l.out.Write(lines) // a log that cannot be written stops nobody
	}
	l.spare = lines
}

// write notes one request.
func (l *accessLog) write(x *exchange) {
	now := time.Now()
	l.writeLine(func(b []byte) []byte { return x.appendAccess(b, now) })
}

// writeLine has a line written behind those that wait.
func (l *accessLog) writeLine(line func(b []byte) []byte) {
	l.mu.Lock()
	l.lines = line(l.lines)
	full := len(l.lines) >= accessBytes
	l.mu.Unlock()
	if full {
		l.flush()
	}
}

// appendAccess writes the line of an exchange that ended at now.
func (x *exchange) appendAccess(b []byte, now time.Time) []byte {
	b = append(b, `{"time":"`...)
	b = now.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","level":"INFO","msg":"request","id":"`...)
	b = strconv.AppendUint(b, x.ctx.ID(), 36)
	b = appendJSON(append(b, `","method":`...), oneLine(x.method))
	b = appendJSON(append(b, `,"host":`...), x.target.host)
	b = appendJSON(append(b, `,"path":`...), oneLine(x.target.path))
	b = strconv.AppendInt(append(b, `,"status":`...), int64(x.ctx.Response.StatusCode()), 10)
	b = strconv.AppendInt(append(b, `,"bytes":`...), int64(x.stats.bytes), 10)
	b = appendJSON(append(b, `,"carrier":`...), string(x.hs.Carrier))
	b = appendJSON(append(b, `,"model":`...), oneLine(x.hs.Model))
	b = appendJSON(append(b, `,"dialect":`...), x.hs.Dialect.String())
	b = appendJSON(append(b, `,"route":`...), x.stats.route)
	b = strconv.AppendInt(append(b, `,"lost":`...), int64(x.stats.lost), 10)
	b = appendJSON(append(b, `,"peer":`...), x.peer.String())
	b = appendJSON(append(b, `,"subscriber":`...), x.subscriberTag())
	b = appendMillis(append(b, `,"ms":`...), now.Sub(x.start))
	b = appendMillis(append(b, `,"upstream_ms":`...), x.stats.upstreamTime)
	return append(b, "}\n"...)
}

// appendMillis writes a time as milliseconds, exact to a microsecond.
func appendMillis(b []byte, d time.Duration) []byte {
	return strconv.AppendFloat(b, float64(d.Microseconds())/1000, 'f', -1, 64)
}

// appendJSON writes a string of JSON.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7f || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // strings always marshal
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}
