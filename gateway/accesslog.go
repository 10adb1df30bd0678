package gateway

import (
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"sync"
	"time"
)

// An accessLog collects the lines of many requests and writes them together: one call of the system for each would cost
// more than all else that is counted and noted of a request. A killed process loses the lines of the last accessEvery.
type accessLog struct {
	out  io.Writer
	text bool

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

func newAccessLog(out io.Writer, text bool) *accessLog {
	l := &accessLog{out: out, text: text, stop: make(chan struct{})}
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
	l.writeLine(func(b []byte) []byte { return x.appendAccess(b, now, l.text) })
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
func (x *exchange) appendAccess(b []byte, now time.Time, text bool) []byte {
	var at [len(time.RFC3339Nano)]byte
	l := accessLine{b: b, text: text}
	if !text {
		l.b = append(l.b, '{')
	}
	l.bytes("time", now.AppendFormat(at[:0], time.RFC3339Nano))
	l.string("level", "INFO")
	l.string("msg", "request")
	l.bytes("id", strconv.AppendUint(at[:0], x.ctx.ID(), 36))
	l.string("method", oneLine(x.method))
	l.string("host", x.target.host)
	l.string("path", oneLine(x.target.path))
	l.number("status", x.ctx.Response.StatusCode())
	l.number("bytes", x.stats.bytes)
	l.string("carrier", string(x.hs.Carrier))
	l.string("model", oneLine(x.hs.Model))
	l.string("dialect", x.hs.Dialect.String())
	l.string("route", x.stats.route)
	l.number("lost", x.stats.lost)
	l.string("peer", x.peer.String())
	l.string("subscriber", x.subscriberTag())
	l.millis("ms", now.Sub(x.start))
	l.millis("upstream_ms", x.stats.upstreamTime)
	if !text {
		l.b = append(l.b, '}')
	}
	return append(l.b, '\n')
}

// An accessLine is one that is being written, of JSON or of text.
type accessLine struct {
	b           []byte
	text, begun bool
}

func (l *accessLine) key(name string) {
	switch {
	case l.begun && l.text:
		l.b = append(l.b, ' ')
	case l.begun:
		l.b = append(l.b, ',')
	}
	l.begun = true
	if l.text {
		l.b = append(append(l.b, name...), '=')
		return
	}
	l.b = append(append(append(l.b, '"'), name...), '"', ':')
}

func (l *accessLine) string(name, value string) {
	l.key(name)
	switch {
	case !l.text:
		l.b = appendJSON(l.b, value)
	case value == "" || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r == '=' || r == '"' || !strconv.IsPrint(r) }):
		l.b = strconv.AppendQuote(l.b, value)
	default:
		l.b = append(l.b, value...)
	}
}

// bytes is string for what needs no quotes of its own.
func (l *accessLine) bytes(name string, value []byte) {
	l.key(name)
	if l.text {
		l.b = append(l.b, value...)
		return
	}
	l.b = append(append(append(l.b, '"'), value...), '"')
}

func (l *accessLine) number(name string, value int) {
	l.key(name)
	l.b = strconv.AppendInt(l.b, int64(value), 10)
}

// millis writes a time as milliseconds, exact to a microsecond.
func (l *accessLine) millis(name string, d time.Duration) {
	l.key(name)
	l.b = strconv.AppendFloat(l.b, float64(d.Microseconds())/1000, 'f', -1, 64)
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
