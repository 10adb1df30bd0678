package policy

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"musubi/core"
)

// A Mode says whether the site is open.
type Mode uint8

// Modes.
const (
	Open        Mode = iota
	ReadOnly         // members read, and write nothing
	Maintenance      // nobody comes in; the console goes on
)

// Modes are all values, in the order of forms; ModeNames name them.
var (
	Modes     = [...]Mode{Open, ReadOnly, Maintenance}
	ModeNames = [...]string{Open: "open", ReadOnly: "readonly", Maintenance: "maintenance"}
)

// AdmissionNames name who becomes a member, in forms and words.
var AdmissionNames = [...]string{core.AsStarted: "started", core.ByInvitation: "invitation", core.OpenToAll: "open", core.NoAdmission: "closed"}

// Limits of settings, in characters.
const (
	MaxSiteName  = 40
	MaxModeWords = 300
	OldestMinAge = 99
)

// Settings are the operator's choices. The zero value is that of a site whose operator has chosen nothing.
type Settings struct {
	Name       string         `json:",omitempty"` // "": as the program was started
	Accent     string         `json:",omitempty"` // colour of links and buttons, "#1a5276"; "": that of the style sheet
	Bar        string         `json:",omitempty"` // colour of headings
	Logo       core.ID        `json:",omitempty"` // a Picture; 0: the drawing
	MinAge     int            // of who registers
	Admission  core.Admission `json:",omitempty"`
	Invites    bool           `json:",omitempty"` // only operators invite
	Mode       Mode           `json:",omitempty"`
	ModeWords  string         `json:",omitempty"` // what members are told while the site is not open
	SpareAds   bool           `json:",omitempty"` // members with a plan see no advertising
	AdsForAll  bool           `json:",omitempty"` // advertising is on
	RestoreFor int            `json:",omitempty"` // days in which a member whom an operator removes can be restored; 0: DefaultRestore
}

// defaults hold until an operator chooses.
var defaults = Settings{MinAge: DefaultMinAge, AdsForAll: true}

// DefaultMinAge is that of the service we model, in 2007; DefaultRestore are days.
const (
	DefaultMinAge  = 18
	DefaultRestore = 7
	MaxRestore     = 90
)

// Defaults are the settings of a site whose operator has chosen nothing.
func Defaults() Settings { return defaults }

// RestoreDays is for how long who was removed can be restored.
func (s Settings) RestoreDays() int {
	if s.RestoreFor == 0 {
		return DefaultRestore
	}
	return s.RestoreFor
}

// A Picture is one that operators have put up: a logo, or an advertisement.
type Picture struct {
	ID            core.ID
	Hash, Type    string
	Width, Height int
}

// SettingStore keeps the operator's choices and pictures.
type SettingStore interface {
	// Settings gives Defaults when nothing was chosen.
	Settings(ctx context.Context) (Settings, error)
	PutSettings(ctx context.Context, s Settings) error
	// InsertPicture stores one; the files in spare were made with it and are nobody's.
	InsertPicture(ctx context.Context, p Picture, spare []string) error
	Picture(ctx context.Context, id core.ID) (Picture, error)
	DeletePicture(ctx context.Context, id core.ID) error
	// PutInviter notes who invited a member.
	PutInviter(ctx context.Context, member, inviter core.ID) error
}

var colour = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)

