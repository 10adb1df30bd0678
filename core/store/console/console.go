// Package console is the SQL of the company behind the network: reports and measures, and what its operators work with.
package console

import "musubi/core/store/base"

// Stores are the types of this room.
type Stores struct {
	Report Report
}

// On gives them their database.
func On(a base.Area) Stores { return Stores{Report: Report{a}} }

// Report keeps what is reported, and what operators do about it.
type Report struct{ base.Area }
