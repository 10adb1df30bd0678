package web

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/elsewhere"
	"musubi/core/journal"
)

var apiKeyPattern = regexp.MustCompile(`<code>([A-Za-z0-9_-]{32})</code>`)

// keyFor makes a key as a member does, with the password, and reads it off the page.
func (w *world) keyFor(b *browser, purpose elsewhere.Purpose) string {
	w.t.Helper()
	made := w.press(b, keysPath, url.Values{"purpose": {string(rune('0' + purpose))}, "name": {"試験"}, "password": {password}, "make": {"1"}})
	found := apiKeyPattern.FindStringSubmatch(b.get(made.location).body)
	if found == nil {
		w.t.Fatalf("no key on %s: %d\n%s", made.location, made.status, made.body)
	}
	return found[1]
}

// listens serves the site on loopback, for programs, and gives its address.
func (w *world) listens() string {
	w.t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	server := w.site.Server()
	go server.Serve(l)
	w.t.Cleanup(func() { server.Shutdown() })
	base := "http://" + l.Addr().String()
	w.site.SetBaseURL(base)
	return base
}

// pictureFile is a picture in a file.
func pictureFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "photo.jpg")
	if err := os.WriteFile(name, drawing(5), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// runProgram runs a program of another language.
func runProgram(t *testing.T, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("%s is missing, and this run must not skip anything: %v", program, err)
		}
		t.Skipf("%s is not installed (.ci/install installs it)", program)
	}
	cmd := exec.Command(program, args...)
	var problems strings.Builder
	cmd.Stderr = &problems
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s\n%s", program, err, out, &problems)
	}
	return string(out)
}

// An atomClient is a site with a member who has a key for AtomPub, and a friend who did things.
type atomClient struct {
	*world
	me, friend core.Member
	b          *browser
	base, key  string
}

func newAtomClient(t *testing.T) *atomClient {
	w := newWorldWith(t, nil)
	c := &atomClient{world: w, me: w.member("花子"), friend: w.member("太郎")}
	w.friends(c.me, c.friend)
	c.b = w.as(c.me)
	c.base, c.key = w.listens(), w.keyFor(c.b, elsewhere.ForAtomPub)
	w.diary(c.friend, "友の題", core.Friends)
	w.comments(c.friend, w.diary(c.me, "私の題", core.Friends))
	w.core.People.LeaveFootprint(c.friend.ID, c.me.ID, w.clock.Now())
	w.must(w.core.People.FlushVisits(t.Context()))
	return c
}

// written are the member's entries, newest first.
func (c *atomClient) written() (list []journal.Diary) {
	c.t.Helper()
	lines, _, err := c.core.Journal.Diaries(c.t.Context(), core.Viewer{Member: c.me.ID}, c.me.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 20})
	c.must(err)
	for _, l := range lines {
		d, err := c.core.Journal.Diary(c.t.Context(), core.Viewer{Member: c.me.ID}, c.me.ID, l.ID)
		c.must(err)
		list = append(list, d.Diary)
	}
	return list
}

// Every collection is Atom to a parser that knows namespaces, each has an ID of its own, and of who wants to be in no feed nothing is there.
func TestAtomPubCollections(t *testing.T) {
	c := newAtomClient(t)
	b := c.browser()
	b.headers = map[string]string{"Authorization": "Bearer " + c.key}
	var albums []core.ID
	for _, title := range []string{"春", "夏"} {
		a, err := c.core.Album.WriteAlbum(t.Context(), c.me.ID, album.NewAlbum{Title: title, Visibility: core.Friends})
		c.must(err)
		p, err := c.core.AddPhoto(t.Context(), c.me.ID, []byte(dot(t, uint8(len(albums)))), time.Time{})
		c.must(err)
		c.must(c.core.Album.HangPhoto(t.Context(), c.me.ID, a.ID, p.ID, time.Time{}))
		albums = append(albums, a.ID)
	}
	me, ids := "/member_id="+c.me.ID.String(), map[string]string{}
	for _, path := range []string{"tracks/r=2" + me, "notify/r=2" + me, "friends/r=1" + me, "updates/r=1" + me, "diary" + me, "r=4" + me, "r=4" + me + "/album_id=" + albums[0].String(), "r=4" + me + "/album_id=" + albums[1].String()} {
		r := b.get(atomPath + path)
		if n := c.inAtom(r.body); r.status != 200 || n == 0 {
			t.Errorf("%s: %d, %d entries", path, r.status, n)
		}
		id := regexp.MustCompile(`<id>([^<]+)</id>`).FindStringSubmatch(r.body)[1]
		if ids[id] != "" {
			t.Errorf("%s and %s are both %s", path, ids[id], id)
		}
		ids[id] = path
	}
	made := b.do("POST", atomPath+"diary"+me, atomEntryType, []byte(`<entry xmlns="http://www.w3.org/2005/Atom"><title>夜</title><content>x</content></entry>`))
	if c.inAtom(made.body) != 1 || made.status != 201 {
		t.Errorf("an entry alone: %d\n%s", made.status, made.body)
	}
	c.must(c.core.Elsewhere.SetShare(t.Context(), c.friend.ID, elsewhere.ShareNothing))
	if r := b.get(atomPath + "updates/r=1" + me); strings.Contains(r.body, "友の題") {
		t.Errorf("of one who wants to be in no feed:\n%s", r.body)
	}
}

