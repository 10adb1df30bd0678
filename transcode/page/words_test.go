package page_test

import (
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

// What stands for an emoji is in the page's language, short where room is short; a field's value has one language, because it
// comes back.
func TestWordsForEmoji(t *testing.T) {
	h := handset("docomo-P901i")
	body := `<title>旅🇧🇷</title></head><body><p>🦊と🇧🇷</p><form method=post action="/a"><textarea name=t>🦊</textarea><select name=s><option value=1>🇧🇷</select></form>`
	for lang, want := range map[string][]string{
		`<html lang=ja>`:    {"<title>旅[BR]</title>", "[キツネ]と[ブラジル]", ">[キツネ]</textarea>", ">[BR]</option>"},
		`<html>`:            {"<title>旅[BR]</title>", "[キツネ]と[ブラジル]", ">[キツネ]</textarea>", ">[BR]</option>"},
		`<html lang=en-GB>`: {"<title>旅[BR]</title>", "[fox]と[Brazil]", ">[キツネ]</textarea>", ">[BR]</option>"},
	} {
		out, report, err := page.Render(nil, &h, []byte(`<!DOCTYPE html>`+lang+`<head>`+body), goldenOptions("x"))
		if err != nil {
			t.Fatal(err)
		}
		got := string(text.ForHandset(&h).AppendDecode(nil, out))
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: no %s in\n%s", lang, w, got)
			}
		}
		if report.Lost != 0 {
			t.Errorf("%s: %d lost", lang, report.Lost)
		}
	}
}

// The words count: a title of emoji stays as long as a head can hold, cut between them, and the page stays within its budget.
func TestWordsCount(t *testing.T) {
	h := handset("docomo-D501i")
	flags := strings.Repeat("👨\u200d🚀👩🏽\u200d🎓", 40)
	src := `<!DOCTYPE html><html lang=ja><head><title>` + flags[:170] + `</title></head><body>` + strings.Repeat(`<p>`+flags+`</p>`, 30)
	out, _, err := page.Render(nil, &h, []byte(src), goldenOptions("x"))
	if err != nil {
		t.Fatal(err)
	}
	got := string(text.ForHandset(&h).AppendDecode(nil, out))
	_, title, _ := strings.Cut(got, "<title>")
	title, _, _ = strings.Cut(title, "</title>")
	if len(out) > h.PageBudget {
		t.Errorf("%d bytes, the budget is %d", len(out), h.PageBudget)
	}
	if title == "" || strings.Count(title, "[") != strings.Count(title, "]") || len(title) > 2*180 {
		t.Errorf("the title is %q", title)
	}
	if strings.Contains(got, "〓") || strings.Count(got, "[") != strings.Count(got, "]") {
		t.Errorf("a word was cut:\n%s", got)
	}
}

// A browser that shows references gets what has no likeness as one, in text and not in fields.
func TestReferencesOnPages(t *testing.T) {
	h := carriers.Identify(carriers.Request{UserAgent: "Mozilla/4.0 (compatible; MSIE 4.01; Windows 98)"})
	out, _, err := page.Render(nil, &h, []byte(`<p>한 é</p><form method=post action="/a"><textarea name=t>한</textarea></form>`), goldenOptions("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got := string(text.ForHandset(&h).AppendDecode(nil, out)); !strings.Contains(got, "&#54620; e") || !strings.Contains(got, "〓</textarea>") {
		t.Errorf("%s", got)
	}
}

// TestAFieldHasWords: a field that has nothing but a placeholder, or a name for those who do not see it, shows that; one with
// words of its own does not. What a style makes invisible is not shown, and sent all the same.
func TestAFieldHasWords(t *testing.T) {
	src := []byte(`<!DOCTYPE html><title>t</title><form action=/f method=post><div><input name=a placeholder="お名前"></div><input name=b aria-label="合言葉" type=password>
		<p>住所<input name=c placeholder="例：東京"></p><label for=d>年齢</label><input id=d name=d placeholder="例：二十"><textarea name=e placeholder="ひとこと"></textarea>
		<button name=g>押す</button><input name=h placeholder="追伸"><p style="visibility: hidden">隠れた<input name=s value=秘><i style="visibility:visible">見える</i></p>
		<p style="visibility:hidden">無い<input name=u value=印></p></form>`)
	for _, n := range pagetest.Handsets {
		h := n.Handset()
		h.PageBudget = 0
		out, _, err := page.Render(nil, &h, src, page.Options{URL: "http://x.example/", Foreign: true})
		if err != nil {
			t.Fatal(err)
		}
		got := string(text.ForHandset(&h).AppendDecode(nil, out))
		for _, want := range []string{"お名前", "合言葉", "住所", "年齢", "ひとこと", "追伸", "見える", "印"} {
			if h.Charset != carriers.Latin1 && want != "印" && !strings.Contains(got, want) {
				t.Errorf("%s: no %q\n%s", n.Name, want, got)
			}
		}
		for _, not := range []string{"東京", "二十", "無い"} {
			if strings.Contains(got, not) && h.Dialect.Family != carriers.HDML {
				t.Errorf("%s: %q\n%s", n.Name, not, got)
			}
		}
	}
}

// TestTheGatewaysWordsAreInThePagesLanguage: what the gateway adds is Japanese, unless the page says another language, or says none and its reader
// asks for English, or the screen has no Japanese signs.
func TestTheGatewaysWordsAreInThePagesLanguage(t *testing.T) {
	body := `<title>t</title><p>` + strings.Repeat("long text. ", 500) + `<p><iframe src="/x"></iframe><form action=/s><input name=q></form>`
	for _, n := range append([]pagetest.Named{{Name: "phone-wap", UA: "Nokia7110/1.0 (04.84)"}}, pagetest.Handsets...) {
		h := n.Handset()
		h.PageBudget = 4000
		latin := h.Charset == carriers.Latin1 || h.Dialect.Family == carriers.WML
		for _, row := range []struct {
			lang    string
			reader  bool
			english bool
		}{{"", false, false}, {"", true, true}, {` lang="ja"`, true, false}, {` lang="JA-jp"`, false, false}, {` lang=en`, false, true}, {` lang=de`, false, true}} {
			var all string
			for part := 1; part < 100; part++ {
				out, info, err := page.Render(nil, &h, []byte("<html"+row.lang+">"+body), page.Options{URL: "http://x.example/", Foreign: true, English: row.reader, Part: part})
				if err != nil {
					t.Fatal(err)
				}
				if all += string(text.ForHandset(&h).AppendDecode(nil, out)); part == info.Parts {
					break
				}
			}
			for japanese, english := range map[string]string{"フレーム": "Frame", "検索": "Search", "次へ": "Next"} {
				if want := row.english || latin; want != strings.Contains(all, english) || want == strings.Contains(all, japanese) {
					t.Errorf("%s, lang %q, reader English %v: %s", n.Name, row.lang, row.reader, all[max(0, len(all)-300):])
				}
			}
		}
	}
}
