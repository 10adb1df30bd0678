package page_test

import (
	"strings"
	"testing"

	"musubi/carriers"
	"musubi/transcode/page/pagetest"
	"musubi/transcode/text"
)

const filmPage = `<!DOCTYPE html><html lang="ja"><title>動画</title><p>前<video controls data-pc-no><source src="/film/7?o=1&amp;s=abc&amp;w=mp4" type="video/mp4" data-film="mp4" data-bytes="9">` +
	`<source src="/film/7?o=1&amp;s=abc&amp;w=3gp-300&amp;n=1" type="video/3gpp" data-film="3gp-300" data-bytes="299000" title="その1 0:26">` +
	`<source src="/film/7?o=1&amp;s=abc&amp;w=3gp-300&amp;n=2" type="video/3gpp" data-film="3gp-300" data-bytes="120000" title="その2 0:10">` +
	`<source src="/film/7?o=1&amp;s=abc&amp;w=3g2-1500&amp;n=1" type="video/3gpp2" data-film="3g2-1500" data-bytes="419065" title="動画を見る 0:36">` +
	`<source src="/film/7?o=1&amp;s=abc&amp;w=i-motion&amp;n=1" type="video/3gpp" data-film="i-motion" data-bytes="900000" title="動画を見る 0:36">` +
	`お使いの機種では再生できません。</video>後</p>`

// A film of our own is links to the files that this handset plays, without a session in them; where it plays none, a sentence.
func TestFilms(t *testing.T) {
	for _, c := range []struct {
		ua         string
		want, lack []string
	}{
		{"DoCoMo/2.0 P903i(c100;TB;W24H12)", []string{`<a href="/film/7?o=1&amp;s=abc&amp;w=i-motion&amp;n=1">動画を見る 0:36</a>`}, []string{"3gp-300", "mp4", "_s=", "再生できません"}},
		{"DoCoMo/2.0 N900i(c100;TB;W24H12)", []string{`n=1">その1 0:26</a>`, `n=2">その2 0:10</a>`}, []string{"i-motion", "_s=", "再生できません"}},
		{"SoftBank/1.0/910T/TJ001/SN123456789012345 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1", []string{`n=1">その1 0:26</a>`, `n=2">その2 0:10</a>`}, []string{"_s=", "<object"}},
		{"KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", []string{`<object data="/film/7?o=1&amp;s=abc&amp;w=3g2-1500&amp;n=1" type="video/3gpp2" standby="動画を見る 0:36">`,
			`<param name="disposition" value="devmpzz" valuetype="data"`, `<param name="size" value="419065" valuetype="data"`}, []string{"_s=", "3gp-300", "再生できません", "copyright"}},
		{"DoCoMo/1.0/D501i", []string{"再生できません"}, []string{"/film/"}},
		{"UP.Browser/3.01-CA11 UP.Link/3.2.1.2", []string{"再生できません"}, []string{"/film/"}},
		{"J-PHONE/3.0/J-SH05", []string{"再生できません"}, []string{"/film/"}},
	} {
		h := carriers.Identify(carriers.Request{UserAgent: c.ua})
		o := goldenOptions("film")
		parts, wrong := pagetest.Page(&h, []byte(filmPage), o)
		if wrong != "" && !strings.Contains(wrong, "text lost") { // the words within are for those who have no link
			t.Errorf("%s: %s", c.ua, wrong)
		}
		got := string(text.ForHandset(&h).AppendDecode(nil, parts[0]))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %s in\n%s", c.ua, want, got)
			}
		}
		for _, lack := range c.lack {
			if strings.Contains(got, lack) {
				t.Errorf("%s: %s stands in\n%s", c.ua, lack, got)
			}
		}
	}
	h := carriers.Identify(carriers.Request{UserAgent: "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0"})
	parts, _ := pagetest.Page(&h, []byte(strings.Replace(filmPage, "controls", "controls data-nocopy", 1)), goldenOptions("film"))
	if !strings.Contains(string(parts[0]), `copyright="yes"`) {
		t.Error("a film that may not be passed on does not say so")
	}
}
