package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestHandsetViewerOfOperators: the operators of a gateway see any page of the application as handsets show it, under the site's
// own name, which means nothing to this machine; members see no viewer.
func TestHandsetViewerOfOperators(t *testing.T) {
	application := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "<title>題</title><p>"+r.Host+r.URL.Path+"の頁 한국</p>")
	}))
	defer application.Close()
	public, admin := startPair(t, "gateway", "--upstream", application.URL, "--hosts", "wiki.example", "--data", t.TempDir())
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	get := func(url string) string {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return string(body)
	}
	if page := get(admin + "/_/handsets?m=P903i+CA13"); strings.Count(page, "wiki.example/の頁") != 2 {
		t.Errorf("two handsets do not show the first page:\n%s", page)
	}
	if page := get(admin + "/_/handsets?phone=0&go=/deep/down"); !strings.Contains(page, "wiki.example/deep/downの頁") || !strings.Contains(page, "〓") {
		t.Errorf("a handset does not show the page that was asked for:\n%s", page)
	}
	if page := get(public + "/_/handsets"); strings.Contains(page, "P903i") {
		t.Error("members see the viewer")
	}
}

// TestHandsetViewerOfACore: a core alone has no gateway, and its operators see its pages on handsets all the same.
func TestHandsetViewerOfACore(t *testing.T) {
	public, admin := startPair(t, "core", "--hosts", "sns.example", "--data", t.TempDir())
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar}
	get := func(url string) string {
		resp, err := client.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		return string(body)
	}
	page := get(admin + "/_/handsets?m=P903i+CA13")
	if strings.Count(page, "<section") != 2 || strings.Count(page, "status 200") != 2 || !strings.Contains(page, "hdml") {
		t.Errorf("two handsets do not show the first page:\n%s", page)
	}
	if page := get(public + "/_/handsets"); strings.Contains(page, "P903i") {
		t.Error("members see the viewer")
	}
}
