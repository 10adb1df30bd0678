package music

import (
	"context"

	"musubi/core"
	"musubi/core/shop"
)

// DefaultShops have no tag: an operator who is paid by them names their own.
var DefaultShops = []shop.Shop{
	{Name: "iTunes", URL: "https://music.apple.com/jp/search?term={artist}+{title}"},
	{Name: "mora", URL: "https://mora.jp/search/top?keyWord={artist}+{title}"},
	{Name: "Amazon", URL: "https://www.amazon.co.jp/s?k={artist}+{title}"},
}

// Shops are those of the operator.
func (s *Service) Shops() []shop.Shop { return s.shops }

// Buy counts that a member goes to a shop for a track, and gives the address there.
func (s *Service) Buy(ctx context.Context, viewer core.Viewer, name string, track core.ID) (string, error) {
	t, err := s.Track(ctx, viewer, track)
	if err != nil {
		return "", err
	}
	at, ok := shop.Named(s.shops, name)
	if !ok {
		return "", core.ErrNotFound
	}
	return at.To(shop.Names{Artist: t.ArtistName, Title: t.Title, Album: t.AlbumTitle}), s.store.Click(ctx, s.Today(), name, t.ID)
}

// Clicks counts the clicks of the last days, shop by shop.
func (s *Service) Clicks(ctx context.Context, days int) ([]shop.Clicks, error) {
	return s.store.Clicks(ctx, s.Today()-Period(days))
}
