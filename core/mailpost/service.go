// Package mailpost is posting by mail (メール投稿): secret addresses of members, each for one purpose, and what becomes of a mail
// that comes to one. It stands above the areas, whose entries, photos and comments it writes. Start reading at receive.go.
package mailpost

import (
	"musubi/core"
	"musubi/core/account"
	"musubi/core/album"
	"musubi/core/guard"
	"musubi/core/journal"
	"musubi/core/outbox"
	"musubi/core/people"
	"musubi/core/report"
	"musubi/core/talk"
)

// Service is posting by mail. Safe for concurrent use.
type Service struct {
	*core.Desk
	Areas
	store   Store
	letters Letters // nil: mistakes are not answered
	films   Films   // nil: films are not taken
	config  Config
}

// Areas are the rooms that mail is written into.
type Areas struct {
	Account *account.Service
	Journal *journal.Service
	Album   *album.Service
	People  *people.Service
	Talk    *talk.Service
	Outbox  *outbox.Service
	Guard   *guard.Service
	Report  *report.Service
}

// Store is what posting by mail needs of the database.
type Store struct {
	core.Store
	AddressStore
	SeenStore
}

// Config of posting by mail. Zero values mean the documented default.
type Config struct {
	Domain string // of the addresses; "": nothing is posted by mail
	Bytes  int    // the largest mail that is taken, as it travels; 0: nobody knows
	Held   bool   // what the sender's own domain calls forged is held for its owner, instead of posted (SEC-90)
}

// New returns the service.
func New(desk *core.Desk, store Store, areas Areas, c Config) *Service {
	store.Store = desk.Store()
	return &Service{Desk: desk, Areas: areas, store: store, config: c}
}

// UseLetters says who writes answers to mistakes.
func (s *Service) UseLetters(l Letters) { s.letters = l }

// UseFilms says who takes films.
func (s *Service) UseFilms(f Films) { s.films = f }

// Domain is the domain of the addresses; "": nothing is posted by mail here.
func (s *Service) Domain() string { return s.config.Domain }

// LargestMail is how many bytes of files one mail may bring: they travel a third larger. 0: nobody knows.
func (s *Service) LargestMail() int { return s.config.Bytes / 4 * 3 }
