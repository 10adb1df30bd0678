package store

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"musubi/core"
)

// exportTable is the table of docs/export.md: what is in each file of an export.
func exportTable(tables []core.Table) string {
	words := map[core.ColumnKind]string{
		core.NumberField: "number", core.FlagField: "true or false", core.TimeField: "time", core.IDField: "ID", core.MemberField: "member",
		core.AuthorField: "member", core.VisibilityField: "visibility", core.FolderField: "folder", core.AttachmentField: "attachment",
		core.InvitationField: "state", core.NewsField: "news",
	}
	var b strings.Builder
	b.WriteString("| file | fields |\n|---|---|\n")
	for _, t := range tables {
		if t.Export == "" {
			continue
		}
		var fields []string
		for _, f := range t.Fields() {
			switch word := words[f.Kind]; {
			case f.Kind == core.SelfField || f.Kind == core.SecretField || f.Kind == core.InnerField:
			case word == "":
				fields = append(fields, "`"+f.Name+"`")
			default:
				fields = append(fields, "`"+f.Name+"` "+word)
			}
		}
		if t.Export == "photos" || t.Export == "film_files" {
			fields = append(fields, "`file` its place in the ZIP")
		}
		fmt.Fprintf(&b, "| `%s.json` | %s |\n", t.Export, strings.Join(fields, ", "))
	}
	return b.String()
}

// docs/export.md is what exports are made of.
func TestExportIsDocumented(t *testing.T) {
	const path, begin, end = "../../docs/export.md", "<!-- tables -->\n", "<!-- end -->\n"
	doc, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	table, after, found := strings.Cut(rest, end)
	if !ok || !found {
		t.Fatalf("%s has no %q and %q", path, begin, end)
	}
	if want := exportTable(fresh(t).tables); table != want {
		if os.Getenv("MUSUBI_UPDATE") != "" {
			if err := os.WriteFile(path, []byte(before+begin+want+end+after), 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("the table of %s is not what the tables of the areas say; run the test with MUSUBI_UPDATE=1. It should be:\n%s", path, want)
	}
}
