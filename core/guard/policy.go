package guard

import (
	"musubi/core"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// minDigits is how long a password of digits alone must be: a handset's keypad makes digits easy, and ten of them take
// longer to try than eight letters.
const minDigits = 10

// Check checks a new password (SEC-100, in the spirit of NIST SP 800-63B): 8 to 64 characters of any script, none of
// the passwords that everybody tries, nothing of the member's own. No rule about kinds of characters.
func Check(c *core.Check, field, password string, personal []string) {
	p := norm.NFKC.String(password)
	switch n := core.Length(p); {
	case n < core.MinPasswordRune:
		c.Fail(field, "field.passwordshort", core.MinPasswordRune)
	case n > core.MaxPasswordRune:
		c.Fail(field, "field.toolong", core.MaxPasswordRune)
	case onlyDigits(p) && n < minDigits:
		c.Fail(field, "field.passworddigits", minDigits)
	case weak(p):
		c.Fail(field, "field.passwordweak", 0)
	case containsPersonal(p, personal):
		c.Fail(field, "field.passwordown", 0)
	}
}

func onlyDigits(p string) bool {
	return !strings.ContainsFunc(p, func(r rune) bool { return !unicode.IsDigit(r) })
}

// disguises are what people write for letters.
var disguises = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', '$': 's', '!': 'i'}

// weak says whether a password is of the kind that lists of common passwords are made of: a common word or two, disguised,
// with digits or signs around it; one pattern over and over; a run along the alphabet, the digits or the keyboard. The
// rule covers the lists (a test counts more than 10,000 entries) without the need to carry one.
func weak(p string) bool {
	p = strings.ToLower(p)
	if repeats(p) || runs(p) {
		return true
	}
	if onlyDigits(p) {
		return false // long enough, and no pattern
	}
	bare := strings.TrimFunc(p, notLetter)
	return repeats(bare) || runs(bare) || madeOfCommon([]rune(p), 3)
}

func notLetter(r rune) bool { return !unicode.IsLetter(r) }

// repeats says whether the text is one pattern of at most a third of its length, over and over.
func repeats(s string) bool {
	r := []rune(s)
	for n := 1; n <= len(r)/2 && n <= 4; n++ {
		same := true
		for i := n; i < len(r) && same; i++ {
			same = r[i] == r[i-n]
		}
		if same {
			return true
		}
	}
	return false
}

// lanes are the ways a finger or a mind runs along.
const lanes = "abcdefghijklmnopqrstuvwxyz 01234567890 qwertyuiop asdfghjkl zxcvbnm 1qaz2wsx3edc4rfv5tgb6yhn7ujm 1q2w3e4r5t6y7u8i9o0p qazwsxedcrfvtgbyhnujm あいうえおかきくけこさしすせそ いろはにほへとちりぬるを"

// runs says whether the text is pieces of lanes, each of three or more, forwards or backwards.
func runs(s string) bool {
	r := []rune(s)
	for len(r) > 0 {
		n := 0
		for k := 3; k <= len(r); k++ {
			if onLane(r[:k]) {
				n = k
			}
		}
		if n == 0 {
			return false
		}
		r = r[n:]
	}
	return true
}

func onLane(r []rune) bool {
	forwards := string(r)
	backwards := make([]rune, len(r))
	for i, c := range r {
		backwards[len(r)-1-i] = c
	}
	return strings.Contains(lanes, forwards) || strings.Contains(lanes, string(backwards))
}

// madeOfCommon says whether the text is up to n common words in a row, disguised or not, with digits and signs around them.
func madeOfCommon(s []rune, n int) bool {
	if len(s) == 0 {
		return true
	}
	if n > 0 {
		for _, word := range common {
			if len(s) >= len(word) && disguised(s, word) && madeOfCommon(s[len(word):], n-1) {
				return true
			}
		}
	}
	return notLetter(s[0]) && madeOfCommon(s[1:], n)
}

// disguised says whether s begins with the word or a disguise of it.
func disguised(s, word []rune) bool {
	for i, c := range word {
		if s[i] != c && disguises[s[i]] != c {
			return false
		}
	}
	return true
}

// common are the words that common passwords are made of.
var common = wordsOf(`password passwd passw pass word letmein welcome login admin administrator root user guest test testing
	master secret hello love iloveyou lovely loveme you me my i the a money princess sunshine shadow superman batman dragon monkey
	football baseball basketball soccer hockey tennis michael jennifer jordan thomas daniel jessica ashley andrew joshua charlie
	hunter ranger killer harley pepper ginger summer winter spring autumn flower cookie cheese banana orange apple google yahoo
	mixi musubi docomo softbank vodafone ezweb keitai ketai mobile phone internet computer windows samsung nokia sony toyota honda
	nissan ferrari porsche mercedes freedom whatever trustno trust nothing starwars pokemon pikachu naruto onepiece doraemon kitty
	hellokitty mickey minnie disney asdf qwerty qwert azerty zxcv changeme default access qaz wsx abc abcd xyz one two three four
	japan nihon nippon tokyo osaka kyoto sakura hanako taro tarou yamada suzuki tanaka sato satou watanabe ito yamamoto nakamura
	himitsu pasuwado aishiteru daisuki arigatou arigato konnichiwa ohayou ohayo sayonara genki kawaii neko inu nyanko hana sora umi
	yuki haru natsu aki fuyu kazoku tomodachi anata watashi boku ore kimi chan kun san sama
	ぱすわーど パスワード ひみつ 秘密 ありがとう こんにちは だいすき 大好き あいしてる 愛してる にほん 日本 とうきょう 東京 さくら 桜 たろう 太郎 はなこ 花子 ねこ 猫 いぬ 犬`)

func wordsOf(text string) (words [][]rune) {
	for _, word := range strings.Fields(text) {
		words = append(words, []rune(word))
	}
	return words
}

// containsPersonal says whether the password is something of the member's own of four or more characters (nickname, mail
// address or a part of it, name), with digits, signs and at most three letters more.
func containsPersonal(p string, personal []string) bool {
	p = strings.ToLower(p)
	for _, own := range personal {
		own = strings.ToLower(norm.NFKC.String(own))
		local, domain, _ := strings.Cut(own, "@")
		for _, word := range [...]string{own, local, domain} {
			if core.Length(word) >= 4 && strings.Contains(p, word) && letters(strings.ReplaceAll(p, word, "")) < 4 {
				return true
			}
		}
	}
	return false
}

func letters(s string) (n int) {
	for _, r := range s {
		if unicode.IsLetter(r) {
			n++
		}
	}
	return n
}