// What is wrong with a request of a script is said in a sentence of JSON, whatever it is.
func TestAPISaysWhatIsWrong(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	diary := w.keyFor(b, elsewhere.PostDiary)
	for _, c := range []struct {
		method, path, kind, body string
		status                   int
		says                     string
	}{
		{"GET", "/api/1/nothing", "", "", 404, "POST /api/1/diary"},
		{"GET", "/api/1/", "", "", 404, "GET /api/1/notices"},
		{"DELETE", apiDiaryPath, "", "", 405, "/api/1/diary takes POST, not DELETE"},
		{"POST", apiNoticesPath, "", "{}", 405, "takes GET, not POST"},
		{"GET", apiNoticesPath, "", "", 403, "This key is for something else (Write diary entries). Here it takes one for: Read notices."},
		{"POST", apiDiaryPath, "", `[1]`, 400, "a JSON object with body, title, visibility is expected"},
		{"POST", apiDiaryPath, "", `null`, 400, "a JSON object with body"},
		{"POST", apiDiaryPath, "", `{"title":"x","body":"y"} {}`, 400, "nothing after it"},
		{"POST", apiDiaryPath, "", `{"title":"x","body":"y"}x`, 400, "nothing after it"},
		{"POST", apiDiaryPath, "", `{"title":1,"body":"y"}`, 400, "title is a text, in quotes"},
		{"POST", apiDiaryPath, "", `{"title":null,"body":"y"}`, 400, "title is a text, in quotes"},
		{"POST", apiDiaryPath, "", `{"Title":"x","body":"y"}`, 400, `there is no field "Title": body, title, visibility are expected`},
		{"POST", apiDiaryPath, "", `{"body":"y"}`, 400, "title"},
		{"POST", apiDiaryPath, "", "{\"title\":\"\x93\xfa\",\"body\":\"y\"}", 400, "the body is not in UTF-8"},
		{"POST", apiDiaryPath, "application/json; charset=Shift_JIS", `{"title":"x","body":"y"}`, 415, "JSON is in UTF-8, not in Shift_JIS"},
		{"POST", apiDiaryPath, "application/json; charset=UTF-8", `{"title":"x","body":"y"}`, 201, ""},
	} {
		p := w.browser()
		p.headers["Authorization"] = "Bearer " + diary
		r := p.do(c.method, c.path, c.kind, []byte(c.body))
		var got struct{ Error string }
		if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != c.status || !strings.Contains(got.Error, c.says) || !ForProgram(c.method, c.path, "") {
			t.Errorf("%s %s %s: %d %s, want %d and %s (%v)", c.method, c.path, c.body, r.status, r.body, c.status, c.says, err)
		}
	}
}

