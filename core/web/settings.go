package web

import (
	"cmp"
	"fmt"
	"slices"
)

// A setting is a row of the settings page: a page of its own, under the heading group, at a place there. The first nine
// pages have the keys 1 to 9; mark is the bullet of the others on a handset.
type setting struct {
	group            string
	place            int
	path, word, mark string
}

// settingsHeadings are the headings of the settings page.
var settingsHeadings = [...]string{"settings.self", "settings.seen", "settings.mails", "settings.login", "settings.more"}

// settingsGroup is a heading of the settings page with its rows; first is the number of the first of them, from 1.
type settingsGroup struct {
	word  string
	rows  []setting
	first int
}

// joinSettings puts the rows of all features under their headings.
func joinSettings(features []*feature) (groups []settingsGroup, err error) {
	next := 1
	for _, heading := range settingsHeadings {
		g := settingsGroup{word: heading, first: next}
		for _, f := range features {
			for _, row := range f.settings {
				if row.group == heading {
					g.rows = append(g.rows, row)
				}
				if !slices.Contains(settingsHeadings[:], row.group) {
					return nil, fmt.Errorf("web: feature %q puts %s under %q, expected one of %q", f.name, row.path, row.group, settingsHeadings)
				}
			}
		}
		slices.SortFunc(g.rows, func(a, b setting) int { return cmp.Compare(a.place, b.place) })
		groups = append(groups, g)
		next += len(g.rows)
	}
	return groups, nil
}

// settings lists what a member can set.
func (v chorePages) settings() error { return v.show(&settingsPage{frame(v)}) }