// SetSettings stores the choices; Invalid says what is wrong with them.
func (s *Service) SetSettings(ctx context.Context, n Settings) error {
	var c core.Check
	c.Text("name", &n.Name, core.OneLine, false, MaxSiteName)
	c.Text("modewords", &n.ModeWords, core.ManyLines, false, MaxModeWords)
	for field, value := range map[string]string{"accent": n.Accent, "bar": n.Bar} {
		if value != "" && !colour.MatchString(value) {
			c.Fail(field, "field.colour", 0)
		}
	}
	if n.Accent != "" && colour.MatchString(n.Accent) && contrastToWhite(n.Accent) < 4.5 {
		c.Fail("accent", "field.contrast", 0)
	}
	if n.Bar != "" && colour.MatchString(n.Bar) && contrastToWhite(n.Bar) > 1.9 {
		c.Fail("bar", "field.pale", 0)
	}
	if n.MinAge < 0 || n.MinAge > OldestMinAge {
		c.Fail("minage", "field.choice", 0)
	}
	if n.RestoreFor < 0 || n.RestoreFor > MaxRestore {
		c.Fail("restore", "field.choice", 0)
	}
	if int(n.Admission) >= len(AdmissionNames) || int(n.Mode) >= len(ModeNames) {
		c.Fail("mode", "field.choice", 0)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.change(ctx, func(ctx context.Context) error { return s.store.PutSettings(ctx, n) })
}

// Settings gives the choices as they are stored.
func (s *Service) Settings(ctx context.Context) (Settings, error) { return s.store.Settings(ctx) }

// MaxPictureWidth is how wide a picture of an operator's stays, in pixels: a banner of 728 for displays of twice the density.
const MaxPictureWidth = 1600

// AddPicture makes and stores a picture of an operator's, as those of members are made. Making takes time: never inside a transaction.
func (s *Service) AddPicture(ctx context.Context, upload []byte) (Picture, error) {
	p, _, err := s.MakePhoto(ctx, upload)
	if err != nil {
		return Picture{}, err
	}
	made := Picture{ID: s.NextID(), Hash: p.Hash, Type: p.Type, Width: p.Width, Height: p.Height}
	if w := p.Wide; w.Hash != "" && w.Width <= MaxPictureWidth { // a banner is wider than a photo on a page
		made.Hash, made.Type, made.Width, made.Height = w.Hash, "image/jpeg", w.Width, w.Height
	}
	spare := slices.DeleteFunc([]string{p.Hash, p.Wide.Hash, p.Original.Hash}, func(hash string) bool { return hash == "" || hash == made.Hash })
	return made, s.store.InsertPicture(ctx, made, spare)
}

// Picture gives one; core.ErrNotFound.
func (s *Service) Picture(ctx context.Context, id core.ID) (Picture, error) {
	return s.store.Picture(ctx, id)
}

// DropPicture forgets one, whose file goes with the next sweep.
func (s *Service) DropPicture(ctx context.Context, id core.ID) error {
	return s.store.DeletePicture(ctx, id)
}

// Admission implements core.House.
func (s *Service) Admission(ctx context.Context) core.Admission { return s.State(ctx).Admission }

// MinAge implements core.House.
func (s *Service) MinAge(ctx context.Context) int { return s.State(ctx).MinAge }

// ErrInvites: only operators invite; ErrClosed: nobody becomes a member for the time being.
var (
	ErrInvites = &core.Error{Code: core.Refused, Key: "error.onlyoperators"}
	ErrClosed  = &core.Error{Code: core.Refused, Key: "error.admissionclosed"}
)

// MayWrite implements core.House: read-only is as if the database took nothing, so that what was written comes back and can be sent again.
func (s *Service) MayWrite(ctx context.Context) error {
	if s.State(ctx).Mode != Open {
		return ErrReadOnly
	}
	return nil
}

// ErrReadOnly: the operator has made the site one to read.
var ErrReadOnly = fmt.Errorf("policy: the operator lets nothing be written: %w", core.ErrNotStored)

// MayInvite implements core.House.
func (s *Service) MayInvite(ctx context.Context, _ core.ID) error {
	if st := s.State(ctx); st.Invites {
		return ErrInvites
	} else if st.Admission == core.NoAdmission {
		return ErrClosed
	}
	return nil
}

// Joined implements core.House.
func (s *Service) Joined(ctx context.Context, member, inviter core.ID) error {
	if inviter == 0 {
		return nil
	}
	return s.store.PutInviter(ctx, member, inviter)
}
