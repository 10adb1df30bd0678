package paint

import (
	"bytes"
	"flag"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"testing"
)

var pictures = flag.String("pictures", "", "also write the pictures into this `directory`, to be looked at")

// TestPaint looks at one picture of every kind: its size, that its seed repeats it, that it is a picture at all (many
// colours, neither black nor white), and what a camera would store.
func TestPaint(t *testing.T) {
	for k := range Kinds {
		t.Run(k.String(), func(t *testing.T) {
			t.Parallel()
			a := Paint(7, k).(*image.RGBA)
			if got, want := a.Rect.Size(), (image.Point{motifs[k].width, motifs[k].height}); got != want {
				t.Errorf("size %v, want %v", got, want)
			}
			if !bytes.Equal(a.Pix, Paint(7, k).(*image.RGBA).Pix) {
				t.Error("the same seed painted another picture")
			}
			colours, sum := map[[3]byte]bool{}, 0
			for i := 0; i < len(a.Pix); i += 4 {
				colours[[3]byte(a.Pix[i:])] = true
				sum += int(a.Pix[i]) + int(a.Pix[i+1]) + int(a.Pix[i+2])
			}
			data := develop(a)
			if c, err := jpeg.DecodeConfig(bytes.NewReader(data)); err != nil || c.Width != motifs[k].width || c.Height != motifs[k].height {
				t.Errorf("stored as %d×%d, %v", c.Width, c.Height, err)
			}
			if len(data) < 20_000 || len(data) > 300_000 {
				t.Errorf("%d bytes, want what a camera phone sends (20–300 KB)", len(data))
			}
			if *pictures != "" {
				if err := os.WriteFile(filepath.Join(*pictures, k.String()+".jpg"), data, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if mean := sum * 4 / len(a.Pix) / 3; mean < 16 || mean > 240 || len(colours) < 2000 {
				t.Errorf("mean %d, %d colours: not a photo", mean, len(colours))
			}
		})
	}
}

func TestKindNames(t *testing.T) {
	for k := range Kinds {
		if got, ok := KindOf(k.String()); !ok || got != k {
			t.Errorf("KindOf(%q) = %v, %v", k.String(), got, ok)
		}
	}
	if _, ok := KindOf("elephant"); ok || Kinds.String() != "" {
		t.Error("an unknown kind has a name")
	}
}

func BenchmarkJPEG(b *testing.B) {
	for k := range Kinds {
		b.Run(k.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				JPEG(1, k)
			}
		})
	}
}
