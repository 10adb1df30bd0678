// Package chores is what is done over all areas: leaving and what is left of it, exports, sweeping, batches. Start reading at
// sweep.go and leave.go.
package chores

import (
	"musubi/core"
	"musubi/core/account"
	"musubi/core/advert"
	"musubi/core/bring"
	"musubi/core/community"
	"musubi/core/digest"
	"musubi/core/elsewhere"
	"musubi/core/figures"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/mailpost"
	"musubi/core/music"
	"musubi/core/news"
	"musubi/core/operator"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/policy"
	"musubi/core/premium"
	"musubi/core/push"
	"musubi/core/report"
	"musubi/core/search"
)

// Service does the chores. Safe for concurrent use.
type Service struct {
	*core.Desk
	store     Store
	outbox    *outbox.Service
	news      *news.Service
	search    *search.Service
	report    *report.Service
	operator  *operator.Service
	figures   *figures.Service
	premium   *premium.Service
	policy    *policy.Service
	advert    *advert.Service
	people    *people.Service
	account   *account.Service
	journal   *journal.Service
	letters   *letters.Service
	music     *music.Service
	elsewhere *elsewhere.Service
	community *community.Service
	mailpost  *mailpost.Service
	digest    *digest.Service
	bring     *bring.Service
	push      *push.Service
	exports   exports
	writer    Writer // nil: there are no words
}

// Store is what chores need of the database.
type Store struct {
	core.Store
	SweepStore
	LeaveStore
	ExportStore
	BatchStore
}

// Areas are the rooms that chores go through.
type Areas struct {
	Outbox    *outbox.Service
	News      *news.Service
	Search    *search.Service
	Report    *report.Service
	Operator  *operator.Service
	Figures   *figures.Service
	Premium   *premium.Service
	Policy    *policy.Service
	Advert    *advert.Service
	People    *people.Service
	Account   *account.Service
	Journal   *journal.Service
	Letters   *letters.Service
	Music     *music.Service
	Elsewhere *elsewhere.Service
	Community *community.Service
	Mailpost  *mailpost.Service
	Digest    *digest.Service
	Bring     *bring.Service
	Push      *push.Service
}

// Config of chores. Zero values mean the documented default.
type Config struct {
	ExportDir   string // where the files of exports lie for a day; "": members cannot ask for one here
	ExportBytes int64  // room for all of them together; default DefaultExportBytes
}

// New returns the service.
func New(desk *core.Desk, store Store, a Areas, c Config) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, outbox: a.Outbox, news: a.News, search: a.Search, report: a.Report, operator: a.Operator, figures: a.Figures, premium: a.Premium, policy: a.Policy, advert: a.Advert, people: a.People, account: a.Account, journal: a.Journal, letters: a.Letters, music: a.Music, elsewhere: a.Elsewhere, community: a.Community, mailpost: a.Mailpost, digest: a.Digest, bring: a.Bring, push: a.Push}
	s.exports.dir, s.exports.room = c.ExportDir, c.ExportBytes
	if s.exports.room <= 0 {
		s.exports.room = DefaultExportBytes
	}
	s.exports.more, s.exports.jobs = make(chan struct{}, exportWorkers), map[core.ID]*job{}
	return s
}
