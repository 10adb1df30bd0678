package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"musubi/core"
	"musubi/core/lookup"
	"musubi/core/music"
	"musubi/core/review"
	"musubi/core/shop"
)

// productCmd looks after what members review.
type productCmd struct {
	Args struct {
		Do   string   `positional-arg-name:"import|find|correct|clicks" description:"import FILE: take products from a table (CSV or TSV with the columns category, title, maker, code) or a JSON array of such objects; find WORDS: print those that match; correct ID: replace what is said of one; clicks: how often links to shops were followed in the last 30 days." required:"1"`
		What []string `positional-arg-name:"WHAT" description:"The file, the words, or the ID."`
	} `positional-args:"yes"`
	Category string `long:"category" description:"For correct: book, comic, magazine, foreign-book, music, classical, film, game, software, electronics, kitchen, toy, sport, beauty or other." value-name:"NAME"`
	Title    string `long:"title" description:"For correct: its name."`
	Maker    string `long:"maker" description:"For correct: author, artist or maker."`
	Code     string `long:"code" description:"For correct: the number under its barcode."`
	Data     string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// importedAtOnce is how many products go in one transaction.
const importedAtOnce = 500

// Run works on a data directory, also while musubi runs on it.
func (c *productCmd) Run(io *std) error {
	room, err := openOwn(c.Data, c.shared, io)
	if err != nil {
		return err
	}
	defer room.Close()
	s, ctx, what := room.services.Review, context.Background(), strings.Join(c.Args.What, " ")
	switch c.Args.Do {
	case "import":
		return c.read(ctx, s, io, what)
	case "find":
		list, err := s.FindProducts(ctx, what, review.AnyCategory)
		for _, p := range list {
			fmt.Fprintf(io.Out, "%s\t%s\t%s\t%s\t%d\n", p.ID, p.Code, p.Title, p.Maker, p.Reviews())
		}
		return err
	case "clicks":
		clicks, err := s.Clicks(ctx, clickDays)
		for _, n := range clicks {
			fmt.Fprintf(io.Out, "%s\t%d\n", n.Shop, n.Clicks)
		}
		return err
	}
	id, ok := core.ParseID(what)
	if !ok {
		return badUsage("product correct: expected the ID of a product, which find prints")
	}
	return s.Correct(ctx, id, review.NewProduct{Category: review.ParseCategory(c.Category), Title: c.Title, Maker: c.Maker, Code: c.Code})
}

// clickDays is for how many days clicks are told.
const clickDays = 30

// read imports a file. What cannot be taken is named, and keeps nothing else out.
func (c *productCmd) read(ctx context.Context, s *review.Service, io *std, name string) error {
	f, err := os.Open(name)
	if err != nil {
		return badUsage("product import: %v", err)
	}
	defer f.Close()
	parse := review.ReadTable
	if strings.EqualFold(filepath.Ext(name), ".json") {
		parse = review.ReadJSON
	}
	list, bad, err := parse(f)
	if err != nil {
		return badUsage("product import %s: %v", name, err)
	}
	for _, err := range bad {
		fmt.Fprintln(io.Err, "left out:", err)
	}
	total, added := len(list), 0
	for len(list) > 0 {
		n := min(len(list), importedAtOnce)
		more, err := s.Import(ctx, list[:n])
		if err != nil {
			return err
		}
		added, list = added+more, list[n:]
	}
	fmt.Fprintf(io.Out, "%s, %d of them new\n", count(total, "product", "products"), added)
	return nil
}

// openOwn opens a database that has to be there.
func openOwn(data string, where shared, io *std) (*coreRoom, error) {
	if err := where.isThere(data); err != nil {
		return nil, err
	}
	return openCore(context.Background(), onDB(data, where, logger(io.Err, slog.LevelWarn)))
}

// sold is where things are sold, and who knows more of them.
type sold struct {
	music, review []shop.Shop
	products      review.Importer
	covers        music.CoverSource
}

// sold reads what the operator set of it.
func (o *community) sold() (s sold, err error) {
	if s.music, err = shop.Parse(o.MusicShops, "artist", "title", "album"); err != nil {
		return s, badUsage("--music-shops: %v", err)
	}
	if s.review, err = shop.Parse(o.ReviewShops, "title", "maker", "code"); err != nil {
		return s, badUsage("--review-shops: %v", err)
	}
	if o.Covers != "" {
		c, err := lookup.NewCovers(o.Covers)
		if err != nil {
			return s, badUsage("--covers: %v", err)
		}
		s.covers = c
	}
	if o.ProductsURL == "" {
		return s, nil
	}
	p, err := lookup.NewProducts(o.ProductsURL)
	if err != nil {
		return s, badUsage("--products-url: %v", err)
	}
	s.products = p
	return s, nil
}
