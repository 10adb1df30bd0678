package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/music"
)

// musicCmd looks after what members hear: what only an operator may do there.
type musicCmd struct {
	Args struct {
		Do   string   `positional-arg-name:"find|merge|feature|picture|cover|clicks" description:"find WORDS: print artists and their albums that match; merge FROM INTO: make one artist a spelling of another, for good; feature PLACE ALBUM [NOTE]: show an album on the first page (ALBUM 0: none any more); picture ARTIST FILE: the picture of an artist's page (FILE -: none); cover ALBUM FILE: the cover of an album (FILE -: none); clicks: how often links to shops were followed in the last 30 days." required:"1"`
		What []string `positional-arg-name:"WHAT" description:"The words, IDs, file or note."`
	} `positional-args:"yes"`
	Data string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// Run works on a data directory, also while musubi runs on it.
func (c *musicCmd) Run(io *std) error {
	room, err := openOwn(c.Data, c.shared, io)
	if err != nil {
		return err
	}
	defer room.Close()
	s, ctx := room.services.Music, context.Background()
	switch c.Args.Do {
	case "find":
		return c.find(ctx, s, io)
	case "merge":
		from, into, err := c.ids()
		if err != nil {
			return err
		}
		return c.known(s.Merge(ctx, from, into))
	case "feature":
		place, album, err := c.ids()
		if err != nil {
			return err
		}
		return c.known(s.SetFeatured(ctx, int(place), album, strings.Join(c.Args.What[2:], " ")))
	case "picture":
		return c.picture("ARTIST", func(id core.ID, file []byte) error { return music.Links{Service: s}.SetPicture(ctx, id, file) })
	case "cover":
		return c.picture("ALBUM", func(id core.ID, file []byte) error { return music.Covers{Service: s}.SetCover(ctx, id, file) })
	}
	clicks, err := s.Clicks(ctx, clickDays)
	for _, n := range clicks {
		fmt.Fprintf(io.Out, "%s\t%d\n", n.Shop, n.Clicks)
	}
	return err
}

// known says of an ID that nothing has what can be done.
func (c *musicCmd) known(err error) error {
	if errors.Is(err, core.ErrNotFound) {
		return badUsage("music %s %s: no artist or album has such an ID, or it is another spelling already; find prints IDs", c.Args.Do, strings.Join(c.Args.What, " "))
	}
	return err
}

// ids reads the two numbers that most of it begins with.
func (c *musicCmd) ids() (a, b core.ID, err error) {
	if len(c.Args.What) > 1 {
		x, bad := strconv.ParseInt(c.Args.What[0], 10, 64)
		y, worse := strconv.ParseInt(c.Args.What[1], 10, 64)
		if bad == nil && worse == nil && x >= 0 && y >= 0 {
			return core.ID(x), core.ID(y), nil
		}
	}
	return 0, 0, badUsage("music %s: expected two numbers; find prints IDs", c.Args.Do)
}

func (c *musicCmd) find(ctx context.Context, s *music.Service, io *std) error {
	found, err := s.Find(ctx, strings.Join(c.Args.What, " "))
	for _, a := range found.Artists {
		fmt.Fprintf(io.Out, "artist\t%s\t%s\t%d\n", a.ID, a.Name, a.Listeners)
		albums, err := s.ArtistAlbums(ctx, a.ID, core.Page{Size: 100})
		if err != nil {
			return err
		}
		for _, b := range albums {
			fmt.Fprintf(io.Out, "album\t%s\t%s\t%d\n", b.ID, b.Title, b.Listeners)
		}
	}
	return err
}

// picture reads which of a kind a file is the picture of, and sets it; - clears it.
func (c *musicCmd) picture(kind string, set func(core.ID, []byte) error) error {
	if len(c.Args.What) != 2 {
		return badUsage("music %s: expected %s FILE", c.Args.Do, kind)
	}
	id, ok := core.ParseID(c.Args.What[0])
	if !ok {
		return badUsage("music %s: %q is no ID; find prints them", c.Args.Do, c.Args.What[0])
	}
	if c.Args.What[1] == "-" {
		return set(id, nil)
	}
	file, err := os.ReadFile(c.Args.What[1])
	if err != nil {
		return badUsage("music %s: %v", c.Args.Do, err)
	}
	return c.known(set(id, file))
}
