package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

// The floors of core, from below: what lies on a floor may be taken by the floors above it. An area joins by a word here.
var (
	told   = []string{"core", "core/outbox", "core/guard", "core/news", "core/push", "core/report", "core/premium", "core/figures", "core/policy", "core/advert", "core/talk", "core/search", "core/feature", "core/shop"}
	areas  = []string{"core/people", "core/account", "core/journal", "core/album", "core/music", "core/letters", "core/community", "core/calendar", "core/review", "core/elsewhere"}
	house  = slices.Concat(told, areas, []string{"core/mailpost", "core/digest", "core/bring", "core/operator", "core/chores", "core/network"})
	stages = []string{"transcode/own", "transcode/text", "transcode/form", "transcode/keep", "transcode/markup", "transcode/page", "transcode/imaging", "transcode/mail", "transcode/document"}
)

// rooms says which other rooms of musubi each folder may import (docs/architecture.md): these and no others, neither what
// lies below them nor what lies below itself. Nil: any.
var rooms = map[string][]string{
	"carriers":               {"carriers/internal/rows"},
	"carriers/internal/gen":  {"carriers/internal/rows"},
	"carriers/internal/rows": {},

	"transcode/charset":                     {},
	"transcode/charset/internal/gen":        {"transcode/charset"},
	"transcode/emoji":                       {"carriers"},
	"transcode/emoji/internal/gen":          {"transcode/charset"},
	"transcode/own":                         {},
	"transcode/internal/codectest":          {},
	"transcode/internal/emojitable":         {},
	"transcode/text":                        {"carriers", "transcode/charset", "transcode/emoji"},
	"transcode/document":                    {"transcode/markup"},
	"transcode/form":                        {"carriers", "transcode/charset", "transcode/text"},
	"transcode/keep":                        {"carriers", "transcode/charset", "transcode/text"},
	"transcode/markup":                      {"carriers", "transcode/charset", "transcode/own", "transcode/text", "transcode/keep"},
	"transcode/page":                        {"carriers", "transcode/own", "transcode/text", "transcode/form", "transcode/keep", "transcode/markup"},
	"transcode/page/pagetest":               {"carriers", "transcode/own", "transcode/text", "transcode/markup", "transcode/page"},
	"transcode/imaging":                     {"transcode/imaging/scaledjpeg", "transcode/imaging/internal/jpegenc", "transcode/imaging/internal/palette", "transcode/imaging/internal/avif"},
	"transcode/imaging/internal/avif":       {},
	"transcode/imaging/scaledjpeg":          {},
	"transcode/imaging/internal/jpegenc":    {},
	"transcode/imaging/internal/palette":    {},
	"transcode/imaging/internal/ssim":       {},
	"transcode/imaging/internal/testpic":    {},
	"transcode/imaging/internal/imagebench": {"transcode/imaging", "transcode/imaging/internal/ssim", "transcode/imaging/internal/testpic"},
	"transcode/mail":                        {"carriers", "transcode/text"},
	"transcode/mail/internal/mailtest":      {"transcode/mail"},
	"transcode/video":                       {"carriers"},
	"transcode":                             append([]string{"carriers"}, stages...),

	"gateway":                     append([]string{"carriers", "core/disk", "transcode", "gateway/door", "gateway/fetch", "gateway/redis", "gateway/session", "gateway/wire"}, stages...),
	"gateway/door":                {}, // taken by gateway and by the core's own server alike
	"gateway/wire":                {}, // as well
	"gateway/redis":               {},
	"gateway/redis/redistest":     {},
	"gateway/session":             {"carriers", "core/disk", "gateway/redis"},
	"gateway/inbound":             {"carriers", "transcode/mail"},
	"gateway/inbound/inboundtest": {},
	"gateway/fetch":               {"gateway/session"},
	"gateway/archive":             {"carriers", "transcode/emoji", "transcode/markup", "transcode/text"},
	"gateway/phone":               {"carriers", "transcode/own", "transcode/text"},
	"gateway/viewer":              {"carriers", "transcode/own", "transcode/text", "gateway/phone"},

	"core":                           {},
	"core/disk":                      {}, // taken by the gateway, too
	"core/files":                     {"core", "core/disk"},
	"core/bucket":                    {},
	"core/outbox":                    {"core"},
	"core/guard":                     {"core"},
	"core/news":                      {"core", "core/outbox"},
	"core/push":                      {"core", "core/news"},
	"core/push/wire":                 {"core/push"},
	"core/report":                    {"core", "core/news", "core/outbox"},
	"core/premium":                   {"core", "core/news"},
	"core/figures":                   {"core"},
	"core/policy":                    {"core"},
	"core/advert":                    {"core"},
	"core/shop":                      {},
	"core/talk":                      {"core", "core/news", "core/report"},
	"core/search":                    {"core", "core/search/index"},
	"core/search/index":              {"core/store/engine"},
	"core/feature":                   {"core", "core/news", "core/report", "core/talk", "core/search"},
	"core/people":                    told,
	"core/account":                   append([]string{"core/people"}, told...), // whose profile a login shows
	"core/journal":                   told,
	"core/album":                     told,
	"core/music":                     told,
	"core/letters":                   told,
	"core/community":                 told,
	"core/calendar":                  told,
	"core/elsewhere":                 told,
	"core/review":                    told,
	"core/mailpost":                  slices.Concat(told, areas),
	"core/digest":                    slices.Concat(told, areas),
	"core/bring":                     slices.Concat(told, areas, []string{"core/disk", "core/bring/mtformat"}),
	"core/bring/mtformat":            {},
	"core/bring/mysqldump":           {},
	"core/bring/openpne/openpnetest": {}, // dumps for tests
	"core/bring/openpne":             append([]string{"core/bring/mysqldump"}, house...),
	"core/chores":                    slices.Concat(told, areas, []string{"core/disk", "core/mailpost", "core/digest", "core/bring", "core/bring/mtformat", "core/operator"}),
	"core/operator":                  append([]string{"core/account", "core/people"}, told...),
	"core/network":                   house,
	"core/store/engine":              {"core/disk"},
	"core/store/pgtest":              {},                            // a server for tests
	"core/store/shardtest":           {"core", "core/store/engine"}, // looks at writes, for tests
	"core/store/moving":              {"core/store", "core/store/engine"},
	"core/store/base":                append([]string{"core/store/engine"}, told...),
	"core/store/ledger":              {"core", "core/store/base", "core/store/engine"},
	"core/store/mails":               append([]string{"core/store/base", "core/store/engine", "core/mailpost", "core/digest"}, told...),
	"core/store/communities":         append([]string{"core/store/base", "core/store/engine", "core/community"}, told...),
	"core/store/albums":              append([]string{"core/store/base", "core/store/engine", "core/album"}, told...),
	"core/store/messages":            append([]string{"core/store/base", "core/store/engine", "core/letters"}, told...),
	"core/store/console":             append([]string{"core/store/base", "core/store/engine"}, house...),
	"core/store/elsewheredb":         append([]string{"core/store/base", "core/store/engine", "core/elsewhere"}, told...),
	"core/store/bringdb":             append([]string{"core/store/base", "core/store/engine", "core/bring"}, told...),
	"core/store/pushdb":              append([]string{"core/store/base", "core/store/engine"}, told...),
	"core/store/musicdb":             append([]string{"core/store/base", "core/store/engine", "core/music"}, told...),
	"core/store/reviews":             append([]string{"core/store/base", "core/store/engine", "core/review"}, told...),
	"core/store":                     append([]string{"core/store/musicdb", "core/store/ledger", "core/store/pushdb", "core/store/bringdb", "core/store/elsewheredb", "core/store/reviews", "core/store/albums", "core/store/base", "core/store/communities", "core/store/mails", "core/store/console", "core/store/engine", "core/store/messages", "core/store/survey", "core/search/index"}, house...),
	"core/store/survey":              {"core", "core/chores", "core/store/engine"},
	"core/cache":                     append([]string{"core/store", "core/store/albums", "core/store/communities", "core/store/engine", "core/store/musicdb", "core/store/reviews"}, house...),
	"core/web":                       house,
	"core/seed":                      append([]string{"core/seed/dice", "core/seed/paint", "core/seed/reviewed"}, house...),
	"core/seed/dice":                 {},
	"core/seed/paint":                {"core/seed/dice"},
	"core/seed/reviewed":             house,
	"core/lookup":                    {"core/review"},
	"core/postman":                   {"core", "core/outbox"},

	"core/internal/haiku": append([]string{"core/network", "core/store", "core/store/engine"}, told...), // an area in one folder, for its test alone

	"cmd/musubi":                    nil,
	"cmd/musubi/internal/loadbench": nil,
	"cmd/musubi/internal/chaos":     nil,
	"cmd/musubi/internal/licences":  {},
}

