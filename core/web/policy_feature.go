package web

// Addresses of the rules of the house: what everybody sees of them, and where operators make them.
const (
	termsPath      = "/terms"
	logoPath       = "/logo"
	coloursPath    = "/colours.css"
	noticePagePath = "/announcement"

	consoleSitePath     = "/operator/site"
	consoleTermsPath    = "/operator/terms"
	consoleBansPath     = "/operator/bans"
	consoleAnnouncePath = "/operator/announcements"
	consoleFilterPath   = "/operator/filter"
	consoleMailPath     = "/operator/mail"
	consoleTablesPath   = "/operator/tables"
)

// policyFeature is what an operator decides about the site as a whole.
var policyFeature = feature{
	name:  "policy",
	words: policyWords,
	routes: []route{
		{get, termsPath, public, 0},
		{post, termsPath, owner, 0},
		{get, logoPath, public, fixed},
		{get, coloursPath, public, fixed},
		{get, noticePagePath, member, 0},
		{get, consoleSitePath, console, 0},
		{post, consoleSitePath, console, pictures},
		{get, consoleTermsPath, console, 0},
		{post, consoleTermsPath, console, 0},
		{get, consoleBansPath, console, 0},
		{post, consoleBansPath, console, 0},
		{get, consoleAnnouncePath, console, 0},
		{post, consoleAnnouncePath, console, 0},
		{get, consoleFilterPath, console, 0},
		{post, consoleFilterPath, console, 0},
		{get, consoleMailPath, console, 0},
		{post, consoleMailPath, console, 0},
		{get, consoleTablesPath, console, 0},
	},
}

func policyArea() area {
	return area{handlers: handlers{
		{get, termsPath}:            handle(housePages.terms),
		{post, termsPath}:           handle(housePages.agree),
		{get, logoPath}:             handle(housePages.logo),
		{get, coloursPath}:          handle(housePages.colours),
		{get, noticePagePath}:       handle(housePages.announcement),
		{get, consoleSitePath}:      handle(housePages.choices),
		{post, consoleSitePath}:     handle(housePages.changeSite),
		{get, consoleTermsPath}:     handle(housePages.allTerms),
		{post, consoleTermsPath}:    handle(housePages.publish),
		{get, consoleBansPath}:      handle(housePages.bans),
		{post, consoleBansPath}:     handle(housePages.changeBans),
		{get, consoleAnnouncePath}:  handle(housePages.announcements),
		{post, consoleAnnouncePath}: handle(housePages.announce),
		{get, consoleFilterPath}:    handle(housePages.filter),
		{post, consoleFilterPath}:   handle(housePages.changeFilter),
		{get, consoleMailPath}:      handle(housePages.mail),
		{post, consoleMailPath}:     handle(housePages.retryMail),
		{get, consoleTablesPath}:    handle(housePages.tables),
	}}
}
