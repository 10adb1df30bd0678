package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// runPage runs `musubi page` in this process.
func runPage(in string, args ...string) (out, errs string, status int) {
	var o, e bytes.Buffer
	status = run(append([]string{"page"}, args...), &std{strings.NewReader(in), &o, &e})
	return o.String(), e.String(), status
}

const p903i = "DoCoMo/2.0 P903i(c100;TB;W24H12)"

func TestPageWritesTheHead(t *testing.T) {
	out, errs, status := runPage("<title>t</title><p>a<a href=/x>b</a>", "--ua", p903i, "--url", "http://a.example/", "--session", "S", "--include")
	head, body, _ := strings.Cut(out, "\r\n\r\n")
	if status != 0 || errs != "" {
		t.Fatalf("status %d, %s", status, errs)
	}
	want := fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/xhtml+xml; charset=Shift_JIS\r\nContent-Length: %d\r\nPage-Part: 1/1", len(body))
	if head != want {
		t.Errorf("head is\n%s\nwant\n%s", head, want)
	}
	if !strings.Contains(body, `<a href="/x?_s=S">b</a>`) {
		t.Errorf("body is %s", body)
	}
}

func TestPageCountsItsParts(t *testing.T) {
	long := "<p>" + strings.Repeat("ながい文章です。", 2000)
	var total string
	for n := 1; n <= 3; n++ {
		out, errs, status := runPage(long, "--ua", "DoCoMo/1.0/N502i", "--include", "--part", fmt.Sprint(n))
		_, part, _ := strings.Cut(out, "Page-Part: ")
		part, _, _ = strings.Cut(part, "\r\n")
		number, of, _ := strings.Cut(part, "/")
		if status != 0 || number != fmt.Sprint(n) || total != "" && of != total {
			t.Fatalf("part %d says %q, status %d, %s", n, part, status, errs)
		}
		total = of
	}
}

func TestPageRefusesBadArguments(t *testing.T) {
	for _, args := range [][]string{
		{},
		{"--ua", p903i, "--part", "0"},
		{"--ua", p903i, "--part", "7"},
		{"--ua", p903i, "--part", "x"},
		{"--ua", p903i, "--url", "/relative"},
		{"--ua", p903i, "--url", "ftp://a.example/"},
		{"--ua", p903i, "--header", "no colon"},
		{"--ua", p903i, "--nonsense"},
	} {
		out, errs, status := runPage("<p>a", args...)
		if status != 2 || out != "" || strings.Count(strings.TrimSpace(errs), "\n") != 0 || errs == "" {
			t.Errorf("%q: status %d, printed %q, said %q", args, status, out, errs)
		}
	}
}

func TestPageFollowsRules(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rules")
	if err := os.WriteFile(file, []byte("/ remove .ad\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, errs, status := runPage("<p class=ad>advert</p><p>text</p>", "--ua", p903i, "--rules", file)
	if status != 0 || strings.Contains(out, "advert") || !strings.Contains(out, "text") {
		t.Errorf("status %d, %s, %s", status, errs, out)
	}
	if err := os.WriteFile(file, []byte("/ burn .ad\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, errs, status = runPage("<p>", "--ua", p903i, "--rules", file); status != 2 || !strings.Contains(errs, "line 1") {
		t.Errorf("a bad rule: status %d, %s", status, errs)
	}
}