// alone are modules that one room takes and no other does.
var alone = map[string]string{"github.com/redis/go-redis": "gateway/redis", "github.com/minio/minio-go": "core/bucket", "github.com/SherClockHolmes/webpush-go": "core/push/wire"}

// modules says which modules outside the standard library a room may import; a room that is not named may import any.
var modules = map[string][]string{
	"transcode/own":     {},
	"carriers":          {},
	"core/disk":         {},
	"gateway/door":      {},
	"gateway/wire":      {"github.com/valyala/fasthttp"},
	"transcode/charset": {"golang.org/x/text"},
	"transcode/emoji":   {"golang.org/x/text"},
	"transcode/video":   {},
	"transcode/imaging": {"github.com/disintegration/imaging", "github.com/klauspost/compress", "golang.org/x/image", "github.com/srwiley/oksvg", "github.com/srwiley/rasterx"},
	"core":              {"golang.org/x/text", "golang.org/x/crypto", "golang.org/x/sync"},
}

// TestImportsFollowTheRooms opens the files itself, so the test cache notices a new import.
func TestImportsFollowTheRooms(t *testing.T) {
	files, offences := checkImports(t, os.DirFS("../.."))
	for _, o := range offences {
		t.Error(o)
	}
	if files < 300 {
		t.Fatalf("only %d Go files found: is the test looking at the right tree?", files)
	}
}

