package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/policy"
)

// named is a store of files that calls each by its bytes.
type named struct{ core.Blobs }

func (named) Put(_ context.Context, b []byte) (string, error) { return string(b), nil }

// banner makes of every upload a photo and a wide picture of so many pixels.
type banner int

func (w banner) MakePhoto(context.Context, []byte) (core.MadePhoto, error) {
	return core.MadePhoto{Bytes: []byte("small"), Type: "image/png", Width: 640, Height: 79, Original: []byte("original"), OriginalType: "image/png",
		Wide: core.MadeFile{Bytes: []byte("wide"), Width: int(w), Height: 90}}, nil
}

// A banner stays as wide as its slot; a photograph of a camera does not; the files made beside are swept.
func TestPicturesOfOperators(t *testing.T) {
	for width, want := range map[banner]policy.Picture{728: {Hash: "wide", Type: "image/jpeg", Width: 728, Height: 90}, 2048: {Hash: "small", Type: "image/png", Width: 640, Height: 79}} {
		st := fresh(t)
		desk, err := core.NewDesk(core.DeskConfig{Store: st.Stores().Desk, Blobs: named{}, Photos: width, Secret: make([]byte, 32), Now: time.Now})
		if err != nil {
			t.Fatal(err)
		}
		got, err := policy.New(desk, st.Stores().Policy).AddPicture(t.Context(), []byte("upload"))
		if want.ID = got.ID; err != nil || got != want {
			t.Errorf("of %d pixels: %+v, %v", width, got, err)
		}
		unused, err := st.Desk.UnusedBlobs(t.Context(), time.Now().Add(time.Hour), 10)
		if err != nil || len(unused) != 2 || slices.Contains(unused, got.Hash) {
			t.Errorf("of %d pixels: %q are spare, %v", width, unused, err)
		}
	}
}
