package web

// Each area of the service has receivers of its own around the visit, so that a page's methods stand beside those they work
// with, and the visit stays what every page needs.
type (
	entryPages     struct{ *visit } // coming in: login, easy login, registration, a new password
	accountPages   struct{ *visit } // sessions, password, addresses, easy login, invitations, preferences
	profilePages   struct{ *visit } // profiles, endorsements, footprints
	friendPages    struct{ *visit } // friends, requests, introductions, blocks, bookmarks
	journalPages   struct{ *visit } // diaries
	albumPages     struct{ *visit } // albums and their photos
	uploadPages    struct{ *visit } // files on their way into an album
	musicPages     struct{ *visit } // what members hear
	playerPages    struct{ *visit } // their players
	reviewPages    struct{ *visit } // what members think of things
	letterPages    struct{ *visit } // messages
	filmPages      struct{ *visit } // films
	communityPages struct{ *visit } // communities: found, looked at, joined
	governPages    struct{ *visit } // communities: made, changed, their members
	eventPages     struct{ *visit } // events of communities
	pollPages      struct{ *visit } // polls of communities
	topicPages     struct{ *visit } // what stands in communities
	calendarPages  struct{ *visit } // own dates, and the month of all areas
	feedPages      struct{ *visit } // what programs read
	keyPages       struct{ *visit } // keys for programs
	atomPages      struct{ *visit } // programs that speak AtomPub
	apiPages       struct{ *visit } // scripts
	bringPages     struct{ *visit } // what is brought from elsewhere
	appPages       struct{ *visit } // the site as an application, and what tells members who are away
	mailpostPages  struct{ *visit } // posting by mail
	newsPages      struct{ *visit } // what members are told of
	talkPages      struct{ *visit } // comments
	reportPages    struct{ *visit } // what is reported, and what operators did
	premiumPages   struct{ *visit } // plans, and the way to pay
	advertPages    struct{ *visit } // advertising
	housePages     struct{ *visit } // the rules of the house
	consolePages   struct{ *visit } // what operators do
	enterPages     struct{ *visit } // operators who are members, on the site
	branchPages    struct{ *visit } // what operators do about members, beside their page
	searchPages    struct{ *visit } // what is found
	chorePages     struct{ *visit } // over all areas: home, settings, export, leaving
	operatorPages  struct{ *visit } // what operators see
	openPages      struct{ *visit } // pictures and the files that are no pages
	keptForm       struct{ *visit } // words that outlive a login
)
