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
	{Name: "operator", Key: "id", Columns: "id:id name:inner role:inner password:secret totp:secret used:inner created_at:time ended_at:time", NoExport: "those who run the service"},
	{Name: "operator_session", Key: "key", Columns: "key:secret operator:inner created_at:time seen_at:time", NoExport: "where they are logged in"},
	{Name: "operator_act", Key: "id", Columns: "id:id at:time operator:inner kind:inner member:member object:inner before:inner after:inner reason:inner peer:inner folded:inner",
		Members:  []core.Reference{{Column: "member", Keep: "what operators did is answered for, also when its member has left; it goes with the log"}},
		NoExport: "what operators did; what concerned the member is among the measures"},
	{Name: "view_day", Key: "day mobile carrier", Columns: "day:number mobile:flag carrier:text views:number", NoExport: "page views of all together"},
	{Name: "view_member", Key: "member day", Columns: "member:self day:number pc:number mobile:number seconds:number last:time", Members: []core.Reference{{Column: "member"}}, Export: "page_views"},
	{Name: "figure", Key: "name month label", Columns: "name:inner month:number label:inner n:number", NoExport: "tables of all members together"},
	{Name: "entitlement", Key: "member id", Columns: "member:self id:id plan:text since:time until:time source:text reference:text operator:inner refunded:time told:inner",
		Members: []core.Reference{{Column: "member"}}, Export: "premium"},
	{Name: "pay_reference", Key: "reference", Columns: "reference:text member:self", Members: []core.Reference{{Column: "member"}}, Export: "pay_reference"},
	{Name: "hook_event", Key: "id", Columns: "id:inner at:time", NoExport: "calls of a provider of payments that were carried out"},
}
