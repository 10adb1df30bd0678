// Package shop is links to shops: an operator's templates with their affiliate tags, filled with the names of what a member
// wants to buy. What members buy there pays the operator, not the member.
package shop

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A Shop sells things.
type Shop struct {
	Name string // on the button, and of the counter of clicks
	URL  string // {artist}, {title}, {album}, {maker} and {code} are replaced
}

// Names are what a link may name of a thing. Those that a thing has not are empty.
type Names struct{ Artist, Title, Album, Maker, Code string }

// Clicks is how often links to a shop were followed.
type Clicks struct {
	Shop   string
	Clicks int
}

// Parse reads "name=https://…{artist}…" as an operator writes it; names are those that may stand in it.
func Parse(list []string, names ...string) (shops []Shop, err error) {
	expected := "NAME=https://shop.example/… with {" + strings.Join(names, "}, {") + "} in it"
	for _, line := range list {
		name, to, ok := strings.Cut(line, "=")
		u, bad := url.Parse(to) // which takes no braces in a host
		if !ok || name == "" || bad != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			return nil, fmt.Errorf("shop %q: expected %s", line, expected)
		}
		places := place.FindAllString(to, -1)
		for _, p := range places {
			if !slices.Contains(names, strings.Trim(p, "{}")) {
				return nil, fmt.Errorf("shop %q: nothing stands for %s; expected %s", line, p, expected)
			}
		}
		if len(places) == 0 || strings.Count(to, "{")+strings.Count(to, "}") != 2*len(places) {
			return nil, fmt.Errorf("shop %q leads everybody to the same place; expected %s", line, expected)
		}
		shops = append(shops, Shop{name, to})
	}
	return shops, nil
}

var place = regexp.MustCompile(`\{[^{}]*\}`)

// To is where the shop has a thing.
func (s Shop) To(n Names) string {
	e := url.QueryEscape
	return strings.NewReplacer("{artist}", e(n.Artist), "{title}", e(n.Title), "{album}", e(n.Album), "{maker}", e(n.Maker), "{code}", e(n.Code)).Replace(s.URL)
}

// Named gives the shop of a name.
func Named(shops []Shop, name string) (Shop, bool) {
	i := slices.IndexFunc(shops, func(s Shop) bool { return s.Name == name })
	if i < 0 {
		return Shop{}, false
	}
	return shops[i], true
}
