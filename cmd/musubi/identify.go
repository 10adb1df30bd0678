package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"text/tabwriter"

	"musubi/carriers"
)

type identifyCmd struct {
	Args struct {
		UA *string `positional-arg-name:"UA" description:"User-Agent to look at."`
	} `positional-args:"yes"`
	Header   []string `long:"header" description:"A header field of the request; may be repeated." value-name:"'NAME: VALUE'"`
	IP       string   `long:"ip" description:"Address the request came from."`
	TLS      bool     `long:"tls" description:"The request came over TLS."`
	JSON     bool     `long:"json" description:"Print one JSON object instead of the table."`
	JSONL    bool     `long:"jsonl" description:"Read requests from stdin, one JSON object per line, and print one result per line."`
	Carriers string   `long:"carriers" description:"Folder with carriers and corrections of your own (docs/carriers/operator-files.md)." value-name:"DIR"`
}

// maxRequestLine bounds one line of --jsonl, in bytes.
const maxRequestLine = 1 << 20

// Run tells which handset a request comes from: as a table with the rule behind each field, or as JSON. The shipped
// address list is believed here, because a workbench lets nobody in.
func (c identifyCmd) Run(io *std) error {
	registry, err := carriers.New(carriers.Config{Dir: c.Carriers, ShippedRanges: true})
	if err != nil {
		return usageError{err}
	}
	if c.JSONL {
		if c.Args.UA != nil {
			return badUsage("--jsonl reads requests from stdin: leave the User-Agent %q out", *c.Args.UA)
		}
		return identifyLines(registry, io.In, io.Out)
	}
	if c.Args.UA == nil {
		return badUsage("no User-Agent: expected one as argument, or --jsonl with requests on stdin")
	}
	r, err := c.request()
	if err != nil {
		return err
	}
	if c.JSON {
		h := registry.Identify(r)
		return jsonLines(io.Out).Encode(newIdentified(&h))
	}
	return explain(io.Out, registry, r)
}

// request makes the request that the flags describe.
func (c identifyCmd) request() (carriers.Request, error) {
	list, err := headerFields(c.Header)
	r := carriers.Request{UserAgent: *c.Args.UA, Headers: list, TLS: c.TLS}
	if err != nil {
		return r, err
	}
	if c.IP != "" {
		ip, err := netip.ParseAddr(c.IP)
		if err != nil {
			return r, badUsage("--ip %q: expected an address such as 210.153.84.1", c.IP)
		}
		r.IP = ip
	}
	return r, nil
}

// identifyLines answers requests line by line, in order.
func identifyLines(registry *carriers.Registry, in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, maxRequestLine)
	w := bufio.NewWriter(out)
	defer w.Flush()
	encode := jsonLines(w)
	n := 0
	for lines.Scan() {
		n++
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		var request requestLine
		if err := json.Unmarshal(lines.Bytes(), &request); err != nil {
			return badUsage("line %d is no request: %v; expected {\"ua\":\"…\",\"headers\":{\"name\":\"value\"},\"ip\":\"…\",\"tls\":false}", n, err)
		}
		h := registry.Identify(request.facts())
		if err := encode.Encode(newIdentified(&h)); err != nil {
			return err
		}
	}
	if errors.Is(lines.Err(), bufio.ErrTooLong) {
		return badUsage("line %d is longer than %d bytes: expected one request per line", n+1, maxRequestLine)
	}
	return lines.Err()
}

// jsonLines writes one object per line, < and > as they are.
func jsonLines(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}

// explain prints the table for people.
func explain(out io.Writer, registry *carriers.Registry, r carriers.Request) error {
	h, reasons := registry.Explain(r)
	fmt.Fprintf(out, "%s\n\n", r.UserAgent)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, reason := range reasons {
		value := h.Describe(reason.Field)
		if value == "" {
			continue // nobody knows
		}
		because := reason.Rule
		if reason.Value != "" {
			because += "  (" + reason.Value + ")"
		}
		fmt.Fprintf(w, "%v\t%s\t%s\n", reason.Field, value, because)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nFound in: %v.\n", h.Step)
	return err
}
