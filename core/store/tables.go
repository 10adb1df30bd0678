package store

import (
	"slices"
)

// tables are those of all areas, in the order in which rows go: what is found by the rows of others goes before them. So an
// area comes before those it stands on, and the member goes last.
var tables = slices.Concat(accountTables, newsTables, journalTables, albumTables, lettersTables, peopleTables, searchTables, choresTables, deskTables)
