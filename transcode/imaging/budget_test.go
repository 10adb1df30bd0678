package imaging

import (
	"bytes"
	"errors"
	"image/gif"
	"image/png"
	"testing"

	"musubi/transcode/imaging/internal/testpic"
)

// TestByteBudget: 40 photos of all kinds × six limits. Never over the limit; at least 95 % of it used where the quality
// is below the best, 90 % at 2 KB.
func TestByteBudget(t *testing.T) {
	kinds := []testpic.Kind{testpic.YCbCr420, testpic.YCbCr444, testpic.YCbCr422, testpic.Grey, testpic.YCbCr420}
	fullest, emptiest := map[int]float64{}, map[int]float64{} // of those below the best quality
	sizes := [][2]int{{640, 480}, {480, 640}, {800, 533}, {331, 467}}
	for i := range 40 {
		size := sizes[i%len(sizes)]
		src := photo(size[0], size[1], uint64(i), testpic.Options{Kind: kinds[i%len(kinds)], Progressive: i%7 == 3, Quality: 80 + i%15})
		for _, limit := range []int{2000, 5000, 10000, 20000, 30000, 100000} {
			for _, l := range []Limits{{Width: 240, Height: 320, MaxBytes: limit}, {Width: 480, Height: 480, MaxBytes: limit}} {
				if l.Width == 480 && i%5 > 0 {
					continue
				}
				out, info, err := Convert(nil, src, l)
				if err != nil {
					t.Fatalf("photo %d, %d bytes: %v", i, limit, err)
				}
				want := 0.95
				if limit == 2000 {
					want = 0.90
				}
				switch used := float64(len(out)) / float64(limit); {
				case used > 1:
					t.Errorf("photo %d, width %d: %d bytes, over the limit of %d", i, l.Width, len(out), limit)
				case used < want && info.Quality < topQuality:
					t.Errorf("photo %d, width %d: %d bytes at quality %d, want ≥ %.0f %% of %d", i, l.Width, len(out), info.Quality, 100*want, limit)
				}
				read(t, out, info)
				if used := float64(len(out)) / float64(limit); info.Quality < topQuality {
					fullest[limit] = max(fullest[limit], used)
					if least, known := emptiest[limit]; !known || used < least {
						emptiest[limit] = used
					}
				}
			}
		}
	}
	for limit, least := range emptiest {
		t.Logf("%d bytes: between %.1f and %.1f %% used", limit, 100*least, 100*fullest[limit])
	}
}

// TestByteLimitOfEveryFormat: photos and drawings, as small as limits get. What cannot be is said.
func TestByteLimitOfEveryFormat(t *testing.T) {
	drawn := testpic.Draw(200, 150, 6)
	var pngFile, gifFile bytes.Buffer
	if err := png.Encode(&pngFile, drawn.Image()); err != nil {
		t.Fatal(err)
	}
	if err := gif.Encode(&gifFile, drawn.Image(), nil); err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string][]byte{"JPEG": drawn.JPEG(testpic.Options{}), "PNG": pngFile.Bytes(), "GIF": gifFile.Bytes()} {
		for _, to := range []Formats{JPEG, PNG, GIF, BMP, JPEG | GIF, PNG | JPEG, Web} {
			for _, colors := range []int{0, 2, 256, 4096} {
				for _, limit := range []int{1000, 4000, 20000} {
					out, info, err := Convert(nil, src, Limits{Width: 160, Height: 160, Formats: to, Colors: colors, MaxBytes: limit})
					if err != nil {
						if !errors.Is(err, ErrNoFit) || to != BMP {
							t.Errorf("%s to %v, %d colours, %d bytes: %v", name, to, colors, limit, err)
						}
						continue
					}
					read(t, out, info)
					if len(out) > limit {
						t.Errorf("%s to %v, %d colours: %d bytes, over %d", name, to, colors, len(out), limit)
					}
				}
			}
		}
	}
	if _, _, err := Convert(nil, gifFile.Bytes(), Limits{MaxBytes: 20}); !errors.Is(err, ErrNoFit) {
		t.Errorf("20 bytes: %v, want ErrNoFit", err)
	}
}

func TestQualityWithoutLimit(t *testing.T) {
	src := photo(320, 240, 1, testpic.Options{})
	for _, c := range []struct{ ask, limit, want int }{{0, 0, defaultQuality}, {0, 1 << 20, topQuality}, {60, 0, 60}, {60, 1 << 20, 60}, {150, 0, 100}} {
		_, info, err := Convert(nil, src, Limits{Quality: c.ask, MaxBytes: c.limit})
		if err != nil || info.Quality != c.want {
			t.Errorf("quality %d, limit %d: %d (%v), want %d", c.ask, c.limit, info.Quality, err, c.want)
		}
	}
}
