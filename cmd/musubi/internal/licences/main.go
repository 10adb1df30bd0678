// Command licences writes what musubi is made of: deploy/licences.txt, the licence of every module in the program and of its data,
// with their texts, and deploy/sbom.json, the same as a bill of materials (CycloneDX). It asks the go command and reads the module
// cache, never the network. Run it with "make licences" when a dependency has changed; a test says so.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
	classifier "github.com/google/licenseclassifier/v2"
	"github.com/google/licenseclassifier/v2/assets"
)

func main() {
	to := flag.String("to", "deploy", "directory of the two files")
	flag.Parse()
	if err := write(*to); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	made, err := collect()
	if err != nil {
		return err
	}
	bill, err := made.bill()
	return errors.Join(err, os.WriteFile(filepath.Join(dir, "licences.txt"), made.text(), 0o644), os.WriteFile(filepath.Join(dir, "sbom.json"), bill, 0o644))
}

// program is what is described.
const program = "musubi/cmd/musubi"

// A module is one that the program is built from.
type module struct {
	Path, Version, Dir string
	licences           []string // SPDX
	texts              []string
}

// A source is data in the program that is not code: where it comes from, and its licence.
type source struct{ path, licence, from string }

// data are the files that are in the program. Facts are restated in words of our own; what is taken as it is, is named. docs/sources.md
// has the sources in full.
var data = []source{
	{"carriers/data", "MIT", "facts about handsets and address ranges, restated; each row names who states them"},
	{"transcode/emoji/data/emoji.tsv", "MIT", "facts about the carriers' codes, restated from tables that agree"},
	{"transcode/emoji/data/today.tsv", "MIT AND Unicode-3.0", "Unicode emoji data 17.0; short names by emojibase-data (MIT) from CLDR 48 (Unicode-3.0)"},
	{"transcode/charset/data", "MIT AND ISC AND Apache-2.0", "transliterations of any-ascii (ISC); forms of kanji of opencc-js (Apache-2.0)"},
	{"transcode/markup/data", "MIT", "facts about markup languages, restated from their specifications"},
	{"core/seed/data", "MIT", "made up for musubi"},
	{"core/seed/reviewed", "MIT", "made up for musubi"},
	{"transcode/imaging/internal/avif", "MIT AND BSD-2-Clause", "gen2brain/avif 0.4.4 (MIT): libavif 1.1.1 and libaom 3.10.0 (BSD-2-Clause, with the patent licence of AOM) as WebAssembly"},
	{"core/web", "MIT", "style sheets, scripts and drawings made for musubi"},
	{"core/store/migrations", "MIT", "musubi's schema"},
	{"core/search/index", "MIT", "musubi's schema"},
	{"gateway/viewer", "MIT", "page and script made for musubi"},
}

// A making is all that the program is made of.
type making struct {
	modules []module
	data    []source
}

// collect asks the go command what the program is made of.
func collect() (*making, error) {
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Module,Standard,EmbedFiles,Dir", program)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOPROXY=off")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	m, seen := &making{data: data}, map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Standard   bool
			EmbedFiles []string
			Module     *struct {
				module
				Main bool
			}
		}
		if err := d.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		switch {
		case p.Standard || p.Module == nil:
		case p.Module.Main:
			if err := embedded(strings.TrimPrefix(p.ImportPath, "musubi/"), p.EmbedFiles); err != nil {
				return nil, err
			}
		case !seen[p.Module.Path]:
			seen[p.Module.Path] = true
			m.modules = append(m.modules, p.Module.module)
		}
	}
	slices.SortFunc(m.modules, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
	return m, m.read()
}

// embedded refuses a file in the program whose licence nobody has stated.
func embedded(room string, files []string) error {
	for _, f := range files {
		name := room + "/" + f
		if !slices.ContainsFunc(data, func(s source) bool { return name == s.path || strings.HasPrefix(name, s.path+"/") }) {
			return fmt.Errorf("%s is in the program: state its licence in the table of data", name)
		}
	}
	return nil
}

// licenceFile are names of files with licences. Logos are not in a program.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|unlicense|icu-license)`)

