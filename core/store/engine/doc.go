// Package engine is an SQLite file with one writer and some readers, and knows nothing of what is in it.
//
// Reads go through a small pool of connections ([DB.On]). Writes go to one goroutine that runs those that wait together as
// one transaction and answers each after COMMIT with synchronous=FULL: an acknowledged write survives kill -9 and a power
// cut, and fifty writers share one disk flush. A failed write takes no other down, and on a full disk nobody is told that
// something was stored which was not. [DB.Watch] tells after each COMMIT which rows have changed.
//
// It is given the path and, for a database that grows with the program, the numbered changes of its schema. Both the
// database of the community and the search index stand on it. Start reading at db.go, then writer.go.
package engine
