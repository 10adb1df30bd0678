package web

// operatorFeature is what operators see, on their own listener.
var operatorFeature = feature{
	name:   "operator",
	routes: []route{{get, outboxPath, admin, 0}},
}

func operatorArea() area {
	return area{handlers: handlers{{get, outboxPath}: handle(operatorPages.outbox)}}
}
