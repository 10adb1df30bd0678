package page_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"musubi/carriers"
	"musubi/transcode/form"
	"musubi/transcode/own"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// TestACutChoiceSendsOneValue: a list or a group of radio buttons that is larger than a part sends what was chosen in any of the parts, and
// nothing else, as a browser does that shows all of it.
func TestACutChoiceSendsOneValue(t *testing.T) {
	pad := func(i, n int) string { return fmt.Sprintf("v%0*d", n, i) }
	list := func(n, size, chosen int) string {
		var b strings.Builder
		b.WriteString(`<p>前</p><form action=/f method=post><select name=y>`)
		for i := range n {
			fmt.Fprintf(&b, `<option value=%s%s>%d`, pad(i, size), map[bool]string{true: " selected"}[i == chosen], i)
		}
		return b.String() + `</select><p><input name=q value=x></p><input type=submit></form>`
	}
	radios := func(n, size, chosen int) string {
		var b strings.Builder
		b.WriteString(`<p>前</p><form action=/f method=post>`)
		for i := range n {
			fmt.Fprintf(&b, `<p><input type=radio name=y value=%s%s>第%d</p>`, pad(i, size), map[bool]string{true: " checked"}[i == chosen], i)
		}
		return b.String() + `<p><input name=q value=x></p><input type=submit></form>`
	}
	uas := map[string]string{"F501i": "DoCoMo/1.0/F501i", "P503i": "DoCoMo/1.0/P503i/c10", "P903i": "DoCoMo/2.0 P903i(c100;TB;W24H12)",
		"CA39": "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "J-DN02": "J-PHONE/2.0/J-DN02"}
	kinds := map[string]func(int, int, int) string{"select": list, "radio": radios}
	for model, ua := range uas {
		h := carriers.Identify(carriers.Request{UserAgent: ua})
		for kind, src := range kinds {
			for _, n := range []int{90, 250} {
				for _, size := range []int{10, 100} {
					for _, c := range [][2]int{{n * 3 / 4, 3}, {3, n * 3 / 4}, {n / 2, -1}, {n / 3, n - 1}} {
						want := pad(c[0], size)
						if c[1] >= 0 {
							want = pad(c[1], size)
						}
						got, parts := send(t, &h, []byte(src(n, size, c[0])), "y", want)
						var sent []string
						for _, f := range got {
							if f.Name == "y" {
								sent = append(sent, f.Value)
							}
						}
						if len(sent) != 1 || sent[0] != want {
							t.Fatalf("%s: %s of %d values of %d characters, in %d parts: default %d, chosen %d: sent %.40q", model, kind, n, size, parts, c[0], c[1], sent)
						}
					}
				}
			}
		}
	}
}

// TestWhatAFormSendsByItselfHasRoom: hidden fields larger than a part are kept, and arrive as they are, in their order.
func TestWhatAFormSendsByItselfHasRoom(t *testing.T) {
	long := strings.Repeat("a&b=;%é한", 1000)
	var many strings.Builder
	for i := range 100 {
		fmt.Fprintf(&many, `<input type=hidden name=h%d value="%s">`, i, strings.Repeat("x", 40))
	}
	forms := map[string]string{
		"many":   many.String() + `<p>名前<input name=q value=x></p>`,
		"behind": `<p>名前<input name=q value=x>` + many.String() + `</p>` + strings.Repeat("<p>長い文章です。</p>", 500),
		"large":  `<input type=hidden name=__VIEWSTATE value="` + long + `"><p>名前<input name=q value=x></p>`,
	}
	for name, inner := range forms {
		for _, method := range []string{"post", "get"} {
			for _, n := range pagetest.Handsets {
				h := n.Handset()
				if h.PageBudget == 0 || h.Dialect.Deck() {
					continue
				}
				src := []byte(`<form action=/f method=` + method + `><input type=hidden name=first value=1>` + inner + `<p><input type=submit name=go value=Go></p></form>`)
				want, _ := send(t, &carriers.Handset{Dialect: h.Dialect, Charset: h.Charset, Emoji: h.Emoji}, src, "", "")
				got, parts := send(t, &h, src, "", "")
				if fmt.Sprint(got) != fmt.Sprint(want) || len(want) < 4 {
					t.Errorf("%s, %s: %s in %d parts sends %.300q instead of %.300q", n.Name, method, name, parts, fmt.Sprint(got), fmt.Sprint(want))
				}
			}
		}
	}
}

// send opens the only form of a page, chooses a value of a field wherever it stands, and sends it from part to part.
func send(t *testing.T, h *carriers.Handset, src []byte, field, value string) (sent form.Fields, parts int) {
	t.Helper()
	held := map[string][]byte{}
	o := page.Options{URL: "http://x.example/p", Foreign: true, Session: "S3ss10n", Hold: func(data []byte, _ bool) string {
		word := fmt.Sprintf("word-%d", len(held))
		for w, d := range held {
			if bytes.Equal(d, data) {
				return w
			}
		}
		held[word] = bytes.Clone(data)
		return word
	}}
	for o.Part = 1; ; o.Part++ {
		out, _, err := page.Render(nil, h, src, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, wrong := pagetest.Part(h, out, o); wrong != "" {
			t.Fatalf("part %d: %s", o.Part, wrong)
		}
		parts++
		decoded := text.ForHandset(h).AppendDecode(nil, out)
		if !bytes.Contains(decoded, []byte("<form")) {
			if parts > 100 {
				t.Fatalf("no form: %s", decoded)
			}
			continue
		}
		fields := submitted(decoded, field, value)
		for i, f := range fields {
			if data, ok := held[f.Value]; ok && f.Name == own.Answers {
				fields[i].Value = string(data)
			}
		}
		answers, isPiece, err := page.SplitAnswers(h, nil, fields)
		if err != nil || parts > 100 {
			t.Fatal(parts, err)
		}
		if !isPiece {
			restored, err := page.Restore(h, nil, fields, nil)
			if err != nil {
				t.Fatal(err)
			}
			return restored.Fields, parts
		}
		o.Answers = answers
	}
}

// submitted is what the form of a part sends when a value is chosen where it is offered. Values that go out packed are chosen as they are.
func submitted(decoded []byte, field, value string) (fields form.Fields) {
	z := html.NewTokenizer(bytes.NewReader(decoded))
	sel, radio := -1, map[string]int{}
	set := func(at *int, name, v string) {
		if *at < 0 {
			*at = len(fields)
			fields = append(fields, form.Field{})
		}
		fields[*at] = form.Field{Name: name, Value: v}
	}
	name, picked := "", map[string]bool{}
	for {
		switch z.Next() {
		case html.ErrorToken:
			return fields
		case html.EndTagToken:
			if tag, _ := z.TagName(); string(tag) == "form" {
				return fields
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tok := z.Token()
			a := map[string]string{}
			for _, x := range tok.Attr {
				a[x.Key] = x.Val
			}
			_, isChecked := a["checked"]
			_, isSelected := a["selected"]
			wanted := value != "" && a["value"] == value
			switch {
			case tok.Data == "select":
				sel, name = -1, a["name"]
			case tok.Data == "option":
				mine := name == field && wanted
				if !picked[name] && (sel < 0 || isSelected) || mine {
					set(&sel, name, a["value"])
				}
				picked[name] = picked[name] || mine
			case tok.Data == "textarea" || tok.Data != "input" || a["name"] == "" && a["type"] != "radio":
			case a["type"] == "radio":
				mine := a["name"] == field && wanted
				if isChecked && !picked[a["name"]] || mine {
					at, ok := radio[a["name"]]
					if !ok {
						at = -1
					}
					set(&at, a["name"], a["value"])
					radio[a["name"]] = at
				}
				picked[a["name"]] = picked[a["name"]] || mine
			case a["type"] == "checkbox" && !isChecked:
			default:
				fields = append(fields, form.Field{Name: a["name"], Value: a["value"]})
			}
		}
	}
}
