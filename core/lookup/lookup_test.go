package lookup

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"musubi/core/review"
)

func TestProducts(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `[]`) }))
	defer elsewhere.Close()
	var asked string
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch asked = r.URL.RawQuery; {
		case strings.Contains(asked, "away"):
			http.Error(w, "away", http.StatusBadGateway)
		case strings.Contains(asked, "elsewhere"):
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		case strings.Contains(asked, "long"):
			fmt.Fprint(w, `[{"title":"`+strings.Repeat("x", maxAnswer)+`"}]`)
		default:
			fmt.Fprint(w, `[{"category":"book","title":"坊っちゃん"},{"category":"?","title":"?"}]`)
		}
	}))
	defer service.Close()
	p, err := NewProducts(service.URL + "/?q={words}&code={code}")
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.FindProducts(t.Context(), "A&B 空", "49")
	if err != nil || len(list) != 1 || list[0] != (review.NewProduct{Category: review.Book, Title: "坊っちゃん"}) || asked != "q=A%26B+%E7%A9%BA&code=49" {
		t.Errorf("%+v, %v, asked %q", list, err, asked)
	}
	for _, words := range []string{"away", "elsewhere", "long"} {
		if list, err := p.FindProducts(t.Context(), words, ""); err == nil {
			t.Errorf("%s: %+v", words, list)
		}
	}
	for _, bad := range []string{"", "https://a.example/", "file:///etc/{words}", "{words}"} {
		if _, err := NewProducts(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
