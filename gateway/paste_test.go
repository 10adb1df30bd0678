package gateway

import (
	"net/url"
	"strings"
	"testing"
)

func TestSEC35_PastedAddressesLoseTheSession(t *testing.T) {
	const id = "zd7-V_PHo_v9zmwuiYTzVQ"
	for _, c := range []struct{ name, text, want string }{
		{"only parameter", "見て http://a.example/home?_s=" + id + " ね", "見て http://a.example/home ね"},
		{"first", "/diary?_s=" + id + "&id=2", "/diary?id=2"},
		{"middle", "/diary?owner=1&_s=" + id + "&id=2", "/diary?owner=1&id=2"},
		{"last, before a fragment", "/diary?owner=1&_s=" + id + "#c3", "/diary?owner=1#c3"},
		{"as written in HTML", "/diary?owner=1&amp;_s=" + id + "&amp;id=2", "/diary?owner=1&amp;id=2"},
		{"first, as written in HTML", "/diary?_s=" + id + "&amp;id=2", "/diary?id=2"},
		{"before a full stop", "http://a.example/?_s=" + id + "。次", "http://a.example/。次"},
		{"twice in one", "/home?_s=" + id + "&_s=" + id, "/home"},
		{"two addresses", "/a?_s=" + id + " /b?_s=" + id, "/a /b"},
		{"no ID of ours", "/home?_s=abc&x_s=" + id, "/home?_s=abc&x_s=" + id},
		{"nothing", "表示 ?_s ☀", "表示 ?_s ☀"},
	} {
		form := "k=v&body=" + url.QueryEscape(c.text) + "&send=1"
		want := "k=v&body=" + url.QueryEscape(c.want) + "&send=1"
		if got := cutPasted([]byte(form), "application/x-www-form-urlencoded; charset=UTF-8"); string(got) != want {
			t.Errorf("%s: %s, want %s", c.name, got, want)
		}
		file := "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n/home?_s=" + id + "\r\n"
		field := "--b\r\nContent-Disposition: form-data; name=\"body\"\r\n\r\n"
		got := cutPasted([]byte(file+field+c.text+"\r\n--b--\r\n"), `multipart/form-data; boundary="b"`)
		if string(got) != file+field+c.want+"\r\n--b--\r\n" {
			t.Errorf("%s, with a file: %q", c.name, got)
		}
	}
}

// From a handset and from a PC, and whoever's the session is.
func TestSEC35_NoPastedSessionGoesUpstream(t *testing.T) {
	w := newWorld(t, newApp().handle, nil)
	token := w.login(t, "taro", "/login")
	w.requests()
	body := "a=1&b=" + url.QueryEscape("http://"+ourHost+"/home?_s="+token+"&c=2")
	w.post(docomo, uaP903i, "/home?_s="+token, body)
	w.post(anywhere, uaChrome, "/home", body)
	for _, r := range w.requests() {
		if strings.Contains(r, token) || !strings.Contains(r, "a=1&b=http%3A%2F%2F"+ourHost+"%2Fhome%3Fc%3D2") {
			t.Errorf("upstream saw %q", r)
		}
	}
}
