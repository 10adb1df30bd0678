package page_test

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestBigFormSubmitsOnce fills in a form that is far too big for the handset, piece by piece as its member would, and
// looks at what the last piece sends: every field once, in order, with what was typed.
func TestBigFormSubmitsOnce(t *testing.T) {
	for _, name := range []string{"docomo-N502i", "docomo-P901i", "softbank-J-SH07", "au-KC31", "willcom-WX310K"} {
		t.Run(name, func(t *testing.T) {
			h := handset(name)
			const fields = 170
			src := []byte(surveyForm(fields))
			if h.PageBudget > 20000 {
				h.PageBudget = 9000 // a small memory, so that this handset has to cut as well
			}
			sent, action, pieces := fillIn(t, &h, src)
			if pieces < 2 {
				t.Fatalf("%d pieces: the form was not cut", pieces)
			}
			if !strings.HasPrefix(action, "/survey") {
				t.Errorf("the last piece posts to %s", action)
			}
			seen := map[string][]string{}
			restored, err := page.Restore(&h, nil, sent, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range restored.Fields {
				seen[f.Name] = append(seen[f.Name], f.Value)
			}
			for i := range fields {
				want := fmt.Sprintf("typed%d", i)
				if got := seen[fmt.Sprintf("q%d", i)]; len(got) != 1 || got[0] != want {
					t.Fatalf("q%d arrives as %q, %q was typed", i, got, want)
				}
			}
			for name, want := range map[string]string{"csrf": "token", "pref": "value321", "go": "send"} {
				if got := seen[name]; len(got) != 1 || got[0] != want {
					t.Errorf("%s arrives as %q, want %q", name, got, want)
				}
			}
			if got := seen["box"]; strings.Join(got, ",") != "a,c" {
				t.Errorf("box arrives as %q, want a and c", got)
			}
		})
	}
}

func surveyForm(n int) string {
	var b strings.Builder
	b.WriteString(`<h1>調査</h1><form action="/survey" method="post"><input type="hidden" name="csrf" value="token">`)
	b.WriteString(`<p><input type="checkbox" name="box" value="a" checked>あ<input type="checkbox" name="box" value="b">い<input type="checkbox" name="box" value="c" checked>う</p>`)
	b.WriteString(`<p><select name="pref">`)
	for i := range 500 {
		selected := ""
		if i == 321 {
			selected = " selected"
		}
		fmt.Fprintf(&b, `<option value="value%d"%s>選択肢その%d`, i, selected, i)
	}
	b.WriteString(`</select></p>`)
	for i := range n {
		fmt.Fprintf(&b, `<p><label>質問%d <input name="q%d" value="x"></label></p>`, i, i)
	}
	b.WriteString(`<p><button name="go" value="send">送信</button></p></form>`)
	return b.String()
}

// fillIn types typedN into every field qN of every piece and sends it, until a piece posts elsewhere than to the page.
func fillIn(t *testing.T, h *carriers.Handset, src []byte) (sent form.Fields, action string, pieces int) {
	o := all
	for part := 1; ; part++ {
		o.Part = part
		out, info, err := page.Render(nil, h, src, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, wrong := pagetest.Part(h, out, o); wrong != "" {
			t.Fatalf("piece %d of %d: %s\n%s", info.Part, info.Parts, wrong, text.ForHandset(h).AppendDecode(nil, out))
		}
		fields, to := readForm(t, text.ForHandset(h).AppendDecode(nil, out))
		pieces++
		answers, isPiece, err := page.SplitAnswers(h, nil, fields)
		if err != nil {
			t.Fatal(err)
		}
		if !isPiece {
			return fields, to, pieces
		}
		if pieces > 100 {
			t.Fatal("the form never ends")
		}
		o.Answers = answers
	}
}

// readForm gives what the only form of a page would send.
func readForm(t *testing.T, decoded []byte) (fields form.Fields, action string) {
	z := html.NewTokenizer(bytes.NewReader(decoded))
	sel, chosen, submitted := "", false, false
	for {
		switch z.Next() {
		case html.ErrorToken:
			if action == "" {
				t.Fatalf("no form in %s", decoded)
			}
			return fields, action
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "select" {
				sel = ""
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			a := map[string]string{}
			for _, x := range tok.Attr {
				a[x.Key] = x.Val
			}
			_, checked := a["checked"]
			switch {
			case tok.Data == "form":
				action = a["action"]
			case tok.Data == "select":
				sel, chosen = a["name"], false
			case tok.Data == "option" && sel != "":
				if _, selected := a["selected"]; selected && !chosen {
					fields, chosen = append(fields, form.Field{Name: sel, Value: a["value"]}), true
				}
			case tok.Data != "input" || a["name"] == "" || a["type"] == "checkbox" && !checked:
			case a["type"] == "submit":
				if !submitted {
					fields, submitted = append(fields, form.Field{Name: a["name"], Value: a["value"]}), true
				}
			case a["type"] == "text":
				if _, err := strconv.Atoi(a["name"][1:]); err != nil {
					t.Fatalf("a field named %s", a["name"])
				}
				fields = append(fields, form.Field{Name: a["name"], Value: "typed" + a["name"][1:]})
			default:
				fields = append(fields, form.Field{Name: a["name"], Value: a["value"]})
			}
		}
	}
}

// TestHDMLFormGoesFromDeckToDeck: the answers stay in the handset's variables, and only the last deck sends, all of them.
func TestHDMLFormGoesFromDeckToDeck(t *testing.T) {
	h := handset("au-KCT1")
	parts, wrong := pagetest.Page(&h, canonical(t, "inputs"), goldenOptions("inputs"))
	if wrong != "" {
		t.Fatal(wrong)
	}
	set, sent := map[string]bool{}, 0
	for i, part := range parts {
		asked := part // up to the link that sends: another form may follow
		if at := bytes.Index(part, []byte("POSTDATA")); at >= 0 {
			asked = part[:at]
		}
		for _, key := range regexp.MustCompile(`KEY="(v\d+)"`).FindAllSubmatch(asked, -1) {
			if set[string(key[1])] {
				t.Errorf("part %d asks for %s again", i+1, key[1])
			}
			set[string(key[1])] = true
		}
		for _, data := range regexp.MustCompile(`METHOD=POST POSTDATA="([^"]*)"`).FindAllSubmatch(part, -1) {
			sent++
			vars := regexp.MustCompile(`\$(v\d+)`).FindAllSubmatch(data[1], -1)
			if len(vars) != len(set) {
				t.Errorf("part %d sends %d of %d answers: %s", i+1, len(vars), len(set), data[1])
			}
		}
	}
	if len(parts) < 2 || sent == 0 {
		t.Errorf("%d parts, %d send", len(parts), sent)
	}
}

func TestRestoreFields(t *testing.T) {
	in := form.Fields{{Name: "a", Value: "1"}, {Name: "_s", Value: "x"}, {Name: "_b.act=delete", Value: "削除"}, {Name: "_c.news", Value: ""}, {Name: "_c.mail", Value: "on"}}
	want := form.Fields{{Name: "a", Value: "1"}, {Name: "act", Value: "delete"}, {Name: "mail", Value: "on"}}
	h := handset("docomo-P901i")
	if got, err := page.Restore(&h, nil, in, nil); err != nil || fmt.Sprint(got.Fields) != fmt.Sprint(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}