// A client as Python ones of 2008 were finds and reads every collection, writes with and without a picture, makes an album.
func TestAtomPubPython(t *testing.T) {
	c := newAtomClient(t)
	var out struct {
		Tracks, Notify, Friends, Updates []struct {
			Title, Link, Author, Updated string
			Term                         []string
		}
		Diary, Pictured []any
		Photo, Photos   int
		Refused         []any
	}
	local := c.clock.Now().Add(9 * time.Hour).Format("2006-01-02T15:04:05.000000") // Tokyo's time, called UTC
	if err := json.Unmarshal([]byte(runProgram(t, "python3", "testdata/atompub/client.py", c.base, mailOf(c.me), c.key, pictureFile(t), local)), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Tracks) != 1 || out.Tracks[0].Author != "太郎" || out.Tracks[0].Link != c.site.link(memberPath(c.friend.ID)) {
		t.Errorf("footprints: %+v", out.Tracks)
	}
	if len(out.Notify) == 0 || !strings.Contains(out.Notify[0].Title, "太郎さんが、あなたの日記") {
		t.Errorf("notices: %+v", out.Notify)
	}
	if len(out.Friends) != 1 || out.Friends[0].Title != "太郎" || !strings.HasSuffix(out.Friends[0].Updated, "T00:00:00Z") {
		t.Errorf("friends: %+v", out.Friends)
	}
	if len(out.Updates) != 1 || out.Updates[0].Title != "友の題" || out.Updates[0].Term[0] != "diary" || out.Updates[0].Author != "太郎" {
		t.Errorf("updates: %+v", out.Updates)
	}
	list := c.written()
	if out.Diary[0] != 201. || out.Pictured[0] != 201. || len(list) != 3 || list[0].Title != "写真つき" || len(list[0].Photos) != 1 || list[1].Body != "本文 <1>\n二行目☀" || list[1].Visibility != core.Friends {
		t.Errorf("%v, %v: %+v", out.Diary, out.Pictured, list)
	}
	albums, _, err := c.core.Album.Albums(t.Context(), core.Viewer{Member: c.me.ID}, c.me.ID, core.Page{Number: 1, Size: 9})
	if err != nil || len(albums) != 1 || albums[0].Title != "パイソンのアルバム" || albums[0].Photos != 1 || out.Photo != 201 || out.Photos != 1 {
		t.Errorf("albums: %+v, %d, %d, %v", albums, out.Photo, out.Photos, err)
	}
	if len(out.Refused) != 2 || out.Refused[0] != 401. || !strings.Contains(out.Refused[1].(string), `profile="UsernameToken"`) {
		t.Errorf("a wrong key: %v", out.Refused)
	}
}

// One that reads with patterns and knows its zone.
func TestAtomPubPerl(t *testing.T) {
	c := newAtomClient(t)
	out := runProgram(t, "perl", "testdata/atompub/client.pl", c.base, mailOf(c.me), c.key, pictureFile(t), c.clock.Now().Add(9*time.Hour).Format("2006-01-02T15:04:05"))
	got := regexp.MustCompile(`http\S+`).ReplaceAllString(out, "ADDRESS")
	if want := "diary 201 ADDRESS\npictured 201 ADDRESS\nagain 404\ndoctype 400\nempty 400\n"; got != want {
		t.Errorf("perl says %q, want %q", got, want)
	}
	if list := c.written(); len(list) != 3 || list[1].Title != "パールの日記" || list[1].Body != "パールの本文" || len(list[0].Photos) != 1 {
		t.Errorf("%+v", list)
	}
}

// One of today, by RFC 5023: tags, conditions, PUT and DELETE, markup that becomes text.
func TestAtomPubNode(t *testing.T) {
	c := newAtomClient(t)
	got := strings.TrimSpace(runProgram(t, "node", "testdata/atompub/client.js", c.base, mailOf(c.me), c.key))
	want := `{"created":201,"read":[200,true,"一つめ&#xA;二つめ &amp; 太字"],"same":304,"put":[200,true],"lost":412,"listed":true,"openpne":200,"stale":412,"deleted":204,"gone":404,"other":404,"method":405}`
	if got != want {
		t.Errorf("node says\n%s, want\n%s", got, want)
	}
}

// wsseField is what a client of the time sends.
func wsseField(user, key, created string, nonce []byte) string {
	return `UsernameToken Username="` + user + `", PasswordDigest="` + elsewhere.Digest(nonce, created, key) + `", Nonce="` + base64.StdEncoding.EncodeToString(nonce) + `", Created="` + created + `"`
}

