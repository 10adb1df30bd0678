package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"musubi/core"
	"musubi/core/operator"
)

// operatorCmd adds those who run the service, the first one above all: the console makes the others.
type operatorCmd struct {
	Args struct {
		Do   string `positional-arg-name:"add|list|end|hook" description:"add: print a new operator's password and key for codes, once; list: who there is; end: close an account; hook: print what the provider of payments signs with." required:"1"`
		Name string `positional-arg-name:"NAME" description:"Name of the operator."`
	} `positional-args:"yes"`
	Role string `long:"role" description:"What they may do: all, reports or figures." default:"all" choice:"all" choice:"reports" choice:"figures"`
	Data string `long:"data" description:"Directory of the database." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// Run works on a data directory, also while musubi runs on it.
func (c *operatorCmd) Run(io *std) error {
	if (c.Args.Name == "") != (c.Args.Do == "list" || c.Args.Do == "hook") {
		return badUsage("operator %s: expected add NAME, end NAME, list or hook", c.Args.Do)
	}
	if err := c.isThere(c.Data); err != nil && c.Args.Do != "add" {
		return err
	}
	ctx := context.Background()
	room, err := openCore(ctx, onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn)))
	if err != nil {
		return err
	}
	defer room.Close()
	s := room.services.Operator
	switch c.Args.Do {
	case "hook":
		fmt.Fprintln(io.Out, room.services.HookSecret)
		return nil
	case "end":
		err := s.End(ctx, commandLine, c.Args.Name)
		if errors.Is(err, core.ErrNotFound) {
			return badUsage("there is no operator %s; musubi operator list prints them", c.Args.Name)
		}
		return err
	case "list":
		all, err := s.Operators(ctx)
		for _, o := range all {
			if o.EndedAt.IsZero() {
				fmt.Fprintf(io.Out, "%s\t%s\n", o.Name, o.Role)
			}
		}
		return err
	}
	role, _ := operator.ParseRole(c.Role)
	key := operator.NewKey()
	if _, err := s.Create(ctx, commandLine.Name, c.Args.Name, role, key); errors.Is(err, operator.ErrTaken) {
		return badUsage("there is an operator %s already", c.Args.Name)
	} else if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "name %s\npassword %s\ntotp %s\n", c.Args.Name, key.Password, key.TOTP)
	return nil
}
