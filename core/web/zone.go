package web

import (
	"time"
	_ "time/tzdata" // a container has no zones of its own

	"musubi/core"
	"musubi/core/account"
)

// zones are those that members choose from.
var zones = loadZones()

func loadZones() map[string]*time.Location {
	loaded := map[string]*time.Location{}
	for _, name := range account.Zones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			panic(err) // the zones are in the program: this cannot happen in a binary that was built
		}
		loaded[name] = zone
	}
	return loaded
}

// zoneOf is in whose time a member reads: what they chose, or the site's.
func (s *Site) zoneOf(m core.Member) *time.Location {
	if zone := zones[m.Zone]; zone != nil {
		return zone
	}
	return s.zone
}

// zone is in whose time this page is. What is a date of the community's own, an event, is in the site's everywhere.
func zoneHere(v *visit) *time.Location { return v.site.zoneOf(v.member) }
