package seed

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/seed/dice"
	"musubi/core/seed/reviewed"
)

//go:embed data/music.tsv
var musicText string

// playDays is how many days of plays the demo has: this week and the one before, so that both charts have something to show.
const playDays = 14

// band is an artist of the demo.
type band struct {
	artist, album string
	genre         music.Genre
	tracks, fans  []string
}

func parseBands(text string) (bands []band, err error) {
	rows, err := readTable("music.tsv", text, 5)
	if err != nil {
		return nil, err
	}
	for _, f := range rows {
		genre, err := strconv.Atoi(f[1])
		if err != nil {
			return nil, fmt.Errorf("music.tsv: genre of %q: %w", f[0], err)
		}
		bands = append(bands, band{f[0], f[2], music.Genre(genre), strings.Split(f[3], "/"), strings.Fields(f[4])})
	}
	return bands, nil
}

// listen has the members hear what they like, from two weeks ago until now, and says what is known of the artists, and of other things.
func (c *Community) listen(ctx context.Context) error {
	bands, err := parseBands(musicText)
	if err != nil {
		return err
	}
	for ago := playDays; ago >= 0; ago-- {
		day := music.DayOf(c.now.AddDate(0, 0, -ago))
		nonce := "demo plays " + day.Start().Format(time.DateOnly)
		if _, err := c.s.Once(ctx, nobody, nonce, func(ctx context.Context) (string, error) { return "", c.hear(ctx, bands, day) }); err != nil {
			return err
		}
	}
	if _, err = c.s.Once(ctx, nobody, "demo music", func(ctx context.Context) (string, error) { return "", c.annotate(ctx, bands) }); err != nil {
		return err
	}
	if _, err = c.s.Once(ctx, nobody, "demo albums", func(ctx context.Context) (string, error) { return "", c.feature(ctx, bands) }); err != nil {
		return err
	}
	_, err = c.s.Once(ctx, nobody, "demo reviews", func(ctx context.Context) (string, error) { return "", reviewed.Write(ctx, c.s, c.now, c.ids) })
	return err
}

// hear gives the plays of a day, each as if it came in when it had been heard.
func (c *Community) hear(ctx context.Context, bands []band, day music.Period) error {
	for i := range c.cast {
		d := dice.New(uint64(day.Start().Unix()), uint64(i))
		var plays []music.Play
		at := day.Start().Add(time.Duration(d.Between(7*60, 11*60)) * time.Minute)
		for range d.Between(4, 14) {
			b := dice.Pick(d, bands)
			if !slices.Contains(b.fans, c.cast[i].Key) && d.Chance(75) {
				b = c.favourite(d, bands, c.cast[i].Key)
			}
			n := min(d.N(len(b.tracks)), d.N(len(b.tracks))) // the first ones most
			p := music.Play{Artist: b.artist, Title: b.tracks[n], Album: b.album, At: at, Length: time.Duration(d.Between(180, 300)) * time.Second, Number: n + 1}
			if at = at.Add(p.Length + time.Duration(d.Between(0, 90))*time.Minute); at.After(c.now) || at.After(day.End()) {
				break
			}
			plays = append(plays, p)
		}
		if len(plays) == 0 {
			continue
		}
		if _, err := c.s.Music.SubmitAt(ctx, c.ids[c.cast[i].Key], plays, earlier(day.End(), c.now)); err != nil {
			return err
		}
	}
	return nil
}

// favourite is an artist that a member likes.
func (c *Community) favourite(d *dice.Dice, bands []band, key string) band {
	own := slices.DeleteFunc(slices.Clone(bands), func(b band) bool { return !slices.Contains(b.fans, key) })
	if len(own) == 0 {
		return dice.Pick(d, bands)
	}
	return dice.Pick(d, own)
}

// annotate says what members know of the artists.
func (c *Community) annotate(ctx context.Context, bands []band) error {
	for i, b := range bands {
		found, err := c.s.Music.Find(ctx, b.artist)
		if err != nil || len(found.Artists) == 0 {
			return err
		}
		a := found.Artists[0]
		text := b.artist + "は、" + strconv.Itoa(1996+i) + "年から活動しています。おすすめは「" + b.tracks[0] + "」。"
		if err := c.s.Music.WriteFact(ctx, c.ids[b.fans[0]], a.ID, a.Fact.ID, text, b.genre); err != nil {
			return err
		}
	}
	return nil
}

// featured is how many albums the operator of the demo features.
const featured = 3

// feature puts the first albums of the list on the top of music, with a word each.
func (c *Community) feature(ctx context.Context, bands []band) error {
	for place, b := range bands[:min(featured, len(bands))] {
		found, err := c.s.Music.Find(ctx, b.artist)
		if err != nil || len(found.Artists) == 0 {
			return err
		}
		albums, err := c.s.Music.ArtistAlbums(ctx, found.Artists[0].ID, core.Page{Size: 1})
		if err != nil || len(albums) == 0 {
			return err
		}
		if err := c.s.Music.SetFeatured(ctx, place+1, albums[0].ID, "一曲目の「"+b.tracks[0]+"」から聴いてください。"); err != nil {
			return err
		}
	}
	return nil
}
