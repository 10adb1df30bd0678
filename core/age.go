package core

import "time"

// Tokyo is where birthdays begin.
// Tokyo is the time of the service: days and months are its, whatever zone a member reads in.
var Tokyo = time.FixedZone("JST", 9*60*60)

// Age is how many years old somebody born on a day is at a moment, in Japan.
func Age(born, at time.Time) int {
	at = at.In(Tokyo)
	age := at.Year() - born.Year()
	if at.Month() < born.Month() || at.Month() == born.Month() && at.Day() < born.Day() {
		age--
	}
	return age
}
