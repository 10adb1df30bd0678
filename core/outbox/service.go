package outbox

import (
	"sync/atomic"

	"musubi/core"
)

// Service keeps letters until they are sent. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   MailStore
	mail    atomic.Value // a sending
	here    atomic.Value // string: what stands for Here
	handset func(address string) bool
}

// New returns the outbox. mail hands letters to a mail server; nil: they wait, and the operator reads them. handset says whether
// an address is a handset's; nil: none is.
func New(desk *core.Desk, store MailStore, mail MailSender, handset func(address string) bool) *Service {
	s := &Service{Desk: desk, store: store, handset: handset}
	s.UseMail(mail)
	s.UseHere("")
	return s
}

// sending is a sender, or that there is none.
type sending struct{ MailSender }

// UseMail changes who hands letters to a mail server, also while letters are sent; nil: they wait.
func (s *Service) UseMail(mail MailSender) { s.mail.Store(sending{mail}) }

func (s *Service) sender() MailSender { return s.mail.Load().(sending).MailSender }

// UseHere says what links in letters begin with.
func (s *Service) UseHere(base string) { s.here.Store(base) }
