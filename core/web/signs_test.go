package web

import (
	"testing"

	"musubi/core"
)

// A sign that only a carrier has is named in what a browser shows, and stays as it is where it is sent back from.
func TestCarriersOwnSignsAreNamed(t *testing.T) {
	w := newWorld(t)
	w.site.sign = func(r rune) string { return map[rune]string{0xFEE10: "[<i>モード]"}[r] }
	me := w.member("花子")
	d := w.diary(me, "携帯\U000FEE10で", core.Friends)
	b := w.as(me)
	w.contains(b.get(diaryPath(me.ID, d.ID)), "<h1", "携帯[&lt;i&gt;モード]で")
	w.contains(b.get("/diary/edit?id="+d.ID.String()), `value="携帯`+"\U000FEE10"+`で"`)
	for page, want := range map[string]string{
		"<p>a\U000FEE10b</p>\U000FEE10":                                      "<p>a[&lt;i&gt;モード]b</p>[&lt;i&gt;モード]",
		"<textarea name=\"a\">\U000FEE10 <b></textarea>\U000FEE11\U000FEE10": "<textarea name=\"a\">\U000FEE10 <b></textarea>\U000FEE11[&lt;i&gt;モード]",
		"<input value=\"\U000FEE10\"":                                        "<input value=\"\U000FEE10\"",
		"\U000FEE10<a title=\"\U000FEE10\">":                                 "[&lt;i&gt;モード]<a title=\"\U000FEE10\">",
	} {
		if got := string(w.site.spell([]byte(page))); got != want {
			t.Errorf("%q became %q, want %q", page, got, want)
		}
	}
}
