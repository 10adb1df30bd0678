package report

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"musubi/core"
)

// A filter word holds what it stands in for review: the thing is hidden as an operator hides it, its author reads why, and it waits in the
// queue until an operator has looked. Nothing is refused, and nothing vanishes in silence. Messages are not looked at (SEC-121).

// FilterReason is the reason of reports that no person made; ByFilter has hidden what they are about.
const (
	FilterReason = "filter"
	ByFilter     = "filter"
)

// Limits of filter words.
const (
	MaxFilterWord  = 50 // characters
	MaxFilterWords = 1000
)

// A FilterWord is one of them.
type FilterWord struct {
	Folded, Shown string
	At            time.Time
	By            string
}

// FilterStore keeps filter words.
type FilterStore interface {
	FilterWords(ctx context.Context, limit int) ([]FilterWord, error)
	PutFilterWord(ctx context.Context, w FilterWord) error
	DeleteFilterWord(ctx context.Context, folded string) error
}

// ErrFilterFull is for one word more than MaxFilterWords.
var ErrFilterFull = &core.Error{Code: core.Full, Key: "error.filterfull"}

// FilterWords lists them all.
func (s *Service) FilterWords(ctx context.Context) ([]FilterWord, error) {
	return s.store.FilterWords(ctx, MaxFilterWords)
}

// AddFilterWord adds one; capitals, widths and kinds of kana make no difference.
func (s *Service) AddFilterWord(ctx context.Context, word, by string) error {
	var c core.Check
	c.Text("word", &word, core.OneLine, true, MaxFilterWord)
	folded := core.Fold(word)
	if c.Err() == nil && core.Length(folded) < 2 {
		c.Fail("word", "field.tooshort", 2)
	}
	if err := c.Err(); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		all, err := s.store.FilterWords(ctx, MaxFilterWords)
		if err == nil && len(all) >= MaxFilterWords {
			err = ErrFilterFull
		}
		if err != nil {
			return err
		}
		return s.store.PutFilterWord(ctx, FilterWord{folded, word, s.Now(), by})
	})
}

// DropFilterWord takes one away; what waits for review goes on waiting.
func (s *Service) DropFilterWord(ctx context.Context, folded string) error {
	return s.store.DeleteFilterWord(ctx, folded)
}

// Review implements core.Conduct: it holds what a filter word stands in.
func (s *Service) Review(ctx context.Context, w core.Written, texts ...string) error {
	word, err := s.filtered(ctx, texts)
	if err != nil || word == "" {
		return err
	}
	on := Thing{Kind(w.Kind), w.Owner, w.ID, w.Piece, w.Comment}
	row, err := s.row(on)
	if err != nil || !row.Hides() {
		return err
	}
	if _, err := s.store.HiddenMeasure(ctx, on); !errors.Is(err, core.ErrNotFound) {
		return err // it is hidden already, and stays so
	}
	r := Report{On: on, Reason: FilterReason, Words: word}
	if r.Was, err = row.Look(ctx, core.Viewer{Member: w.Author}, on); err != nil {
		return err
	}
	r.ID, r.At = s.Stamp(time.Time{})
	if err := s.store.InsertReport(ctx, r); err != nil {
		return err
	}
	_, err = s.Hide(ctx, Measure{Member: w.Author, On: on, Title: r.Was.Called(), Reason: word, Report: r.ID, By: ByFilter})
	return err
}

// unspaced is a text without its blanks, which do not end a word in Japanese; in Latin letters they do.
func unspaced(s string) string { return strings.Join(strings.Fields(s), "") }

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// filtered gives a filter word that stands in one of the texts; "": none does.
func (s *Service) filtered(ctx context.Context, texts []string) (string, error) {
	words, err := s.store.FilterWords(ctx, MaxFilterWords)
	if err != nil || len(words) == 0 {
		return "", err
	}
	for _, text := range texts {
		folded := core.Fold(text)
		whole := unspaced(folded)
		for _, w := range words {
			if strings.Contains(folded, w.Folded) || !isASCII(w.Folded) && strings.Contains(whole, unspaced(w.Folded)) {
				return w.Shown, nil
			}
		}
	}
	return "", nil
}
