package review

import (
	"context"
	"errors"
	"math"
	"time"

	"musubi/core"
	"musubi/core/shop"
)

// Limits of products.
const (
	MaxTitle       = 150 // characters
	MaxMaker       = 100 // characters of author, artist or maker
	MaxProductsDay = 30  // entered by one member within a day
	foundProducts  = 30  // what a search shows
)

// Stars are 1 to MaxStars.
const MaxStars = 5

// ErrProducts is returned for one product more than MaxProductsDay.
var ErrProducts = &core.Error{Code: core.Throttled, Key: "error.reviewproducts"}

// A Product is what reviews are about. Counts has how many reviews that every member may see give 1 to 5 stars: a mean over
// others would tell what is said in them.
type Product struct {
	ID       core.ID
	Category Category
	Title    string
	Maker    string // author, artist or maker; "": not known
	Code     string // under the barcode; "": not known
	Counts   [MaxStars]int
	AddedBy  core.ID // who entered it; 0: the operator, or one who has left
	AddedAt  time.Time
}

// Reviews is how many reviews are counted.
func (p *Product) Reviews() (n int) {
	for _, c := range p.Counts {
		n += c
	}
	return n
}

// Mean is that of the stars; 0 without reviews.
func (p *Product) Mean() float64 {
	n, sum := 0, 0
	for i, c := range p.Counts {
		n, sum = n+c, sum+c*(i+1)
	}
	if n == 0 {
		return 0
	}
	return float64(sum) / float64(n)
}

// Spread is the standard deviation of the stars: how far opinions are apart.
func (p *Product) Spread() float64 {
	n, squares, mean := 0, 0.0, p.Mean()
	for i, c := range p.Counts {
		n += c
		squares += float64(c) * (float64(i+1) - mean) * (float64(i+1) - mean)
	}
	if n == 0 {
		return 0
	}
	return math.Sqrt(squares / float64(n))
}

// NewProduct is what a product is made of, by a member, a file or a web service.
type NewProduct struct {
	Category           Category
	Title, Maker, Code string
}

// Check cleans it in place and returns Invalid for fields that are wrong.
func (n *NewProduct) Check() error {
	var c core.Check
	c.Text("title", &n.Title, core.OneLine, true, MaxTitle)
	c.Text("maker", &n.Maker, core.OneLine, false, MaxMaker)
	if !n.Category.valid() {
		c.Fail("category", "field.choice", 0)
	}
	if n.Code != "" {
		code, ok := Code(n.Code)
		if !ok {
			c.Fail("code", "field.barcode", 0)
		} else {
			n.Code = code
		}
	}
	return c.Err()
}

// key is what two entries of one thing share when neither has a code.
func (n *NewProduct) key() string { return core.Fold(n.Title) + "\n" + core.Fold(n.Maker) }

// An Importer knows products that nobody has entered yet: a web service that the operator names. An error is that of the
// service; what it answers is as little trusted as what a member types.
type Importer interface {
	FindProducts(ctx context.Context, words, code string) ([]NewProduct, error)
}

// ProductStore keeps products.
type ProductStore interface {
	// InsertProduct stores one, with where a search may begin in its names and what it is known by.
	InsertProduct(ctx context.Context, p Product, key string, starts []string) error
	UpdateProduct(ctx context.Context, p Product, key string, starts []string) error
	Product(ctx context.Context, id core.ID) (Product, error)
	// ProductCoded and ProductKeyed give the product with a code, or a key in a category, the oldest one.
	ProductCoded(ctx context.Context, code string) (Product, error)
	ProductKeyed(ctx context.Context, c Category, key string) (Product, error)
	// ProductsSince counts what a member entered since a time.
	ProductsSince(ctx context.Context, member core.ID, since time.Time) (int, error)
	FindProducts(ctx context.Context, words []string, c Category, limit int) ([]Product, error)
	// PopularProducts lists those with most reviews, of a category or all.
	PopularProducts(ctx context.Context, c Category, p core.Page) ([]Product, error)
	ProductClick(ctx context.Context, day int64, shop string, product core.ID) error
	ProductClicks(ctx context.Context, from int64) ([]shop.Clicks, error)
}

// Product gives one.
func (s *Service) Product(ctx context.Context, id core.ID) (Product, error) {
	return s.store.Product(ctx, id)
}

// PopularProducts lists the products with most reviews.
func (s *Service) PopularProducts(ctx context.Context, c Category, p core.Page) ([]Product, bool, error) {
	rows, err := s.store.PopularProducts(ctx, c, p)
	rows, more := core.Cut(rows, p)
	return rows, more, err
}

// FindProducts looks for products by the number under their barcode, or by words in their names.
func (s *Service) FindProducts(ctx context.Context, query string, c Category) ([]Product, error) {
	if code, ok := Code(query); ok {
		p, err := s.store.ProductCoded(ctx, code)
		if errors.Is(err, core.ErrNotFound) {
			return nil, nil
		}
		return []Product{p}, err
	}
	words := core.SearchWords(query)
	if len(words) == 0 {
		return nil, nil
	}
	return s.store.FindProducts(ctx, words, c, foundProducts)
}

