package core

import (
	"strings"
	"time"
)

// A Code is the kind of an error. core/web has the one table from codes to HTTP statuses.
type Code uint8

// Codes.
const (
	// NotFound: the thing does not exist, or the viewer may not know whether it does (SEC-103). Never say which.
	NotFound Code = iota + 1
	// Wrong: mail address and password do not belong together.
	Wrong
	// Throttled: too many tries; the same for addresses that exist and that do not.
	Throttled
	// Refused: the viewer sees the thing and may not do this to it.
	Refused
	// Conflict: somebody was there first (a mail address in use, a friend already).
	Conflict
	// Full: a documented limit is reached.
	Full
	// Unavailable: the machine does not let it be stored or read just now (a full disk, too many open files, a process that
	// ends). Nothing was stored; the same may go well later.
	Unavailable
)

// An Error is a refusal that a member may read: core/web shows the sentence its catalogue has under Key.
type Error struct {
	Code Code
	Key  string // of the sentence in the catalogue
}

func (e *Error) Error() string { return "core: " + e.Key }

// Refusals that several services give.
var (
	ErrNotFound  = &Error{NotFound, "error.notfound"}
	ErrLogin     = &Error{Wrong, "error.login"}
	ErrThrottled = &Error{Throttled, "error.throttled"}
	ErrBusy      = &Error{Throttled, "error.busy"}
	ErrMailTaken = &Error{Conflict, "error.mailtaken"}
	ErrFriends   = &Error{Full, "error.friendlimit"}
	ErrNotStored = &Error{Unavailable, "error.notstored"}
)

// TooSoon is ErrThrottled with how long to wait.
type TooSoon struct{ Wait time.Duration }

func (e TooSoon) Error() string { return "core: too many tries; wait " + e.Wait.String() }

// Unwrap makes it ErrThrottled.
func (e TooSoon) Unwrap() error { return ErrThrottled }

// A FieldError says what is wrong with one field of a form.
type FieldError struct {
	Field string // name of the field
	Key   string // of the sentence in the catalogue
	N     int    // the limit that the sentence names with %d; 0: none
}

// Invalid is what a service returns for input that a member can put right: one entry for each wrong field.
type Invalid []FieldError

func (v Invalid) Error() string {
	var b strings.Builder
	b.WriteString("core: invalid input:")
	for _, f := range v {
		b.WriteString(" " + f.Field + " " + f.Key)
	}
	return b.String()
}

// Check collects what is wrong with a form.
type Check struct{ Wrong Invalid }

func (c *Check) Fail(field, key string, n int) { c.Wrong = append(c.Wrong, FieldError{field, key, n}) }

// Text cleans a text field in place and reports one in which nothing is seen although it is required, or longer than max characters.
func (c *Check) Text(field string, s *string, lines Lines, required bool, max int) {
	*s = Clean(*s, lines)
	switch {
	case required && Blank(*s):
		c.Fail(field, "field.required", 0)
	case Length(*s) > max:
		c.Fail(field, "field.toolong", max)
	}
}

func (c *Check) Err() error {
	if len(c.Wrong) == 0 {
		return nil
	}
	return c.Wrong
}
