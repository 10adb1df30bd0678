package chores

import (
	"context"
	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
	lettering "musubi/core/letters"
	"musubi/core/people"
	"musubi/core/talk"
	"time"
)

// A Batch is rows that were made elsewhere, for seeds and imports: thousands of members with all they wrote, stored as
// they are in one transaction. Nobody is asked for permission, no text is cleaned and nothing is counted: whoever
// makes the rows keeps the rules that the services keep. Rows in the order of their keys are stored fastest.
type Batch struct {
	Members     []BatchMember
	Friends     []Friendship
	Diaries     []BatchDiary
	Albums      []BatchAlbum // all of one member in one batch
	Comments    []talk.Comment
	Delivered   []Delivery // what friends wrote, for the lists of those who read it
	Exhibited   []Exhibit  // and the albums that they put up
	Commented   []Mark     // the comment histories
	Birthdays   []NearBirthday
	Visits      []BatchVisits
	Messages    []lettering.Message // each copy, without photos
	Communities []community.Made

	Blocks       []Block
	Endorsements []people.Endorsement // About, Author, Relationship, Body and WrittenAt
	Categories   []BatchCategory
}

// A Block keeps another away from a member.
type Block struct {
	Member, Blocked core.ID
	At              time.Time
}

// A BatchCategory is one of a member's categories of entries.
type BatchCategory struct {
	Member, ID core.ID
	Name       string
}

// BatchVisits are the footprints at one member: a line for each, newest per visitor and day, and how many came in all.
type BatchVisits struct {
	Member core.ID
	Total  int
	Lines  []people.Visit // Visitor, Day and At
}

// A BatchMember is a member with what is not shown: Friends counted, Photo set or zero.
type BatchMember struct {
	core.Member
	Mail         string // as NormalMail gives it
	MoreMail     []string
	PasswordHash string // of HashPassword
	Profile      []core.ProfileValue
}

// A Friendship is one direction of one; the other direction is another row.
type Friendship struct {
	Member, Friend core.ID
	Since          time.Time
}

// A BatchDiary is an entry with its Comments counted and its Photos listed.
type BatchDiary struct {
	journal.Diary
	UpdatedAt time.Time // of the newest comment; zero: there is none
}

// A BatchAlbum is an album with its photos listed in its order, and the comments counted on it and on them. The first is its
// cover.
type BatchAlbum struct {
	album.Album
	Hung []album.AlbumPhoto // with Bytes, Caption and Comments
}

// An Exhibit puts an album, which has photos, among those of a member's friends; At is when it was put up, or when photos came.
type Exhibit struct {
	Member, Owner, Album core.ID
	At                   time.Time
}

// A Delivery puts an entry among what a member's friends wrote.
type Delivery struct{ Member, Owner, Diary core.ID }

// A Mark is an entry of another that the member commented on, and when the newest comment on it was written.
type Mark struct {
	Member, Owner, Diary core.ID
	At                   time.Time
}

// A NearBirthday is what a member is told of a friend's birthday.
type NearBirthday struct {
	Member, Friend core.ID
	Month          time.Month
	Day            int
}

// BatchStore stores batches.
type BatchStore interface {
	// InsertBatch stores all rows or, when one of them exists already, none (ErrMailTaken for a mail address).
	InsertBatch(ctx context.Context, b *Batch) error
}

// InsertBatch stores a batch as one transaction.
func (s *Service) InsertBatch(ctx context.Context, b *Batch) error {
	return s.store.InsertBatch(ctx, b)
}

// NewID gives the ID of a row for a Batch that was made at that time.
func (s *Service) NewID(at time.Time) core.ID { return s.IDAt(at) }

// KeepPicture makes and stores a picture that rows of a Batch may show; Owner and ID are theirs to set.
func (s *Service) KeepPicture(ctx context.Context, upload []byte) (core.Photo, error) {
	p, _, err := s.MakePhoto(ctx, upload)
	return p, err
}
