package console

import (
	"musubi/core"
	"musubi/core/store/base"
)

const keptReports = "what was reported stays until the operator has answered and half a year has passed"

// Feature says whose the rows of this room are.
var Feature = base.Feature{Name: "console", Tables: tables}

var tables = []core.Table{
	{Name: "report", Key: "id", Columns: "id:id reporter:self contact:text kind:number owner:member thing:id piece:id comment:id reason:text words:text author:member " +
		"title:text body:text made_at:time at:time state:number taker:inner asked_at:time outcome:text answer:text closed_at:time",
		Members: []core.Reference{{Column: "reporter", Set: "reporter = 0, words = ''"}, {Column: "owner", Keep: keptReports, Foreign: true}, {Column: "author", Keep: keptReports, Foreign: true}},
		Export:  "reports"},
	{Name: "report_photo", Key: "report place", Columns: "report:id place:number hash:secret type:text width:number height:number",
		NoExport: "copies of pictures of others that were reported"},
	{Name: "measure", Key: "id", Columns: "id:id member:self kind:number reason:text until:time at:time ended_at:time report:inner operator:inner " +
		"what:number owner:member thing:id piece:id comment:id title:text was:text",
		Members: []core.Reference{{Column: "member"}, {Column: "owner", Keep: "what was done tells its author why, also under things of others", Foreign: true}},
		Export:  "measures"},
}
