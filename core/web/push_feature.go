package web

// Addresses of what makes the site an application of a phone's, and of what tells members who are away.
const (
	appPath      = "/settings/app"
	pushEndPath  = "/settings/app/end"
	manifestPath = "/manifest.webmanifest"
	iconPath     = "/icon/" // SIZE.png, or SIZE-round.png where the edge may be cut off
	workerPath   = "/worker.js"
	offlinePath  = "/offline"
	sharePath    = "/share"
)

// pushFeature is the site as an application, and Web Push.
var pushFeature = feature{
	name:  "push",
	words: pushWords,
	routes: []route{
		{get, manifestPath, public, fixed},
		{get, iconPath, public, fixed},
		{get, workerPath, public, fixed},
		{get, offlinePath, public, fixed},
		{get, "/push.js", public, fixed},
		{post, sharePath, owner, raw | pictures},
		{get, appPath, owner, onPC},
		{post, appPath, owner, onPC},
		{post, pushEndPath, owner, onPC},
	},
	settings: []setting{
		{"settings.mails", 4, appPath, "app", ""},
	},
}

func pushArea() area {
	return area{handlers: handlers{
		{get, manifestPath}: handle(appPages.manifest),
		{get, iconPath}:     handle(appPages.icon),
		{get, workerPath}:   handle(appPages.worker),
		{get, offlinePath}:  handle(appPages.offline),
		{get, "/push.js"}:   handle(openPages.asset),
		{post, sharePath}:   handle(appPages.share),
		{get, appPath}:      handle(appPages.app),
		{post, appPath}:     handle(appPages.changeApp),
		{post, pushEndPath}: handle(appPages.endPush),
	}}
}
