package web

import (
	"musubi/core/news"
	"musubi/core/premium"
)

// Addresses of premium.
const (
	premiumPath = "/premium"
	payPath     = "/premium/pay"
	hookPath    = "/hooks/entitlement"
)

// premiumFeature is what members have more of, and how a provider of payments says so.
var premiumFeature = feature{
	name:  "premium",
	words: premiumWords,
	routes: []route{
		{get, premiumPath, owner, 0},
		{get, payPath, owner, 0},
		{post, hookPath, public, raw},
		{get, consolePlansPath, console, 0},
		{post, consolePlansPath, console, 0},
		{post, consoleGrantPath, console, 0},
	},
	menu: []menuItem{{14, "", premiumPath, "premium", "💎"}},
	news: map[news.Kind]newsLinks{premium.EndingNews: {all: premiumPath}},
}

func premiumArea() area {
	return area{handlers: handlers{
		{get, premiumPath}:       handle(premiumPages.premium),
		{get, payPath}:           handle(premiumPages.pay),
		{post, hookPath}:         handle(premiumPages.hook),
		{get, consolePlansPath}:  handle(premiumPages.plans),
		{post, consolePlansPath}: handle(premiumPages.setPlans),
		{post, consoleGrantPath}: handle(premiumPages.grant),
	}}
}
