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
		"title:text body:text made_at:time at:time state:number taker:inner asked_at:time outcome:text answer:text closed_at:time reply:text replied_at:time",
		Members: []core.Reference{{Column: "reporter", Set: "reporter = 0, words = ''"}, {Column: "owner", Keep: keptReports, Foreign: true}, {Column: "author", Keep: keptReports, Foreign: true}},
		Export:  "reports"},
	{Name: "report_photo", Key: "report place", Columns: "report:id place:number hash:secret type:text width:number height:number",
		NoExport: "copies of pictures of others that were reported"},
	{Name: "measure", Key: "id", Columns: "id:id member:self kind:number reason:text until:time at:time ended_at:time report:inner operator:inner " +
		"what:number owner:member thing:id piece:id comment:id title:text was:text",
		Members: []core.Reference{{Column: "member"}, {Column: "owner", Keep: "what was done tells its author why, also under things of others", Foreign: true}},
		Export:  "measures"},
	{Name: "operator", Key: "id", Columns: "id:id name:inner role:inner password:secret totp:secret used:inner created_at:time ended_at:time member:member", Members: []core.Reference{{Column: "member", Set: "member = 0"}}, NoExport: "those who run the service"},
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
	{Name: "site_setting", Key: "name", Columns: "name:inner value:inner", NoExport: "what the operator has chosen for the site"},
	{Name: "site_picture", Key: "id", Columns: "id:id hash:secret type:text width:number height:number", NoExport: "pictures of the operator's"},
	{Name: "terms", Key: "version", Columns: "version:number at:time japanese:text english:text operator:inner", NoExport: "the rules of the site, which every member reads"},
	{Name: "terms_agreed", Key: "member version", Columns: "member:self version:number at:time", Members: []core.Reference{{Column: "member"}}, Export: "terms"},
	{Name: "ban", Key: "id", Columns: "id:id kind:number value:secret reason:text until:time at:time operator:inner", NoExport: "networks, handsets and domains that are kept out: of nobody in particular"},
	{Name: "announcement", Key: "id", Columns: "id:id title:text body:text device:text premium:text prefecture:text since:time until:time mail:flag mailed:inner mailed_at:time operator:inner",
		NoExport: "what the operator tells all"},
	{Name: "inviter", Key: "member", Columns: "member:self inviter:member", Members: []core.Reference{{Column: "member"}, {Column: "inviter", Foreign: true}}, Export: "inviter"},
	{Name: "removal", Key: "member", Columns: "member:self at:time due:time reason:text operator:inner", Members: []core.Reference{{Column: "member"}}, Export: "removal"},
	{Name: "filter_word", Key: "word", Columns: "word:inner shown:text at:time operator:inner", NoExport: "words that hold a text for review"},
	{Name: "ad", Key: "id", Columns: "id:id name:inner slot:inner text:text url:text picture:id since:time until:time goal:number weight:number cap:number rules:inner ended_at:time operator:inner",
		NoExport: "campaigns of advertising"},
	{Name: "ad_day", Key: "ad day mobile", Columns: "ad:id day:number mobile:flag shown:number clicks:number members:number", NoExport: "how often campaigns were shown, to nobody in particular"},
	{Name: "ad_seen", Key: "member ad", Columns: "member:self ad:id day:number shown:number clicked:flag", Members: []core.Reference{{Column: "member"}}, Export: "advertising_today"},
	{Name: "ad_allowed", Key: "member", Columns: "member:self at:time", Members: []core.Reference{{Column: "member"}}, Export: "advertising_allowed"},
	{Name: "shop_click", Key: "day area shop mobile", Columns: "day:number area:inner shop:text mobile:flag clicks:number", NoExport: "clicks on links to shops, of nobody in particular"},
	{Name: "income", Key: "month stream device", Columns: "month:number stream:inner device:inner yen:number", NoExport: "what the service earns"},
	{Name: "hook_event", Key: "id", Columns: "id:inner at:time", NoExport: "calls of a provider of payments that were carried out"},
}
