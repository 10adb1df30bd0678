package disk

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const durableEnvironment = "MUSUBI_TEST_DURABLE"

// What was written is there after a power cut: the file is synced before it has its name, and the directory after, a new one's
// name in the directory above too (issue 27, number 12). strace watches what the kernel is asked.
func TestSEC125_WriteIsDurable(t *testing.T) {
	if dir := os.Getenv(durableEnvironment); dir != "" {
		writeDurably(t, dir)
		return
	}
	strace, err := exec.LookPath("strace")
	if err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatal(err)
		}
		t.Skip("strace is not there: ", err)
	}
	dir := t.TempDir()
	trace := filepath.Join(dir, "trace")
	cmd := exec.Command(strace, "-f", "-qq", "-y", "-o", trace, "-e", "trace=fsync,fdatasync,rename,renameat,renameat2,link,linkat,mkdir,mkdirat",
		os.Args[0], "-test.run=^TestSEC125_WriteIsDurable$")
	cmd.Env = append(os.Environ(), durableEnvironment+"="+filepath.Join(dir, "new"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"mkdir new", "sync .", "sync new/unfinished", "rename new/file", "sync new", "sync new/unfinished", "link new/once", "sync new", "rename new/other", "sync new"}
	if got := steps(string(b), dir); !slices.Equal(got, want) {
		t.Errorf("the kernel was asked to\n%q, want\n%q", got, want)
	}
}

func writeDurably(t *testing.T, dir string) {
	name := filepath.Join(dir, "file")
	for _, err := range []error{MakeDir(dir), Write(name, []byte("a")), WriteNew(filepath.Join(dir, "once"), []byte("b")), Place(name, filepath.Join(dir, "other"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

var (
	call  = regexp.MustCompile(`(fsync|fdatasync|rename|link|mkdir)[a-z0-9]*\((.*)`)
	paths = regexp.MustCompile(`[<"](/[^>"]*)[>"]`)
)

// steps are the calls about what lies below dir, each with the last path that it names.
func steps(trace, dir string) (list []string) {
	for line := range strings.Lines(trace) {
		c := call.FindStringSubmatch(line)
		if c == nil {
			continue
		}
		named := paths.FindAllStringSubmatch(c[2], -1)
		if len(named) == 0 {
			continue
		}
		rel, err := filepath.Rel(dir, named[len(named)-1][1])
		if err != nil || strings.HasPrefix(rel, "..") {
			continue
		}
		if strings.HasPrefix(filepath.Base(rel), unfinished) {
			rel = filepath.Join(filepath.Dir(rel), "unfinished")
		}
		list = append(list, strings.Replace(strings.Replace(c[1], "fdatasync", "sync", 1), "fsync", "sync", 1)+" "+rel)
	}
	return list
}
