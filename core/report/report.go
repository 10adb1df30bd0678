package report

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/news"
)

// Limits of reports.
const (
	MaxWords = 2000 // characters in which the reporter says why
	MaxOpen  = 50   // reports of one member that wait for an answer
)

// KeptFor is how long a report is kept after it was closed, as long as the log (SEC-120).
const KeptFor = core.AuditAge

// InquiryTime is how long an author has to answer when they are asked about a thing, as the law of 2001 has it.
const InquiryTime = 7 * 24 * time.Hour

// AnsweredNews is news: the report Thing is closed. HeardNews: a thing in the member's care was reported; Thing is the report.
const (
	AnsweredNews news.Kind = 15
	HeardNews    news.Kind = 16
)

// Refusals of reports.
var (
	ErrOwnThing = &core.Error{Code: core.Refused, Key: "error.reportown"}
	ErrTooMany  = &core.Error{Code: core.Full, Key: "error.reportsfull"}
)

// A Kind is a kind of thing that can be reported. The numbers are stored: a new kind comes last.
type Kind uint8

// A Thing names what is reported.
type Thing struct {
	Kind    Kind
	Owner   core.ID // the member under whom it is found
	ID      core.ID // the thing; 0: the member
	Piece   core.ID // a piece of it, such as a photo of an album; 0: none
	Comment core.ID // a comment under it; 0: the thing itself
}

// String writes the thing for an address; ParseThing reads it.
func (t Thing) String() string {
	s := strconv.Itoa(int(t.Kind))
	for _, id := range []core.ID{t.Owner, t.ID, t.Piece, t.Comment} {
		s += "-" + id.String()
	}
	for strings.HasSuffix(s, "-0") {
		s = strings.TrimSuffix(s, "-0")
	}
	return s
}

// ParseThing reads what Thing.String writes.
func ParseThing(s string) (t Thing, ok bool) {
	parts := strings.Split(s, "-")
	kind, err := strconv.ParseUint(parts[0], 10, 8)
	if err != nil || len(parts) < 2 || len(parts) > 5 {
		return t, false
	}
	var ids [4]core.ID
	for i, p := range parts[1:] {
		if ids[i], ok = core.ParseID(p); !ok && p != "0" {
			return Thing{}, false
		}
	}
	return Thing{Kind(kind), ids[0], ids[1], ids[2], ids[3]}, true
}

// A Copy is a thing as it was when it was reported.
type Copy struct {
	Author      core.ID // who made it, and whom a measure is about
	Title, Text string
	At          time.Time // when it was made; zero: not said
	Photos      []core.Photo
}

// A Row is what there is to know of a kind of thing that can be reported; the area whose things they are supplies it.
type Row struct {
	Kind Kind
	Key  string // of its name: "report." and this

	// Look gives the thing as the viewer sees it: with the error of its own page when they may not. The copy is disclosed by who
	// reports, so an operator reads what the reporter could (SEC-121).
	Look func(ctx context.Context, viewer core.Viewer, on Thing) (Copy, error)
	// Hears lists who beside the operator is told, such as the administrators of a community; nil: nobody.
	Hears func(ctx context.Context, on Thing) ([]core.ID, error)
	// Hide takes the thing out of everybody's sight but its author's, and says in words of its own what Show needs to bring it back.
	// nil: a thing of this kind cannot be hidden.
	Hide func(ctx context.Context, on Thing) (was string, err error)
	Show func(ctx context.Context, on Thing, was string) error
	// Delete takes it away for good; nil: it is not the operator's to delete.
	Delete func(ctx context.Context, on Thing) error
}

// Reasons of a report, as forms send and words name them.
var Reasons = []string{"abuse", "spam", "privacy", "obscene", "illegal", "minor", "other"}

// A State is how far a report has come.
type State uint8

// States. The order is stored.
const (
	Open    State = iota
	Taken         // an operator looks at it
	Inquiry       // its author was asked and has InquiryTime to answer
	Closed
)

// Outcomes of a report, as they are stored and as words name them.
const (
	NoAction = "none"
	Other    = "other"
)

// A Report is one thing, reported by one member.
type Report struct {
	ID        core.ID
	Reporter  core.ID // 0: somebody without an account, or who has left
	Contact   string  // the mail address of who has no account
	On        Thing
	Reason    string // of Reasons
	Words     string
	Was       Copy
	At        time.Time
	State     State
	Taker     string    // the operator who took it
	Asked     time.Time // when its author was asked; zero: not
	Reply     string    // what they say
	RepliedAt time.Time // zero: nothing
	Outcome   string    // what was done; "" until it is closed
	Answer    string    // the operator's words to the reporter
	ClosedAt  time.Time
}

// Due is when an inquiry ends; zero: there is none.
func (r *Report) Due() time.Time {
	if r.State != Inquiry {
		return time.Time{}
	}
	return r.Asked.Add(InquiryTime)
}

