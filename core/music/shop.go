package music

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"musubi/core"
)

// A Shop sells tracks or albums. What members buy there pays the operator, not the member.
type Shop struct {
	Name string // on the button, and of the counter of clicks
	URL  string // {artist}, {title} and {album} are replaced
}

// DefaultShops have no tag: an operator who is paid by them names their own.
var DefaultShops = []Shop{
	{"iTunes", "https://music.apple.com/jp/search?term={artist}+{title}"},
	{"mora", "https://mora.jp/search/top?keyWord={artist}+{title}"},
	{"Amazon", "https://www.amazon.co.jp/s?k={artist}+{title}"},
}

// ParseShops reads "name=https://…{artist}…" as an operator writes it.
func ParseShops(list []string) (shops []Shop, err error) {
	for _, line := range list {
		name, to, ok := strings.Cut(line, "=")
		u, bad := url.Parse(to) // which takes no braces in a host
		if !ok || name == "" || bad != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, fmt.Errorf("shop %q: expected NAME=https://shop.example/…{artist}…{title}", line)
		}
		shops = append(shops, Shop{name, to})
	}
	return shops, nil
}

// To is where a shop has a track.
func (s Shop) To(t Track) string {
	return strings.NewReplacer("{artist}", url.QueryEscape(t.ArtistName), "{title}", url.QueryEscape(t.Title), "{album}", url.QueryEscape(t.AlbumTitle)).Replace(s.URL)
}

// Clicks is how often a link to a shop was followed.
type Clicks struct {
	Shop   string
	Clicks int
}

// Shops are those of the operator.
func (s *Service) Shops() []Shop { return s.shops }

// Buy counts that a member goes to a shop for a track, and gives the address there.
func (s *Service) Buy(ctx context.Context, viewer core.Viewer, shop string, track core.ID) (string, error) {
	t, err := s.Track(ctx, viewer, track)
	if err != nil {
		return "", err
	}
	for _, one := range s.shops {
		if one.Name == shop {
			return one.To(t), s.store.Click(ctx, s.Today(), shop, t.ID)
		}
	}
	return "", core.ErrNotFound
}

// Clicks counts the clicks of the last days, shop by shop.
func (s *Service) Clicks(ctx context.Context, days int) ([]Clicks, error) {
	return s.store.Clicks(ctx, s.Today()-Period(days))
}
