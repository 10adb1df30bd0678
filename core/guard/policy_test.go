package guard

import (
	"fmt"
	"musubi/core"
	"strings"
	"testing"
)

func refused(password string, personal ...string) string {
	var c core.Check
	Check(&c, "password", password, personal)
	if len(c.Wrong) == 0 {
		return ""
	}
	return c.Wrong[0].Key
}

func TestSEC100_Policy(t *testing.T) {
	rows := []struct{ password, want string }{
		{"", "field.passwordshort"},
		{"abcdefg", "field.passwordshort"},
		{"1234567", "field.passwordshort"},
		{"20070303", "field.passworddigits"},
		{"９８７６５４３１", "field.passworddigits"},
		{"1357924680", ""}, // ten digits that run nowhere
		{"1234567890", "field.passwordweak"},
		{"0000000000", "field.passwordweak"},
		{"password", "field.passwordweak"},
		{"P@ssw0rd!", "field.passwordweak"},
		{"ｐａｓｓｗｏｒｄ１", "field.passwordweak"},
		{"iloveyou2007", "field.passwordweak"},
		{"qwertyuiop", "field.passwordweak"},
		{"1qaz2wsx", "field.passwordweak"},
		{"abababab", "field.passwordweak"},
		{"aaaaaaaaaa", "field.passwordweak"},
		{"ぱすわーどぱすわーど", "field.passwordweak"},
		{"musubimusubi", "field.passwordweak"},
		{"hanako.yamada", "field.passwordweak"},
		{"yamahana77", "field.passwordown"},
		{"correct horse battery", ""},
		{"みかんの花が咲く丘", ""},
		{"x7Kq-pm3", ""},
		{"tuiteru-kaeru-3biki", ""},
		{strings.Repeat("長い文", 22), "field.toolong"},
	}
	for _, r := range rows {
		if got := refused(r.password, "yamahana", "hanako.yamada@docomo.ne.jp"); got != r.want {
			t.Errorf("%q: %q, want %q", r.password, got, r.want)
		}
	}
}

// The rule covers at least the ten thousand passwords that a list would have: every common word with what people put
// around it.
func TestSEC100_CoversTheLists(t *testing.T) {
	covered := map[string]bool{}
	for _, word := range common {
		for _, form := range []string{"%s", "%s%s", "%s1", "%s12", "%s123", "%s1234", "%s2007", "%s!", "123%s", "%s01", "%s99", "%s777", "my%s", "%s%s1", "1%s1"} {
			p := strings.ReplaceAll(form, "%s", string(word))
			if core.Length(p) < core.MinPasswordRune {
				p += "20070303"[:core.MinPasswordRune-core.Length(p)]
			}
			for _, disguised := range []string{p, strings.ToUpper(p), strings.ReplaceAll(p, "a", "@"), strings.ReplaceAll(p, "o", "0"), strings.ReplaceAll(p, "s", "$"), p + "!", p + "?"} {
				if refused(disguised) == "" {
					t.Fatalf("%q is let through", disguised)
				}
				covered[disguised] = true
			}
		}
	}
	if len(covered) < 10000 {
		t.Fatalf("the rule was tried with %d passwords, want 10,000", len(covered))
	}
}

func TestSEC120_AuditChain(t *testing.T) {
	before := core.Entry{Seq: 1, Kind: "login", Member: 7, Client: "PC"}
	before.Chain = before.Link("")
	for name, change := range map[string]func(e *core.Entry){
		"kind": func(e *core.Entry) { e.Kind = "logout" }, "member": func(e *core.Entry) { e.Member = 8 }, "client": func(e *core.Entry) { e.Client = "docomo" },
		"object": func(e *core.Entry) { e.Object = "x" }, "number": func(e *core.Entry) { e.Seq = 2 },
	} {
		changed := before
		change(&changed)
		if changed.Link("") == before.Chain {
			t.Errorf("a changed %s leaves the chain as it was", name)
		}
	}
	if fmt.Sprint(before.Link("x")) == before.Chain {
		t.Error("the chain does not depend on the line before")
	}
}
