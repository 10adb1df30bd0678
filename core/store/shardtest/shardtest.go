// Package shardtest looks, in tests on SQLite, which transactions would leave their shard if each member and each community had one of
// its own: what has to be known before Atomic can name its member (docs/scale.md). crossing.tsv lists those that do. With
// MUSUBI_TEST_SHARDS=1 a suite fails that has another one, or one that leaves by another way, and prints with -v who writes at all.
package shardtest

import (
	"cmp"
	"database/sql"
	_ "embed"
	"flag"
	"fmt"
	"maps"
	"os"
	"path"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"musubi/core"
	"musubi/core/store/engine"
)

// crossing has, for each function that leaves its shard, how: "owners" when it writes rows of two members or communities, the tables without
// an owner that it writes beside rows that have one, "beside" with a table whose owner it has not named to AtomicOf: who writes there
// needs no lock (docs/scale.md says why); and "everybody" when it names owners, and something within it nobody.
//
//go:embed crossing.tsv
var crossing string

// Environment has a run look at crossing.tsv.
const Environment = "MUSUBI_TEST_SHARDS"

// seen is what the transactions of this process did, by who asked for them.
var seen struct {
	sync.Mutex
	ways map[string]map[string]bool
	all  map[string]bool
}

// Wrote is a Config.Wrote for the database in a file.
func Wrote(file string, tables []core.Table) func(engine.Wrote) {
	var once sync.Once
	var owners map[string]int // the place of the column that names whose row it is; -1: nobody's
	return func(w engine.Wrote) {
		once.Do(func() { owners = ownersOf(file, tables) })
		whose, nobodys, beside := map[int64]bool{}, map[string]bool{}, map[string]bool{}
		for _, r := range w.Rows {
			place, known := owners[r.Table]
			if !known || queues[r.Table] {
				continue
			}
			if place < 0 {
				nobodys[r.Table] = true
			} else if id, _ := r.Columns[place].(int64); id != 0 {
				whose[id] = true
				if r.Table == "audit" {
					id = int64(core.TheLog) // whose line it is: all are one chain
				}
				if !w.All && !w.Grew && !slices.Contains(w.Of, id) {
					beside[r.Table] = true
				}
			}
		}
		name := asked(w.Caller)
		if name == "" || len(w.Rows) == 0 {
			return
		}
		seen.Lock()
		defer seen.Unlock()
		if seen.all == nil {
			seen.all, seen.ways = map[string]bool{}, map[string]map[string]bool{}
		}
		seen.all[name] = true
		note := func(way string) {
			if seen.ways[name] == nil {
				seen.ways[name] = map[string]bool{}
			}
			seen.ways[name][way] = true
		}
		if len(whose) > 1 {
			note("owners")
		}
		if w.Grew && !w.All {
			note("everybody")
		}
		for table := range beside {
			note("beside " + table)
		}
		if len(whose) > 0 {
			for table := range nobodys {
				note(table)
			}
		}
	}
}

// queues are tables of which each shard has one: whoever writes a row leaves it on the shard where it writes, and it is found by when it is due.
var queues = map[string]bool{"outbox": true, "community_mailing": true, "task": true}

// ownersOf finds the column of each table that names whose its rows are: the first of its key where that is a member or a community,
// else the member whose row it is.
func ownersOf(file string, tables []core.Table) map[string]int {
	db, err := sql.Open("sqlite", "file:"+file+"?mode=ro")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	owners := map[string]int{}
	for _, t := range tables {
		owner := ""
		for _, c := range strings.Fields(t.Columns) {
			name, kind, _ := strings.Cut(c, ":")
			first := name == t.Keys()[0] && (kind == "self" || kind == "member" || kind == "author" || name == "community" || name == "owner" || t.Name == "community")
			if first || owner == "" && kind == "self" {
				owner = name
			}
			if first {
				break
			}
		}
		place := -1
		if owner != "" {
			if err := db.QueryRow(`SELECT cid FROM pragma_table_info($1) WHERE name = $2`, t.Name, owner).Scan(&place); err != nil {
				panic(fmt.Sprintf("%s.%s: %v", t.Name, owner, err))
			}
		}
		owners[t.Name] = place
	}
	return owners
}

// asked names the service's function that wanted a write, or the store's own where a test wanted it.
func asked(caller []uintptr) (name string) {
	frames := runtime.CallersFrames(caller)
	for {
		f, more := frames.Next()
		_, file, core := strings.Cut(f.File, "core/")
		switch folder := path.Dir(file); {
		case strings.HasSuffix(f.File, "_test.go"):
			return name
		case !core || folder == "." || folder == "store/engine" || folder == "cache":
		case strings.HasPrefix(folder, "store"):
			name = folder + "." + short(f.Function)
		default:
			return folder + "." + short(f.Function)
		}
		if !more {
			return name
		}
	}
}

// short is a function, or a method with its type, without what it stands in or within.
func short(name string) string {
	name = anonymous.ReplaceAllString(name, "")
	if i := strings.LastIndex(name, ".("); i >= 0 {
		name = name[i+1:]
	} else {
		name = name[strings.LastIndex(name, "/")+1:]
		_, name, _ = strings.Cut(name, ".")
	}
	return strings.NewReplacer("(", "", ")", "", "*", "", "[...]", "").Replace(name)
}

var anonymous = regexp.MustCompile(`(\.func\d+|\.\d+|\.gowrap\d+|-range\d+)+$`)

// Main is the end of a TestMain: what the tests of a package gave, and an error where a transaction left its shard that is not listed. whole says
// that these tests have every function of the services do all it does: then an error, too, for a line that is not true any more.
func Main(code int, whole bool) int {
	known := map[string]bool{}
	for line := range strings.Lines(crossing) {
		known[strings.TrimSpace(line)] = true
	}
	seen.Lock()
	defer seen.Unlock()
	var lines []string
	for name, ways := range seen.ways {
		for way := range ways {
			if line := name + "\t" + way; !known[line] {
				lines = append(lines, line)
			}
		}
	}
	slices.SortFunc(lines, cmp.Compare[string])
	var gone []string
	for line := range known {
		name, way, isLine := strings.Cut(line, "\t")
		if isLine && whole && seen.all[name] && !seen.ways[name][way] && !strings.HasPrefix(name, "store") {
			gone = append(gone, line)
		}
	}
	slices.Sort(gone)
	if os.Getenv(Environment) == "" {
		return code
	}
	if len(seen.all) > 0 {
		fmt.Printf("functions that write:\n%s\n", strings.Join(slices.Sorted(maps.Keys(seen.all)), "\n"))
	}
	if len(lines) > 0 {
		fmt.Fprintf(os.Stderr, "transactions that leave the shard of their member or community, and are not in core/store/shardtest/crossing.tsv:\n%s\n"+
			"What is another's should be in a transaction of its own; where it cannot yet, add the line.\n", strings.Join(lines, "\n"))
		code = 1
	}
	if f := flag.Lookup("test.run"); len(gone) > 0 && f.Value.String() == "" {
		fmt.Fprintf(os.Stderr, "core/store/shardtest/crossing.tsv has lines that are not true any more; take them out:\n%s\n", strings.Join(gone, "\n"))
		code = 1
	}
	return code
}