// read reads and tells the licences of the modules.
func (m *making) read() error {
	known, err := assets.DefaultClassifier()
	if err != nil {
		return err
	}
	for i := range m.modules {
		if err := m.modules[i].read(known); err != nil {
			return err
		}
	}
	return nil
}

func (m *module) read(known *classifier.Classifier) error {
	entries, err := os.ReadDir(m.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w", m.Path, err)
	}
	for _, e := range entries {
		if e.IsDir() || !licenceFile.MatchString(e.Name()) || strings.Contains(e.Name(), "LOGO") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.Dir, e.Name()))
		if err != nil {
			return err
		}
		m.texts = append(m.texts, strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")))
		for _, found := range known.Match(text).Matches {
			if found.MatchType == "License" && found.Confidence > 0.8 && !slices.Contains(m.licences, found.Name) {
				m.licences = append(m.licences, found.Name)
			}
		}
	}
	slices.Sort(m.licences)
	if said, ok := stated[m.Path]; ok {
		m.licences = said
	}
	if len(m.licences) == 0 {
		return fmt.Errorf("%s: no licence that is known, in %d files: read it, and put it into the table of what is stated", m.Path, len(m.texts))
	}
	for _, l := range m.licences {
		if !slices.Contains(welcome, l) {
			return fmt.Errorf("%s: %s is not among the licences that may go into the program", m.Path, l)
		}
	}
	return nil
}

// stated are the licences of modules whose files a classifier does not tell, as a person read them.
var stated = map[string][]string{}

// welcome are the licences under which a program can be given on by itself.
var welcome = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense", "ICU", "Unicode-DFS-2016", "CC0-1.0", "0BSD", "blessing"}

// spdx is the expression for several licences of one module: all of them.
func spdx(licences []string) string { return strings.Join(licences, " AND ") }

// text is the file for people: a table, then every text once.
func (m *making) text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "What is in the program musubi, and its licences. Made by \"make licences\"; do not edit.\n\nmusubi itself is under the MIT licence (LICENSE). Modules:\n\n")
	for _, mod := range m.modules {
		fmt.Fprintf(&b, "  %s %s\n      %s\n", mod.Path, mod.Version, spdx(mod.licences))
	}
	fmt.Fprintf(&b, "\nThe Go standard library and runtime\n      BSD-3-Clause\n\nData:\n\n")
	for _, s := range m.data {
		fmt.Fprintf(&b, "  %s\n      %s: %s\n", s.path, s.licence, s.from)
	}
	var order []string
	whose := map[string][]string{}
	for _, mod := range m.modules {
		for _, text := range mod.texts {
			if whose[text] == nil {
				order = append(order, text)
			}
			if !slices.Contains(whose[text], mod.Path) {
				whose[text] = append(whose[text], mod.Path)
			}
		}
	}
	for _, text := range order {
		fmt.Fprintf(&b, "\n%s\n%s\n\n%s\n", strings.Repeat("=", 78), strings.Join(whose[text], "\n"), text)
	}
	return b.Bytes()
}

// bill is the file for programs.
func (m *making) bill() ([]byte, error) {
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &cdx.Component{Type: cdx.ComponentTypeApplication, BOMRef: "musubi", Name: "musubi", Licenses: &cdx.Licenses{{Expression: "MIT"}}}}
	var components []cdx.Component
	needs := []string{}
	for _, mod := range m.modules {
		url := "pkg:golang/" + mod.Path + "@" + mod.Version
		components = append(components, cdx.Component{Type: cdx.ComponentTypeLibrary, BOMRef: url, Name: mod.Path, Version: mod.Version, PackageURL: url, Scope: cdx.ScopeRequired,
			Licenses: &cdx.Licenses{{Expression: spdx(mod.licences)}}})
		needs = append(needs, url)
	}
	for _, s := range m.data {
		components = append(components, cdx.Component{Type: cdx.ComponentTypeData, BOMRef: s.path, Name: s.path, Description: s.from, Licenses: &cdx.Licenses{{Expression: s.licence}}})
		needs = append(needs, s.path)
	}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: "musubi", Dependencies: &needs}}
	var b bytes.Buffer
	e := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).SetEscapeHTML(false)
	err := e.EncodeVersion(bom, cdx.SpecVersion1_6)
	return b.Bytes(), err
}
