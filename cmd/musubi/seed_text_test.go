package main

import (
	"testing"

	"musubi/carriers"
	"musubi/core/seed"
	"musubi/transcode/text"
)

// seedCodecs are the codecs of the three carriers, by the word in core/seed/data/members.tsv.
var seedCodecs = map[string]*text.Codec{
	"docomo":   text.For(carriers.DoCoMo, carriers.EmojiDoCoMo, carriers.ShiftJIS),
	"au":       text.For(carriers.Au, carriers.EmojiAu, carriers.ShiftJIS),
	"softbank": text.For(carriers.SoftBank, carriers.EmojiSoftBank, carriers.UTF8),
}

// TestSeedIsTypedOnPhones: each member of the demo uses only what the phone in hand has. The text comes back from that
// phone's codec as it went out; on the other two carriers nothing is lost.
func TestSeedIsTypedOnPhones(t *testing.T) {
	n, own := 0, map[string]int{}
	for phone, s := range seed.Texts() {
		n++
		for carrier, codec := range seedCodecs {
			b, lost := codec.AppendString(nil, s, 0)
			if lost != 0 {
				t.Errorf("%s shows %q with %d lost", carrier, s, lost)
			}
			if carrier == phone {
				if back := string(codec.AppendDecode(nil, b)); back != s {
					t.Errorf("typed on %s:\n %q\ncomes back as\n %q", carrier, s, back)
				}
				own[carrier]++
			}
		}
	}
	if n < 250 || len(own) != 3 {
		t.Errorf("%d texts from %v", n, own)
	}
}

// TestSeedSampleArrives: the generated texts of a filled store lose nothing on any carrier.
func TestSeedSampleArrives(t *testing.T) {
	for s := range seed.Sample(1, 1500) {
		for carrier, codec := range seedCodecs {
			if _, lost := codec.AppendString(nil, s, 0); lost != 0 {
				t.Errorf("%s shows %q with %d lost", carrier, s, lost)
			}
		}
	}
}
