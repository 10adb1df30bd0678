package core

import "time"

// tokyo is where birthdays begin.
var tokyo = time.FixedZone("JST", 9*60*60)

// Age is how many years old somebody born on a day is at a moment, in Japan.
func Age(born, at time.Time) int {
	at = at.In(tokyo)
	age := at.Year() - born.Year()
	if at.Month() < born.Month() || at.Month() == born.Month() && at.Day() < born.Day() {
		age--
	}
	return age
}
