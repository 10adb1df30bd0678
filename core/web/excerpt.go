package web

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// excerptRunes is how much of an entry a list shows.
const excerptRunes = 80

// notWords are the marks in a text that stand for something else: decorations, films, photos.
var notWords = regexp.MustCompile(`\[/?(?:b|i|u|s|big|small|red|blue|green|orange|gray)\]|\[(?:動画|video|写真|photo):[0-9]+\]`)

// excerptOf is how a text begins, in one line.
func excerptOf(body string) string {
	if most := 8 * excerptRunes; len(body) > most {
		body = strings.ToValidUTF8(body[:most], "")
	}
	words := strings.Join(strings.Fields(notWords.ReplaceAllString(body, "")), " ")
	if utf8.RuneCountInString(words) <= excerptRunes {
		return words
	}
	return string([]rune(words)[:excerptRunes]) + "…"
}

// toolEmoji are those that the form of a diary offers on a PC: each carrier has a picture for them.
const toolEmoji = "☀ ☁ ☔ ⛄ ⚡ 🌀 ❤ 💔 😃 😠 😢 😵 ♨ ♪ ✨ 💢 💦 💤 🎂 🍺 🍙 🏠 🚃 🚗 ✈ ⚽ ⚾ 📷 📱 🎁 🌸 🐱 🐶 🐟 👍 👀 ✌ 🌙 🎄 🏃"
