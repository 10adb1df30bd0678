package mail

import (
	"regexp"
	"strings"
)

var (
	// original is the line over what is answered or passed on.
	original = regexp.MustCompile(`(?i)^[-_=ー―－ ]{2,}\s*(original message|forwarded message|reply message|begin forwarded message|original|` +
		`元のメッセージ|元のメール|返信元メッセージ|返信元|転送メッセージ|引用|受信メール)\s*[-_=ー―－ ]{2,}$`)
	// quotedField is a field that a program repeats over what is answered, in either language.
	quotedField = regexp.MustCompile(`(?i)^\**(from|sent|to|cc|date|subject|差出人|送信者|送信日時|送信日|日時|日付|宛先|件名|題名)\**\s*[:：]`)
	// saidBy is the line over a quotation: 2007/3/3 花子 <hanako@example.jp>: and On Mar 3, 2007, Hanako wrote:
	saidBy = regexp.MustCompile(`(?i)(wrote|writes|書きました|書いた|より|の発言)?\s*[:：]$`)
	// sentBy is the signature that phones put below without being asked.
	sentBy = regexp.MustCompile(`(?i)^(sent from my .{1,40}|.{1,40}から送信)[。.]?$`)
)

// maxSignature is how many lines may follow "--" without the blank that makes it a signature (RFC 3676 §4.3).
const maxSignature = 8

// WithoutQuotes returns what somebody wrote themselves of an answer: text without quoted lines, the lines over them, all
// that follows "Original Message" or repeated fields, and the signature. It may be "".
func WithoutQuotes(text string) string {
	lines := strings.Split(text, "\n")
	lines = lines[:ownLines(lines)]
	var own []string
	for i := 0; i < len(lines); {
		if !isQuoted(lines[i]) {
			own = append(own, lines[i])
			i++
			continue
		}
		own = withoutSaidBy(own)
		for i < len(lines) && (isQuoted(lines[i]) || blank(lines[i])) {
			i++
		}
	}
	return strings.Trim(strings.Join(withoutSentBy(own), "\n"), "\n ")
}

// ownLines returns how many lines come before what is surely not the author's: signature, original message.
func ownLines(lines []string) int {
	fields := 0 // lines in a row that repeat fields
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case line == "-- " || trimmed == "--" && len(lines)-i-1 <= maxSignature:
			return i
		case original.MatchString(trimmed):
			return i
		case quotedField.MatchString(trimmed):
			if fields++; fields == 3 {
				return i - 2
			}
		default:
			fields = 0
		}
	}
	return len(lines)
}

func isQuoted(line string) bool {
	line = strings.TrimLeft(line, " \u3000")
	return strings.HasPrefix(line, ">") || strings.HasPrefix(line, "＞")
}

func blank(line string) bool { return strings.Trim(line, " \t\u3000") == "" }

// withoutSaidBy takes the line away that says whom the quotation below quotes: it ends in a colon and has an address, a date
// or "wrote". Programs break it in two.
func withoutSaidBy(own []string) []string {
	n := len(own)
	for n > 0 && blank(own[n-1]) {
		n--
	}
	if n == 0 || !namesAuthor(own[n-1]) {
		return own
	}
	if n--; n > 0 && (strings.HasPrefix(own[n], "<") || strings.HasPrefix(own[n-1], "On ")) {
		n--
	}
	return own[:n]
}

// namesAuthor says whether a line may stand over a quotation.
func namesAuthor(line string) bool {
	m := saidBy.FindStringSubmatch(strings.TrimSpace(line))
	return m != nil && (m[1] != "" || strings.ContainsAny(line, "@0123456789"))
}

func withoutSentBy(own []string) []string {
	for n := len(own); n > 0; n-- {
		if !blank(own[n-1]) {
			if sentBy.MatchString(strings.TrimSpace(own[n-1])) {
				return own[:n-1]
			}
			break
		}
	}
	return own
}
