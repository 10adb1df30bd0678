// Package premium is what members may use, by plan: one subscription for PC and handset. It keeps until when, where from and the
// provider's reference, never a card. Start reading at Plans; how a provider of payments grants is in hook.go.
package premium

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Grace is how long an entitlement goes on after its end, Notice how long before it its member is told.
const (
	Grace  = 3 * 24 * time.Hour
	Notice = 7 * 24 * time.Hour
)

// EndingNews is news: the member's premium ends; Thing is the entitlement.
const EndingNews news.Kind = 18

// LimitNames name the limits, in settings, forms and words: "limit." and these.
var LimitNames = [core.Limits]string{core.LimitAlbumMB: "albummb", core.LimitAlbums: "albums", core.LimitDiaryMB: "diarymb", core.LimitVideoMB: "videomb",
	core.LimitMessageDays: "messagedays", core.LimitPolls: "polls", core.LimitDecorate: "decorate", core.LimitSearch: "search"}

// A Plan is a set of limits. What is not dear is everybody's: the mechanism is there, the defaults are generous.
type Plan struct {
	Key    string
	Limits [core.Limits]int64
}

// Free is the plan of who has no other.
const Free, Premium = "free", "premium"

// Plans are the data, until an operator changes it: a limit is looked up here and nowhere else.
var Plans = []Plan{
	{Free, [core.Limits]int64{core.LimitAlbumMB: 2000, core.LimitAlbums: 200, core.LimitDiaryMB: 2000, core.LimitVideoMB: 1000, core.LimitPolls: 1, core.LimitDecorate: 1, core.LimitSearch: 1}},
	{Premium, [core.Limits]int64{core.LimitAlbumMB: 10000, core.LimitAlbums: 1000, core.LimitDiaryMB: 10000, core.LimitVideoMB: 5000, core.LimitPolls: 1, core.LimitDecorate: 1, core.LimitSearch: 1}},
}

// FindPlan finds a plan by its key.
func FindPlan(key string) (Plan, bool) {
	for _, p := range Plans {
		if p.Key == key {
			return p, true
		}
	}
	return Plan{}, false
}

// An Entitlement says that a member has a plan for some time.
type Entitlement struct {
	Member       core.ID
	ID           core.ID
	Plan         string
	Since, Until time.Time
	Source       string    // of Sources
	Reference    string    // of the provider of payments
	By           string    // the operator who granted it
	Refunded     time.Time // until when a refund took it back; zero: none did
	Told         int       // 1: a week before the end, 2: on the day
}

// Sources of entitlements.
const (
	ByOperator = "operator"
	ByHook     = "webhook"
	ByGift     = "invitation"
	ByTrial    = "trial"
)

// Store is what premium needs of the database.
type Store struct {
	core.Store
	EntitlementStore
	PlanStore
}

// EntitlementStore keeps entitlements.
type EntitlementStore interface {
	// PutEntitlement stores one in place of that of the same ID.
	PutEntitlement(ctx context.Context, e Entitlement) error
	// Entitlements lists a member's, the last to end first.
	Entitlements(ctx context.Context, member core.ID) ([]Entitlement, error)
	// EndingEntitlements lists those that end before a time and whose member was told less than so often.
	EndingEntitlements(ctx context.Context, before time.Time, told, limit int) ([]Entitlement, error)
	// Reference gives the member's, "" when they have none; PutReference stores it, MemberOf finds who has it.
	Reference(ctx context.Context, member core.ID) (string, error)
	PutReference(ctx context.Context, member core.ID, reference string) error
	MemberOf(ctx context.Context, reference string) (core.ID, error)
	// TakeEvent notes an event of the hook; false when it was there.
	TakeEvent(ctx context.Context, id string, at time.Time) (bool, error)
	DeleteEventsBefore(ctx context.Context, t time.Time) error
}

// Service is plans and who has which. Safe for concurrent use.
type Service struct {
	*core.Desk
	store   Store
	news    *news.Service
	secret  string
	payURL  string
	started []Plan // as the program was started
	set     atomic.Pointer[setPlans]
}

// Config of premium.
type Config struct {
	HookSecret  string // what a provider's calls are signed with; "": none are taken
	AlbumMB     int    // of the free plan, and five times as much of Premium; 0: as Plans has it
	VideoMB     int    // as well
	MessageDays int    // messages are kept, on both plans; 0: for ever
	PayURL      string // where a member pays, with {reference} where theirs belongs; "": nowhere
}

// New returns the service.
func New(desk *core.Desk, store Store, told *news.Service, c Config) *Service {
	store.Store = desk.Store()
	s := &Service{Desk: desk, store: store, news: told, secret: c.HookSecret, payURL: c.PayURL, started: slices.Clone(Plans)}
	for i := range s.started {
		for l, mb := range map[core.Limit]int{core.LimitAlbumMB: c.AlbumMB, core.LimitVideoMB: c.VideoMB} {
			if mb > 0 {
				s.started[i].Limits[l] = int64(mb) * Plans[i].Limits[l] / Plans[0].Limits[l]
			}
		}
		s.started[i].Limits[core.LimitMessageDays] = int64(c.MessageDays)
	}
	desk.UseLimits(s.Limit)
	return s
}

// find finds a plan as it is set.
func (s *Service) find(ctx context.Context, key string) (Plan, bool) {
	all := s.Plans(ctx)
	i := slices.IndexFunc(all, func(p Plan) bool { return p.Key == key })
	return all[max(i, 0)], i >= 0
}