// Imports says whether there is a service to ask.
func (s *Service) Imports() bool { return s.importer != nil }

// Ask asks the operator's service for what is not in the database. What it offers is not stored before a member takes it.
func (s *Service) Ask(ctx context.Context, query string) (offers []NewProduct, err error) {
	query = core.Clean(query, core.OneLine)
	if s.importer == nil || query == "" {
		return nil, nil
	}
	code, ok := Code(query)
	words := query
	if ok {
		words = ""
	}
	all, err := s.importer.FindProducts(ctx, words, code)
	for _, n := range all {
		if len(offers) < foundProducts && n.Check() == nil {
			offers = append(offers, n)
		}
	}
	return offers, err
}

// known gives the product that n is, when there is one.
func (s *Service) known(ctx context.Context, n *NewProduct) (p Product, err error) {
	err = core.ErrNotFound
	if n.Code != "" {
		p, err = s.store.ProductCoded(ctx, n.Code)
	}
	if errors.Is(err, core.ErrNotFound) {
		if p, err = s.store.ProductKeyed(ctx, n.Category, n.key()); err == nil && p.Code != "" && n.Code != "" { // another edition
			p, err = Product{}, core.ErrNotFound
		}
	}
	return p, err
}

// Enter stores a product that a member enters, or gives the one that there is.
func (s *Service) Enter(ctx context.Context, member core.ID, n NewProduct) (p Product, err error) {
	if err := n.Check(); err != nil {
		return p, err
	}
	return p, s.store.Atomic(ctx, func(ctx context.Context) error {
		if p, err = s.known(ctx, &n); !errors.Is(err, core.ErrNotFound) {
			return err
		}
		if err := s.MayWrite(ctx, member); err != nil {
			return err
		}
		entered, err := s.store.ProductsSince(ctx, member, s.Now().Add(-24*time.Hour))
		if err == nil && entered >= MaxProductsDay {
			err = ErrProducts
		}
		if err != nil {
			return err
		}
		p, err = s.insert(ctx, member, &n)
		return err
	})
}

func (s *Service) insert(ctx context.Context, by core.ID, n *NewProduct) (Product, error) {
	p := Product{Category: n.Category, Title: n.Title, Maker: n.Maker, Code: n.Code, AddedBy: by}
	p.ID, p.AddedAt = s.Stamp(time.Time{})
	return p, s.store.InsertProduct(ctx, p, n.key(), core.Starts(p.Title+" "+p.Maker))
}

// Import stores products of the operator, and what is missing in those that there are: a code, a maker. new counts those that
// were not there.
func (s *Service) Import(ctx context.Context, list []NewProduct) (added int, err error) {
	return added, s.store.Atomic(ctx, func(ctx context.Context) error {
		added = 0
		for i := range list {
			n := &list[i]
			if err := n.Check(); err != nil {
				return err
			}
			p, err := s.known(ctx, n)
			switch {
			case errors.Is(err, core.ErrNotFound):
				added++
				_, err = s.insert(ctx, 0, n)
			case err == nil && (p.Code == "" && n.Code != "" || p.Maker == "" && n.Maker != ""):
				p.Code, p.Maker = n.Code, n.Maker
				err = s.store.UpdateProduct(ctx, p, n.key(), core.Starts(p.Title+" "+p.Maker))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Correct replaces the names of a product: the operator's to do.
func (s *Service) Correct(ctx context.Context, id core.ID, n NewProduct) error {
	if err := n.Check(); err != nil {
		return err
	}
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		p, err := s.store.Product(ctx, id)
		if err != nil {
			return err
		}
		p.Category, p.Title, p.Maker, p.Code = n.Category, n.Title, n.Maker, n.Code
		return errors.Join(s.store.UpdateProduct(ctx, p, n.key(), core.Starts(p.Title+" "+p.Maker)), s.Audit(ctx, "productcorrect", 0, "", id.String()))
	})
}

// Shops are those of the operator.
func (s *Service) Shops() []shop.Shop { return s.shops }

// Buy counts that a member goes to a shop for a product, and gives the address there.
func (s *Service) Buy(ctx context.Context, name string, product core.ID) (string, error) {
	p, err := s.store.Product(ctx, product)
	if err != nil {
		return "", err
	}
	at, ok := shop.Named(s.shops, name)
	if !ok {
		return "", core.ErrNotFound
	}
	return at.To(shop.Names{Title: p.Title, Maker: p.Maker, Artist: p.Maker, Code: p.Code}), s.store.ProductClick(ctx, s.today(), name, p.ID)
}

// Clicks counts the clicks of the last days, shop by shop.
func (s *Service) Clicks(ctx context.Context, days int) ([]shop.Clicks, error) {
	return s.store.ProductClicks(ctx, s.today()-int64(days))
}

// today is the number of this day in Tokyo.
func (s *Service) today() int64 { return (s.Now().Unix() + 9*60*60) / (24 * 60 * 60) }