// ReportStore keeps reports with copies of the things.
type ReportStore interface {
	InsertReport(ctx context.Context, r Report) error
	// Report gives a report with its photos.
	Report(ctx context.Context, id core.ID) (Report, error)
	// OpenReport finds the report of a member about a thing that is not closed, or ErrNotFound.
	OpenReport(ctx context.Context, reporter core.ID, on Thing) (core.ID, error)
	// CountOpen counts those of a member that are not closed; 0: of all.
	CountOpen(ctx context.Context, reporter core.ID) (n int, oldest time.Time, err error)
	// Reports lists those that are closed, newest first, or those that are not, oldest first, without photos.
	Reports(ctx context.Context, closed bool, p core.Page) ([]Report, error)
	// ReportsBy and ReportsAbout list those of a reporter, and those about an author, newest first, without photos.
	ReportsBy(ctx context.Context, reporter core.ID, p core.Page) ([]Report, error)
	ReportsAbout(ctx context.Context, author core.ID, p core.Page) ([]Report, error)
	// CountOutside counts those of people without an account that are not closed.
	CountOutside(ctx context.Context) (int, error)
	// InquiriesTo lists those about whose thing an author is asked and has not answered, oldest first.
	InquiriesTo(ctx context.Context, author core.ID) ([]Report, error)
	// UpdateReport stores state, taker, inquiry with its reply, outcome and answer.
	UpdateReport(ctx context.Context, r Report) error
	DeleteReportsBefore(ctx context.Context, closed time.Time) error
}

// Hides says whether an operator can hide things of the kind.
func (r *Row) Hides() bool { return r.Hide != nil }

// row finds what there is to know of a thing.
func (s *Service) row(on Thing) (*Row, error) {
	if int(on.Kind) >= len(s.rows) {
		return nil, core.ErrNotFound
	}
	return &s.rows[on.Kind], nil
}

// Look gives a thing that the viewer may see and is about to report. ErrOwnThing for one's own.
func (s *Service) Look(ctx context.Context, viewer core.Viewer, on Thing) (Copy, error) {
	row, err := s.row(on)
	if err != nil {
		return Copy{}, err
	}
	c, err := row.Look(ctx, viewer, on)
	if err == nil && c.Author == viewer.Member {
		err = ErrOwnThing
	}
	return c, err
}

// Check cleans what a reporter wrote in place and returns Invalid.
func Check(reason string, words *string) error {
	var c core.Check
	if !slices.Contains(Reasons, reason) {
		c.Fail("reason", "field.choice", 0)
	}
	c.Text("words", words, core.ManyLines, false, MaxWords)
	return c.Err()
}

// File stores a report with the thing as it is now, and tells who hears of it. The same thing reported again before it is
// answered is the first report.
func (s *Service) File(ctx context.Context, viewer core.Viewer, on Thing, reason, words string) (id core.ID, err error) {
	if err := Check(reason, &words); err != nil {
		return 0, err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		was, err := s.Look(ctx, viewer, on)
		if err != nil {
			return err
		}
		if id, err = s.store.OpenReport(ctx, viewer.Member, on); !errors.Is(err, core.ErrNotFound) {
			return err
		}
		if n, _, err := s.store.CountOpen(ctx, viewer.Member); err != nil || n >= MaxOpen {
			return errors.Join(err, ErrTooMany)
		}
		r := Report{Reporter: viewer.Member, On: on, Reason: reason, Words: words, Was: was}
		r.ID, r.At = s.Stamp(time.Time{})
		id = r.ID
		if err := s.store.InsertReport(ctx, r); err != nil {
			return err
		}
		return errors.Join(s.tellHearers(ctx, &r), s.Audit(ctx, "report", viewer.Member, "", id.String()))
	})
	return id, err
}

// hearers lists who beside the operator is told of a thing.
func (s *Service) hearers(ctx context.Context, on Thing) ([]core.ID, error) {
	row, err := s.row(on)
	if err != nil || row.Hears == nil {
		return nil, err
	}
	return row.Hears(ctx, on)
}

// tellHearers tells who has the care of the thing: that it was reported, and not by whom.
func (s *Service) tellHearers(ctx context.Context, r *Report) error {
	list, err := s.hearers(ctx, r.On)
	for _, member := range list {
		if err == nil && member != r.Reporter && member != r.Was.Author {
			err = s.news.Tell(ctx, news.News{Member: member, Kind: HeardNews, Thing: r.ID, At: r.At}, r.Was.Title)
		}
	}
	return err
}

// Heard gives a report to somebody who has the care of the thing, without reporter and words; ErrNotFound for everybody else.
func (s *Service) Heard(ctx context.Context, member, id core.ID) (Report, error) {
	r, err := s.store.Report(ctx, id)
	if err != nil {
		return r, err
	}
	list, err := s.hearers(ctx, r.On)
	if err != nil || !slices.Contains(list, member) {
		return Report{}, errors.Join(err, core.ErrNotFound)
	}
	r.Reporter, r.Contact, r.Words = 0, "", ""
	return r, s.news.Looked(ctx, member, HeardNews, 0, id)
}

// Mine lists the reports of a member, newest first: they have looked at what they were told of them.
func (s *Service) Mine(ctx context.Context, member core.ID, p core.Page) (list []Report, more bool, err error) {
	if list, err = s.store.ReportsBy(ctx, member, p); err != nil {
		return nil, false, err
	}
	list, more = core.Cut(list, p)
	return list, more, s.news.Looked(ctx, member, AnsweredNews, 0, 0)
}

// answeredTitle is the Title of a news.Row: what the reported thing was called.
func (s *Service) answeredTitle(ctx context.Context, n news.News) (string, error) {
	r, err := s.store.Report(ctx, n.Thing)
	return r.Was.Called(), err
}

// calledLength is how much of a text stands for a title that is not there.
const calledLength = 20

// Called is the title of the thing, or the beginning of its text.
func (c *Copy) Called() string {
	if c.Title != "" {
		return c.Title
	}
	line, _, _ := strings.Cut(c.Text, "\n")
	if runes := []rune(line); len(runes) > calledLength {
		return string(runes[:calledLength]) + "…"
	}
	return line
}
