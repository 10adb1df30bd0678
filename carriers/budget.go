package carriers

import "musubi/carriers/internal/rows"

// A limit is the handset's own: of a page with its images, on au of one transfer.
type limit struct {
	bytes       int // 0: none stated
	rule, value string
	row         *rows.Model // where the model's row states it
}

// budgets turns the generation's shares and the handset's own limit into bytes [budgets].
func (s *sight) budgets() {
	h, g, own := &s.h, s.generation, s.limit.bytes
	total := g.Total
	if own > 0 && (h.Carrier != Au || h.Dialect.Family == HDML) {
		total = own
	}
	h.TotalBudget = total
	h.PageBudget = g.Page.Of(total)
	h.Image.MaxBytes = g.Image.Of(total)
	if own == 0 {
		return
	}
	if h.Carrier == Au {
		h.PageBudget = min(h.PageBudget, own)
		h.Image.MaxBytes = min(h.Image.MaxBytes, own)
	}
	if s.limit.row != nil {
		s.becauseRow(FieldBudget, s.limit.row.Place, s.limit.row.Token)
	} else {
		s.because(FieldBudget, s.limit.rule, s.limit.value)
	}
}
