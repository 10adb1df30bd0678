package review

import (
	"context"
	"strings"

	"musubi/core"
	"musubi/core/report"
)

// hiddenTitle stands where the names of a product stood that an operator hides. The product stays: reviews of others are about it.
const hiddenTitle = "＊＊＊"

// ProductReport is what a report about a product names. Its page does not say who entered it, and so the address does not.
func ProductReport(product core.ID) report.Thing {
	return report.Thing{Kind: ReportedProduct, ID: product}
}

// Hidden says whether an operator keeps the names of the product out of sight.
func (p *Product) Hidden() bool { return p.Title == hiddenTitle }

// reportedProduct is the Look of a report.Row. What the operator imported is not reported to the operator.
func (s *Service) reportedProduct(ctx context.Context, _ core.Viewer, on report.Thing) (report.Copy, error) {
	p, err := s.store.Product(ctx, on.ID)
	if err == nil && (p.AddedBy == 0 || p.Hidden()) {
		err = core.ErrNotFound
	}
	return report.Copy{Author: p.AddedBy, Title: p.Title, Text: strings.TrimSpace(p.Title + "\n" + p.Maker), At: p.AddedAt}, err
}

// hideProduct takes the names of a product away.
func (s *Service) hideProduct(ctx context.Context, on report.Thing) (was string, err error) {
	p, err := s.store.Product(ctx, on.ID)
	if err != nil {
		return "", err
	}
	was = p.Title + "\n" + p.Maker
	p.Title, p.Maker = hiddenTitle, ""
	return was, s.rename(ctx, p)
}

// showProduct gives them back, unless the operator has corrected them since.
func (s *Service) showProduct(ctx context.Context, on report.Thing, was string) error {
	p, err := s.store.Product(ctx, on.ID)
	if err != nil || !p.Hidden() {
		return err
	}
	p.Title, p.Maker, _ = strings.Cut(was, "\n")
	return s.rename(ctx, p)
}

// rename stores the names of a product. The index of its reviews stays: a search reads again what it names before it shows it.
func (s *Service) rename(ctx context.Context, p Product) error {
	n := NewProduct{Category: p.Category, Title: p.Title, Maker: p.Maker, Code: p.Code}
	return s.store.UpdateProduct(ctx, p, n.key(), core.Starts(p.Title+" "+p.Maker))
}
