package core

import (
	"math"
	"strconv"
	"sync"
	"time"
)

// An ID names a row for ever: 63 bits, 41 of milliseconds since 2004, 8 of node, 14 of sequence. IDs grow with time, so
// that ordering by ID is ordering by age, and no counter has to be shared between nodes. Zero is no ID.
type ID int64

const (
	idNodeBits     = 8
	idSequenceBits = 14
	idTimeShift    = idNodeBits + idSequenceBits
)

// idEpoch is 2004-01-01 UTC, weeks before the service we model opened; 41 bits of milliseconds reach to 2073.
var idEpoch = time.Date(2004, 1, 1, 0, 0, 0, 0, time.UTC)

// String writes the ID in decimal, as page addresses show it.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// Time says when the ID was made, to the millisecond.
func (id ID) Time() time.Time {
	return idEpoch.Add(time.Duration(int64(id)>>idTimeShift) * time.Millisecond)
}

// ParseID reads a decimal ID. Anything that is not a positive number of at most 19 digits is no ID.
func ParseID(s string) (ID, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || s[0] == '+' {
		return 0, false
	}
	return ID(n), true
}

// ids makes IDs for one node. Safe for concurrent use.
type ids struct {
	node int64 // 0…255

	mu   sync.Mutex
	last int64 // milliseconds and sequence of the last ID given out by next
	past int64 // sequence of IDs for times gone by
}

// next gives an ID for now. When the clock stands still or runs backwards the sequence runs on, so IDs always grow.
func (g *ids) next(now time.Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = max(now.Sub(idEpoch).Milliseconds()<<idSequenceBits, g.last+1)
	return g.compose(g.last>>idSequenceBits, g.last)
}

// at gives an ID for a time gone by, for rows that are older than their insertion (seeds, imports). 16,384 rows may
// share one millisecond.
func (g *ids) at(t time.Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.past++
	return g.compose(t.Sub(idEpoch).Milliseconds(), g.past)
}

func (g *ids) compose(ms, sequence int64) ID {
	return ID(ms<<idTimeShift | g.node<<idSequenceBits | sequence&(1<<idSequenceBits-1))
}

// IDFrom gives the ID that a row of another site has here: by its time, and its number there. The same row has the same ID
// whenever it is asked for; rows of one kind and millisecond need numbers that differ by less than four million.
func IDFrom(at time.Time, number int64) ID {
	ms := max(at.Sub(idEpoch).Milliseconds(), 1)
	return ID(ms<<idTimeShift | number&(1<<idTimeShift-1))
}

// IdsWithin gives the range of IDs that rows made in [from, to) have. A zero time is open.
func IdsWithin(from, to time.Time) (first, end ID) {
	edge := func(t time.Time, open ID) ID {
		if t.IsZero() {
			return open
		}
		return ID(max(t.Sub(idEpoch).Milliseconds(), 0) << idTimeShift)
	}
	return edge(from, 0), edge(to, math.MaxInt64)
}
