package talk

import (
	"context"
	"errors"
	"slices"
	"strings"

	"musubi/core"
	"musubi/core/news"
)

// MaxMentions is how many members one comment tells that it names them.
const MaxMentions = 10

// MentionStore finds whom a member may name.
type MentionStore interface {
	// FriendNames lists the friends of a member with their names alone, in the order of their names.
	FriendNames(ctx context.Context, member core.ID) ([]core.Member, error)
}

// Names are the friends of a member whose names begin with a text, n of them at most.
func (s *Service) Names(ctx context.Context, member core.ID, begin string, n int) ([]string, error) {
	friends, err := s.store.FriendNames(ctx, member)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, f := range friends {
		if strings.HasPrefix(core.Fold(f.Name), core.Fold(begin)) && len(names) < n {
			names = append(names, f.Name)
		}
	}
	return names, nil
}

// Mentioned finds the members whom a text names: "@" and the name, the longest that fits. Each stands once, with the places where
// the sign is.
func Mentioned(text string, of []core.Member) map[int]core.Member {
	found := map[int]core.Member{}
	for at := strings.IndexByte(text, '@'); at >= 0; {
		rest, best := text[at+1:], core.Member{}
		for _, m := range of {
			if m.Name != "" && len(m.Name) > len(best.Name) && strings.HasPrefix(rest, m.Name) {
				best = m
			}
		}
		if best.ID != 0 {
			found[at] = best
		}
		next := strings.IndexByte(rest[len(best.Name):], '@')
		if next < 0 {
			break
		}
		at += 1 + len(best.Name) + next
	}
	return found
}

// tellMentioned tells friends of the author whom a comment names, if they may see what it stands under. The owner is told of the
// comment itself.
func (s *Service) tellMentioned(ctx context.Context, c *Comment, title string) error {
	kind := s.threads[c.Kind].Mentioned
	if kind == 0 {
		return nil
	}
	named, err := Named(ctx, s.store, c.Author, c.Body, c.Owner)
	for _, member := range named {
		if err == nil {
			err = s.tellOfMention(ctx, c, member, kind, title)
		}
	}
	return err
}

// Named are the friends of an author whom a text names, MaxMentions at most, but for one who is told of it anyway.
func Named(ctx context.Context, store MentionStore, author core.ID, text string, but core.ID) (named []core.ID, err error) {
	if !strings.Contains(text, "@") {
		return nil, nil
	}
	friends, err := store.FriendNames(ctx, author)
	if err != nil {
		return nil, err
	}
	for _, m := range Mentioned(text, friends) {
		if m.ID != but && !slices.Contains(named, m.ID) && len(named) < MaxMentions {
			named = append(named, m.ID)
		}
	}
	return named, nil
}

// tellOfMention tells one of them. News of a mention has the owner of the thing as its actor: that is who, with the thing, leads
// there.
func (s *Service) tellOfMention(ctx context.Context, c *Comment, member core.ID, kind news.Kind, title string) error {
	viewer := core.Viewer{Member: member}
	_, err := s.See(ctx, viewer, c.Thread)
	if err == nil {
		_, err = s.Require(ctx, viewer, c.Author, core.Everyone)
	}
	var refused *core.Error
	if errors.As(err, &refused) { // not for them
		return nil
	}
	if err != nil {
		return err
	}
	return s.news.Tell(ctx, news.News{Member: member, Kind: kind, Actor: c.Owner, Thing: s.commentNews(c).Thing, At: c.CreatedAt}, title)
}
