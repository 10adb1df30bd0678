package gateway

import (
	"strings"
	"testing"
)

// TestOmit: the upstream is told that it need not write what only a PC shows, when a handset's page is made of its answer
// and only then. What a client says about it does not get through.
func TestOmit(t *testing.T) {
	w := newWorld(t, hello, nil)
	for _, c := range []struct {
		name, ua string
		lines    []string
		want     bool
	}{
		{"a handset", uaP903i, nil, true},
		{"a handset whose page must stay as it is", uaP903i, []string{"Cache-Control: no-transform"}, false},
		{"a PC", uaChrome, nil, false},
		{"a PC that says so itself", uaChrome, []string{fieldOmit + ": data-pc", "X_Ktai_Omit: data-pc"}, false},
		{"the full browser of a handset", "Mozilla/5.0 (F02B;FOMA;like Gecko)", nil, false},
	} {
		w.get(docomo, c.ua, "/", c.lines...)
		if got := strings.Contains(strings.ToLower(strings.Join(w.requests(), "")), "omit: data-pc"); got != c.want {
			t.Errorf("%s: told %v, want %v", c.name, got, c.want)
		}
	}
}
