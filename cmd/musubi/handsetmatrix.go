package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"text/tabwriter"

	handset "musubi/gateway/phone"
)

// knockers are the handsets that try the matrix when none is named, each with an ID that is made up anew: letters or
// digits, and what follows them in that carrier's form.
var knockers = []struct {
	model, alphabet string
	length          int
	tail            string
}{
	{"P903i", letters, 7, ""}, {"CA39", digits, 14, "_mj.ezweb.ne.jp"}, {"910T", letters, 16, ""},
}

const (
	digits  = "0123456789"
	letters = digits + "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)

// madeUp returns a random word.
func madeUp(alphabet string, length int) string {
	b := make([]byte, length)
	for i := range b {
		b[i] = alphabet[rand.IntN(len(alphabet))]
	}
	return string(b)
}

// matrixCount is what came of the attempts.
type matrixCount struct{ attempts, owner, strangers int }

// matrix shows subscriber IDs to a gateway in every way that is not a carrier's and prints who got in. With a member's
// mail address and password the IDs are registered first, so that their owner must get in; with --id alone they are taken
// to be registered already; otherwise everybody is a stranger.
func (c *handsetCmd) matrix(w io.Writer, path []string) error {
	if len(path) > 1 {
		return badUsage("matrix takes one path, that of the easy login, or none")
	}
	tries := []handsetCmd{*c}
	if c.Model == "" && c.UA == "" {
		tries = nil
		for _, k := range knockers {
			one := *c
			one.Model, one.ID = k.model, madeUp(k.alphabet, k.length)+k.tail
			tries = append(tries, one)
		}
	} else if c.ID == "" {
		return badUsage("matrix with --model or --ua also needs --id, a subscriber ID in the form of that carrier")
	}
	var n matrixCount
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "who got in\tID of\tforwarded for\tUser-Agent\tfield\tplace\tvalue\tanswer")
	for _, one := range tries {
		if err := one.knock(t, &n, append(path, "")[0], c.ID != ""); err != nil {
			return errors.Join(t.Flush(), err)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "%d attempts: the owner got in %d times, strangers %d times\n", n.attempts, n.owner, n.strangers)
	if n.strangers > 0 {
		return errors.New("this gateway lets strangers in")
	}
	return nil
}

// knock tries one handset's ID in all ways.
func (c *handsetCmd) knock(w io.Writer, n *matrixCount, path string, registered bool) error {
	p, err := c.phone()
	if err != nil {
		return err
	}
	if c.Mail != "" {
		if err := c.register(p); err != nil {
			return err
		}
		registered = true
	}
	return handset.Matrix(handset.MatrixConfig{URL: c.URL, Path: path, ID: c.ID, Agent: p.UserAgent(), Registered: registered}, func(a handset.Attempt) {
		n.attempts++
		if !a.In {
			return
		}
		who, source := "A STRANGER", a.Source
		if a.Honest {
			who = "the owner"
			n.owner++
		} else {
			n.strangers++
		}
		if source == "" {
			source = "-"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", who, p.Handset().Carrier, source, a.Agent, a.Field, a.Place, a.Value, a.Answer)
	})
}

// register logs the member in on this handset and registers its ID, as the member would.
func (c *handsetCmd) register(p *handset.Phone) error {
	steps := []func() (*handset.Page, error){
		func() (*handset.Page, error) { return p.Get("/") },
		func() (*handset.Page, error) { return p.Submit(0, "mail", c.Mail, "password", c.Pass) },
		func() (*handset.Page, error) { return p.Get("/settings/easy") },
		func() (*handset.Page, error) { return p.Submit(0, "password", c.Pass) },
	}
	for _, step := range steps {
		page, err := step()
		if err != nil {
			return err
		}
		if page.Status != 200 {
			return fmt.Errorf("registering the ID: %s answers %d", page.URL, page.Status)
		}
	}
	return nil
}
