package web

// mailpostFeature is posting by mail: which address is for what.
var mailpostFeature = feature{
	name:  "mailpost",
	words: mailpostWords,
	routes: []route{
		{get, mailpostPath, owner, writes},
		{post, mailpostPath, owner, 0},
		{get, mailpostThreadPath, member, writes},
		{post, mailpostThreadPath, member, 0},
		{get, mailpostCodePath, owner, 0},
	},
	settings: []setting{
		{"settings.mails", 3, mailpostPath, "mailpost", ""},
	},
}

func mailpostArea() area {
	return area{handlers: handlers{
		{get, mailpostPath}:        handle(mailpostPages.addresses),
		{post, mailpostPath}:       handle(mailpostPages.renew),
		{get, mailpostThreadPath}:  handle(mailpostPages.threadAddress),
		{post, mailpostThreadPath}: handle(mailpostPages.renewThread),
		{get, mailpostCodePath}:    handle(mailpostPages.code),
	}}
}
