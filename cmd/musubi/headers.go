package main

import (
	"strings"

	"musubi/carriers"
)

// headerFields reads the values of --header. A value is kept as it is but for one space after the colon, because an ID
// with more of them is no ID.
func headerFields(args []string) (carriers.HeaderList, error) {
	var list carriers.HeaderList
	for _, arg := range args {
		name, value, ok := strings.Cut(arg, ":")
		if !ok || name == "" {
			return nil, badUsage("--header %q: expected 'Name: value'", arg)
		}
		list = append(list, carriers.HeaderField{Name: name, Value: strings.TrimPrefix(value, " ")})
	}
	return list, nil
}
