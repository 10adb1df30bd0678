package web

// setupFeature is how a service without members gets its first one.
var setupFeature = feature{
	name:  "setup",
	words: setupWords,
	routes: []route{
		{get, setupPath, public, 0},
		{post, setupPath, public, hashes},
	},
}

func setupArea() area {
	return area{handlers: handlers{
		{get, setupPath}:  handle(setupPages.form),
		{post, setupPath}: handle(setupPages.send),
	}}
}
