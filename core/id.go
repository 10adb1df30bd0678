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

// What is older, as an entry of a blog of 1999, shares the first hour in the order of its age: a millisecond of it stands for a
// quarter of an hour since 1900. Such an ID tells its time no better than that: rows keep the exact one beside it.
const (
	idEarly  = int64(time.Hour / time.Millisecond)
	idLatest = 1<<(63-idTimeShift) - 1
)

var (
	idDawn = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	idStep = (idEpoch.UnixMilli()+idEarly-idDawn.UnixMilli())/idEarly + 1 // milliseconds
)

// idMillis is the time that an ID has for a time; it never runs backwards, and is never 0.
func idMillis(t time.Time) int64 {
	if ms := t.UnixMilli() - idEpoch.UnixMilli(); ms >= idEarly {
		return min(ms, idLatest)
	}
	return max((t.UnixMilli()-idDawn.UnixMilli())/idStep, 1)
}

// String writes the ID in decimal, as page addresses show it.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// Time says when the ID was made, to the millisecond; of what is older than IDs, to the quarter of an hour.
func (id ID) Time() time.Time {
	ms := int64(id) >> idTimeShift
	if ms < idEarly {
		return time.UnixMilli(idDawn.UnixMilli() + ms*idStep).UTC()
	}
	return idEpoch.Add(time.Duration(ms) * time.Millisecond)
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
	return g.compose(idMillis(t), g.past)
}

func (g *ids) compose(ms, sequence int64) ID {
	return ID(ms<<idTimeShift | g.node<<idSequenceBits | sequence&(1<<idSequenceBits-1))
}

// IDFrom gives the ID that a row of another site has here: by its time, and its number there. The same row has the same ID
// whenever it is asked for; rows of one kind and millisecond need numbers that differ by less than four million.
func IDFrom(at time.Time, number int64) ID {
	return ID(idMillis(at)<<idTimeShift | number&(1<<idTimeShift-1))
}

// IdsWithin gives the range of IDs that rows made in [from, to) have. A zero time is open. Where IDs are less exact than times it
// has the whole quarter of an hour.
func IdsWithin(from, to time.Time) (first, end ID) {
	if !from.IsZero() {
		first = ID(idMillis(from) << idTimeShift)
	}
	if to.IsZero() {
		return first, math.MaxInt64
	}
	ms := idMillis(to)
	if ms < idEarly {
		ms++
	}
	return first, ID(ms << idTimeShift)
}
