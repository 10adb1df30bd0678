// Package paint draws pictures that pass for the photos of camera phones, in plain Go. Start with [Paint]; to add a picture, add a
// motif to its list.
package paint

import (
	"bytes"
	"image"
	"image/jpeg"

	"musubi/core/seed/dice"
)

// Kind is what a picture shows.
type Kind uint8

// The pictures we can paint. Portraits stand upright, the others lie.
const (
	Mountain Kind = iota
	Sea
	Ramen
	Cat
	Sakura
	Night
	Train
	Onigiri
	Fireworks
	Cake
	Coffee
	Sky
	Snow
	Maple
	Woman   // portrait
	Man     // portrait
	CatFace // portrait, for those who do not show themselves
	Flower  // portrait
	Kinds
)

// motifs is the one list of what Paint knows.
var motifs = [Kinds]struct {
	name          string
	width, height int
	vignette      float64
	paint         func(*canvas)
}{
	Mountain:  {"mountain", 1024, 768, 0.35, paintMountain},
	Sea:       {"sea", 1024, 768, 0.35, paintSea},
	Ramen:     {"ramen", 1024, 768, 0.5, paintRamen},
	Cat:       {"cat", 1024, 768, 0.45, paintCat},
	Sakura:    {"sakura", 1024, 768, 0.3, paintSakura},
	Night:     {"night", 1024, 768, 0.4, paintNight},
	Train:     {"train", 1024, 768, 0.35, paintTrain},
	Onigiri:   {"onigiri", 1024, 768, 0.5, paintOnigiri},
	Fireworks: {"fireworks", 1024, 768, 0.3, paintFireworks},
	Cake:      {"cake", 1024, 768, 0.5, paintCake},
	Coffee:    {"coffee", 1024, 768, 0.5, paintCoffee},
	Sky:       {"sky", 1024, 768, 0.25, paintSky},
	Snow:      {"snow", 1024, 768, 0.3, paintSnow},
	Maple:     {"maple", 1024, 768, 0.4, paintMaple},
	Woman:     {"woman", 600, 800, 0.3, paintWoman},
	Man:       {"man", 600, 800, 0.3, paintMan},
	CatFace:   {"catface", 600, 800, 0.3, paintCatFace},
	Flower:    {"flower", 600, 800, 0.35, paintFlower},
}

// String returns the name that the diaries in data/ use; "" for an unknown kind.
func (k Kind) String() string {
	if k >= Kinds {
		return ""
	}
	return motifs[k].name
}

// KindOf returns the kind with that name.
func KindOf(name string) (Kind, bool) {
	for k, m := range motifs {
		if m.name == name {
			return Kind(k), true
		}
	}
	return 0, false
}

// Paint returns a picture of that kind, 1024×768 or 600×800 pixels. The same seed gives the same pixels; another seed
// moves the hills, the toppings and the light. An unknown kind is painted as Mountain. Safe for concurrent use.
func Paint(seed uint64, kind Kind) image.Image {
	if kind >= Kinds {
		kind = Mountain
	}
	m := motifs[kind]
	c := newCanvas(m.width, m.height, dice.New(seed, uint64(kind)))
	m.paint(c)
	return c.image(m.vignette, 0.022)
}

// JPEG returns the picture as a camera would have stored it: some 60–200 KB.
func JPEG(seed uint64, kind Kind) []byte { return develop(Paint(seed, kind)) }

func develop(picture image.Image) []byte {
	var b bytes.Buffer
	// Encoding into memory fails only for pictures beyond 65,535 pixels.
	_ = jpeg.Encode(&b, picture, &jpeg.Options{Quality: 86})
	return b.Bytes()
}
