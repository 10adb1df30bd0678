package mailpost

import (
	"context"
	"slices"
	"strings"

	"musubi/core/report"
)

// houseAddresses are the local parts at which those who run the service are written to: a server that takes mail has the first
// (RFC 5321 §4.5.1), and complaints about it go to the second (RFC 2142 §4).
var houseAddresses = []string{"postmaster", "abuse"}

// ofHouse says whether a local part is one of them; no secret address is.
func ofHouse(local string) bool { return slices.Contains(houseAddresses, strings.ToLower(local)) }

// toHouse puts a letter to the operator into their queue, as what somebody without an account reports, once however often it comes. What no
// person wrote is taken and ends here: nobody is there to be answered, and a bounce that is refused makes another one. Who writes
// many waits, as those do who fill the form in.
func (s *Service) toHouse(ctx context.Context, l *Letter) error {
	words := cut(strings.TrimSpace(l.Text), report.MaxWords)
	if words == "" {
		words = l.Subject
	}
	if !l.Personal || strings.TrimSpace(words) == "" {
		return nil
	}
	seen := s.Keyed(s.Keys.Mail, "house "+l.From+"\n"+l.Key)
	if was, err := s.store.SeenMail(ctx, seen); err != nil || was {
		return err
	}
	o := report.Outside{Contact: l.From, Reason: "other", Words: words,
		Where: cut(strings.ToLower(l.To)+"@"+s.config.Domain+": "+l.Subject, report.MaxWhere)}
	if err := report.CheckOutside(&o); err != nil {
		return ErrAutomatic // from an address that nobody can be answered at
	}
	if err := s.Guard.CountTry(ctx, s.Keyed(s.Keys.Mail, "outside "+l.From)); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		first, err := s.store.SeeMail(ctx, seen, s.Now())
		if err == nil && first {
			_, err = s.Report.FileOutside(ctx, o)
		}
		return err
	})
}
