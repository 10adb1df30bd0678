package carriers

// budgets turns the generation's shares and the handset's own limit into bytes [carriers §5]. On au the limit is that of
// one transfer, elsewhere that of page and images together.
func (s *sight) budgets() {
	h, g := &s.h, s.generation
	total := g.total
	if s.limit > 0 && h.Carrier != Au {
		total = s.limit
	}
	if s.limit > 0 && (h.Dialect.Family == HDML) {
		total = s.limit
	}
	h.TotalBudget = total
	h.PageBudget = g.page.of(total)
	h.Image.MaxBytes = g.image.of(total)
	if h.Carrier == Au && s.limit > 0 {
		h.PageBudget = min(h.PageBudget, s.limit)
		h.Image.MaxBytes = min(h.Image.MaxBytes, s.limit)
	}
}
