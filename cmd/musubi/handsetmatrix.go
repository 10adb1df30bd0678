package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	handset "musubi/gateway/phone"
)

// matrix shows an ID to a gateway in every way that is not the carrier's and prints who got in.
func (c *handsetCmd) matrix(w io.Writer) error {
	p, err := c.phone()
	if err != nil {
		return err
	}
	if c.ID == "" {
		return badUsage("matrix needs --id, a subscriber ID that is registered for easy login on %s", c.URL)
	}
	path := ""
	if len(c.Do) > 1 {
		path = c.Do[1]
	}
	attempts, honest, strangers := 0, 0, 0
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(t, "who\tsource\tUser-Agent\tfield\tplace\tvalue\tanswer")
	err = handset.Matrix(handset.MatrixConfig{URL: c.URL, Path: path, ID: c.ID, Agent: p.UserAgent()}, func(a handset.Attempt) {
		attempts++
		if !a.In {
			return
		}
		who := "the owner"
		if a.Honest {
			honest++
		} else {
			who = "A STRANGER"
			strangers++
		}
		source := a.Source
		if source == "" {
			source = "-"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", who, source, a.Agent, a.Field, a.Place, a.Value, a.Answer)
	})
	if err := t.Flush(); err != nil {
		return err
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "%d attempts: the owner got in %d times, strangers %d times\n", attempts, honest, strangers)
	if strangers > 0 {
		return fmt.Errorf("this gateway lets strangers in")
	}
	return nil
}
