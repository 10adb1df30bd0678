package carriers

import (
	"strconv"
	"strings"

	"musubi/carriers/internal/rows"
)

// Describe writes a field's value for people, "" when the Handset does not know it.
func (h *Handset) Describe(f Fields) string {
	d := h.Display
	switch f {
	case FieldCarrier:
		return string(h.Carrier)
	case FieldGeneration:
		return strings.TrimSpace(string(h.Generation) + " " + h.Type)
	case FieldModel:
		return h.Model
	case FieldName:
		return h.Name
	case FieldSize:
		return h.assumed(f, dimensions(d.WidthPx, d.HeightPx, " px"))
	case FieldColors:
		return h.assumed(f, positive(d.Colors, ""))
	case FieldChars:
		return dimensions(d.Columns, d.Rows, " characters")
	case FieldCharset:
		return h.Charset.String()
	case FieldDialect:
		return h.Dialect.String()
	case FieldEmoji:
		return h.Emoji.String()
	case FieldCookies:
		return yesNo(h.Cookies)
	case FieldBudget:
		return h.describeBudget()
	case FieldImages:
		return h.describeImages()
	case FieldInput:
		return rows.InputModes[h.InputMode]
	case FieldFlash:
		return h.Flash
	case FieldVideo:
		return h.Video
	case FieldSubscriberID:
		return h.SubscriberID
	case FieldCardID:
		return h.CardID
	case FieldTerminalID:
		return h.TerminalID
	case FieldTrusted:
		return yesNo(h.Trusted)
	case FieldRobot:
		return yesNo(h.Robot)
	}
	return ""
}

func (h *Handset) describeBudget() string {
	if h.PageBudget == 0 {
		return "not limited"
	}
	text := positive(h.PageBudget, " bytes")
	if h.BudgetCountsImages {
		text += ", " + positive(h.TotalBudget, " with images")
	}
	return text
}

func (h *Handset) describeImages() string {
	text := strings.Join(h.Image.Formats.Names(), " ")
	if text == "" {
		return "any"
	}
	if h.Image.MaxBytes > 0 {
		text += ", " + positive(h.Image.MaxBytes, " bytes each")
	}
	return text
}

// assumed marks what the generation's row assumes and nobody stated.
func (h *Handset) assumed(f Fields, text string) string {
	if text != "" && h.Assumed&f != 0 {
		text += " (assumed)"
	}
	return text
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// positive writes n and its unit, nothing for zero.
func positive(n int, unit string) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + unit
}

func dimensions(a, b int, unit string) string {
	if a == 0 || b == 0 {
		return ""
	}
	return strconv.Itoa(a) + " x " + strconv.Itoa(b) + unit
}
