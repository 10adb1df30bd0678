package store

import (
	"musubi/core"
)

var choresFeature = Feature{
	Name: "chores",
	Tables: []core.Table{
		{Name: "export", Key: "member", Columns: "member:self id:id state:number asked_at:time ready_at:time bytes:number language:text",
			Members: []core.Reference{{Column: "member"}}, NoExport: "the export itself"},
		{Name: "leaving", Key: "member", Columns: "member:self left_at:time purged_at:time",
			Members: []core.Reference{{Column: "member", Keep: "until the blobs and the traces in the file are gone; then Forget deletes it"}}, NoExport: "members who have left"},
	},
}
