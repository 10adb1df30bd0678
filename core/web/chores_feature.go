package web

// choresFeature is what goes over all areas: home, settings, export, leaving.
var choresFeature = feature{
	name:  "chores",
	words: choreWords,
	routes: []route{
		{get, "/home", owner, 0},
		{get, homeEventsPath, owner, 0},
		{get, "/settings", owner, 0},
		{get, exportPath, owner, 0},
		{post, exportPath, owner, hashes},
		{post, exportFilePath, owner, hashes},
		{get, leavePath, owner, 0},
		{post, leavePath, owner, hashes},
	},
	menu: []menuItem{
		{9, "9", "/settings", "settings", ""},
		{15, "0", homePath, "home", ""},
	},
	settings: []setting{
		{"settings.more", 2, exportPath, "export", "🎁"},
		{"settings.more", 4, leavePath, "leave", "✂"},
	},
}

func choresArea() area {
	return area{
		handlers: handlers{
			{get, "/home"}:         handle(chorePages.home),
			{get, homeEventsPath}:  handle(chorePages.homeEvents),
			{get, "/settings"}:     handle(chorePages.settings),
			{get, exportPath}:      handle(chorePages.export),
			{post, exportPath}:     handle(chorePages.askExport),
			{post, exportFilePath}: handle(chorePages.fetchExport),
			{get, leavePath}:       handle(chorePages.leaveForm),
			{post, leavePath}:      handle(chorePages.leave),
		},
	}
}
