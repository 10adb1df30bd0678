// Package network joins the rooms of core to the social network: [New] is given a database ([Stores]), a place for pictures and a
// maker of stored pictures, and gives back the [Services], an area of life each. A new area joins here: its store, its
// service, its feature.
package network

import (
	"encoding/hex"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/advert"
	"musubi/core/album"
	"musubi/core/bring"
	"musubi/core/calendar"
	"musubi/core/chores"
	"musubi/core/community"
	"musubi/core/digest"
	"musubi/core/elsewhere"
	"musubi/core/feature"
	"musubi/core/figures"
	"musubi/core/guard"
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
	"musubi/core/review"
	"musubi/core/search"
	"musubi/core/shop"
	"musubi/core/talk"
)

// Config is what [New] needs. Zero values mean the documented default.
type Config struct {
	Stores Stores          // required
	Blobs  core.Blobs      // required: where the bytes of pictures live
	Photos core.PhotoMaker // required: what makes the stored picture of an upload
	Secret []byte          // required: at least 32 bytes from which every key is derived; see files.OpenSecret

	Node          uint8                             // of this process among several with one database, for IDs
	Now           func() time.Time                  // default time.Now
	MaxFriends    int                               // default 1000
	HashWorkers   int                               // passwords hashed at the same time, 19 MiB each; default one for every two processors, so that pages have the others
	Stealth       bool                              // 忍び足: members may choose to leave no footprints; off by default
	EasyLogin     bool                              // かんたんログイン; a subscriber ID is an identifier, not a secret: off by default
	HandsetMail   func(address string) bool         // whether a mail address is a handset's; default: none is
	HandsetText   func(address, text string) string // a text of a letter as the handset behind an address shows it; default: as it is
	Meter         guard.Meter                       // counts tries of passwords for all processes of the site; default: in the database
	Mail          outbox.MailSender                 // hands letters to a mail server; nil: they wait in the outbox
	AloneLimit    time.Duration                     // members without friends for so long are suspended, after a warning at half time; 0: never
	AlbumMB       int                               // room for the photos in a member's albums, in MB; default album.DefaultAlbumMB
	Films         album.FilmConfig                  // how films are taken; without a Maker none are
	ExportDir     string                            // where the files of exports lie for a day; "": members cannot ask for one here
	ImportDir     string                            // where files wait that members bring from elsewhere; "": none are taken here
	ExportBytes   int64                             // room for all of them together; default chores.DefaultExportBytes
	TopicComments int                               // comments that fill a topic; default community.DefaultMaxComments
	Shops         []shop.Shop                       // where tracks and albums are sold; default music.DefaultShops
	ReviewShops   []shop.Shop                       // where what is reviewed is sold; default review.DefaultShops
	Products      review.Importer                   // knows products that nobody has entered yet; nil: nobody is asked
	Covers        music.CoverSource                 // knows covers of albums; nil: nobody is asked
	HookSecret    string                            // what a provider of payments signs its calls with; default: derived of Secret
	PayURL        string                            // where members pay, with {reference} in it; "": nowhere
	CodesAgain    bool                              // a code of an operator opens more than once: for a demo
	MessageDays   int                               // messages are kept for so many days after they were sent; 0: for ever
	MailDomain    string                            // of the addresses for posting by mail; "": there are none
	OpenToAll     bool                              // see account.Config.OpenToAll
	Handset       account.HandsetRule               // see account.Config.Handset
	MailBytes     int                               // see mailpost.Config.Bytes
	MailHeld      bool                              // see mailpost.Config.Held

	More []func(s *Services) feature.Feature // areas that are no part of this house: each makes its service of the others and says what it brings
}

// Stores is the database, as each room asks for it. core/store has one, and core/cache in front of it. The Store of the desk
// is the only one that New copies into the others.
type Stores struct {
	Desk      core.Store
	Guard     guard.TriesStore
	Outbox    outbox.Store
	News      news.Store
	Push      push.Store
	Report    report.Store
	Figures   figures.Store
	Premium   premium.Store
	Policy    policy.Store
	Advert    advert.Store
	Operator  operator.Store
	Search    search.Store
	Talk      talk.Store
	People    people.Store
	Account   account.Store
	Journal   journal.Store
	Album     album.Store
	Music     music.Store
	Review    review.Store
	Letters   letters.Store
	Community community.Store
	Calendar  calendar.Store
	Elsewhere elsewhere.Store
	Bring     bring.Store
	Mailpost  mailpost.Store
	Digest    digest.Store
	Chores    chores.Store
}

// Services is everything a member can do, by area. Safe for concurrent use.
type Services struct {
	*core.Desk
	HookSecret string // what a provider of payments signs its calls with

	Guard     *guard.Service
	Outbox    *outbox.Service
	News      *news.Service
	Push      *push.Service
	Report    *report.Service
	Figures   *figures.Service
	Premium   *premium.Service
	Policy    *policy.Service
	Advert    *advert.Service
	Operator  *operator.Service
	Search    *search.Service
	Talk      *talk.Service
	People    *people.Service
	Account   *account.Service
	Journal   *journal.Service
	Album     *album.Service
	Music     *music.Service
	Review    *review.Service
	Letters   *letters.Service
	Community *community.Service
	Calendar  *calendar.Service
	Elsewhere *elsewhere.Service
	Bring     *bring.Service
	Mailpost  *mailpost.Service
	Digest    *digest.Service
	Chores    *chores.Service
}

