package core

import (
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"
)

// Config is what [New] needs. Zero values mean the documented default.
type Config struct {
	Store  Store      // required
	Blobs  Blobs      // required: where the bytes of pictures live
	Photos PhotoMaker // required: what makes the stored picture of an upload
	Secret []byte     // required: at least 32 bytes from which every key is derived; see OpenSecret

	Node        uint8                     // of this process among several with one database, for IDs
	Now         func() time.Time          // default time.Now
	MaxFriends  int                       // default 1000
	HashWorkers int                       // passwords hashed at the same time, 19 MiB each; default one for every two processors, so that pages have the others
	Stealth     bool                      // 忍び足: members may choose to leave no footprints; off by default
	EasyLogin   bool                      // かんたんログイン; a subscriber ID is an identifier, not a secret: off by default
	HandsetMail func(address string) bool // whether a mail address is a handset's; default: none is
	Meter       Meter                     // counts tries of passwords for all processes of the site; default: in the database
	Mail        MailSender                // hands letters to a mail server; nil: they wait in the outbox
	AloneLimit  time.Duration             // members without friends for so long are suspended, after a warning at half time; 0: never
	AlbumMB     int                       // room for the photos in a member's albums, in MB; default DefaultAlbumMB
	ExportDir   string                    // where the files of exports lie for a day; "": members cannot ask for one here
	ExportBytes int64                     // room for all of them together; default DefaultExportBytes
	MessageDays int                       // messages are kept for so many days after they were sent; 0: for ever
}

// Store is the database behind the services; core/store implements it. Every method is one atomic step. A lookup that
// finds nothing returns ErrNotFound.
type Store interface {
	Transactions
	MemberStore
	PermissionStore
	ProfileStore
	SessionStore
	TriesStore
	AccountStore
	FriendStore
	RequestStore
	EndorsementStore
	IntroductionStore
	BirthdayStore
	BlockStore
	BookmarkStore
	FootprintStore
	DiaryStore
	DiaryVisibilityStore
	CommentStore
	CategoryStore
	MessageStore
	ReadStore
	AlbumStore
	PhotoStore
	OnceStore
	BatchStore
	MailStore
	NewsStore
	TellStore
	AddressStore
	LinkStore
	InvitationStore
	EasyLoginStore
	AuditStore
	SweepStore
	AloneStore
	LeaveStore
	ExportStore
	SearchStore
	FriendIDStore
}

// Services is everything a member can do. Safe for concurrent use.
type Services struct {
	store   Store
	blobs   Blobs
	photos  PhotoMaker
	keys    keys
	meter   Meter
	ids     ids
	hasher  *hasher
	turns   turns
	reads   passing[readKey, ReadMark]
	visits  visits
	looks   passing[newsKey, News]
	touches passing[string, touch]
	exports exports
	indexer indexer

	newsRows []NewsRow
	threads  []ThreadRow
	findRows []FindRow
	gates    []PhotoGate

	now        func() time.Time
	mail       MailSender
	letters    AccountLetters // nil: none are sent
	newsWriter NewsWriter     // nil: no letters about news
	handset    func(address string) bool
	maxFriends int
	aloneLimit time.Duration
	stealth    bool
	messageAge time.Duration // 0: for ever
	albumBytes int64
	easyLogin  atomic.Bool
}

// New checks the configuration and returns the services.
func New(c Config) (*Services, error) {
	switch {
	case c.Store == nil || c.Blobs == nil || c.Photos == nil:
		return nil, errors.New("core: Config needs Store, Blobs and Photos")
	case len(c.Secret) < 32:
		return nil, errors.New("core: Config.Secret needs at least 32 bytes")
	case c.MessageDays < 0 || c.MessageDays > maxMessageDays:
		return nil, fmt.Errorf("core: Config.MessageDays is %d, expected 0 (messages are kept for ever) to %d", c.MessageDays, maxMessageDays)
	}
	s := &Services{
		store: c.Store, blobs: c.Blobs, photos: c.Photos,
		keys:       deriveKeys(c.Secret),
		meter:      c.Meter,
		ids:        ids{node: int64(c.Node)},
		now:        c.Now,
		mail:       c.Mail,
		handset:    c.HandsetMail,
		maxFriends: c.MaxFriends,
		aloneLimit: c.AloneLimit,
		stealth:    c.Stealth,
		messageAge: time.Duration(c.MessageDays) * 24 * time.Hour,
	}
	if s.meter == nil {
		s.meter = storedMeter{c.Store}
	}
	if s.albumBytes = int64(c.AlbumMB) << 20; s.albumBytes <= 0 {
		s.albumBytes = DefaultAlbumMB << 20
	}
	s.exports.dir, s.exports.room = c.ExportDir, c.ExportBytes
	if s.exports.room <= 0 {
		s.exports.room = DefaultExportBytes
	}
	s.exports.more, s.exports.jobs = make(chan struct{}, exportWorkers), map[ID]*job{}
	s.easyLogin.Store(c.EasyLogin)
	if s.now == nil {
		s.now = time.Now
	}
	if s.maxFriends <= 0 {
		s.maxFriends = 1000
	}
	workers := c.HashWorkers
	if workers <= 0 {
		workers = max(1, runtime.GOMAXPROCS(0)/2)
	}
	s.hasher = newHasher(workers)
	s.join(features(s))
	return s, nil
}