// Each message of WSSE opens once, of any hour of the world and no further; another member's name, purpose or key opens nothing.
func TestWSSE(t *testing.T) {
	w := newWorld(t)
	me, other := w.member("花子"), w.member("太郎")
	b := w.as(me)
	key, notices, theirs := w.keyFor(b, elsewhere.ForAtomPub), w.keyFor(b, elsewhere.ReadNotices), w.keyFor(w.as(other), elsewhere.ForAtomPub)
	ask := func(field string) int {
		c := w.browser()
		c.headers = map[string]string{"X-WSSE": field}
		return c.get("/atom/diary").status
	}
	now := w.clock.Now().UTC()
	at := func(d time.Duration) string { return now.Add(d).Format("2006-01-02T15:04:05Z") }
	first := wsseField(mailOf(me), key, at(0), []byte("nonce 1"))
	for name, c := range map[string]struct {
		field string
		want  int
	}{
		"12 hours ahead":   {wsseField(mailOf(me), key, at(12*time.Hour), []byte("a")), 200},
		"12 hours late":    {wsseField(mailOf(me), key, at(-12*time.Hour), []byte("b")), 200},
		"14 hours ahead":   {wsseField(mailOf(me), key, at(14*time.Hour), []byte("c")), 401},
		"without a nonce":  {wsseField(mailOf(me), key, at(0), nil), 401},
		"another purpose":  {wsseField(mailOf(me), notices, at(0), []byte("d")), 401},
		"another's name":   {wsseField(mailOf(other), key, at(0), []byte("e")), 401},
		"another's key":    {wsseField(mailOf(me), theirs, at(0), []byte("f")), 401},
		"the password":     {wsseField(mailOf(me), password, at(0), []byte("g")), 401},
		"unknown":          {wsseField("nobody@example.jp", key, at(0), []byte("h")), 401},
		"no time":          {wsseField(mailOf(me), key, "yesterday", []byte("i")), 401},
		"something else":   {"Basic abc", 401},
		"the first time":   {first, 200},
		"its name in caps": {wsseField(strings.ToUpper(mailOf(me)), key, at(0), []byte("j")), 200},
	} {
		if got := ask(c.field); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
	if got := ask(first); got != 401 {
		t.Errorf("the same message again: %d", got)
	}
	w.clock.advance(30 * time.Hour)
	w.must(w.core.Chores.Sweep(t.Context()))
	if got := ask(first); got != 401 {
		t.Errorf("a day later: %d", got)
	}
}

// Keys need the password, do one thing, and end by hand, with a new password, with their member and when nobody uses them.
func TestKeysDoOneThing(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	b := w.as(me)
	w.contains(w.press(b, keysPath, url.Values{"purpose": {"1"}, "password": {"no"}, "make": {"1"}}), `id="password-error"`)
	w.contains(w.press(b, keysPath, url.Values{"purpose": {"9"}, "password": {password}, "make": {"1"}}), `id="purpose-error"`)
	keys := map[string]string{}
	for name, purpose := range map[string]elsewhere.Purpose{"notices": elsewhere.ReadNotices, "diary": elsewhere.PostDiary, "photos": elsewhere.PostPhotos, "atom": elsewhere.ForAtomPub} {
		keys[name] = w.keyFor(b, purpose)
	}
	ask := func(method, path, key string) int {
		c := w.browser()
		c.headers = map[string]string{"Authorization": "Bearer " + key}
		return c.do(method, path, "application/json", []byte(`{}`)).status
	}
	for _, c := range []struct{ method, path, good string }{{"GET", apiNoticesPath, "notices"}, {"POST", apiDiaryPath, "diary"}, {"GET", apiAlbumsPath, "photos"}, {"POST", apiPhotosPath, "photos"}, {"GET", "/atom/", "atom"}} {
		for name, key := range keys {
			if got := ask(c.method, c.path, key); (got == 401 || got == 403) == (name == c.good) {
				t.Errorf("%s %s with a key for %s: %d", c.method, c.path, name, got)
			}
		}
	}
	for range 60 {
		if ask("GET", apiNoticesPath, keys["notices"]) == 429 {
			break
		}
	}
	c := w.browser()
	c.headers = map[string]string{"Authorization": "Bearer " + keys["notices"]}
	if r := c.get(apiNoticesPath); r.status != 429 || string(r.header.Peek("Retry-After")) != "1" {
		t.Errorf("61 at once: %d %s", r.status, r.header.Peek("Retry-After"))
	}
	w.clock.advance(time.Second)
	if r := c.get(apiNoticesPath); r.status != 200 {
		t.Errorf("a second later: %d", r.status)
	}
	all, err := w.core.Elsewhere.MemberKeys(t.Context(), me.ID)
	w.must(err)
	w.press(b, keyDeletePath, url.Values{"id": {all[0].ID.String()}, sureField: {"1"}})
	if left, _ := w.core.Elsewhere.MemberKeys(t.Context(), me.ID); len(left) != 3 {
		t.Errorf("%d keys after one ended", len(left))
	}
	w.clock.advance(11 * time.Minute)
	if apiKeyPattern.MatchString(b.get(keysPath + "?made=" + all[1].ID.String()).body) {
		t.Error("a key is shown for ever")
	}
	w.must(w.store.Desk.SetStatus(t.Context(), me.ID, core.Held))
	if got := ask("GET", apiNoticesPath, keys["notices"]); got != 401 {
		t.Errorf("of one who is held: %d", got)
	}
	w.must(w.store.Desk.SetStatus(t.Context(), me.ID, core.Active))
	w.clock.advance(90*24*time.Hour + time.Hour)
	if got := ask("GET", apiNoticesPath, keys["notices"]); got != 401 {
		t.Errorf("after 90 days: %d", got)
	}
	b = w.as(me)
	last := w.keyFor(b, elsewhere.ReadNotices)
	w.press(b, passwordPath, url.Values{"old": {password}, "password": {"another long word 7"}})
	if got := ask("GET", apiNoticesPath, last); got != 401 {
		t.Errorf("after a new password: %d", got)
	}
}

// A page of another site cannot write with the session of an ordinary login; a program that logged in can.
func TestAtomPubBySession(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	b := w.as(me)
	path := "/atom/diary/member_id=" + me.ID.String()
	body := []byte(`<entry xmlns="http://www.w3.org/2007/app"><title>題</title><summary>本文</summary></entry>`)
	for _, c := range []struct {
		kind    string
		headers map[string]string
		want    int
	}{{"text/plain", nil, 401}, {"application/x-www-form-urlencoded", nil, 401}, {"text/xml", map[string]string{"Origin": "https://evil.example"}, 401}, {"text/xml", nil, 201}} {
		b.headers = c.headers
		if got := b.do("POST", path, c.kind, body); got.status != c.want {
			t.Errorf("%s %v: %d, want %d", c.kind, c.headers, got.status, c.want)
		}
	}
}

// The examples of docs/api.md run as they stand there: each answers what stands below it, in shape.
func TestExamplesOfTheAPI(t *testing.T) {
	if _, err := exec.LookPath("curl"); err != nil {
		if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
			t.Fatalf("curl is not installed, and this run must not skip anything: %v", err)
		}
		t.Skip("curl is not installed (.ci/install installs it)")
	}
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	w.comments(friend, w.diary(me, "題", core.Everyone))
	in, err := w.core.Album.WriteAlbum(t.Context(), me.ID, album.NewAlbum{Title: "アルバム"})
	w.must(err)
	b := w.as(me)
	text, err := os.ReadFile("../../docs/api.md")
	w.must(err)
	env := append(os.Environ(), "SITE="+w.listens(), "READ_KEY="+w.keyFor(b, elsewhere.ReadNotices), "DIARY_KEY="+w.keyFor(b, elsewhere.PostDiary), "PHOTO_KEY="+w.keyFor(b, elsewhere.PostPhotos),
		"MAIL="+mailOf(me), "ATOM_KEY="+w.keyFor(b, elsewhere.ForAtomPub), "ME="+me.ID.String(), "ALBUM="+in.ID.String(), "PHOTO="+pictureFile(t))
	examples := regexp.MustCompile("(?s)```sh\n(.*?)```\n+```(json|http|xml)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	if len(examples) < 6 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, e := range examples {
		cmd := exec.Command("bash", "-c", "set -eu\n"+e[1])
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", e[1], err, out)
			continue
		}
		if got, want := shapeOf(e[2], string(out)), shapeOf(e[2], e[3]); got != want {
			t.Errorf("%sanswers\n%s, of the shape %s; the page has %s", e[1], out, got, want)
		}
	}
}

