package mails

import (
	"musubi/core"
	"musubi/core/store/base"
)

// Feature is what mail brings to the database.
var Feature = base.Feature{
	Name: "mail",
	Tables: []core.Table{
		{Name: "outbox", Key: "id",
			Columns: "id:id address:text subject:text body:text created_at:time next_at:time sent_at:time tries:number problem:text member:member about:member seed:inner answers:text list:inner",
			Members: []core.Reference{{Column: "member", Where: `member = $1 AND member > 0`}, {Column: "about", Where: `about = $1 AND about > 0`}}, NoExport: "letters that were mailed"},
		{Name: "post_address", Key: "hash",
			Columns: "hash:secret member:self purpose:number kind:inner owner:member thing:id piece:id seed:secret created_at:time",
			Members: []core.Reference{{Column: "member"}, {Column: "owner", Foreign: true}}, NoExport: "addresses for posting by mail: what they are made of; the page of them shows them"},
		{Name: "mail_failure", Key: "hash", Columns: "hash:secret failed:number at:time filtered_at:time", NoExport: "keyed hashes of addresses that letters do not reach"},
		{Name: "post_seen", Key: "hash", Columns: "hash:secret at:time", NoExport: "keyed hashes of letters that came; forgotten after a week"},
		{Name: "day_letter", Key: "member", Columns: "member:self digest_pc:flag digest_handset:flag weekly:flag birthday_pc:flag birthday_handset:flag since:time due_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "day_letters"},
		{Name: "post_answer", Key: "member kind", Columns: "member:self kind:inner at:time",
			Members: []core.Reference{{Column: "member"}}, NoExport: "which mistake was answered when; forgotten after a week"},
	},
}
