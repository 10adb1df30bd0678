package core

import (
	"context"
	"time"
)

// MailWishAge is how long the link works that shows that a new address is the member's.
const MailWishAge = 24 * time.Hour

// An Address is a mail address that has been shown to be the member's: it counts for login, a new password and letters. A
// member has at most one of a PC and one of a handset.
type Address struct {
	Mail      string
	Handset   bool
	ChangedAt time.Time // zero: the address of the registration
}

// A MailWish is the address that a member wants to have, until they open the link that is sent to it.
type MailWish struct {
	Mail      string
	ExpiresAt time.Time
}

// AddressStore keeps mail addresses. No two members have the same.
type AddressStore interface {
	// Addresses lists a member's addresses; Handset is for Services to say.
	Addresses(ctx context.Context, member ID) ([]Address, error)
	// PutAddress gives a member one more address; ErrMailTaken when somebody has it.
	PutAddress(ctx context.Context, member ID, a Address) error
	// DeleteAddress takes one away, or ErrNotFound.
	DeleteAddress(ctx context.Context, member ID, mail string) error
	// MailWish gives the address that waits, or ErrNotFound.
	MailWish(ctx context.Context, member ID) (MailWish, error)
	// PutMailWish replaces it.
	PutMailWish(ctx context.Context, member ID, w MailWish) error
	DeleteMailWish(ctx context.Context, member ID) error
}
