package markup_test

import (
	"testing"

	"musubi/transcode/markup"
)

// Links of http://sns.example/dir/page?id=3 where the gateway leads to any site.
func TestLinksThrough(t *testing.T) {
	for _, row := range []struct{ base, href, proxy, portal string }{
		{"", "/a", "/a?_s=S", "/~/sns.example/a?_s=S"},
		{"", "b", "/dir/b?_s=S", "/~/sns.example/dir/b?_s=S"},
		{"", "../../../b/./c/", "/b/c/?_s=S", "/~/sns.example/b/c/?_s=S"},
		{"", "..", "/?_s=S", "/~/sns.example/?_s=S"},
		{"", "?q=1", "/dir/page?q=1&amp;_s=S", "/~/sns.example/dir/page?q=1&amp;_s=S"},
		{"", "", "/dir/page?id=3&amp;_s=S", "/~/sns.example/dir/page?id=3&amp;_s=S"},
		{"", "#x", "#x", "#x"},
		{"", "https://sns.example/a", "/a?_s=S", "/~/sns.example/a?_s=S"},
		{"", "https://other.example:443/a?b=1&c#d", "http://other.example/a?b=1&amp;c&amp;_x=1&amp;_y=1&amp;_s=S#d", "/~/other.example/a?b=1&amp;c&amp;_x=1&amp;_y=1&amp;_s=S#d"},
		{"", "https://other.example:8443", "http://other.example:8443/?_x=1&amp;_s=S", "/~/other.example:8443/?_x=1&amp;_s=S"},
		{"", "//other.example/..//x", "http://other.example//x?_x=1&amp;_s=S", "/~/other.example//x?_x=1&amp;_s=S"},
		{"", `http:\\OTHER.example\a`, "http://other.example/a?_x=1&amp;_s=S", "/~/other.example/a?_x=1&amp;_s=S"},
		{"", "http://sns.example//x", "http://sns.example//x?_s=S", "/~/sns.example//x?_s=S"},
		{"", "http://user:pw@other.example/", "http://other.example/?_x=1&amp;_s=S", "/~/other.example/?_x=1&amp;_s=S"},
		{"", "http://日本.example/", "http://xn--wgv71a.example/?_x=1&amp;_s=S", "/~/xn--wgv71a.example/?_x=1&amp;_s=S"},
		{"https://cdn.example/x/y", "z", "http://cdn.example/x/z?_x=1&amp;_s=S", "/~/cdn.example/x/z?_x=1&amp;_s=S"},
		{"/deep/er/", "../z", "/deep/z?_s=S", "/~/sns.example/deep/z?_s=S"},
		{"", "ftp://other.example/", "", ""},
		{"", "http://<b>/", "", ""},
		{"", "http:///x", "http://x/?_x=1&amp;_s=S", "/~/x/?_x=1&amp;_s=S"},
		{"", "tel:0901234", "tel:0901234", "tel:0901234"},
	} {
		for way, want := range map[markup.Way]string{markup.WayProxy: row.proxy, markup.WayPortal: row.portal} {
			var l markup.Links
			l.Reset(docomo(), "http://sns.example/dir/page?id=3", "S")
			l.SetWay(way)
			if row.base != "" {
				l.SetBase([]byte(row.base))
			}
			if got, _ := l.Append(nil, []byte(row.href), false); string(got) != want {
				t.Errorf("way %d, base %q: %q is written %q, want %q", way, row.base, row.href, got, want)
			}
		}
	}
}

// A button that leads elsewhere says where in the site's own terms, and last whether the page said https.
func TestTargetThrough(t *testing.T) {
	var l markup.Links
	l.Reset(docomo(), "http://sns.example/dir/page?id=3", "S")
	l.SetWay(markup.WayPortal)
	for href, want := range map[string]string{"../x?y=1": "/x?y=1", "http://other.example/a?b": "http://other.example/a?b", "https://other.example/a?b": "http://other.example/a?b&_y=1", "https://other.example/a": "http://other.example/a?_y=1", "": "/dir/page?id=3"} {
		if got, ok := l.Target([]byte(href)); !ok || got != want {
			t.Errorf("%q: %q %t, want %q", href, got, ok, want)
		}
	}
}

// Where there is one site, a parameter of that name is the application's.
func TestAcrossIsOursOnlyWhereThereAreManySites(t *testing.T) {
	for way, want := range map[markup.Way]string{markup.WayOne: "/a?_x=2&amp;b=1&amp;_s=S", markup.WayPortal: "/~/sns.example/a?b=1&amp;_s=S"} {
		var l markup.Links
		l.Reset(docomo(), "http://sns.example/", "S")
		l.SetWay(way)
		if got, _ := l.Append(nil, []byte("/a?_x=2&b=1"), false); string(got) != want {
			t.Errorf("way %d: %s, want %s", way, got, want)
		}
	}
}