// shapeOf is what an answer is made of: names and kinds of values, or the lines of a head without what passes.
func shapeOf(kind, text string) string {
	if kind != "json" {
		return strings.TrimSpace(regexp.MustCompile(`[0-9A-Za-z_-]*[0-9][0-9A-Za-z_.:-]*`).ReplaceAllString(regexp.MustCompile(`https?://[^/\s"]+`).ReplaceAllString(text, "SITE"), "N"))
	}
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return err.Error() + ": " + text
	}
	out, _ := json.Marshal(kindsOf(v))
	return string(out)
}

func kindsOf(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = kindsOf(v[name])
		}
		return v
	case []any:
		if len(v) == 0 {
			return v
		}
		return []any{kindsOf(v[0])}
	case string:
		if u, err := url.Parse(v); err == nil && u.Host != "" { // where it leads, and what it says there
			return "address " + u.Path + " " + strings.Join(slices.Sorted(maps.Keys(u.Query())), " ")
		}
		return "text"
	case float64:
		return "number"
	case bool:
		return "bool"
	}
	return v
}

// A script's request that comes again under the same Idempotency-Key writes nothing more.
func TestAPIWritesOnce(t *testing.T) {
	w := newWorld(t)
	me := w.member("花子")
	b := w.as(me)
	c := w.browser()
	c.headers = map[string]string{"Authorization": "Bearer " + w.keyFor(b, elsewhere.PostDiary), "Idempotency-Key": "朝1"}
	body := []byte(`{"title":"一度","body":"だけ","visibility":"private"}`)
	first, second := c.do("POST", apiDiaryPath, "application/json", body), c.do("POST", apiDiaryPath, "application/json", body)
	if first.status != fasthttp.StatusCreated || second.status != first.status || first.body != second.body {
		t.Errorf("%d %s and %d %s", first.status, first.body, second.status, second.body)
	}
	lines, _, err := w.core.Journal.Diaries(t.Context(), core.Viewer{Member: me.ID}, me.ID, journal.DiaryFilter{}, core.Page{Number: 1, Size: 9})
	if err != nil || len(lines) != 1 || lines[0].Visibility != core.Private {
		t.Errorf("%+v %v", lines, err)
	}
	c.headers["Authorization"] = "Bearer " + w.keyFor(b, elsewhere.PostPhotos)
	in, err := w.core.Album.WriteAlbum(t.Context(), me.ID, album.NewAlbum{Title: "アルバム"})
	w.must(err)
	if r := c.do("POST", apiPhotosPath+"?album="+in.ID.String(), "image/jpeg", []byte("no picture")); r.status != 415 {
		t.Errorf("what is no picture: %d %s", r.status, r.body)
	}
	one, two := c.do("POST", apiPhotosPath+"?album="+in.ID.String(), "image/png", []byte(dot(t, 3))), c.do("POST", apiPhotosPath+"?album="+in.ID.String(), "image/png", []byte(dot(t, 3)))
	if one.status != fasthttp.StatusCreated || two.status != one.status || one.body != two.body {
		t.Errorf("a photo: %d %s and %d %s", one.status, one.body, two.status, two.body)
	}
	if a, err := w.core.Album.Album(t.Context(), core.Viewer{Member: me.ID}, me.ID, in.ID); err != nil || a.Photos != 1 {
		t.Errorf("%d photos, %v", a.Photos, err)
	}
	c.headers["Authorization"] = "Bearer " + w.keyFor(b, elsewhere.PostDiary)
	for _, bad := range []string{`{"title":"x"}`, `{"titel":"x","body":"y"}`, `[]`, `{"title":"x","body":"y","visibility":"all"}`} {
		c.headers["Idempotency-Key"] = ""
		if r := c.do("POST", apiDiaryPath, "application/json", []byte(bad)); r.status != 400 || !strings.Contains(r.body, `"error"`) {
			t.Errorf("%s: %d %s", bad, r.status, r.body)
		}
	}
}

