package web

// calendarFeature is the calendar: one's own dates, and what other areas have of a month.
var calendarFeature = feature{
	name:  "calendar",
	words: calendarWords,
	routes: []route{
		{get, calendarPath, owner, 0},
		{get, planPath, owner, 0},
		{get, planFilePath, owner, 0},
		{get, planEditPath, owner, 0},
		{post, planEditPath, owner, kept},
		{post, planDeletePath, owner, deletes},
		{get, calendarFeedPath, owner, 0},
		{post, calendarFeedPath, owner, mayDelete},
	},
	menu: []menuItem{
		{11, "", calendarPath, "calendar", "📝"},
	},
}

func calendarArea() area {
	return area{
		handlers: handlers{
			{get, calendarPath}:      handle(calendarPages.month),
			{get, planPath}:          handle(calendarPages.plan),
			{get, planFilePath}:      handle(calendarPages.planFile),
			{get, planEditPath}:      handle(calendarPages.planForm),
			{post, planEditPath}:     handle(calendarPages.writePlan),
			{post, planDeletePath}:   handle(calendarPages.deletePlan),
			{get, calendarFeedPath}:  handle(calendarPages.feed),
			{post, calendarFeedPath}: handle(calendarPages.changeFeed),
		},
	}
}
