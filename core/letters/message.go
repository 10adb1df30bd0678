package letters

import (
	"context"
	"errors"
	"musubi/core"
	"musubi/core/news"
	"slices"
	"time"
)

// MessagePhoto hangs on a message: as private as the viewer's own copy of it; an operator has none (SEC-121).
const MessagePhoto core.Attachment = 3

func (s *Service) messageGate(ctx context.Context, viewer core.Viewer, p core.Photo, to core.Attached) (core.Photo, error) {
	if viewer.Operator {
		return core.Photo{}, core.ErrNotFound
	}
	m, err := s.store.Message(ctx, viewer.Member, to.Thing)
	if err != nil {
		return core.Photo{}, err
	}
	if m.Hidden && m.Author() != viewer.Member {
		return core.Photo{}, core.ErrNotFound
	}
	_, err = s.Require(ctx, viewer, viewer.Member, core.Private)
	return p, err
}

// MessageNews is news: Actor sent the message Thing; waits until it is opened.
const MessageNews news.Kind = 1

// Limits of messages.
const (
	MaxSubject       = 100   // characters
	MaxMessage       = 10000 // characters
	MaxMessagePhotos = 3
	MaxDrafts        = 100  // that a member keeps
	searchDepth      = 5000 // of a member's messages, newest first, a search looks at so many
	maxEmptied       = 5000 // messages that leave the trash at once
	maxMessageDays   = 36500
)

// ErrDraftsFull is returned for one draft more than MaxDrafts.
var ErrDraftsFull = &core.Error{Code: core.Full, Key: "error.draftsfull"}

// A Folder is a place for messages.
type Folder uint8

// Folders.
const (
	Inbox Folder = iota
	Sent
	Drafts
	Trash
)

// Folders lists all values, in the order of pages.
var Folders = [...]Folder{Inbox, Sent, Drafts, Trash}

// A Message is one member's copy of a message. Sender and receiver have one each, under the same ID; what one does to a
// copy never shows in the other. It says all there is to say by itself, so that the receiver keeps it, with the sender's
// name, when the sender has left.
type Message struct {
	Member        core.ID // whose copy it is
	ID            core.ID
	Kind          Folder  // where it belongs when it is not in the trash
	Folder        Folder  // where it is
	Other         core.ID // the member at the other end
	OtherName     string  // as it was at the time of sending
	Subject, Body string  // lists leave Body empty
	Answers       core.ID // the message it answers; 0: none
	Unread        bool    // received and not opened yet
	Replied       bool    // received and answered
	Hidden        bool    // an operator hides it: only its author reads it
	PhotoCount    int
	Photos        []core.Photo // lists leave it empty
	At            time.Time
	SeenAt        time.Time // of what was sent: when it was opened; zero: not, or one of both shows no such marks
}

// Author is who wrote the message.
func (m *Message) Author() core.ID {
	if m.Kind == Inbox {
		return m.Other
	}
	return m.Member
}

// photosOf is what the photos of a message are attached to, for both copies.
func (m *Message) photosOf() core.Attached {
	return core.Attached{Kind: MessagePhoto, Owner: m.Author(), Thing: m.ID}
}

// NewMessage is what a message is made of.
type NewMessage struct {
	To            core.ID
	Subject, Body string
	Photos        []core.ID // of AddPhoto, or of the draft; in order
	Answers       core.ID   // a message the writer has got from To; 0: none
	Draft         core.ID   // the writer's draft that this goes on from; 0: none
	At            time.Time // zero: now
}

