package web

// Addresses of the console, on the admin listener.
const (
	consolePath         = "/operator"
	consoleLoginPath    = "/operator/login"
	consoleEnterPath    = "/operator/enter" // of members with a role, on the site itself
	consoleProvePath    = "/operator/prove"
	consoleLogoutPath   = "/operator/logout"
	consoleReportsPath  = "/operator/reports"
	consoleReportPath   = "/operator/report"
	consolePhotoPath    = "/operator/report/photo"
	consoleMembersPath  = "/operator/members"
	consoleMemberPath   = "/operator/member"
	consoleAddPath      = "/operator/member/add"
	consoleMeasurePath  = "/operator/measure/end"
	consoleAuditPath    = "/operator/audit"
	consoleAccountsPath = "/operator/operators"
)

// consoleFeature is what operators do, on their own listener.
var consoleFeature = feature{
	name:  "console",
	words: consoleWords,
	routes: []route{
		{get, consolePath, console, forAny},
		{post, consoleLoginPath, admin, hashes},
		{post, consoleEnterPath, owner, hashes},
		{post, consoleProvePath, owner, 0},
		{post, consoleLogoutPath, console, forAny},
		{get, trafficPath, console, forFigures},
		{get, trafficCSVPath, console, forFigures},
		{get, trafficJSONPath, console, forFigures},
		{get, figuresPath, console, forFigures},
		{get, figuresCSVPath, console, forFigures},
		{get, figuresJSONPath, console, forFigures},
		{get, consoleReportsPath, console, forReports},
		{get, consoleReportPath, console, forReports},
		{post, consoleReportPath, console, forReports},
		{get, consolePhotoPath, console, forReports},
		{post, consoleMeasurePath, console, forReports},
		{get, consoleMembersPath, console, 0},
		{get, consoleMemberPath, console, 0},
		{post, consoleMemberPath, console, 0},
		{post, consoleAddPath, console, hashes},
		{get, consoleBranchPath, console, 0},
		{post, consoleBranchPath, console, 0},
		{post, consoleDisclosePath, console, 0},
		{get, consoleCommunitiesPath, console, 0},
		{post, consoleEndPath, console, 0},
		{post, consoleCategoryPath, console, 0},
		{get, consoleAuditPath, console, 0},
		{get, consoleAccountsPath, console, 0},
		{post, consoleAccountsPath, console, hashes},
	},
}

func consoleArea() area {
	return area{handlers: handlers{
		{get, consolePath}:            handle(consolePages.front),
		{post, consoleLoginPath}:      handle(consolePages.login),
		{post, consoleEnterPath}:      handle(enterPages.enter),
		{post, consoleProvePath}:      handle(enterPages.prove),
		{post, consoleLogoutPath}:     handle(consolePages.logout),
		{get, trafficPath}:            handle(consolePages.traffic),
		{get, trafficCSVPath}:         handle(consolePages.trafficCSV),
		{get, trafficJSONPath}:        handle(consolePages.trafficJSON),
		{get, figuresPath}:            handle(consolePages.figures),
		{get, figuresCSVPath}:         handle(consolePages.figuresCSV),
		{get, figuresJSONPath}:        handle(consolePages.figuresJSON),
		{get, consoleReportsPath}:     handle(consolePages.reports),
		{get, consoleReportPath}:      handle(consolePages.report),
		{post, consoleReportPath}:     handle(consolePages.settle),
		{get, consolePhotoPath}:       handle(consolePages.photo),
		{post, consoleMeasurePath}:    handle(consolePages.endMeasure),
		{get, consoleMembersPath}:     handle(consolePages.members),
		{get, consoleMemberPath}:      handle(consolePages.person),
		{post, consoleMemberPath}:     handle(consolePages.changePerson),
		{post, consoleAddPath}:        handle(consolePages.addPerson),
		{get, consoleBranchPath}:      handle(branchPages.branch),
		{post, consoleBranchPath}:     handle(branchPages.holdBranch),
		{post, consoleDisclosePath}:   handle(branchPages.disclose),
		{get, consoleCommunitiesPath}: handle(consolePages.communities),
		{post, consoleEndPath}:        handle(consolePages.endCommunity),
		{post, consoleCategoryPath}:   handle(consolePages.changeCategory),
		{get, consoleAuditPath}:       handle(consolePages.acts),
		{get, consoleAccountsPath}:    handle(consolePages.accounts),
		{post, consoleAccountsPath}:   handle(consolePages.changeAccounts),
	}}
}
