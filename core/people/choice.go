package people

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// Choices of profile fields. Values are stored as members read them; core/web has the English ones.
var (
	Sexes      = []string{"女性", "男性"}
	BloodTypes = []string{"A型", "B型", "O型", "AB型"}
	// Prefectures in the order of their JIS X 0401 codes, from north to south, and abroad.
	Prefectures = strings.Fields(`北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県 新潟県 富山県 石川県
		福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県
		高知県 福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県 海外`)
)

// A FieldKind says what a profile field holds.
type FieldKind uint8

// Kinds.
const (
	Words  FieldKind = iota // anything up to the limit
	Choice                  // one of Choices
	Date                    // "2006-01-02", a day gone by
)

// ReadDate reads a date as people type it, 19850303, 1985/3/3, 1985-03-03, 1985年3月3日, in digits of either width. Dates
// that do not exist or are before 1900 are none.
func ReadDate(s string) (time.Time, bool) {
	s = norm.NFKC.String(strings.TrimSpace(s))
	parts := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(parts) == 1 && len(parts[0]) == 8 {
		p := parts[0]
		parts = []string{p[:4], p[4:6], p[6:]}
	}
	if len(parts) != 3 {
		return time.Time{}, false
	}
	var n [3]int
	for i, p := range parts {
		var err error
		if n[i], err = strconv.Atoi(p); err != nil {
			return time.Time{}, false
		}
	}
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	return t, n[0] >= 1900 && t.Year() == n[0] && int(t.Month()) == n[1] && t.Day() == n[2]
}

// fits brings a value into the form in which its field stores it and says whether it is of the field's kind; the empty
// value always is.
func (f ProfileField) fits(value *string) bool {
	switch {
	case *value == "":
		return true
	case f.Kind == Choice:
		return slices.Contains(f.Choices, *value)
	case f.Kind == Date:
		date, ok := ReadDate(*value)
		if ok {
			*value = date.Format(time.DateOnly)
		}
		return ok
	}
	return true
}