// TestImportsArePlanted: an import that a wall forbids is found and named, and what may be there passes.
func TestImportsArePlanted(t *testing.T) {
	for _, c := range []struct {
		file, imp string
		forbidden bool
	}{
		{"core/web/page.go", "musubi/core/store", true}, {"core/web/page.go", "musubi/core/cache", true}, {"core/web/page.go", "musubi/core", false},
		{"core/member.go", "musubi/core/web", true}, {"core/member.go", "musubi/core/news", true}, {"core/member.go", "musubi/core/disk", true},
		{"core/album/album.go", "musubi/core/store", true}, {"core/album/album.go", "musubi/core/web", true}, {"core/album/album.go", "musubi/core/journal", true},
		{"core/network/network.go", "musubi/core/internal/haiku", true}, {"core/store/store.go", "musubi/core/internal/haiku", true},
		{"core/news/news.go", "musubi/core/people", true}, {"core/album/album.go", "musubi/core/news", false}, {"core/member.go", "musubi/gateway", true},
		{"gateway/page.go", "musubi/core", true}, {"gateway/session/jar.go", "musubi/gateway", true}, {"gateway/page.go", "musubi/transcode/charset", true},
		{"carriers/a.go", "github.com/valyala/fasthttp", true}, {"carriers/a_test.go", "github.com/valyala/fasthttp", false},
		{"core/text.go", "golang.org/x/text/unicode/norm", false}, {"core/text.go", "golang.org/x/texture", true},
		{"core/web/page_test.go", "musubi/core/store", false}, {"core/web/page_test.go", "musubi/gateway", true},
		{"gateway/session/jar.go", "github.com/redis/go-redis/v9", true}, {"cmd/musubi/core.go", "github.com/redis/go-redis/v9", true}, {"gateway/redis/redis.go", "github.com/redis/go-redis/v9", false},
		{"gateway/nowhere/a.go", "fmt", true}, {"cmd/musubi/core.go", "musubi/core/store", false},
	} {
		_, offences := checkImports(t, fstest.MapFS{c.file: {Data: []byte("package p\n\nimport _ \"" + c.imp + "\"\n")}})
		if (len(offences) > 0) != c.forbidden {
			t.Errorf("%s imports %s: %q", c.file, c.imp, offences)
		}
		for _, o := range offences {
			if !strings.Contains(o, c.file) || !strings.Contains(o, c.imp) {
				t.Errorf("%q does not name the offender", o)
			}
		}
	}
}

// checkImports reads the import clauses of every Go file and returns a sentence for each that no room allows.
func checkImports(t *testing.T, top fs.FS) (files int, offences []string) {
	t.Helper()
	err := fs.WalkDir(top, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		files++
		text, err := fs.ReadFile(top, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if why := forbidden(path.Dir(name), imp, strings.HasSuffix(name, "_test.go")); why != "" {
				offences = append(offences, name+" imports "+imp+": "+why)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, offences
}

// forbidden says why a file in dir must not import imp, or "". A test may also import what its top-level folder and the rooms
// there offer, what that folder may import, and any module.
func forbidden(dir, imp string, test bool) string {
	allowed, known := rooms[dir]
	if !known {
		return "the folder is in no room; add it to docs/architecture.md and to this table"
	}
	if own, ours := strings.CutPrefix(imp, "musubi/"); ours {
		if allowed == nil || own == dir || slices.Contains(allowed, own) || test && (under(own, top(dir)) || slices.Contains(rooms[top(dir)], own)) {
			return ""
		}
		return "room " + dir + " may not import it (docs/architecture.md)"
	}
	for module, room := range alone {
		if under(imp, module) && dir != room {
			return "only room " + room + " takes this module"
		}
	}
	outside, limited := modules[dir]
	if !limited || test || !strings.Contains(top(imp), ".") || slices.ContainsFunc(outside, func(m string) bool { return under(imp, m) }) {
		return ""
	}
	return "room " + dir + " keeps to the standard library and " + strings.Join(outside, ", ")
}

// top is the first element of a path.
func top(p string) string { return strings.SplitN(p, "/", 2)[0] }

// under says whether p is dir or lies below it.
func under(p, dir string) bool { return p == dir || strings.HasPrefix(p, dir+"/") }

// Only the room whose thing it is says that a viewer was let look at it (talk.Show): pages and programs get what they have seen from
// there, and cannot make it up.
func TestOnlyAreasShow(t *testing.T) {
	shown := 0
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") {
			return err
		}
		text, err := os.ReadFile(path.Join("../..", name))
		if err != nil || !strings.Contains(string(text), "talk.Show(") || name == "cmd/musubi/imports_test.go" {
			return err
		}
		if shown++; !slices.Contains(areas, path.Dir(name)) {
			t.Errorf("%s calls talk.Show: expected one of the areas (%s)", name, strings.Join(areas, ", "))
		}
		return nil
	})
	if err != nil || shown < 4 {
		t.Errorf("%d files call it, %v: is the test looking at the right tree?", shown, err)
	}
}