// MessageStore keeps messages, each copy under its member's key.
type MessageStore interface {
	InsertMessage(ctx context.Context, m Message) error
	Message(ctx context.Context, member, id core.ID) (Message, error)
	// UpdateDraft replaces receiver, subject, text and number of photos of a draft.
	UpdateDraft(ctx context.Context, m Message) error
	SetMessageRead(ctx context.Context, member, id core.ID) error
	// SetMessageSeen notes in the sender's copy, if there is one, when the receiver opened the message.
	SetMessageSeen(ctx context.Context, sender, id core.ID, at time.Time) error
	// Conversation lists with their texts the messages that went between a member and some others and are not in the trash, newest first.
	Conversation(ctx context.Context, member core.ID, others []core.ID, p core.Page) ([]Message, error)
	// Correspondents lists the newest of the messages with each other member, newest first.
	Correspondents(ctx context.Context, member core.ID, p core.Page) ([]Message, error)
	// SetMessageReplied marks a message that the member has got from other; any other ID changes nothing.
	SetMessageReplied(ctx context.Context, member, id, other core.ID) error
	// MoveMessage moves a copy into the trash, or out of it to where it belongs; ErrNotFound when it is there already.
	MoveMessage(ctx context.Context, member, id core.ID, trash bool) error
	DeleteMessage(ctx context.Context, member, id core.ID) error
	// SetMessageHidden hides from its receiver what an author sent, or shows it again; ErrNotFound when the receiver has no copy.
	SetMessageHidden(ctx context.Context, author, id core.ID, hidden bool) error
	// Messages lists a folder, newest first.
	Messages(ctx context.Context, member core.ID, f Folder, p core.Page) ([]Message, error)
	// FindMessages lists, newest first, the messages outside the trash that have all the folded words, among the newest
	// depth of them.
	FindMessages(ctx context.Context, member core.ID, words []string, depth int, p core.Page) ([]Message, error)
	// CountDrafts counts no further than max.
	CountDrafts(ctx context.Context, member core.ID, max int) (int, error)
	// MessagesBetween lists copies that are no drafts and have IDs between two, of all members, oldest first.
	MessagesBetween(ctx context.Context, after, before core.ID, limit int) ([]Message, error)
}

// CheckMessage cleans a message in place and returns Invalid for fields that are wrong: what a preview needs.
func CheckMessage(n *NewMessage) error { return n.check(true) }

// CheckDraft is CheckMessage for a message that need not be finished.
func CheckDraft(n *NewMessage) error { return n.check(false) }

func (n *NewMessage) check(finished bool) error {
	var c core.Check
	c.Text("subject", &n.Subject, core.OneLine, finished, MaxSubject)
	c.Text("body", &n.Body, core.ManyLines, finished, MaxMessage)
	if len(n.Photos) > MaxMessagePhotos {
		c.Fail("photo", "field.photos", MaxMessagePhotos)
	}
	return c.Err()
}

// Message gives one's own copy of a message with its photos.
func (s *Service) Message(ctx context.Context, member, id core.ID) (Message, error) {
	m, err := s.store.Message(ctx, member, id)
	if m.Hidden && m.Author() != member {
		m.PhotoCount = 0
	}
	if err == nil && m.PhotoCount > 0 {
		m.Photos, err = s.store.AttachedPhotos(ctx, m.photosOf())
	}
	return m, err
}

// OpenMessage is Message for reading: from then on the message is not unread any more.
func (s *Service) OpenMessage(ctx context.Context, member, id core.ID) (Message, error) {
	m, err := s.Message(ctx, member, id)
	if err != nil {
		return m, err
	}
	if err := s.mayShowSeen(ctx, &m); err != nil || !m.Unread {
		return m, err
	}
	return m, s.read(ctx, []Message{m})
}

