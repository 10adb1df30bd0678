package seed

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/letters"
)

//go:embed data/letters.txt
var lettersText string

// A letter is a message from one member of the demo to another.
type letter struct {
	author, to    string
	answers       bool // the newest letter of to
	hours         int  // ago
	subject, body string
}

// parseLetters reads data/letters.txt.
func parseLetters(text string) ([]letter, error) {
	var all []letter
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, ";"), line == "" && len(all) == 0:
		case strings.HasPrefix(line, "> "), strings.HasPrefix(line, "< "):
			f := strings.SplitN(line[2:], " ", 4)
			if len(f) != 4 {
				return nil, fmt.Errorf("seed: letters.txt: %q: want an author, a member, hours and a subject", line)
			}
			hours, err := strconv.Atoi(f[2])
			if err != nil {
				return nil, fmt.Errorf("seed: letters.txt: %q: %v", line, err)
			}
			all = append(all, letter{author: f[0], to: f[1], answers: line[0] == '<', hours: hours, subject: f[3]})
		case len(all) == 0:
			return nil, fmt.Errorf("seed: letters.txt: %q stands before the first letter", line)
		default:
			all[len(all)-1].body += line + "\n"
		}
	}
	return all, nil
}

// correspond sends the letters, and lets those who have answered have read.
func (c *Community) correspond(ctx context.Context) error {
	_, err := c.s.Once(ctx, nobody, "demo letters", func(ctx context.Context) (string, error) {
		newest := map[[2]string]core.ID{} // from one to another
		for _, l := range c.letters {
			n := letters.NewMessage{To: c.ids[l.to], Subject: l.subject, Body: l.body, At: c.now.Add(-time.Duration(l.hours) * time.Hour)}
			if l.answers {
				n.Answers = newest[[2]string{l.to, l.author}]
				if _, err := c.s.Letters.OpenMessage(ctx, c.ids[l.author], n.Answers); err != nil {
					return "", err
				}
			}
			m, err := c.s.Letters.SendMessage(ctx, c.ids[l.author], n)
			if err != nil {
				return "", err
			}
			newest[[2]string{l.author, l.to}] = m.ID
		}
		return "", nil
	})
	return err
}

// footprintEvery is how far apart the members of the demo have looked at each other's pages.
const footprintEvery = 95 * time.Minute

// visit lets the others leave footprints with the members whose logins the demo prints. They are stored a moment later.
func (c *Community) visit(ctx context.Context) error {
	_, err := c.s.Once(ctx, nobody, "demo footprints", func(context.Context) (string, error) {
		for i, login := range c.cast[:len(c.Logins)] {
			for j, visitor := range c.cast {
				if (i+j)%3 > 0 {
					c.s.People.LeaveFootprint(c.ids[visitor.Key], c.ids[login.Key], c.now.Add(-time.Duration(len(c.cast)-j)*footprintEvery))
				}
			}
		}
		return "", nil
	})
	return err
}
