package markup_test

import (
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/markup"
)

func docomo() *carriers.Handset {
	h := carriers.Identify(carriers.Request{UserAgent: "DoCoMo/2.0 P903i(c100;TB;W24H12)"})
	return &h
}

// TestLinks goes through what an href can be. The page is http://sns.example/diary/view?id=3.
func TestLinks(t *testing.T) {
	var l markup.Links
	for _, row := range []struct {
		name, href, want string
		kind             markup.LinkKind
	}{
		{"path", "/home", "/home?_s=S", markup.LinkLocal},
		{"query", "/d?a=1&b=2", "/d?a=1&amp;b=2&amp;_s=S", markup.LinkLocal},
		{"fragment of another page", "/d?a=1#c5", "/d?a=1&amp;_s=S#c5", markup.LinkLocal},
		{"fragment", "#top", "#top", markup.LinkFragment},
		{"relative", "list", "list?_s=S", markup.LinkLocal},
		{"query only", "?id=4", "/diary/view?id=4&amp;_s=S", markup.LinkLocal},
		{"empty", "", "/diary/view?id=3&amp;_s=S", markup.LinkLocal},
		{"own host", "http://sns.example/in", "/in?_s=S", markup.LinkLocal},
		{"own host, capitals and port", "HTTP://SNS.Example:80/in", "/in?_s=S", markup.LinkLocal},
		{"own host over TLS stays TLS", "https://sns.example/in", "https://sns.example/in?_s=S", markup.LinkLocal},
		{"session of someone else", "/x?_s=stolen&a=1&_p=3&_f=2", "/x?a=1&amp;_s=S", markup.LinkLocal},
		{"Japanese", "/検索?q=猫", "/%E6%A4%9C%E7%B4%A2?q=%E7%8C%AB&amp;_u=1&amp;_s=S", markup.LinkLocal},
		{"quotes and spaces", "/a b\"c'<d>", "/a%20b%22c%27%3Cd%3E?_s=S", markup.LinkLocal},
		{"colon in a name", "日:付", "./%E6%97%A5:%E4%BB%98?_s=S", markup.LinkLocal},
		{"foreign", "http://other.example/?a=1&b=2", "/_/go?u=http%3A%2F%2Fother.example%2F%3Fa%3D1%26b%3D2", markup.LinkForeign},
		{"foreign without scheme", "//other.example", "/_/go?u=http%3A%2F%2Fother.example", markup.LinkForeign},
		{"foreign by backslash", `/\other.example`, "/_/go?u=http%3A%2F%2Fother.example", markup.LinkForeign},
		{"foreign without slashes", "https:other.example/x", "/_/go?u=https%3A%2F%2Fother.example%2Fx", markup.LinkForeign},
		{"own host as user name", "http://sns.example@evil.example/", "/_/go?u=http%3A%2F%2Fevil.example%2F", markup.LinkForeign},
		{"own host with another port", "http://sns.example:8080/", "/_/go?u=http%3A%2F%2Fsns.example%3A8080%2F", markup.LinkForeign},
		{"telephone", "tel:03-1234-5678", "tel:03-1234-5678", markup.LinkTel},
		{"telephone, nonsense", "tel:<script>", "", markup.LinkRefused},
		{"mail", "mailto:a@b.example?subject=猫&x=1&body=一%0A二", "mailto:a@b.example?subject=%94L&amp;body=%88%EA%0D%0A%93%F1", markup.LinkMail},
		{"script", "javascript:alert(1)", "", markup.LinkRefused},
		{"script in disguise", " \x01Java\tScr\nipt:alert(1)", "", markup.LinkRefused},
		{"data", "data:text/html,<script>", "", markup.LinkRefused},
		{"unknown", "ftp://sns.example/", "", markup.LinkRefused},
	} {
		t.Run(row.name, func(t *testing.T) {
			l.Reset(docomo(), "http://sns.example/diary/view?id=3&_p=2", "S")
			got, kind := l.Append(nil, []byte(row.href), false)
			if want := strings.ReplaceAll(row.want, "%94L", "%94L"); string(got) != want || kind != row.kind {
				t.Errorf("%q becomes %q (%d), want %q (%d)", row.href, got, kind, want, row.kind)
			}
		})
	}
}

// A subject that ISO-8859-1 has not goes in UTF-8; what it has, in ISO-8859-1.
func TestMailFromAWesternScreen(t *testing.T) {
	h := docomo()
	h.Charset = carriers.Latin1
	for href, want := range map[string]string{"mailto:a@b.example?subject=件名": "mailto:a@b.example?subject=%E4%BB%B6%E5%90%8D", "mailto:a@b.example?subject=été": "mailto:a@b.example?subject=%E9t%E9"} {
		var l markup.Links
		l.Reset(h, "http://sns.example/", "S")
		if got, _ := l.Append(nil, []byte(href), false); string(got) != want {
			t.Errorf("%s becomes %s, want %s", href, got, want)
		}
	}
}

func TestLinksWithBase(t *testing.T) {
	for _, row := range []struct{ base, href, want string }{
		{"/other/", "x?a=1", "/other/x?a=1&amp;_s=S"},
		{"/other/page", "x", "/other/x?_s=S"},
		{"sub/", "x", "/diary/sub/x?_s=S"},
		{"http://sns.example/b/", "x", "/b/x?_s=S"},
		{"http://other.example/b/", "x", "/_/go?u=http%3A%2F%2Fother.example%2Fb%2Fx"},
		{"http://other.example/b/", "/x", "/_/go?u=http%3A%2F%2Fother.example%2Fx"},
		{"javascript:x", "x", "x?_s=S"},
	} {
		var l markup.Links
		l.Reset(docomo(), "http://sns.example/diary/view", "S")
		l.SetBase([]byte(row.base))
		if got, _ := l.Append(nil, []byte(row.href), false); string(got) != row.want {
			t.Errorf("base %s: %s becomes %s, want %s", row.base, row.href, got, row.want)
		}
	}
}

func TestEasyLoginAsksForTheIDByAbsoluteURL(t *testing.T) {
	var l markup.Links
	l.Reset(docomo(), "http://sns.example/login", "")
	if got, _ := l.Append(nil, []byte("/easy?x=1"), true); string(got) != "http://sns.example/easy?x=1&amp;guid=ON" {
		t.Errorf("got %s", got)
	}
}

// SEC-34: //evil.example/ is a path of this host when it follows the host, and another host when it stands alone.
func TestLinksOfTwoSlashesStay(t *testing.T) {
	for base, links := range map[string]map[string]string{
		"":                                  {"http://sns.example//evil.example/": "http://sns.example//evil.example/?_s=S", `http://sns.example/\evil.example`: "http://sns.example//evil.example?_s=S"},
		"http://sns.example//evil.example/": {"x": "http://sns.example//evil.example/x?_s=S", "": "http://sns.example//evil.example/?_s=S"},
		`http://sns.example/\evil.example/`: {"x": "http://sns.example//evil.example/x?_s=S"},
	} {
		for href, want := range links {
			var l markup.Links
			l.Reset(docomo(), "http://sns.example/a", "S")
			l.SetBase([]byte(base))
			if got, _ := l.Append(nil, []byte(href), false); string(got) != want {
				t.Errorf("%s on %q: %s, want %s", href, base, got, want)
			}
		}
	}
	var l markup.Links
	l.Reset(docomo(), "http://sns.example//evil.example/", "S")
	if got := string(l.Self(nil, 2)); got != "http://sns.example//evil.example/?_s=S&amp;_p=2" {
		t.Errorf("part 2 of a page at such a path: %s", got)
	}
}
