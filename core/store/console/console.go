// Package console is the SQL of the company behind the network: reports and measures, and what its operators work with.
package console

import "musubi/core/store/base"

// Stores are the types of this room.
type Stores struct {
	Report   Report
	Operator Operator
	Figures  Figures
	Premium  Premium
	Policy   Policy
	Advert   Advert
}

// On gives them their database.
func On(a base.Area) Stores {
	return Stores{Report: Report{a}, Operator: Operator{a}, Figures: Figures{a}, Premium: Premium{a}, Policy: Policy{a}, Advert: Advert{a}}
}

// Report keeps what is reported, and what operators do about it.
type Report struct{ base.Area }
