// Package index finds the things that may have some words. It knows numbers, tokens and bits: things are an owner's number
// and their own, which grows with time; texts come folded; who may see a text is one of three audiences. It is derived
// from what it tells of, and can be made again from that at any time.
//
// It is given things ([Index.Put], [Index.Fill], [Index.Forget]) and words ([Index.Find]) and gives back candidates, newest
// first. New things wait in memory ([buffer]) until a segment of them is full and put on disk ([Index.Flush]). Start reading
// at index.go, then token.go.
package index
