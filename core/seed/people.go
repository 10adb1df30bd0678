package seed

import (
	_ "embed"
	"strings"

	"musubi/core/seed/dice"
)

// Person is a made-up member.
type Person struct {
	Family, Given         string // kanji
	FamilyKana, GivenKana string // hiragana
	Nick                  string
	Female                bool
	Year, Month, Day      int // of birth
	Prefecture, Hometown  string
	Job, Occupation       string // in words, and of people.Occupations
	Blood                 string
	Hobbies               []string
	Intro                 string
}

//go:embed data/names.txt
var namesText string

// names are the lists of data/names.txt.
var names = parseLists(namesText)

type name struct{ kanji, kana string }

var families, females, males = readings("family"), readings("female"), readings("male")

func readings(list string) []name {
	var out []name
	for _, n := range names[list] {
		kanji, kana, _ := strings.Cut(n, " ")
		out = append(out, name{kanji, kana})
	}
	return out
}

// parseLists reads "[name]" lines, each followed by choices separated by | or line ends. Lines that begin with ; are comments.
func parseLists(text string) map[string][]string {
	lists, current := map[string][]string{}, ""
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case line == "" || line[0] == ';':
		case line[0] == '[' && line[len(line)-1] == ']':
			current = line[1 : len(line)-1]
		default:
			lists[current] = append(lists[current], strings.Split(line, "|")...)
		}
	}
	return lists
}

// NewPerson returns person number index of the community with that seed. year is the current one: members are 18 to 60,
// most of them in their twenties, as they were.
func NewPerson(seed uint64, index, year int) Person {
	d := dice.New(seed, uint64(index)<<8|streamPerson)
	p := Person{Female: d.Chance(51), Blood: dice.Pick(d, bloods)}
	p.Month, p.Day = birthday(seed, index)

	p.Year = year - 18 - int(42*d.Float64()*d.Float64())
	family, given := common(d, families), name{}
	if p.Female {
		given = common(d, females)
	} else {
		given = common(d, males)
	}
	p.Family, p.FamilyKana, p.Given, p.GivenKana = family.kanji, family.kana, given.kanji, given.kana
	p.Nick = nick(d, family, given, p.Female)
	p.Prefecture = common(d, names["prefecture"])
	p.Hometown = p.Prefecture
	if d.Chance(40) {
		p.Hometown = common(d, names["prefecture"])
	}
	p.Job, p.Occupation, _ = strings.Cut(dice.Pick(d, names["job"]), " ")
	for range d.Between(2, 5) {
		if h := dice.Pick(d, names["hobby"]); !has(p.Hobbies, h) {
			p.Hobbies = append(p.Hobbies, h)
		}
	}
	w := writer{Dice: d, person: &p}
	p.Intro = string(w.append(nil, lists["intro"]))
	return p
}

// birthday is when member number index was born: a day that every year has.
func birthday(seed uint64, index int) (month, day int) {
	d := dice.New(seed, uint64(index)<<8|streamBirthday)
	return d.Between(1, 12), d.Between(1, 28)
}

// The streams of dice that one member has: bits 0–7 of the stream, the member's number above them.
const (
	streamPerson = iota + 1
	streamFriends
	streamDiaries
	streamTalk
	streamMessages
	streamPhotos
	streamBirthday
	streamVisits
	streamLetters
	streamLetterText
	streamAlbums
	streamAlbumText
	streamGatherings
)

// bloods holds the blood groups as often as they occur in Japan.
var bloods = []string{"A", "A", "A", "A", "O", "O", "O", "B", "B", "AB"}

// common picks from a list whose first items are more frequent.
func common[T any](d *dice.Dice, list []T) T {
	f := d.Float64()
	return list[int(f*f*float64(len(list)))]
}

func has(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

// nick makes a nickname as members of 2007 had: the reading shortened, lengthened, decorated, or an animal.
func nick(d *dice.Dice, family, given name, female bool) string {
	k := []rune(given.kana)
	short := string(k[:min(2, len(k))])
	switch r := d.N(100); {
	case r < 16:
		return short
	case r < 34:
		return short + dice.Pick(d, []string{"ちゃん", "ぴ", "っち", "ぽん", "りん", "たん", "ぴょん", "すけ", "やん"})
	case r < 44:
		return given.kana
	case r < 52:
		return katakana(given.kana)
	case r < 58:
		return given.kanji
	case r < 64:
		return katakana(short) + dice.Pick(d, []string{"", "★", "☆", "♪", "(仮)", "2号", "@" + dice.Pick(d, names["hobby"])})
	case r < 70:
		return string([]rune(family.kana)[:min(2, len([]rune(family.kana)))]) + dice.Pick(d, []string{"っち", "やん", "さん", "ぽん", "っぺ"})
	case r < 76:
		return short + short
	case r < 81:
		return "☆" + given.kana + "☆"
	case r < 86:
		return dice.Pick(d, []string{"みけ", "しろくま", "ぺんぎん", "うさぎ", "たぬき", "こいぬ", "もぐら", "ひつじ", "らっこ", "きつね", "かえる", "ことり"}) + dice.Pick(d, []string{"", "さん", "丸", "太郎", "子"})
	case r < 91:
		return dice.Pick(d, []string{"あずき", "きなこ", "ごま", "もち", "みかん", "りんご", "プリン", "ココア", "抹茶", "だんご", "おにぎり", "わさび", "とうふ", "なっとう"}) + dice.Pick(d, []string{"", "っ子", "母さん", "男", "パパ", "娘"})
	case r < 95 && !female:
		return given.kana + dice.Pick(d, []string{"隊長", "社長", "兄さん", "どん", "殿"})
	case r < 95:
		return given.kana + dice.Pick(d, []string{"姫", "ママ", "ねえさん", "こ", "にゃん"})
	default:
		return family.kanji + given.kanji
	}
}

// katakana turns hiragana into katakana.
func katakana(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ぁ' && r <= 'ゖ' {
			return r + 0x60
		}
		return r
	}, s)
}