// A cursor goes on behind the row it stands for, whatever has come before it meanwhile: nothing comes twice, nothing is missed.
func TestAPICursorStands(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	key := w.keyFor(w.as(me), elsewhere.ReadNotices)
	comes := func(n int) {
		for range n {
			w.comments(friend, w.diary(me, "題", core.Friends))
		}
	}
	comes(50)
	seen, next := map[string]int{}, ""
	for page := 0; ; page++ {
		b := w.browser()
		b.headers["Authorization"] = "Bearer " + key
		r := b.get(apiNoticesPath + "?cursor=" + next)
		var got struct {
			Notices []apiNotice
			Next    string
		}
		if err := json.Unmarshal([]byte(r.body), &got); err != nil || r.status != 200 {
			t.Fatalf("%d %v %s", r.status, err, r.body)
		}
		for _, n := range got.Notices {
			seen[n.ID]++
		}
		if next = got.Next; next == "" {
			break
		}
		comes(7)
	}
	twice := 0
	for _, n := range seen {
		if n > 1 {
			twice++
		}
	}
	if len(seen) != 50 || twice > 0 {
		t.Errorf("%d notices, %d of them twice, want 50", len(seen), twice)
	}
	b := w.browser()
	b.headers["Authorization"] = "Bearer " + key
	for _, c := range []string{"x", "cDI", "MSA1", "MCA1IGE", "OTk5OTk5IDUgYQ"} {
		if r := b.get(apiNoticesPath + "?cursor=" + c); r.status != 400 {
			t.Errorf("cursor %s: %d", c, r.status)
		}
	}
}
