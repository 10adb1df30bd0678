package outbox

import (
	"strings"
	"sync/atomic"

	"musubi/core"
)

// Service keeps letters until they are sent. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   Store
	mail    atomic.Value // a sending
	here    atomic.Value // string: what stands for Here
	handset func(address string) bool
	shows   func(address, text string) string // nil: all handsets show everything
	domain  string                            // that bounces come to; "": they go to the sender of the mail server
}

// Store is what the outbox needs of the database.
type Store struct {
	core.Store
	MailStore
	FailureStore
}

// New returns the outbox. mail hands letters to a mail server; nil: they wait, and the operator reads them. handset says whether
// an address is a handset's; nil: none is. domain is where bounces come in; "": they do not.
func New(desk *core.Desk, store Store, mail MailSender, handset func(address string) bool, domain string) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, handset: handset, domain: domain}
	s.UseMail(mail)
	s.UseHere("")
	return s
}

// SenderDomain is the domain that letters come from, which a filter has to let in; "": nobody sends any.
func (s *Service) SenderDomain() string {
	if from, ok := s.sender().(interface{ From() string }); ok {
		_, domain, _ := strings.Cut(from.From(), "@")
		return domain
	}
	return s.domain
}

// sending is a sender, or that there is none.
type sending struct{ MailSender }

// UseMail changes who hands letters to a mail server, also while letters are sent; nil: they wait.
func (s *Service) UseMail(mail MailSender) { s.mail.Store(sending{mail}) }

func (s *Service) sender() MailSender { return s.mail.Load().(sending).MailSender }

// UseHere says what links in letters begin with.
func (s *Service) UseHere(base string) { s.here.Store(base) }

// UseHandsets says how the handset behind an address shows a text.
func (s *Service) UseHandsets(shows func(address, text string) string) { s.shows = shows }

// Shown is a text of a letter as the handset behind an address shows it.
func (s *Service) Shown(address, text string) string {
	if s.shows == nil || !s.HandsetMail(address) {
		return text
	}
	return s.shows(address, text)
}
