package text_test

import (
	"testing"

	"musubi/carriers"
	"musubi/transcode/emoji"
	"musubi/transcode/text"
)

// carrierSets are the carriers with codes of their own, and how many the table has for each.
var carrierSets = []struct {
	carrier carriers.Carrier
	set     carriers.EmojiSet
	emoji   int
}{
	{carriers.DoCoMo, carriers.EmojiDoCoMo, 282},
	{carriers.Au, carriers.EmojiAu, 647},
	{carriers.SoftBank, carriers.EmojiSoftBank, 485},
}

// TestEmojiBothWays: what a member typed on a carrier comes back to that carrier as the same code, through Shift_JIS and
// UTF-8.
func TestEmojiBothWays(t *testing.T) {
	for _, ca := range carrierSets {
		for _, cs := range []carriers.Charset{carriers.ShiftJIS, carriers.UTF8} {
			codec, n := text.For(ca.carrier, ca.set, cs), 0
			for i := range emoji.Index(emoji.Count) {
				c := emoji.At(i)
				own := c.Code(ca.set)
				if own.SJIS == 0 {
					continue
				}
				n++
				posted := string([]byte{byte(own.SJIS >> 8), byte(own.SJIS)})
				if cs == carriers.UTF8 {
					posted = string(rune(own.PUA))
					if ca.set == carriers.EmojiAu {
						posted = string(rune(own.SJIS - 0x0700))
					}
				}
				got := string(codec.AppendDecode(nil, []byte(posted)))
				if got != c.Canonical() {
					t.Errorf("%s %v %s: decode %x = %q, want %q", ca.carrier, cs, c.ID, posted, got, c.Canonical())
				}
				back, lost := codec.AppendString(nil, got, 0)
				if string(back) != posted || lost != 0 {
					t.Errorf("%s %v %s: %q went back as %x, want %x", ca.carrier, cs, c.ID, got, back, posted)
				}
			}
			if n != ca.emoji {
				t.Errorf("%s has %d emoji, want %d", ca.carrier, n, ca.emoji)
			}
		}
	}
}

// TestMeanings: what stands for an emoji never says something else, whatever the tables of the carriers sent there.
func TestMeanings(t *testing.T) {
	docomo := text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS)
	au := text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS)
	softbank := text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.ShiftJIS)
	none := text.For(carriers.PC, carriers.EmojiNone, carriers.ShiftJIS)
	for _, tt := range []struct {
		c        *text.Codec
		in, want string
	}{
		{docomo, "⬜⬛🟩", "□■[緑の四角]"},                   // not black for white
		{docomo, "🔴🔵⚪", "[赤い丸][青い丸]○"},                // not the new moon
		{softbank, "🔵⚪⚫", "[青い丸]○●"},                  // not the red circle
		{au, "🔓", "[開いた錠]"},                           // not the locked one
		{docomo, "👩😳😲", "[女性][赤面][びっくり]"},             // not the happy face, not the dizzy one
		{docomo, "🏄🚶🏮🍥", "[サーフィン][歩く人][赤ちょうちん][なると]"}, // not a snowboard, a runner, sake, a typhoon
		{softbank, "♻📍💫", "[リサイクル][画びょう][クラクラ]"},
		{none, "👱👲👳👽👹", "[金髪の人][中華帽の人][ターバンの人][エイリアン][鬼]"}, // no nation, no flying saucer
		{none, "☕🎶❗", "[温かい飲み物]♪♪！"},
		{au, "👮🏽\u200d♀️🏴\u200d☠️", "[女性警察官][海賊旗]"}, // the carrier's policeman is a man
		{au, "🕓🐑", "[4時][ヒツジ]"},
		{docomo, "🔓🔦💽", "[開いた錠][懐中電灯][MD]"},                           // not the password, an idea, a floppy disk
		{docomo, "🌅🌇🌌🎣🐾💱", "[日の出][夕日][天の川][釣り][肉球][$￥]"},              // not the fine weather, a fish, a foot, a backslash
		{softbank, "📜🌱🌼🌿💾", "[巻き物][芽][花][ハーブ][フロッピー]"},                // not the scrolling, a clover, a sunflower, a MiniDisc
		{docomo, "📪📫📮🐛", "[閉じた郵便受け（手紙なし）][閉じた郵便受け（手紙あり）][郵便ポスト][毛虫]"}, // not the post office, a centipede
	} {
		out, lost := tt.c.AppendString(nil, tt.in, 0)
		if got := string(tt.c.AppendDecode(nil, out)); got != tt.want || lost != 0 {
			t.Errorf("%s is %s, lost %d, want %s", tt.in, got, lost, tt.want)
		}
	}
}
