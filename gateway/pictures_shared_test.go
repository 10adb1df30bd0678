package gateway

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"musubi/transcode/imaging"
)

// shelf is a SharedPictures in memory.
type shelf map[string][]byte

func (s shelf) Picture(_ context.Context, key string) ([]byte, error) {
	if b, ok := s[key]; ok {
		return b, nil
	}
	return nil, errors.New("not there")
}

func (s shelf) KeepPicture(_ context.Context, key string, b []byte) error {
	s[key] = b
	return nil
}

// TestSharedPictures: what one gateway has fitted, another does not fit again.
func TestSharedPictures(t *testing.T) {
	shared := shelf{}
	open := func() *pictureCache {
		return openPictures(t.TempDir(), 1<<20, shared, slog.New(slog.DiscardHandler))
	}
	one, other := open(), open()
	want := picture{imaging.JPEG, "no-store", []byte("picture")}
	if _, err := one.once("k", func() (picture, error) { return want, nil }); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time from a file of its own
		if p, ok := other.get("k"); !ok || string(p.body) != "picture" || p.copyright != want.copyright || p.format != want.format {
			t.Fatalf("the other gateway got %+v, %v", p, ok)
		}
		delete(shared, "k")
	}
	shared["bad"] = []byte{1}
	if _, ok := other.get("bad"); ok {
		t.Error("half a picture was taken")
	}
	if _, ok := other.get(""); ok {
		t.Error("a picture without a key was found")
	}
}