// AlbumRoom is what albums ask for: the bytes of a member's photos and films, and the number of albums.
func (s *Service) AlbumRoom(ctx context.Context, member core.ID) (bytes, films int64, albums int, err error) {
	p, _, err := s.Of(ctx, member)
	return p.Limits[core.LimitAlbumMB] << 20, p.Limits[core.LimitVideoMB] << 20, int(p.Limits[core.LimitAlbums]), err
}

// InForce says whether the entitlement counts at a time, its grace included.
func (e *Entitlement) InForce(now time.Time) bool {
	return !now.Before(e.Since) && now.Before(e.Until.Add(Grace)) && (e.Refunded.IsZero() || e.Until.After(e.Refunded))
}

// Of gives the plan that a member has now, and the entitlement behind it; a zero one for Free.
func (s *Service) Of(ctx context.Context, member core.ID) (Plan, Entitlement, error) {
	list, err := s.store.Entitlements(ctx, member)
	for _, e := range list {
		if p, ok := s.find(ctx, e.Plan); ok && e.InForce(s.Now()) {
			return p, e, err
		}
	}
	p, _ := s.find(ctx, Free)
	return p, Entitlement{}, err
}

// Limit is how much of something a member may use.
func (s *Service) Limit(ctx context.Context, member core.ID, l core.Limit) (int64, error) {
	p, _, err := s.Of(ctx, member)
	return p.Limits[l], err
}

// Grant gives a member a plan until a time; what they have goes on if it is longer.
func (s *Service) Grant(ctx context.Context, e Entitlement) error {
	if _, ok := FindPlan(e.Plan); !ok || e.Plan == Free {
		return core.Invalid{{Field: "plan", Key: "field.choice"}}
	}
	if !e.Until.After(s.Now()) {
		return core.Invalid{{Field: "until", Key: "field.future"}}
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		if _, err := s.store.Member(ctx, e.Member); err != nil {
			return err
		}
		e.ID, e.Since = s.Stamp(time.Time{})
		return errors.Join(s.store.PutEntitlement(ctx, e), s.Audit(ctx, "premium", e.Member, e.Source, e.Plan+" until "+e.Until.In(tokyo).Format(time.DateOnly)))
	})
}

// End ends what an operator has granted to a member now; what a provider of payments has granted ends by the provider's word.
func (s *Service) End(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		list, err := s.store.Entitlements(ctx, member)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(e Entitlement) bool { return e.ID == id && e.Endable(s.Now()) })
		if i < 0 {
			return core.ErrNotFound
		}
		e := list[i]
		e.Refunded = later(e.Until, s.Now()) // no grace: it is taken back
		return errors.Join(s.store.PutEntitlement(ctx, e), s.Audit(ctx, "premium", member, e.Source, e.Plan+" ended"))
	})
}

// Endable says whether an operator may end the entitlement: it is in force, and not a provider's.
func (e *Entitlement) Endable(now time.Time) bool { return e.Source != ByHook && e.InForce(now) }

// Reference is the random name by which a provider of payments knows the member, made when it is first asked for.
func (s *Service) Reference(ctx context.Context, member core.ID) (ref string, err error) {
	if ref, err = s.store.Reference(ctx, member); err != nil || ref != "" {
		return ref, err
	}
	b := make([]byte, 15)
	rand.Read(b)
	made := strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b))
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if ref, err = s.store.Reference(ctx, member); err != nil || ref != "" {
			return err
		}
		ref = made
		return s.store.PutReference(ctx, member, ref)
	})
	return ref, err
}

// PayURL is where the member of a reference pays; "" when the operator has said nowhere.
func (s *Service) PayURL(reference string) string {
	return strings.ReplaceAll(s.payURL, "{reference}", reference)
}

// Sweep tells members whose premium ends, a week before and on the day, and forgets old events.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.Now()
	err := errors.Join(s.tellEnding(ctx, now.Add(Notice), 1), s.tellEnding(ctx, now, 2))
	return errors.Join(err, s.store.DeleteEventsBefore(ctx, now.Add(-core.AuditAge)))
}

func (s *Service) tellEnding(ctx context.Context, before time.Time, told int) error {
	list, err := s.store.EndingEntitlements(ctx, before, told, 1000)
	for _, e := range list {
		err = errors.Join(err, s.store.Atomic(ctx, func(ctx context.Context) error {
			_, last, err := s.Of(ctx, e.Member)
			if err != nil {
				return err
			}
			e.Told = told
			if err := s.store.PutEntitlement(ctx, e); err != nil || last.ID != e.ID {
				return err // another one goes on
			}
			return s.news.Tell(ctx, news.News{Member: e.Member, Kind: EndingNews, Thing: e.ID, At: s.Now()}, e.day())
		}))
	}
	return err
}

// lastDay is what news of an end names: the day of it.
func (s *Service) lastDay(ctx context.Context, n news.News) (string, error) {
	list, err := s.store.Entitlements(ctx, n.Member)
	for _, e := range list {
		if e.ID == n.Thing {
			return e.day(), err
		}
	}
	return "", errors.Join(err, core.ErrNotFound)
}

func (e *Entitlement) day() string { return e.Until.In(tokyo).Format("2006/01/02") }

// News are the kinds of news of premium. s may be nil when only the data is asked for.
func News(s *Service) []news.Row {
	return []news.Row{{Kind: EndingNews, Key: "premiumends", ByThing: true, Letters: news.Letters{PC: true, Handset: true}, Title: s.lastDay}}
}
