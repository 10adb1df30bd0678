package web

import (
	"encoding/json"
	"strconv"

	"musubi/core/journal"
)

// What the manifest calls the colours where the operator has chosen none: those of the style sheet.
const (
	appAccent = "#b0441a"
	appGround = "#fffdf9"
)

// manifest says to browsers how the site is as an application (W3C Web Application Manifest).
func (v appPages) manifest() error {
	type picture struct {
		Src     string `json:"src"`
		Sizes   string `json:"sizes"`
		Type    string `json:"type"`
		Purpose string `json:"purpose"`
	}
	type shortcut struct {
		Name string `json:"name"`
		URL  string `json:"url"`
	}
	type files struct {
		Name   string   `json:"name"`
		Accept []string `json:"accept"`
	}
	type params struct {
		Title string  `json:"title"`
		Text  string  `json:"text"`
		URL   string  `json:"url"`
		Files []files `json:"files"`
	}
	type target struct {
		Action  string `json:"action"`
		Method  string `json:"method"`
		Enctype string `json:"enctype"`
		Params  params `json:"params"`
	}
	st := v.site.core.Policy.State(v.ctx)
	accent := appAccent
	if st.Accent != "" {
		accent = st.Accent
	}
	var icons []picture
	for _, size := range iconSizes {
		square := strconv.Itoa(size) + "x" + strconv.Itoa(size)
		icons = append(icons, picture{iconAddress(v.visit, size, false), square, "image/png", "any"}, picture{iconAddress(v.visit, size, true), square, "image/png", "maskable"})
	}
	body, err := json.Marshal(struct {
		ID         string     `json:"id"`
		Name       string     `json:"name"`
		Short      string     `json:"short_name"`
		Lang       string     `json:"lang"`
		Start      string     `json:"start_url"`
		Scope      string     `json:"scope"`
		Display    string     `json:"display"`
		Theme      string     `json:"theme_color"`
		Background string     `json:"background_color"`
		Icons      []picture  `json:"icons"`
		Shortcuts  []shortcut `json:"shortcuts"`
		Share      target     `json:"share_target"`
	}{"/", v.site.name(), v.site.name(), japanese.lang(), homePath, "/", "standalone", accent, appGround, icons,
		[]shortcut{{japanese.t("diary.write"), "/diary/write"}, {japanese.t("home.notices"), noticesPath}},
		target{sharePath, "POST", "multipart/form-data", params{"title", "text", "url", []files{{"file", []string{"image/jpeg", "image/png", "image/gif", ".jpg", ".jpeg", ".png", ".gif"}}}}}})
	if err != nil {
		return err
	}
	housePages(v).keepForLong()
	v.ctx.SetContentType("application/manifest+json; charset=UTF-8")
	v.ctx.SetBody(body)
	return nil
}

// worker is the script that runs beside the pages. It has nothing of a member's.
func (v appPages) worker() error {
	v.ctx.Response.Header.Set("Cache-Control", "public, no-cache")
	v.ctx.SetContentType("text/javascript; charset=UTF-8")
	v.ctx.SetBodyString(workerScript)
	return nil
}

// offline is the page for who has no connection: browsers keep it, so it is nobody's.
func (v appPages) offline() error {
	nobody := &visit{site: v.site, ctx: v.ctx, words: v.words, ktai: v.ktai}
	housePages{nobody}.keepForLong()
	return nobody.show(&offlinePage{frame{nobody}})
}

// share begins an entry with what another application has shared: a draft, which only its member sees. No page of ours asked for it, so
// there is no token: a browser says that its user did (SEC-38), and a draft is all that comes of it.
func (v appPages) share() error {
	if site := string(v.ctx.Request.Header.Peek("Sec-Fetch-Site")); site != "none" && site != "same-origin" {
		return errForeign
	}
	f, err := readForm(v.ctx, maxUpload)
	if err != nil {
		return err
	}
	if err := v.site.core.Policy.MayWrite(v.ctx); err != nil {
		return err
	}
	v.form = f
	delete(v.form.values, "photo") // nothing that is there already
	n := journal.NewDiary{Title: upTo(f.get("title"), journal.MaxDiaryTitle), Body: upTo(joinLines(f.get("text"), f.get("url")), journal.MaxDiaryBody), Visibility: v.member.DiaryVisibility}
	var w wrong
	if n.Photos, w, err = v.readPhotos(journal.MaxDiaryPhotos); err != nil {
		return err
	}
	if len(n.Photos) == 0 && n.Title == "" && n.Body == "" {
		return journalPages(v).showDiaryForm(draft{NewDiary: n}, w)
	}
	d, err := v.site.core.Journal.SaveDraft(v.ctx, v.member.ID, 0, n)
	if err != nil {
		return err
	}
	if len(w) > 0 {
		return journalPages(v).showDiaryForm(draft{saved: d.ID, NewDiary: n}, w)
	}
	v.redirect(draftPath(d.ID))
	return nil
}

// joinLines puts texts below each other.
func joinLines(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + "\n" + b
}

// upTo is the first n characters of a text.
func upTo(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
