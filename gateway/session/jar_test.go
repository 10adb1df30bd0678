package session

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestJar(t *testing.T) {
	now := newClock().now()
	for name, row := range map[string]struct {
		set  []string // on /diary/list of sns.example:8080
		path string
		tls  bool
		want string
	}{
		"plain":                  {[]string{"a=1"}, "/diary/x", false, "a=1"},
		"default path":           {[]string{"a=1"}, "/", false, ""},
		"path":                   {[]string{"a=1; Path=/m"}, "/m/x", false, "a=1"},
		"path is whole segments": {[]string{"a=1; Path=/m"}, "/mm", false, ""},
		"longest path first":     {[]string{"a=1; Path=/", "a=2; Path=/m"}, "/m", false, "a=2; a=1"},
		"replaced":               {[]string{"a=1; Path=/", "a=2; Path=/"}, "/", false, "a=2"},
		"deleted":                {[]string{"a=1; Path=/", "a=; Path=/; Max-Age=0"}, "/", false, ""},
		"deleted by date":        {[]string{"a=1; Path=/", "a=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"}, "/", false, ""},
		"secure over http":       {[]string{"a=1; Path=/; Secure"}, "/", false, ""},
		"secure over https":      {[]string{"a=1; Path=/; Secure"}, "/", true, "a=1"},
		"own domain":             {[]string{"a=1; Path=/; Domain=.sns.example"}, "/", false, "a=1"},
		"parent domain":          {[]string{"a=1; Path=/; Domain=example"}, "/", false, "a=1"},
		"other domain":           {[]string{"a=1; Path=/; Domain=evil.example"}, "/", false, ""},
		"suffix is no parent":    {[]string{"a=1; Path=/; Domain=ns.example"}, "/", false, ""},
		"malformed":              {[]string{"", "=1", "a", "a b=1", "c=\x01; Path=/"}, "/", false, ""},
		"quoted":                 {[]string{`a="1 2"; Path=/`}, "/", false, `a="1 2"`},
		"huge":                   {[]string{"a=" + strings.Repeat("x", 5000) + "; Path=/"}, "/", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			jar, _ := Jar(nil).Set("sns.example:8080", "sns.example:8080", "/diary/list", row.set, now)
			if got := jar.Header("sns.example", row.path, row.tls, now); got != row.want {
				t.Errorf("sends %q, want %q", got, row.want)
			}
		})
	}
}

func TestJarIsBounded(t *testing.T) {
	var jar Jar
	now := newClock().now()
	for i := range 500 {
		jar, _ = jar.Set(site, site, "/", []string{fmt.Sprintf("c%d=%s; Path=/", i, strings.Repeat("v", i*7))}, now)
		if len(jar) > maxCookies || jar.bytes() > maxJarBytes {
			t.Fatalf("after %d cookies the jar has %d, %d bytes", i, len(jar), jar.bytes())
		}
	}
	if last := jar[len(jar)-1].Name; last != "c499" {
		t.Errorf("the newest cookie is %s", last)
	}
}

func FuzzJar(f *testing.F) {
	f.Add("a=1; Path=/; Domain=x; Max-Age=3; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure", "/p")
	f.Fuzz(func(t *testing.T, line, path string) {
		now := newClock().now()
		jar, _ := Jar(nil).Set(site, site, "/"+path, []string{line}, now)
		if got := jar.Header("sns.example", "/"+path, true, now); strings.ContainsAny(got, "\r\n\x00") {
			t.Errorf("Cookie field %q from %q", got, line)
		}
	})
}

// What an answer in the clear sets is believed no more than browsers do, and names promise what they say.
func TestSEC37_CookiesFromTheClear(t *testing.T) {
	now := time.Unix(1_795_000_000, 0)
	set := func(lines ...string) Jar {
		jar, _ := Jar(nil).Set(Anywhere, "www.shop.example", "/", lines, now)
		return jar
	}
	jar := set("sid=1; Secure; Path=/", "all=1; Secure; Domain=shop.example; Path=/", "open=1; Path=/")
	for line, kept := range map[string]bool{
		"new=2; Path=/": true, "open=2; Path=/": true, "new=2; Secure; Path=/": false, "sid=2; Path=/": false, "all=2; Path=/": false, "sid=2; Domain=shop.example; Path=/": false,
		"sid=2; Path=/deep": false, "__Host-new=2; Path=/": false,
	} {
		if got := jar.FromClear("www.shop.example", "/", []string{line}, now); (len(got) == 1) != kept {
			t.Errorf("%s: %v, want %t", line, got, kept)
		}
	}
	if got := jar.FromClear("other.example", "/", []string{"sid=2; Path=/"}, now); len(got) != 1 {
		t.Error("another site has no cookie of that name")
	}
	for line, kept := range map[string]bool{
		"__Host-a=1; Secure; Path=/": true, "__host-a=1; Secure": false, "__Host-a=1; Secure; Path=/; Domain=shop.example": false, "__Host-a=1; Path=/": false, "__Host-a=1; Secure; Path=/x": false,
		"__Secure-a=1; Secure": true, "__Secure-a=1": false, "__Secure-a=1; Secure; Domain=shop.example": true,
	} {
		if got := set(line); (len(got) == 1) != kept {
			t.Errorf("%s: %v, want %t", line, got, kept)
		}
	}
}
