package text_test

import (
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/transform"

	"musubi/carriers"
	"musubi/transcode/text"
)

// decodeSeeds are bytes that every decoder should have seen, by charset.
var decodeSeeds = map[carriers.Charset][]string{
	carriers.ShiftJIS:  {"\x93\xfa\x8bL\xf8\x9f", "\xf6\x60\xf3\x40", "\xf9\x8b\xfb\x41", "\x81\"", "\xb6\xde", "\x80\xa0\xff", "\xed\x40"},
	carriers.UTF8:      {"日記\ue63e", "\uef60\ue488", "\ue04a", "\xc0\xbc", "\xed\xa0\x80", "1\ufe0f\u20e3", "\U000FE000"},
	carriers.EUCJP:     {"\xc6\xfc\xb5\xad", "\x8e\xb6", "\x8f\xb0\xa1", "\x8f\xb0\"", "\xa1\""},
	carriers.ISO2022JP: {"\x1b$BF|5-\x1b(B", "\x1b$BuA\x1b(B", "\x1b(I6^\x1b(B", "\x1b$B\xf8\x9f\x1b(B", "\x0e6\x0f", "\x1b$BF\n", "\x1b$B\""},
}

func seedsFor(cs carriers.Charset) []string {
	return append([]string{"", "abc\r\n", "\x1b$Gji\x0f", "\x1b$G", "\x00\x7f\"<"}, decodeSeeds[cs]...)
}

func fuzzDecode(f *testing.F, cs carriers.Charset) {
	for _, seed := range seedsFor(cs) {
		f.Add(byte(0), byte(2), []byte(seed))
		f.Add(byte(4), byte(1), []byte(seed))
	}
	f.Fuzz(func(t *testing.T, set, cut byte, in []byte) { checkDecode(t, cs, set, cut, in) })
}

// checkDecode is the exam of one charset's decoder: any bytes of any carrier become clean text, also when they come in
// two pieces, and what was read once is stable.
func checkDecode(t *testing.T, cs carriers.Charset, set, cut byte, in []byte) {
	e := carriers.EmojiSet(set) % (carriers.EmojiSoftBank + 1)
	c := text.For(carriers.PC, e, cs)
	if set&0x80 != 0 {
		c = text.ForMail(carriers.PC, e, cs)
	}
	out := string(c.AppendDecode(nil, in))
	if !clean(out) || len(out) > 8*len(in) {
		t.Fatalf("%X became %q", in, out)
	}
	half := min(int(cut), len(in))
	dec := c.NewDecoder()
	dst := make([]byte, 8*len(in)+16)
	n, read, err := dec.Transform(dst, in[:half], false)
	if err != nil && err != transform.ErrShortSrc {
		t.Fatalf("%X: %v", in[:half], err)
	}
	m, _, err := dec.Transform(dst[n:], in[read:], true)
	if pieces := string(dst[:n+m]); err != nil || pieces != out {
		t.Fatalf("%X in pieces became %q, %v, whole %q", in, pieces, err, out)
	}
	if cs != carriers.ShiftJIS || e < carriers.EmojiDoCoMo || e == carriers.EmojiAu || strings.Contains(out, "\ufffd") {
		return
	}
	again, lost := c.AppendString(nil, out, 0)
	if back := string(c.AppendDecode(nil, again)); back != out || lost != 0 {
		t.Fatalf("%X was read as %q, which went out as %X and came back as %q", in, out, again, back)
	}
}

func FuzzDecodeShiftJIS(f *testing.F) { fuzzDecode(f, carriers.ShiftJIS) }
func FuzzDecodeUTF8(f *testing.F)     { fuzzDecode(f, carriers.UTF8) }
func FuzzDecodeEUC(f *testing.F)      { fuzzDecode(f, carriers.EUCJP) }
func FuzzDecodeISO2022(f *testing.F)  { fuzzDecode(f, carriers.ISO2022JP) }

// mutations is how often TestMutations examines each decoder; the result of ten million is in docs/benchmarks.md.
var mutations = flag.Int("mutations", 20_000, "random inputs for each decoder")

// TestMutations is fuzzing without the engine, so that it can run often: seeds put together, bytes changed, cut out and
// put in, deterministic for a seed.
func TestMutations(t *testing.T) {
	for cs := carriers.UTF8; cs <= carriers.ISO2022JP; cs++ {
		t.Run(cs.String(), func(t *testing.T) {
			t.Parallel()
			rnd := rand.New(rand.NewPCG(2007, uint64(cs)))
			seeds := seedsFor(cs)
			var in []byte
			for range *mutations {
				in = in[:0]
				for range 1 + rnd.IntN(4) {
					in = append(in, seeds[rnd.IntN(len(seeds))]...)
				}
				for range rnd.IntN(6) {
					in = mutate(rnd, in)
				}
				checkDecode(t, cs, byte(rnd.Uint32()), byte(rnd.IntN(len(in)+1)), in)
			}
		})
	}
}

// mutate changes, inserts or removes one byte.
func mutate(rnd *rand.Rand, in []byte) []byte {
	at, b := rnd.IntN(len(in)+1), byte(rnd.Uint32())
	switch rnd.IntN(3) {
	case 0:
		return slices.Insert(in, at, b)
	case 1:
		if at < len(in) {
			in[at] = b
		}
	case 2:
		if at < len(in) {
			return slices.Delete(in, at, at+1)
		}
	}
	return in
}

// FuzzEncode writes any text with any codec and options: it must come back clean, escaped text without markup.
func FuzzEncode(f *testing.F) {
	for _, s := range sampleTexts {
		f.Add(byte(9), byte(1), s.text)
		f.Add(byte(17), byte(15), s.text)
	}
	f.Fuzz(func(t *testing.T, which, options byte, in string) {
		set := carriers.EmojiSet(which) % (carriers.EmojiSoftBank + 1)
		cs := carriers.Charset(which>>4) % (carriers.ISO2022JP + 1)
		o := text.Option(options) % (text.HalfKana << 1)
		c := text.For(carriers.PC, set, cs)
		out, lost := c.AppendString([]byte("x"), in, o)
		if out[0] != 'x' || lost < 0 || lost > len(in) {
			t.Fatalf("%q: %q, lost %d", in, out, lost)
		}
		back := string(c.AppendDecode(nil, out[1:]))
		if !clean(back) {
			t.Fatalf("%q was written %q, which reads %q", in, out, back)
		}
		if o&text.EscapeHTML != 0 && o&text.LocalSrc == 0 && strings.ContainsAny(back, "<>\"'") {
			t.Fatalf("%q was written %q, with markup in it", in, out)
		}
	})
}
