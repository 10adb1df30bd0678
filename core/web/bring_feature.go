package web

// bringFeature is what a member brings from elsewhere.
var bringFeature = feature{
	name:  "bring",
	words: bringWords,
	routes: []route{
		{get, importPath, owner, onPC},
		{post, importPath, owner, onPC | pictures},
		{post, importDoPath, owner, onPC | mayDelete},
	},
	settings: []setting{
		{"settings.more", 3, importPath, "import", "📥"},
	},
}

func bringArea() area {
	return area{handlers: handlers{
		{get, importPath}:    handle(bringPages.imports),
		{post, importPath}:   handle(bringPages.look),
		{post, importDoPath}: handle(bringPages.decide),
	}}
}
