package carriers

import (
	"strings"

	"musubi/carriers/internal/rows"
)

// Identify tells the handset behind a request from the shipped tables alone. No address range is trusted; a [Registry]
// adds the operator's files and ranges. It never fails: what nobody knows becomes a plain browser. Safe for concurrent
// use.
func Identify(r Request) Handset { return shipped.Identify(r) }

// maxUserAgent bounds how much of a User-Agent is read, in bytes: the longest real one is under 400.
const maxUserAgent = 1024

// Identify tells the handset behind a request from the shipped tables, the operator's files and the address ranges of
// the registry. It never fails. Safe for concurrent use.
func (g *Registry) Identify(r Request) Handset {
	s := sight{r: r, g: g}
	s.identify()
	return s.h
}

// A sight is one look at a request: the Handset as it fills, and what the User-Agent said on the way.
type sight struct {
	h   Handset
	r   Request
	g   *Registry
	why *reasons // nil: nobody asks

	own         *rows.Match // the operator's rule that named the carrier, nil for ours
	model       *rows.Model
	generation  *rows.Generation
	old         *rows.Browser // the old browser it is, nil for none
	browserKind Generation    // a row of carrier pc in generations.tsv: "retro", "phone"
	stated      bool          // the User-Agent itself tells the generation; a row may not correct it
	limit       limit         // cNN, page_kb or MAX-PDU
	seen        Display       // what the User-Agent says of the display
	twice       Fields        // IDs that were given twice
	byField     bool          // the carrier is known by its ID field alone; the User-Agent names none
}

// identify is the whole walk: who is it, what do the tables say, what does the request say better, and can its ID be
// believed. Each step overwrites the one before: header beats table, table beats default.
func (s *sight) identify() {
	ua := s.r.UserAgent
	if len(ua) > maxUserAgent {
		ua = ua[:maxUserAgent]
	}
	s.h.TLS = s.r.TLS
	s.name(ua)
	s.modelHeader()
	s.lookUp()
	s.defaults()
	s.row()
	s.oldMachine()
	s.overTLS()
	s.headers()
	s.budgets()
	s.subscriberID()
	s.trust()
}

// name finds carrier, generation, model and the IDs that stand in the User-Agent. Prefixes are anchored: many handsets
// carry another's browser name in the middle of their own.
func (s *sight) name(ua string) {
	if quoted, ok := strings.CutPrefix(ua, "Mozilla/5.0 (compatible; "); ok && s.handset(upTo(quoted, ";")) {
		s.h.Robot = true
		s.because(FieldRobot, "a comment that quotes a handset's User-Agent", upTo(quoted, ";"))
		return
	}
	if !s.ownCarrier(ua) && !s.handset(ua) {
		s.browser(ua)
		return
	}
	if robot, _ := words(ua); robot != nil {
		s.h.Robot = true
		s.becauseRow(FieldRobot, robot.Place, robot.Word)
	}
}

// handset tries the grammars of the handset carriers in turn.
func (s *sight) handset(ua string) bool {
	return s.docomo(ua) || s.softBank(ua) || s.au(ua) || s.willcom(ua) || s.emobile(ua) || s.fullBrowser(ua)
}

// lookUp finds the model's row, the operator's before ours, and follows same_as.
func (s *sight) lookUp() {
	if s.h.Model == "" || s.h.FullBrowser {
		return
	}
	token := s.h.Model
	if s.h.Carrier == SoftBank {
		token = withoutRevision(token)
	}
	s.model = s.g.model(s.h.Carrier, token)
	if s.model != nil && s.model.SameAs != "" {
		s.h.Model = s.model.SameAs
		s.becauseRow(FieldModel, s.model.Place, token)
		s.model = s.g.model(s.h.Carrier, s.h.Model)
	}
	if s.model == nil && s.h.Carrier == DoCoMo {
		s.model = s.g.series(s.h.Model)
	}
}

// setModel takes a model's token out of the User-Agent, unless it is no token at all.
func (s *sight) setModel(token string) {
	if tokenLike(token) {
		s.h.Model = token
		s.because(FieldModel, "User-Agent", token)
	}
}

// tokenLike says whether a text can be a model: one to forty visible ASCII characters.
func tokenLike(text string) bool {
	for i := 0; i < len(text); i++ {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return text != "" && len(text) <= 40
}

// overTLS knows that HDML handsets lose their cookies there: the EZ server keeps them, and sees nothing [au §4].
func (s *sight) overTLS() {
	if s.r.TLS && s.h.Dialect.Family == HDML {
		s.h.Cookies = false
		s.because(FieldCookies, "HDML over TLS", "")
	}
}

// defaults fills what the generation's row says.
func (s *sight) defaults() {
	h := &s.h
	if s.model != nil && s.model.Generation != "" && !s.stated {
		h.Generation = Generation(s.model.Generation)
		s.becauseRow(FieldGeneration, s.model.Place, s.model.Token)
	}
	carrier, generation := h.Carrier, h.Generation
	if h.FullBrowser {
		carrier, generation = PC, ""
	} else if s.browserKind != "" {
		generation = s.browserKind
	}
	row := s.g.generation(carrier, generation)
	switch {
	case row.Carrier == string(PC):
		h.Step = StepPlain
	case row.Generation == "-":
		h.Step = StepCarrier
	default:
		h.Step = StepGeneration
	}
	h.Dialect, h.Charset, h.FormIn, h.Emoji = dialectOf(row.Dialect), Charset(row.Charset), Charset(row.Charset), EmojiSet(row.Emoji)
	h.Webcode, h.Cookies, h.InputMode = row.Webcode, row.Cookies, InputMode(row.Input)
	h.Display.WidthPx, h.Display.HeightPx, h.Display.Colors = row.Width, row.Height, row.Colors
	h.Assumed = FieldSize | FieldColors
	h.Image.Formats, h.BudgetCountsImages = ImageFormats(row.Images), row.Counts
	h.Video = row.Video
	s.generation = row
	s.becauseRow(fieldDefaults, row.Place, string(h.Generation))
}

// row fills what the model's row says.
func (s *sight) row() {
	m := s.model
	if m == nil {
		return
	}
	h := &s.h
	if m.Token[0] != '*' {
		h.Step = StepRow
	}
	h.Name, h.Type, h.Flash = m.Name, m.Type, m.Flash
	s.becauseRow(FieldName|FieldFlash, m.Place, m.Token)
	if m.Dialect != (rows.Dialect{}) {
		h.Dialect = dialectOf(m.Dialect)
		s.becauseRow(FieldDialect, m.Place, m.Token)
	}
	if m.Width > 0 && m.Height > 0 {
		h.Display.WidthPx, h.Display.HeightPx = m.Width, m.Height
		h.Assumed &^= FieldSize
		s.becauseRow(FieldSize, m.Place, m.Token)
	}
	if m.Colors > 0 {
		h.Display.Colors = m.Colors
		h.Assumed &^= FieldColors
		s.becauseRow(FieldColors, m.Place, m.Token)
	}
	if m.Images != 0 {
		h.Image.Formats = ImageFormats(m.Images)
		s.becauseRow(FieldImages, m.Place, m.Token)
	}
	if s.limit.bytes == 0 && m.Limit > 0 {
		s.limit = limit{bytes: m.Limit, row: m}
	}
}

func dialectOf(d rows.Dialect) Dialect { return Dialect{Family(d.Family), d.Major, d.Minor} }
