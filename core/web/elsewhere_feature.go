package web

import (
	"net/http"

	"musubi/core/elsewhere"
)

// elsewhereFeature is what a member gives to programs: feeds, keys, and what programs ask for with them.
var elsewhereFeature = feature{
	name:  "elsewhere",
	words: elsewhereWords,
	routes: []route{
		{get, feedPath, public, 0},
		{get, feedsPath, owner, 0},
		{post, feedsPath, owner, mayDelete},
		{get, keysPath, owner, 0},
		{post, keysPath, owner, hashes},
		{post, keyDeletePath, owner, deletes},
		{get, atomPath, public, program},
		{post, atomPath, public, program},
		{http.MethodPut, atomPath, public, program},
		{http.MethodDelete, atomPath, public, program},
		{get, openpnePath, public, program},
		{post, openpnePath, public, program},
		{get, openpnePath + "/", public, program},
		{http.MethodPut, openpnePath + "/", public, program},
		{http.MethodDelete, openpnePath + "/", public, program},
		{get, apiNoticesPath, public, program},
		{post, apiDiaryPath, public, program},
		{get, apiAlbumsPath, public, program},
		{post, apiPhotosPath, public, program},
	},
	settings: []setting{
		{"settings.more", 1, feedsPath, "feeds", "🎫"},
		{"settings.login", 6, keysPath, "apikeys", "🔑"},
	},
}

func elsewhereArea() area {
	return area{handlers: handlers{
		{get, feedPath}:   handle(feedPages.fetch),
		{get, feedsPath}:  handle(feedPages.feeds),
		{post, feedsPath}: handle(feedPages.changeFeeds),

		{get, keysPath}:       handle(keyPages.keys),
		{post, keysPath}:      handle(keyPages.makeKey),
		{post, keyDeletePath}: handle(keyPages.endKey),

		{get, atomPath}:                        handle(atomPages.serve),
		{post, atomPath}:                       handle(atomPages.serve),
		{http.MethodPut, atomPath}:             handle(atomPages.serve),
		{http.MethodDelete, atomPath}:          handle(atomPages.serve),
		{get, openpnePath}:                     handle(atomPages.serve),
		{post, openpnePath}:                    handle(atomPages.serve),
		{get, openpnePath + "/"}:               handle(atomPages.serve),
		{http.MethodPut, openpnePath + "/"}:    handle(atomPages.serve),
		{http.MethodDelete, openpnePath + "/"}: handle(atomPages.serve),

		{get, apiNoticesPath}: handle(asked(elsewhere.ReadNotices, apiPages.notices)),
		{post, apiDiaryPath}:  handle(asked(elsewhere.PostDiary, apiPages.postDiary)),
		{get, apiAlbumsPath}:  handle(asked(elsewhere.PostPhotos, apiPages.albums)),
		{post, apiPhotosPath}: handle(asked(elsewhere.PostPhotos, apiPages.postPhoto)),
	}}
}
