package main

import (
	"bytes"
	"image"
	"slices"
	"strings"
	"testing"
)

// sends finds the form that has a button of the name.
func (s *screen) sends(name string) *webForm {
	s.phone.t.Helper()
	at := slices.IndexFunc(s.forms, func(f *webForm) bool {
		return slices.ContainsFunc(f.fields, func(fl *field) bool {
			button, _, _ := strings.Cut(strings.TrimPrefix(fl.name, "_b."), "=") // as a handset's page names it
			return button == name
		})
	})
	if at < 0 {
		s.phone.t.Fatalf("no form with a button %s on %s:\n%s", name, s.url, s.raw)
	}
	return s.forms[at]
}

// TestStoryPhotosOfToday: three photos of 7 MB from a phone of today go into one diary; a mova reads the text and gets each photo in
// its formats and at its size, and a PC gets them large.
func TestStoryPhotosOfToday(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	photo := phonePhoto(t, 4032, 3024)
	photo = append(photo, make([]byte, max(0, 7<<20-len(photo)))...)
	phone := newPhone(t, d.URL, uaIPhone, true)
	phone.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := phone.get("/diary/write")
	write := form.form("textarea")
	body, kind := multipartOf(t, write, map[string]string{"title": "旅の三枚", "body": "海と山と空", "visibility": "0", "confirm": "1"}, photo, photo, photo)
	page := phone.do("POST", form.url, write.action, kind, body).must(200, "旅の三枚", "海と山と空")
	page = page.submit(page.sends("send"), map[string]string{"+send": ""}).must(200, "旅の三枚")
	if n := strings.Count(string(page.raw), "/diary/photo?"); n != 3 {
		t.Fatalf("%d photos of three:\n%s", n, page.raw)
	}
	page.followTo("/diary/photo?").must(200, "srcset=")
	mova := newPhone(t, d.URL, uaMova, false)
	entry := mova.logIn(d.Members[1].Mail, d.Members[1].Password).follow(sjis("旅の三枚")).must(200, sjis("海と山と空"))
	pictures := 0
	for _, src := range entry.images {
		if !strings.Contains(src, "/photo/") {
			continue
		}
		got := mova.do("GET", entry.url, src, "", nil).must(200)
		c, format, err := image.DecodeConfig(bytes.NewReader(got.raw))
		if err != nil || format != "gif" && format != "jpeg" || c.Width > 240 || len(got.raw) > 20000 || bytes.Contains(got.raw, []byte("GPSPLACE")) {
			t.Errorf("%s: %v, %s %dx%d of %d bytes", src, err, format, c.Width, c.Height, len(got.raw))
		}
		pictures++
	}
	if pictures == 0 {
		t.Errorf("the mova gets no photo:\n%s", entry.raw)
	}
}

// TestStoryDraftGoesOn: what was begun on a PC is finished on a 910T, and nothing of it is lost.
func TestStoryDraftGoesOn(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := pc.get("/diary/write")
	form.submit(form.form("textarea"), map[string]string{"title": "朝の汽車🚃", "textarea": "窓から海が見えた。\n♥と①と髙", "visibility": "0", "+draft": ""}).must(200)
	softbank := newPhone(t, d.URL, uaSoftBank, true)
	softbank.logIn(d.Members[0].Mail, d.Members[0].Password)
	page := softbank.get("/diary/drafts").must(200).follow("朝の汽車").must(200, "窓から海が見えた。")
	write := page.form("textarea")
	typed := ""
	for _, fl := range write.fields {
		if fl.kind == "textarea" {
			typed = fl.value
		}
	}
	page = page.submit(write, map[string]string{"textarea": typed + "\n夜は宿で。", "+confirm": ""}).must(200, "夜は宿で。")
	page.submit(page.sends("send"), map[string]string{"+send": ""}).must(200)
	entry := pc.get("/home").follow("朝の汽車").must(200, "朝の汽車🚃", "窓から海が見えた。", "①と髙", "夜は宿で。")
	if strings.Contains(string(entry.raw), "〓") {
		t.Errorf("something is lost:\n%s", entry.raw)
	}
	if strings.Contains(string(pc.get("/diary/drafts").must(200).raw), "朝の汽車") {
		t.Error("the draft is still there")
	}
}
