package page_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestALongSelectIsAskedInSteps: a list larger than a deck of HDML comes on several cards, all of it; what was chosen on one of
// them is what the form sends, and nothing chosen leaves what was.
func TestALongSelectIsAskedInSteps(t *testing.T) {
	var src strings.Builder
	src.WriteString(`<title>設定</title><p>変えるところを選ぶ</p><form action=/f method=post><p>名前<input name=n value=花></p><p>住所<select name=pref>`)
	for i := range 47 {
		fmt.Fprintf(&src, `<option value="県%d"%s>第%d県`, i, map[bool]string{true: " selected"}[i == 12], i)
	}
	src.WriteString(`</select></p><p>紹介<textarea name=t>文</textarea></p><input type=submit value=変更></form>`)
	h := carriers.Identify(carriers.Request{UserAgent: "UP.Browser/3.01-CA11 UP.Link/3.2.3.8"})
	if h.Model != "CA11" {
		t.Fatalf("the handset is %s", h.Model)
	}
	parts, wrong := pagetest.Page(&h, []byte(src.String()), page.Options{URL: "http://x.example/p"})
	if wrong != "" {
		t.Fatal(wrong)
	}
	var all strings.Builder
	for _, p := range parts {
		all.Write(text.ForHandset(&h).AppendDecode(nil, p))
	}
	for i := range 47 {
		if n := strings.Count(all.String(), fmt.Sprintf(`<CE VALUE="県%d">第%d県`, i, i)); n != 1 {
			t.Errorf("option %d stands on %d cards", i, n)
		}
	}
	steps := strings.Count(all.String(), `<CE VALUE="*">今のまま 第12県`)
	if sent := strings.Count(all.String(), "_g.pref=$v"); steps < 2 || sent != steps {
		t.Errorf("%d steps, %d are sent:\n%s", steps, sent, all.String())
	}
	for answer, want := range map[string]string{"*": "県12", "県3": "県3"} {
		got, err := page.Restore(&h, nil, form.Fields{{Name: "n", Value: "花"}, {Name: "pref", Value: "県12"}, {Name: "_g.pref", Value: "*"}, {Name: "_g.pref", Value: answer},
			{Name: "_g.pref", Value: "*"}, {Name: "t", Value: "文"}}, nil)
		if err != nil || !reflect.DeepEqual(got.Fields, form.Fields{{Name: "n", Value: "花"}, {Name: "pref", Value: want}, {Name: "t", Value: "文"}}) {
			t.Errorf("answer %q is taken for %v, %v", answer, got.Fields, err)
		}
	}
}
