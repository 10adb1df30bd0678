package core

import (
	"hash/fnv"
	"math"
)

// Owners are the members and communities of whom a transaction decides something: see Transactions.AtomicOf. What is nobody's, but may be
// there once only, has a number of its own beyond all IDs, so that it is waited for last.
type Owners []int64

// TheLog owns the audit log, which is one chain.
const TheLog ID = math.MaxInt64

// names is the first number of what is one of a kind by its text.
const names = math.MaxInt64 - 1<<32 - 1

// Of names owners; 0 is nobody.
func Of(ids ...ID) Owners {
	o := make(Owners, 0, len(ids))
	for _, id := range ids {
		if id != 0 {
			o = append(o, int64(id))
		}
	}
	return o
}

// Named adds what may be there once: a mail address, say. Two texts may have the same number, and wait for each other then.
func (o Owners) Named(text string) Owners {
	h := fnv.New32a()
	h.Write([]byte(text))
	return append(o, names+int64(h.Sum32()))
}