// New checks the configuration and returns the services.
func New(c Config) (s *Services, err error) {
	desk, err := core.NewDesk(core.DeskConfig{Store: c.Stores.Desk, Blobs: c.Blobs, Photos: c.Photos, Secret: c.Secret, Node: c.Node, Now: c.Now})
	if err != nil {
		return nil, err
	}
	s = &Services{Desk: desk, HookSecret: c.HookSecret}
	if s.HookSecret == "" {
		s.HookSecret = hex.EncodeToString(core.DeriveKey(c.Secret, "entitlement hook"))
	}
	s.Guard = guard.New(desk, c.Stores.Guard, c.HashWorkers, c.Meter)
	s.Outbox = outbox.New(desk, c.Stores.Outbox, c.Mail, c.HandsetMail, c.MailDomain)
	s.Outbox.UseHandsets(c.HandsetText)
	s.News = news.New(desk, c.Stores.News, s.Outbox)
	s.Push = push.New(desk, c.Stores.Push, s.News, core.DeriveKey(c.Secret, "push"))
	s.Report = report.New(desk, c.Stores.Report, s.News, s.Outbox)
	s.Policy = policy.New(desk, c.Stores.Policy)
	s.Advert = advert.New(desk, c.Stores.Advert)
	s.Figures = figures.New(desk, c.Stores.Figures)
	s.Premium = premium.New(desk, c.Stores.Premium, s.News, premium.Config{HookSecret: s.HookSecret, PayURL: c.PayURL, AlbumMB: c.AlbumMB, VideoMB: int(c.Films.MemberBytes >> 20), MessageDays: c.MessageDays})
	s.Search = search.New(desk, c.Stores.Search)
	s.Talk = talk.New(desk, c.Stores.Talk, s.News)
	s.People = people.New(desk, c.Stores.People, s.Outbox, s.News, s.Search, people.Config{MaxFriends: c.MaxFriends, Stealth: c.Stealth})
	s.Elsewhere = elsewhere.New(s.Guard, c.Stores.Elsewhere)
	s.Account = account.New(s.Guard, c.Stores.Account, s.People, s.Outbox, s.News, s.Search, account.Config{EasyLogin: c.EasyLogin, OpenToAll: c.OpenToAll, Handset: c.Handset, AloneLimit: c.AloneLimit, End: s.Elsewhere.End})
	s.Journal = journal.New(desk, c.Stores.Journal, s.News, s.Search)
	s.Album = album.New(s.Guard, c.Stores.Album, s.News, s.Search, c.AlbumMB, c.Films)
	s.Music = music.New(s.Guard, c.Stores.Music, s.News, music.Config{Shops: c.Shops, Covers: c.Covers})
	if s.Letters, err = letters.New(desk, c.Stores.Letters, s.News, c.MessageDays); err != nil {
		return nil, err
	}
	s.Community = community.New(desk, c.Stores.Community, s.Outbox, s.News, s.Search, community.Config{MaxComments: c.TopicComments})
	s.Review = review.New(desk, c.Stores.Review, s.News, s.Search, review.Config{Shops: c.ReviewShops, Boards: s.Community, Importer: c.Products})
	s.Music.UseBoards(s.Community)
	s.Calendar = calendar.New(desk, c.Stores.Calendar)
	s.Album.UseRoom(s.Premium.AlbumRoom)
	s.Operator = operator.New(c.Stores.Operator, operator.Areas{Guard: s.Guard, Report: s.Report, Account: s.Account, People: s.People},
		operator.Config{Key: core.DeriveKey(c.Secret, "operator codes"), CodesAgain: c.CodesAgain})
	s.Mailpost = mailpost.New(desk, c.Stores.Mailpost, mailpost.Areas{Account: s.Account, Journal: s.Journal, Album: s.Album, People: s.People,
		Talk: s.Talk, Outbox: s.Outbox, Guard: s.Guard, Report: s.Report}, mailpost.Config{Domain: c.MailDomain, Bytes: c.MailBytes, Held: c.MailHeld})
	if s.Album.TakesFilms() {
		s.Mailpost.UseFilms(album.NewMailFilms(s.Album))
	}
	s.Bring = bring.New(desk, c.Stores.Bring, bring.Areas{Journal: s.Journal, Album: s.Album, People: s.People}, c.ImportDir)
	s.Digest = digest.New(desk, c.Stores.Digest, digest.Areas{Account: s.Account, Journal: s.Journal, People: s.People, Outbox: s.Outbox})
	s.Chores = chores.New(desk, c.Stores.Chores, chores.Areas{Outbox: s.Outbox, News: s.News, Push: s.Push, Search: s.Search, Report: s.Report, Operator: s.Operator, Figures: s.Figures, Premium: s.Premium, Policy: s.Policy, Advert: s.Advert, People: s.People,
		Account: s.Account, Journal: s.Journal, Letters: s.Letters, Music: s.Music, Elsewhere: s.Elsewhere, Community: s.Community, Mailpost: s.Mailpost, Digest: s.Digest, Bring: s.Bring}, chores.Config{ExportDir: c.ExportDir, ExportBytes: c.ExportBytes})
	all := features(s)
	for _, join := range c.More {
		all = append(all, join(s))
	}
	return s, s.join(all)
}

// Letters has the words of all letters that services send on their own; core/web has it.
type Letters interface {
	news.Writer
	account.Letters
	mailpost.Letters
	community.Writer
	digest.Letters
	report.Letters
	chores.Writer
	push.Words
}

// UseLetters says who writes the letters. Call it before the services are used; without it none are sent.
func (s *Services) UseLetters(l Letters) {
	s.News.UseWriter(l)
	s.Push.UseWords(l)
	s.Account.UseLetters(l)
	s.Mailpost.UseLetters(l)
	s.Community.UseWriter(l)
	s.Digest.UseLetters(l)
	s.Report.UseLetters(l)
	s.Chores.UseWriter(l)
}