// read notes that messages were opened, and lets their senders see it when both want that.
func (s *Service) read(ctx context.Context, list []Message) error {
	var both []core.ID
	for _, m := range list {
		both = append(both, m.Member, m.Other)
	}
	return s.store.AtomicOf(ctx, core.Of(both...), func(ctx context.Context) error {
		for i := range list {
			m := &list[i]
			if !m.Unread {
				continue
			}
			if err := errors.Join(s.store.SetMessageRead(ctx, m.Member, m.ID), s.news.Answered(ctx, m.Member, MessageNews, 0, m.ID)); err != nil {
				return err
			}
			both, err := s.bothShowSeen(ctx, m.Member, m.Other)
			if err != nil {
				return err
			}
			if both {
				if err := s.store.SetMessageSeen(ctx, m.Other, m.ID, s.Now()); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// bothShowSeen says whether two members both let senders see that their messages were read.
func (s *Service) bothShowSeen(ctx context.Context, one, other core.ID) (bool, error) {
	for _, id := range [...]core.ID{one, other} {
		m, err := s.store.Member(ctx, id)
		if errors.Is(err, core.ErrNotFound) || err == nil && (!m.SeenMarks || m.Status != core.Active) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// mayShowSeen takes away a mark that one of the two wants no more.
func (s *Service) mayShowSeen(ctx context.Context, m *Message) error {
	if m.SeenAt.IsZero() {
		return nil
	}
	both, err := s.bothShowSeen(ctx, m.Member, m.Other)
	if !both {
		m.SeenAt = time.Time{}
	}
	return err
}

// MaxTogether is with how many others a conversation is shown at once.
const MaxTogether = 10

// Conversation gives the member's own copies of what they and some others wrote to each other, with texts and photos: a page of the newest,
// in the order in which it was written. From then on none of it is unread. ErrNotFound when there is nothing, or nobody is named.
func (s *Service) Conversation(ctx context.Context, member core.ID, others []core.ID, p core.Page) (list []Message, more bool, err error) {
	if len(others) == 0 || len(others) > MaxTogether {
		return nil, false, core.ErrNotFound
	}
	if list, err = s.store.Conversation(ctx, member, others, p); err != nil {
		return nil, false, err
	}
	list, more = core.Cut(list, p)
	if len(list) == 0 {
		return nil, false, core.ErrNotFound
	}
	slices.Reverse(list)
	for i := range list {
		m := &list[i]
		if err := s.mayShowSeen(ctx, m); err != nil {
			return nil, false, err
		}
		if m.Hidden && m.Author() != member {
			m.PhotoCount = 0
		}
		if m.PhotoCount > 0 {
			if m.Photos, err = s.store.AttachedPhotos(ctx, m.photosOf()); err != nil {
				return nil, false, err
			}
		}
	}
	if !slices.ContainsFunc(list, func(m Message) bool { return m.Unread }) {
		return list, more, nil
	}
	return list, more, s.read(ctx, list)
}

// Correspondents lists the newest message with each member one has written to or heard from, newest first.
func (s *Service) Correspondents(ctx context.Context, member core.ID, p core.Page) (list []Message, more bool, err error) {
	if list, err = s.store.Correspondents(ctx, member, p); err != nil {
		return nil, false, err
	}
	list, more = core.Cut(list, p)
	return list, more, nil
}

// Messages lists a folder of the member, newest first.
func (s *Service) Messages(ctx context.Context, member core.ID, f Folder, p core.Page) (list []Message, more bool, err error) {
	if list, err = s.store.Messages(ctx, member, f, p); err != nil {
		return nil, false, err
	}
	list, more = core.Cut(list, p)
	return list, more, nil
}

// FindMessages looks in the member's own messages, the newest 5,000 outside the trash, for those that have all the words
// of the query in subject, text or name.
func (s *Service) FindMessages(ctx context.Context, member core.ID, query string, p core.Page) (list []Message, more bool, err error) {
	words := core.SearchWords(query)
	if len(words) == 0 {
		return nil, false, nil
	}
	if err := s.MayUse(ctx, member, core.LimitSearch); err != nil {
		return nil, false, err
	}
	if list, err = s.store.FindMessages(ctx, member, words, searchDepth, p); err != nil {
		return nil, false, err
	}
	list, more = core.Cut(list, p)
	return list, more, nil
}
