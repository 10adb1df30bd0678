package mailpost

import (
	"context"
	"errors"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/outbox"
)

// A mistake is why a letter, or something of it, was not posted. As an error it means that nothing was.
type mistake struct {
	kind string // of the words "mailanswer.…", and what is answered once a day
	n    int    // a number that the words name
	key  string // of the sentence of a service's refusal, in place of words of its own
}

func (m mistake) Error() string { return "mailpost: " + m.kind + m.key }

// Kinds of mistakes.
const (
	mistakeEmpty      = "empty"      // neither text nor photo
	mistakeNoPhoto    = "nophoto"    // nothing for an album or profile
	mistakePhoto      = "photo"      // one that cannot be read
	mistakePhotos     = "photos"     // more than there may be
	mistakePhotosHere = "photoshere" // where there may be none
	mistakeFilm       = "film"
	mistakeFilms      = "films"
	mistakeFilmsHere  = "filmshere"
	mistakeGone       = "gone"    // what it was for is no longer there
	mistakeHeld       = "held"    // it may be forged, and is shown to its owner alone
	mistakeRefused    = "refused" // a service says why
	mistakeMissed     = "missed"  // parts that are neither text nor photo nor film
	mistakeTitle      = "title"   // a subject that was cut
)

// answerAgain is how long a mistake is not answered again.
const answerAgain = 24 * time.Hour

// mistakeOf says whether an error is one that the member can do something about; any other may pass.
func mistakeOf(err error) (mistake, bool) {
	var m mistake
	if errors.As(err, &m) {
		return m, true
	}
	var fields core.Invalid
	if errors.As(err, &fields) && len(fields) > 0 {
		return mistake{kind: mistakeRefused, key: fields[0].Key, n: fields[0].N}, true
	}
	var e *core.Error
	if errors.As(err, &e) && (e.Code == core.Refused || e.Code == core.Full || e.Code == core.Conflict) {
		return mistake{kind: mistakeRefused, key: e.Key}, true
	}
	if errors.Is(err, core.ErrNotFound) {
		return mistake{kind: mistakeGone}, true
	}
	return mistake{}, false
}

// unique leaves one of each.
func unique(list []mistake) (out []mistake) {
	for _, m := range list {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// Letters has the words of answers; core/web has it.
type Letters interface {
	// MailAnswer says why a letter, or something of it, was not posted: the words of a mistake's kind, with n, or those of key.
	MailAnswer(to core.Member, kind string, n int, key string, handset bool) outbox.Mail
	// Untitled is the title of an entry whose letter had none.
	Untitled(of core.Member) string
}

// answer writes back to where the letter came from, once a day for each kind of mistake: only to an address of the member, and
// only when a person wrote (SEC-92), as Receive has made sure. told is false when it was answered today already.
func (d *delivery) answer(ctx context.Context, what mistake) (told bool, err error) {
	now := d.Now()
	told, err = d.store.AnswerMail(ctx, d.target.Member, what.kind+what.key+" "+d.Keyed(d.Keys.Mail, "answered "+d.letter.From), now.Add(-answerAgain), now)
	if err != nil || !told || d.Service.letters == nil {
		return told, err
	}
	m := d.Service.letters.MailAnswer(d.member, what.kind, what.n, what.key, d.Outbox.HandsetMail(d.letter.From))
	m.Answers = d.letter.ID
	return true, d.Outbox.Write(ctx, d.target.Member, d.letter.From, d.target.Member, m)
}
