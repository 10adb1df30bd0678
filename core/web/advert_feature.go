package web

// Addresses of advertising.
const (
	adPath        = "/ad"
	adPicturePath = "/ad/picture"
	adChoicePath  = "/settings/advertising"

	consoleAdsPath        = "/operator/ads"
	consoleAdPath         = "/operator/ad"
	consoleAdCSVPath      = "/operator/ad.csv"
	consoleRevenuePath    = "/operator/revenue"
	consoleRevenueCSVPath = "/operator/revenue.csv"
)

// advertFeature is what is shown for money, and what that brings in.
var advertFeature = feature{
	name:  "advert",
	words: advertWords,
	routes: []route{
		{get, adPath, member, writes},
		{get, adPicturePath, member, 0},
		{get, adChoicePath, owner, 0},
		{post, adChoicePath, owner, 0},
		{get, consoleAdsPath, console, 0},
		{get, consoleAdPath, console, 0},
		{post, consoleAdPath, console, pictures},
		{get, consoleAdCSVPath, console, 0},
		{get, consoleRevenuePath, console, forFigures},
		{post, consoleRevenuePath, console, pictures},
		{get, consoleRevenueCSVPath, console, forFigures},
	},
	settings: []setting{{"settings.more", 9, adChoicePath, "ad.choice", "📢"}},
}

func advertArea() area {
	return area{handlers: handlers{
		{get, adPath}:                handle(advertPages.follow),
		{get, adPicturePath}:         handle(advertPages.picture),
		{get, adChoicePath}:          handle(advertPages.choice),
		{post, adChoicePath}:         handle(advertPages.choose),
		{get, consoleAdsPath}:        handle(advertPages.campaigns),
		{get, consoleAdPath}:         handle(advertPages.campaign),
		{post, consoleAdPath}:        handle(advertPages.changeCampaign),
		{get, consoleAdCSVPath}:      handle(advertPages.campaignCSV),
		{get, consoleRevenuePath}:    handle(advertPages.revenue),
		{post, consoleRevenuePath}:   handle(advertPages.putIncome),
		{get, consoleRevenueCSVPath}: handle(advertPages.revenueCSV),
	}}
}
