package core

// A Feature is what an area of life brings to what is common to all: what members are told of, what takes comments, what is
// found, and who sees the photos that hang there. It stands beside the nouns of the area; the rooms below know no area.
type Feature struct {
	Name    string // of the area's folder
	News    []NewsRow
	Threads []ThreadRow
	Finds   []FindRow
	Photos  []PhotoGate
}
