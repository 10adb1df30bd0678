// Package charset knows the characters of the Japanese character sets as handsets speak them: Windows code page 932
// (which is what "Shift_JIS" means on the wire), and the arithmetic that turns its codes into EUC-JP and ISO-2022-JP.
//
// It deals in single characters: a rune and its CP932 code, a uint16 with the lead byte in the high half (single bytes
// are codes below 0x100). Emoji are not characters here; transcode/text combines both into codecs.
//
// golang.org/x/text is the source of the table but not its user: its encoder writes the NEC-selected form of the IBM
// extensions, refuses the wave dash and the minus sign, and its decoder turns every carrier's emoji into U+FFFD or,
// worse, into kanji. Start reading at [Encode] and [Decode].
package charset

//go:generate go run ./internal/gen
