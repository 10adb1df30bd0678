package lookup

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestCovers(t *testing.T) {
	var asked, agents []string
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.UserAgent())
		if r.URL.Path == "/ws/2/release/" {
			asked = append(asked, r.URL.Query().Get("query"))
			switch q := r.URL.Query().Get("query"); {
			case strings.Contains(q, "away"):
				http.Error(w, "slow down", http.StatusServiceUnavailable)
			case strings.Contains(q, "nonsense"):
				fmt.Fprint(w, "<html>")
			case strings.Contains(q, "unknown"):
				fmt.Fprint(w, `{"releases":[{"id":"guess","score":60}]}`)
			default:
				fmt.Fprint(w, `{"releases":[{"id":"bare","score":100},{"id":"far","score":98},{"id":"front","score":95}]}`)
			}
			return
		}
		asked = append(asked, r.URL.Path)
		switch r.URL.Path {
		case "/release/front/front-250":
			http.Redirect(w, r, "/file", http.StatusTemporaryRedirect)
		case "/file":
			fmt.Fprint(w, "picture")
		case "/release/far/front-250":
			http.NotFound(w, r)
		case "/release/bare/front-250":
			http.NotFound(w, r)
		default:
			t.Errorf("asked for %s", r.URL)
		}
	}))
	defer service.Close()
	c, err := NewCovers("op@example.jp")
	if err != nil {
		t.Fatal(err)
	}
	c.musicBrainz, c.archive, c.pause = service.URL, service.URL, 0
	file, err := c.Cover(t.Context(), `海の"家"`, "夏☀")
	if err != nil || string(file) != "picture" || asked[0] != `artist:"海の\"家\"" AND release:"夏☀"` || len(asked) != 5 {
		t.Errorf("%q, %v, asked %q", file, err, asked)
	}
	for _, a := range agents {
		if a != "musubi ( op@example.jp )" {
			t.Errorf("asked as %q", a)
		}
	}
	if file, err := c.Cover(t.Context(), "unknown", "x"); file != nil || err != nil {
		t.Errorf("what nobody is sure of: %q, %v", file, err)
	}
	for _, bad := range []string{"away", "nonsense"} {
		if file, err := c.Cover(t.Context(), bad, "x"); err == nil {
			t.Errorf("%s: %q", bad, file)
		}
	}
	for _, bad := range []string{"", "me", "ftp://a.example", "a@b (x)"} {
		if _, err := NewCovers(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

// Questions follow each other with a pause, whoever asks.
func TestCoversAreAskedForSlowly(t *testing.T) {
	c := &Covers{pause: 50 * time.Millisecond}
	began := time.Now()
	for range 4 {
		if err := c.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 3*c.pause {
		t.Errorf("four questions in %v", took)
	}
}
