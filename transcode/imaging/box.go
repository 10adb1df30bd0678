package imaging

import (
	"fmt"
	"strconv"
	"strings"
)

// A Box is a size that pictures are shown at. Boxes that the network can ask for are a closed set (SEC-84), so that
// nobody can fill a cache by asking for all sizes there are.
type Box struct {
	Name          string
	Width, Height int
	Screen        bool // the handset's display takes the place of Width and Height, which are for clients without one
}

// Boxes are the named sizes: those of the network's lists and albums, and the whole display.
var Boxes = []Box{
	{Name: "thumb", Width: 76, Height: 76},
	{Name: "120x120", Width: 120, Height: 120},
	{Name: "180x180", Width: 180, Height: 180},
	{Name: "screen", Width: 240, Height: 320, Screen: true},
	{Name: "medium", Width: 320, Height: 320},
	{Name: "large", Width: 640, Height: 640},
}

// Named finds a box by its name.
func Named(name string) (Box, bool) {
	for _, b := range Boxes {
		if b.Name == name {
			return b, true
		}
	}
	return Box{}, false
}

// ParseBox knows the names and "WxH", with 0 for a side that only MaxResult limits: what a person at the command line may
// ask for.
func ParseBox(s string) (Box, error) {
	if b, ok := Named(s); ok {
		return b, nil
	}
	ws, hs, ok := strings.Cut(s, "x")
	w, errW := strconv.ParseUint(ws, 10, 16)
	h, errH := strconv.ParseUint(hs, 10, 16)
	if !ok || errW != nil || errH != nil || w > MaxResult || h > MaxResult || w+h == 0 {
		return Box{}, fmt.Errorf("box %q: want WIDTHxHEIGHT in pixels up to %d, or one of %s", s, MaxResult, boxNames())
	}
	return Box{Name: s, Width: int(w), Height: int(h)}, nil
}

func boxNames() string {
	var names []string
	for _, b := range Boxes {
		names = append(names, b.Name)
	}
	return strings.Join(names, ", ")
}
