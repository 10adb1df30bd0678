package mail_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"musubi/transcode/mail/internal/mailtest"
)

// secondParser has mailparser (npm) read the files that it is given, and prints one JSON object for each.
const secondParser = `const {simpleParser} = require("mailparser"), fs = require("fs");
(async () => {
	for (const name of process.argv.slice(1)) {
		const m = await simpleParser(fs.createReadStream(name), {skipImageLinks: true});
		console.log(JSON.stringify({subject: m.subject, text: m.text, files: m.attachments.map(a => a.size), from: m.from.value[0].address}));
	}
})();`

// TestSecondParser: of ordinary mails another program reads the same.
func TestSecondParser(t *testing.T) {
	const modules = "../../.ci/node_modules"
	if _, err := os.Stat(modules + "/mailparser"); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("mailparser is not installed, and this run must not skip anything: %v", err)
		}
		t.Skip("mailparser is not installed (.ci/install installs it from the npm registry)")
	}
	var cases []mailtest.Case
	args := []string{"-e", secondParser, "--"}
	for _, c := range mailtest.Cases() {
		if c.Second {
			cases = append(cases, c)
			args = append(args, filepath.Join(corpus, c.Name()+".eml"))
		}
	}
	node := exec.Command("node", args...)
	path, err := filepath.Abs(modules)
	if err != nil {
		t.Fatal(err)
	}
	node.Env = append(os.Environ(), "NODE_PATH="+path)
	out, err := node.Output()
	if err != nil {
		t.Fatalf("node: %v\n%s", err, out)
	}
	answers := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(answers) != len(cases) || len(cases) < 15 {
		t.Fatalf("%d answers for %d mails", len(answers), len(cases))
	}
	for i, c := range cases {
		var other struct {
			Subject, Text, From string
			Files               []int
		}
		if err := json.Unmarshal([]byte(answers[i]), &other); err != nil {
			t.Fatal(err)
		}
		m, err := read(t, c)
		if err != nil {
			t.Fatal(err)
		}
		if m.Subject != other.Subject || strings.TrimSpace(m.Text) != strings.TrimSpace(other.Text) || m.From.String() != strings.ToLower(other.From) {
			t.Errorf("%s: %q, %q from %s; mailparser reads %q, %q from %s", c.Name(), m.Subject, m.Text, m.From, other.Subject, other.Text, other.From)
		}
		if len(m.Attachments) != len(other.Files) {
			t.Errorf("%s: %d files, mailparser finds %d", c.Name(), len(m.Attachments), len(other.Files))
			continue
		}
		for j, a := range m.Attachments {
			if a.Bytes != other.Files[j] {
				t.Errorf("%s: file %d has %d bytes, mailparser reads %d", c.Name(), j, a.Bytes, other.Files[j])
			}
		}
	}
}
