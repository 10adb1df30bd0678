package mailpost

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/talk"
)

// A Purpose is what an address is for.
type Purpose uint8

// The purposes. They are stored.
const (
	ToDiary   Purpose = iota // each mail is an entry
	ToAlbum                  // its photos come into one album
	ToThread                 // it is a comment in one thread
	ToProfile                // its photo comes to the profile
)

// firstLetters are what the addresses of a purpose begin with, for members who tell them apart; nothing depends on it.
var firstLetters = [...]string{ToDiary: "d", ToAlbum: "a", ToThread: "c", ToProfile: "p"}

// A Target is where the mail of a member goes.
type Target struct {
	Member  core.ID
	Purpose Purpose
	On      talk.Thread // ToThread: the thread; ToAlbum: Thing is the album; else zero
}

// Diary, Album, Thread and Profile are the targets of a member.
func Diary(member core.ID) Target { return Target{Member: member, Purpose: ToDiary} }

// Album is the target for one of the member's albums.
func Album(member, album core.ID) Target {
	return Target{Member: member, Purpose: ToAlbum, On: talk.Thread{Owner: member, Thing: album}}
}

// Thread is the target for the member's comments in a thread.
func Thread(member core.ID, on talk.Thread) Target {
	return Target{Member: member, Purpose: ToThread, On: on}
}

// Profile is the target for photos of the member's profile.
func Profile(member core.ID) Target { return Target{Member: member, Purpose: ToProfile} }

// AddressStore keeps the secret addresses: of each what its secret is made of, and a keyed hash to find it by. A target has one
// at most.
type AddressStore interface {
	// PostSeed gives what the address of a target is made of, or ErrNotFound.
	PostSeed(ctx context.Context, t Target) (seed string, err error)
	// PutPostAddress gives a target its address in place of the one it had.
	PutPostAddress(ctx context.Context, t Target, seed, hash string, at time.Time) error
	// PostTarget finds the target of an address, or ErrNotFound.
	PostTarget(ctx context.Context, hash string) (Target, error)
	// DeleteThreadAddressesBefore lets the addresses for comments go that were made before t: one is made for every thread that
	// somebody wants to answer once.
	DeleteThreadAddressesBefore(ctx context.Context, t time.Time) error
}

// threadAge is how long an address for comments works.
const threadAge = 180 * 24 * time.Hour

// ErrNoAddresses: the operator has given the site no mail domain.
var ErrNoAddresses = &core.Error{Code: core.Refused, Key: "error.nomailpost"}

// secretLetters are those of base32, in lower case: 16 of them are 80 random bits (SEC-90), with neither dots nor signs that some
// handset's address book breaks.
var secretLetters = base32.StdEncoding.WithPadding(base32.NoPadding)

// secretLength is how many of them an address has.
const secretLength = 16

// secret is the secret part of an address. It is made of seed and key whenever it is shown, so that the database alone opens
// nothing (SEC-104).
func (s *Service) secret(seed string) string {
	raw, err := base64.RawURLEncoding.DecodeString(s.Keyed(s.Keys.Mail, "post "+seed))
	if err != nil {
		panic(err) // Keyed writes it so
	}
	return strings.ToLower(secretLetters.EncodeToString(raw))[:secretLength]
}

func (s *Service) addressHash(secret string) string { return s.Keyed(s.Keys.Mail, "posted "+secret) }

// Address gives the address of a target of the viewer, and makes it when there is none. ErrNotFound for what they may not see;
// a thread of which they may not see anything has no address for them.
func (s *Service) Address(ctx context.Context, viewer core.Viewer, t Target) (string, error) {
	if err := s.reaches(ctx, viewer, t); err != nil {
		return "", err
	}
	seed, err := s.store.PostSeed(ctx, t)
	if errors.Is(err, core.ErrNotFound) {
		err = s.store.Atomic(ctx, func(ctx context.Context) error {
			if seed, err = s.store.PostSeed(ctx, t); !errors.Is(err, core.ErrNotFound) {
				return err // another page was faster
			}
			seed, err = s.newAddress(ctx, t)
			return err
		})
	}
	if err != nil {
		return "", err
	}
	return s.write(t.Purpose, seed), nil
}

// Renew gives a target of the viewer another address; the one it had works no more.
func (s *Service) Renew(ctx context.Context, viewer core.Viewer, t Target) error {
	if err := s.reaches(ctx, viewer, t); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		_, err := s.newAddress(ctx, t)
		return errors.Join(err, s.Audit(ctx, "mailpost", t.Member, "", firstLetters[t.Purpose]))
	})
}

func (s *Service) newAddress(ctx context.Context, t Target) (seed string, err error) {
	raw := make([]byte, 15)
	rand.Read(raw)
	seed = base64.RawURLEncoding.EncodeToString(raw)
	return seed, s.store.PutPostAddress(ctx, t, seed, s.addressHash(s.secret(seed)), s.Now())
}

// write is the whole address.
func (s *Service) write(p Purpose, seed string) string {
	return firstLetters[p] + "-" + s.secret(seed) + "@" + s.config.Domain
}

// reaches says whether the viewer may have an address for a target.
func (s *Service) reaches(ctx context.Context, viewer core.Viewer, t Target) (err error) {
	switch {
	case s.config.Domain == "":
		return ErrNoAddresses
	case t.Member != viewer.Member:
		return core.ErrNotFound
	case t.Purpose == ToAlbum:
		_, err = s.Album.Album(ctx, viewer, t.Member, t.On.Thing)
	case t.Purpose == ToThread:
		topic, topicErr := s.Talk.See(ctx, viewer, t.On)
		if err = topicErr; err == nil && !topic.Open {
			err = core.ErrNotFound
		}
	}
	return err
}

// Find gives the target of the local part of an address: in lower case or not, as handsets write it.
func (s *Service) Find(ctx context.Context, local string) (Target, error) {
	kind, secret, ok := strings.Cut(strings.ToLower(local), "-")
	if !ok || len(kind) != 1 || len(secret) != secretLength {
		return Target{}, core.ErrNotFound
	}
	return s.store.PostTarget(ctx, s.addressHash(secret))
}

// Photos says how many photos a mail to a target may bring.
func (t Target) Photos() int {
	switch t.Purpose {
	case ToAlbum:
		return maxAlbumMail
	case ToProfile:
		return people.MaxProfilePhotos
	case ToDiary:
		return maxDiaryPhotos
	}
	return 0
}
