package store

import "musubi/core"

var calendarFeature = Feature{
	Name: "calendar",
	Tables: []core.Table{
		{Name: "plan", Key: "member id", Columns: "member:self id:id title:text note:text day:number time:number last:number edition:inner created_at:time updated_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "plans"},
	},
}
