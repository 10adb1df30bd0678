package outbox

import "musubi/core"

// Service keeps letters until they are sent. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   MailStore
	mail    MailSender // nil: letters wait
	handset func(address string) bool
}

// New returns the outbox. mail hands letters to a mail server; nil: they wait, and the operator reads them. handset says whether
// an address is a handset's; nil: none is.
func New(desk *core.Desk, store MailStore, mail MailSender, handset func(address string) bool) *Service {
	return &Service{Desk: desk, store: store, mail: mail, handset: handset}
}
