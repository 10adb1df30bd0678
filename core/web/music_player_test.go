package web

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"musubi/core"
	"musubi/core/music"
	"musubi/core/shop"
)

var keyPattern = regexp.MustCompile(`<code>([A-Za-z0-9_-]{16,})</code>`)

// playerKey makes a key as a member does, and reads it and the user name off the page.
func (w *world) playerKey(b *browser) (key, user string) {
	w.t.Helper()
	page := b.get(musicSettingsPath)
	made := b.post(musicKeyPath, url.Values{"k": {tokenOn(w.t, page.body, musicKeyPath)}, "player": {"iPod"}, "make": {"1"}})
	shown := b.get(made.location)
	found := keyPattern.FindAllStringSubmatch(shown.body, -1)
	if len(found) != 1 {
		w.t.Fatalf("%d keys stand alone on %s", len(found), made.location)
	}
	var valid struct {
		User string `json:"user_name"`
	}
	json.Unmarshal([]byte(w.browser().get("/1/validate-token?token="+found[0][1]).body), &valid)
	if valid.User == "" || !strings.Contains(shown.body, valid.User) {
		w.t.Fatalf("the user name %q is not on the page", valid.User)
	}
	return found[0][1], valid.User
}

func md5of(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

// chartsTrack says how often today's chart names a track, and with how many listeners.
func (w *world) todays(b *browser, title string) string {
	w.t.Helper()
	body := b.get(chartPath(w.core.Music.Today(), music.AnyGenre)).body
	row := regexp.MustCompile(`>` + regexp.QuoteMeta(title) + `</a>.*?class="heads">([^<]*)<`).FindStringSubmatch(body)
	if row == nil {
		return ""
	}
	return row[1]
}

func TestPlayersInThreeProtocols(t *testing.T) {
	w := newWorld(t)
	w.site.SetBaseURL("http://musubi.example")
	a, b := w.as(w.member("花子")), w.as(w.member("太郎"))
	key, user := w.playerKey(a)
	other, _ := w.playerKey(b)
	now := w.clock.Now().Unix()
	title := "夏の☀ & <海>"

	// Audioscrobbler 1.2: handshake, what is heard now, a play, the play again.
	at := fmt.Sprint(now)
	shake := w.browser().get("/?hs=true&p=1.2&c=tst&v=1.0&u=" + user + "&t=" + at + "&a=" + md5of(md5of(key)+at))
	lines := strings.Split(shake.body, "\n")
	if shake.status != 200 || len(lines) != 5 || lines[0] != "OK" || lines[4] != "" || !strings.HasPrefix(lines[2], "http://musubi.example/") || !strings.HasPrefix(lines[3], "http://musubi.example/") {
		t.Fatalf("handshake: %d %q", shake.status, shake.body)
	}
	playing, submit := strings.TrimPrefix(lines[2], "http://musubi.example"), strings.TrimPrefix(lines[3], "http://musubi.example")
	post := func(path, body string) string {
		return w.browser().do("POST", path, "application/x-www-form-urlencoded", []byte(body)).body
	}
	if got := post(playing, "s="+lines[1]+"&a="+url.QueryEscape("海の家")+"&t="+url.QueryEscape(title)+"&b=&l=200&n=&m="); got != "OK\n" {
		t.Errorf("now playing: %q", got)
	}
	w.contains(a.get(myMusicPath), "夏の☀ &amp; &lt;海&gt; / 海の家")
	play := "s=" + lines[1] + "&a[0]=" + url.QueryEscape("海の家") + "&t[0]=" + url.QueryEscape(title) + fmt.Sprintf("&i[0]=%d&o[0]=P&r[0]=&l[0]=200&b[0]=&n[0]=&m[0]=", now-300)
	for range 2 {
		if got := post(submit, play); got != "OK\n" {
			t.Errorf("submission: %q", got)
		}
	}
	if got := w.todays(a, "夏の☀ &amp; &lt;海&gt;"); got != "" {
		t.Errorf("a track of one listener is named: %s", got)
	}
	for name, got := range map[string]string{
		"BADSESSION": post(submit, strings.Replace(play, lines[1], "x"+lines[1][1:], 1)),
		"BADTIME":    w.browser().get("/?hs=true&p=1.2&c=tst&v=1.0&u=" + user + fmt.Sprintf("&t=%d&a=x", now-181)).body,
		"BADAUTH":    w.browser().get("/?hs=true&p=1.2&c=tst&v=1.0&u=" + user + "&t=" + at + "&a=" + md5of("wrong")).body,
		"FAILED":     w.browser().get("/?hs=true&p=1.1&u=" + user).body,
	} {
		if !strings.HasPrefix(got, name) || name != "FAILED" && got != name+"\n" {
			t.Errorf("want %s, got %q", name, got)
		}
	}
	if again := w.browser().get("/?hs=true&p=1.2&c=tst&v=1.0&u=" + user + "&t=" + at + "&a=" + md5of(md5of(key)+at)).body; again != "BADAUTH\n" {
		t.Errorf("the same handshake again: %q", again)
	}

	// ListenBrainz: the other member plays it, too.
	listen := fmt.Sprintf(`{"listen_type":"single","payload":[{"listened_at":%d,"track_metadata":{"artist_name":"海の家","track_name":%q,"additional_info":{"duration_ms":200000}}}]}`, now-100, title)
	lb := func(path, token, body string) reply {
		br := w.browser()
		br.headers["Authorization"] = "Token " + token
		return br.do("POST", path, "application/json", []byte(body))
	}
	if r := lb("/apis/listenbrainz/1/submit-listens", other, listen); r.status != 200 || r.body != `{"status":"ok"}` {
		t.Errorf("submit-listens: %d %s", r.status, r.body)
	}
	if got := w.todays(a, "夏の☀ &amp; &lt;海&gt;"); got != "2人" {
		t.Errorf("the chart says %q", got)
	}

	// Last.fm 2.0, both ways in, XML and JSON.
	session := func(values url.Values) string {
		values.Set("method", "auth.getMobileSession")
		r := w.browser().post("/2.0/", values)
		m := regexp.MustCompile(`<lfm status="ok"><session><name>` + user + `</name><key>([^<]+)</key><subscriber>0</subscriber></session></lfm>`).FindStringSubmatch(r.body)
		if m == nil {
			t.Fatalf("session: %s", r.body)
		}
		return m[1]
	}
	sk := session(url.Values{"username": {user}, "password": {key}})
	if again := session(url.Values{"username": {user}, "authToken": {md5of(user + md5of(key))}}); again != sk {
		t.Errorf("two session keys: %s, %s", sk, again)
	}
	r := w.browser().post("/2.0/", url.Values{"method": {"track.scrobble"}, "sk": {sk}, "api_key": {"x"}, "api_sig": {"y"}, "artist[0]": {"A"}, "track[0]": {"新しい"}, "timestamp[0]": {fmt.Sprint(now)},
		"artist[1]": {"A"}, "track[1]": {"古い"}, "timestamp[1]": {fmt.Sprint(now - 15*86400)}, "artist[2]": {"A"}, "track[2]": {"先"}, "timestamp[2]": {fmt.Sprint(now + 700)}})
	for _, want := range []string{`<scrobbles accepted="1" ignored="2">`, `<track corrected="0">新しい</track>`, `<ignoredMessage code="0"></ignoredMessage>`, `<ignoredMessage code="3">`, `<ignoredMessage code="4">`} {
		if !strings.Contains(r.body, want) {
			t.Errorf("scrobble: no %s in %s", want, r.body)
		}
	}
	r = w.browser().post("/2.0/", url.Values{"method": {"track.scrobble"}, "format": {"json"}, "sk": {sk}, "artist": {"A"}, "track": {"一つ"}, "timestamp": {fmt.Sprint(now)}})
	var one struct {
		Scrobbles struct {
			Attr     struct{ Accepted, Ignored int } `json:"@attr"`
			Scrobble struct {
				Track struct {
					Text string `json:"#text"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(r.body), &one); err != nil || one.Scrobbles.Attr.Accepted != 1 || one.Scrobbles.Scrobble.Track.Text != "一つ" {
		t.Errorf("JSON: %s, %v", r.body, err)
	}
	for method, want := range map[string]string{"track.love": `<lfm status="ok">`, "user.getInfo": "<playcount>3</playcount>", "track.updateNowPlaying": "<nowplaying>", "no.such": `code="3"`} {
		if r := w.browser().post("/2.0/", url.Values{"method": {method}, "sk": {sk}, "artist": {"A"}, "track": {"一つ"}}); !strings.Contains(r.body, want) {
			t.Errorf("%s: %s", method, r.body)
		}
	}
	if r := w.browser().post("/2.0/", url.Values{"method": {"user.getInfo"}, "format": {"json"}, "sk": {"gone"}}); !strings.Contains(r.body, `"error":9`) {
		t.Errorf("a wrong session: %s", r.body)
	}

	// A withdrawn key is worth nothing in any of them, at once.
	id := hidden(a.get(musicSettingsPath).body, "id")
	if r := w.press(a, musicKeyDeletePath, url.Values{"id": {id}}); r.location != musicSettingsPath {
		t.Fatalf("withdraw: %d %s", r.status, r.location)
	}
	if got := post(submit, play); got != "BADSESSION\n" {
		t.Errorf("after the key was withdrawn: %q", got)
	}
	if r := w.browser().get("/1/validate-token?token=" + key); !strings.Contains(r.body, `"valid":false`) || r.status != 200 {
		t.Errorf("after the key was withdrawn: %s", r.body)
	}
	if r := w.browser().post("/2.0/", url.Values{"method": {"user.getInfo"}, "sk": {sk}}); !strings.Contains(r.body, `code="9"`) {
		t.Errorf("after the key was withdrawn: %s", r.body)
	}
}

func TestListenBrainzRefuses(t *testing.T) {
	now := time.Unix(1_172_900_000, 0)
	listen := `{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t"}}`
	many := strings.Repeat(listen+",", 1000) + listen
	for name, c := range map[string]struct {
		body string
		ok   bool
	}{
		"single":               {`{"listen_type":"single","payload":[` + listen + `]}`, true},
		"import":               {`{"listen_type":"import","payload":[` + listen + `,` + listen + `]}`, true},
		"thousand":             {`{"listen_type":"import","payload":[` + many[len(listen)+1:] + `]}`, true},
		"metadata has more":    {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","mbid_mapping":{}}}]}`, true},
		"now":                  {`{"listen_type":"playing_now","payload":[{"track_metadata":{"artist_name":"a","track_name":"t"}}]}`, true},
		"too many":             {`{"listen_type":"import","payload":[` + many + `]}`, false},
		"two singles":          {`{"listen_type":"single","payload":[` + listen + `,` + listen + `]}`, false},
		"no type":              {`{"payload":[` + listen + `]}`, false},
		"nothing":              {`{"listen_type":"single","payload":[]}`, false},
		"no JSON":              {`listen_type=single`, false},
		"other keys":           {`{"listen_type":"single","payload":[{"listened_at":1172899000,"x":1,"track_metadata":{"artist_name":"a","track_name":"t"}}]}`, false},
		"empty name":           {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"","track_name":"t"}}]}`, false},
		"NUL":                  {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a\u0000","track_name":"t"}}]}`, false},
		"before 2002":          {`{"listen_type":"single","payload":[{"listened_at":1000000000,"track_metadata":{"artist_name":"a","track_name":"t"}}]}`, false},
		"future":               {`{"listen_type":"single","payload":[{"listened_at":1172909999,"track_metadata":{"artist_name":"a","track_name":"t"}}]}`, false},
		"no time":              {`{"listen_type":"single","payload":[{"track_metadata":{"artist_name":"a","track_name":"t"}}]}`, false},
		"now with time":        {`{"listen_type":"playing_now","payload":[` + listen + `]}`, false},
		"large":                {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"` + strings.Repeat("a", 10240) + `","track_name":"t"}}]}`, false},
		"two durations":        {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","additional_info":{"duration":1,"duration_ms":1000}}}]}`, false},
		"25 days":              {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","additional_info":{"duration":2160000}}}]}`, false},
		"many tags":            {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","additional_info":{"tags":[` + strings.Repeat(`"x",`, 50) + `"x"]}}}]}`, false},
		"long tag":             {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","additional_info":{"tags":["` + strings.Repeat("x", 65) + `"]}}}]}`, false},
		"track number as text": {`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","additional_info":{"tracknumber":"3"}}}]}`, true},
	} {
		if _, _, err := readListens([]byte(c.body), now); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadListens(f *testing.F) {
	f.Add([]byte(`{"listen_type":"single","payload":[{"listened_at":1172899000,"track_metadata":{"artist_name":"a","track_name":"t","additional_info":{"duration":"1e9"}}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		kind, plays, err := readListens(body, time.Unix(1_172_900_000, 0))
		if err == nil && (len(plays) == 0 || kind != "import" && len(plays) != 1) {
			t.Fatalf("%d plays of %q", len(plays), kind)
		}
		for _, p := range plays {
			if p.Length < 0 || p.Artist == "" || p.Title == "" {
				t.Fatalf("%+v", p)
			}
		}
	})
}

// Whatever a player sends in a form, it is answered with a word or with XML or JSON that it can read, and what is stored has names.
func FuzzSubmissions(f *testing.F) {
	f.Add([]byte("a[0]=%E6%B5%B7&t[0]=%E2%98%80&i[0]=1172923000&l[0]=200&o[0]=P&r[0]=L&b[0]=&n[0]=1&m[0]="))
	f.Add([]byte("artist[0]=a&track[0]=b&timestamp[0]=1172923000&artist[1]=&track[1]=c&timestamp[1]=-9223372036854775808"))
	f.Add([]byte("artist=%FF%00&track=%E3%80%80&timestamp=99999999999999999999&duration=1e9&format=json"))
	f.Add([]byte("a[0]=x&a[0]=y&t[00]=z&i[0]=&%zz=&=&a[49]=q&t[49]=w&i[49]=1172923001&a[50]=n&t[50]=m"))
	w := newWorld(f)
	m := w.member("花子")
	b := w.browser()
	key, user := w.playerKey(w.as(m))
	r := b.post("/2.0/", url.Values{"method": {"auth.getMobileSession"}, "format": {"json"}, "username": {user}, "password": {key}})
	var session struct{ Session struct{ Key string } }
	if err := json.Unmarshal([]byte(r.body), &session); err != nil || session.Session.Key == "" {
		f.Fatalf("%s: %v", r.body, err)
	}
	at := fmt.Sprint(w.clock.Now().Unix())
	shake := strings.Split(b.get("/?hs=true&p=1.2&u="+user+"&t="+at+"&a="+md5of(md5of(key)+at)).body, "\n")
	f.Fuzz(func(t *testing.T, body []byte) {
		form := "application/x-www-form-urlencoded"
		for _, path := range []string{submissionPath, nowPlayingPath} {
			r := b.do("POST", path, form, append([]byte("s="+shake[1]+"&"), body...))
			if word, _, _ := strings.Cut(r.body, "\n"); r.status != 200 || word != "OK" && word != "BADSESSION" && !strings.HasPrefix(word, "FAILED ") {
				t.Fatalf("%s: %d %q", path, r.status, r.body)
			}
		}
		for _, method := range []string{"track.scrobble", "track.updateNowPlaying", "track.love"} {
			r := b.do("POST", lastFMPath, form, append([]byte("method="+method+"&sk="+session.Session.Key+"&"), body...))
			bad := json.Unmarshal([]byte(r.body), new(any))
			if strings.HasPrefix(r.body, "<?xml") {
				bad = xml.Unmarshal([]byte(r.body), new(struct{ XMLName xml.Name }))
			}
			if r.status != 200 || bad != nil {
				t.Fatalf("%s: %d %q: %v", method, r.status, r.body, bad)
			}
		}
		plays, err := w.store.Music.Plays(t.Context(), m.ID, 0, core.Page{Number: 1, Size: 60})
		for _, p := range plays {
			if p.Track.Title == "" || p.Track.ArtistName == "" || !utf8.ValidString(p.Track.Title+p.Track.ArtistName) || strings.ContainsFunc(p.Track.Title+p.Track.ArtistName, unicode.IsControl) {
				t.Fatalf("stored %+v", p)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	})
}

// Wrong keys slow down, and right ones are taken all the same.
func TestSEC102_WrongPlayerKeysSlowDown(t *testing.T) {
	w := newWorld(t)
	key, user := w.playerKey(w.as(w.member("花子")))
	b := w.browser()
	b.headers = map[string]string{"X-Ktai-Carrier": "pc", "X-Ktai-Class": "browser", "X-Forwarded-For": "192.0.2.9", "X-Ktai-Time": fmt.Sprint(w.clock.Now().Unix())}
	get := func(path string) reply { b.sign("GET", path); return b.get(path) }
	var last reply
	slowed := 0
	for i := range 60 {
		if last = get(fmt.Sprintf("/1/validate-token?token=%024d", i)); last.status == 429 {
			slowed++
		}
	}
	if slowed < 30 || len(last.header.Peek("Retry-After")) == 0 || !strings.Contains(last.body, `"code":429`) {
		t.Errorf("%d of 60 wrong keys were slowed down; the last: %d %s", slowed, last.status, last.body)
	}
	if r := get("/2.0/?method=auth.getMobileSession&username=" + user + "&password=wrong"); !strings.Contains(r.body, `code="29"`) {
		t.Errorf("Last.fm: %s", r.body)
	}
	at := fmt.Sprint(w.clock.Now().Unix())
	if r := get("/?hs=true&p=1.2&u=" + user + "&t=" + at + "&a=wrong"); !strings.HasPrefix(r.body, "FAILED ") {
		t.Errorf("Audioscrobbler: %s", r.body)
	}
	if r := get("/1/validate-token?token=" + key); !strings.Contains(r.body, `"valid":true`) {
		t.Errorf("the right key: %s", r.body)
	}
}

// A player's key opens no page, and is nowhere in the database.
func TestSEC104_PlayerKeysAreForPlaysOnly(t *testing.T) {
	w := newWorld(t)
	key, user := w.playerKey(w.as(w.member("花子")))
	b := w.browser()
	b.cookies["musubi"] = key
	if r := b.get("/home"); r.status != 302 {
		t.Errorf("a key as a session: %d", r.status)
	}
	if r := w.browser().post("/login", url.Values{"mail": {user}, "password": {key}}); r.location == "/home" {
		t.Error("a key logs in")
	}
}

// By plain http to a site of https players are taken only where the operator says so.
func TestPlayersByPlainHTTP(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	k, err := w.core.Music.MakeKey(t.Context(), m.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	key, user := w.core.Music.KeyText(k), music.UserName(m.ID)
	w.site.SetBaseURL("https://musubi.example")
	w.site.secure = true
	shake := func(proto string) string {
		w.clock.advance(time.Second)
		at := fmt.Sprint(w.clock.Now().Unix())
		b := w.browser()
		b.headers["X-Forwarded-Proto"] = proto
		return b.get("/?hs=true&p=1.2&u=" + user + "&t=" + at + "&a=" + md5of(md5of(key)+at)).body
	}
	if got := shake("http"); !strings.HasPrefix(got, "FAILED ") {
		t.Errorf("plain: %q", got)
	}
	if got := shake("https"); !strings.HasPrefix(got, "OK\n") || strings.Contains(got, "http://") {
		t.Errorf("https: %q", got)
	}
	w.site.plainPlayers = true
	if got := shake("http"); !strings.HasPrefix(got, "OK\n") || !strings.Contains(got, "http://musubi.example/") {
		t.Errorf("plain, allowed: %q", got)
	}
}

// What is for a PC alone tells a handset so, in one sentence, and stands in no menu of it.
func TestMusicIsForPCs(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	w.contains(b.get("/home"), `href="/music"`)
	w.contains(b.get("/settings"), `href="/music/settings"`)
	b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Omit": "data-pc", "X-Ktai-Time": fmt.Sprint(w.clock.Now().Unix())}
	get := func(path string) reply { b.sign("GET", path); return b.get(path) }
	for _, path := range []string{musicPath, myMusicPath, musicSettingsPath} {
		if r := get(path); r.status != 200 || !strings.Contains(r.body, "パソコン") || strings.Contains(r.body, "キーを作る") {
			t.Errorf("%s on a handset: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/home", "/settings"} {
		if r := get(path); strings.Contains(r.body, `href="/music`) {
			t.Errorf("%s on a handset leads to music", path)
		}
	}
}

// The long way of a .scrobbler.log.
func TestScrobblerLog(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	file := fmt.Sprintf("#AUDIOSCROBBLER/1.1\n#TZ/UTC\n#CLIENT/Rockbox\nスピッツ\tハチミツ\tロビンソン\t3\t259\tL\t%d\t\nスピッツ\tハチミツ\t歩き出せ、クローバー\t4\t200\tL\t1\t\n", w.clock.Now().Unix()-5000)
	r := b.upload(musicLogPath, url.Values{"k": {tokenOn(t, b.get(musicSettingsPath).body, musicLogPath)}}, []byte(file))
	w.contains(r, "1曲を読み込みました。", "14日より前の曲: 1")
	w.contains(b.get(myMusicPath), "ロビンソン", "スピッツ")
	r = b.upload(musicLogPath, url.Values{"k": {tokenOn(t, b.get(musicSettingsPath).body, musicLogPath)}}, []byte("nothing"))
	w.contains(r, ".scrobbler.log ではないようです。")
}

// Facts about artists are everybody's: written, found in the history, brought back, and never overwritten unseen.
func TestMusicFacts(t *testing.T) {
	w := newWorld(t)
	hana, taro := w.member("花子"), w.member("太郎")
	for _, m := range []core.Member{hana, taro} {
		if _, err := w.core.Music.Submit(t.Context(), m.ID, []music.Play{{Artist: "スピッツ", Title: "ロビンソン", At: w.clock.Now()}}); err != nil {
			t.Fatal(err)
		}
	}
	found, err := w.core.Music.Find(t.Context(), "スピッツ")
	if err != nil || len(found.Artists) != 1 {
		t.Fatal(found, err)
	}
	id := found.Artists[0].ID
	b, c := w.as(hana), w.as(taro)
	page := b.get(artistEditPath + "?id=" + id.String()).body
	edit := func(b *browser, base, text string) reply {
		return w.press(b, artistEditPath, url.Values{"id": {id.String()}, "base": {base}, "text": {text}, "genre": {"2"}})
	}
	if r := edit(b, hidden(page, "base"), "1987年結成。"); r.location != artistIDPath(id) {
		t.Fatalf("edit: %d %s", r.status, r.body)
	}
	w.contains(edit(c, hidden(page, "base"), "別の文"), "編集中にほかのメンバーが書きかえました", "1987年結成。")
	now := hidden(c.get(artistEditPath+"?id="+id.String()).body, "base")
	if r := edit(c, now, "荒らし"); r.status != 302 {
		t.Fatalf("edit: %d", r.status)
	}
	w.contains(b.get(artistIDPath(id)), "荒らし", "太郎さんが編集", "ロック")
	history := b.get(artistHistoryPath + "?id=" + id.String())
	w.contains(history, "荒らし", "1987年結成。")
	if r := w.press(b, artistUndoPath, url.Values{"artist": {id.String()}, "id": {now}}); r.location != artistIDPath(id) {
		t.Fatalf("undo: %d %s", r.status, r.location)
	}
	w.contains(b.get(artistIDPath(id)), "1987年結成。", "花子さんが編集")
	if err := w.core.Chores.Remove(t.Context(), taro.ID, "operator"); err != nil {
		t.Fatal(err)
	}
	if r := b.get(artistHistoryPath + "?id=" + id.String()); strings.Contains(r.body, "太郎") || !strings.Contains(r.body, "荒らし") {
		t.Error("who left is still named in the history, or what they wrote is gone")
	}
}

// A link to a shop is counted, and the shop is not told where from.
func TestMusicShops(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	if _, err := w.core.Music.Submit(t.Context(), m.ID, []music.Play{{Artist: "A&B", Title: "空 1", At: w.clock.Now()}}); err != nil {
		t.Fatal(err)
	}
	tops, err := w.core.Music.TopTracks(t.Context(), core.Viewer{Member: m.ID}, m.ID, music.OfAll, 1)
	if err != nil {
		t.Fatal(err)
	}
	b := w.as(m)
	page := b.get(trackIDPath(tops[0].Track.ID))
	w.contains(page, `rel="sponsored noopener"`, "iTunes", "mora", "Amazon")
	r := b.get(buyPath("mora", tops[0].Track.ID))
	if r.status != 302 || r.location != "https://mora.jp/search/top?keyWord=A%26B+%E7%A9%BA+1" || string(r.header.Peek("Referrer-Policy")) != "no-referrer" {
		t.Errorf("mora: %d %s", r.status, r.location)
	}
	if r := b.get(buyPath("evil", tops[0].Track.ID)); r.status != 404 {
		t.Errorf("a shop that there is not: %d", r.status)
	}
	clicks, err := w.core.Music.Clicks(t.Context(), 7)
	if err != nil || len(clicks) != 1 || clicks[0] != (shop.Clicks{Shop: "mora", Clicks: 1}) {
		t.Errorf("counted %+v, %v", clicks, err)
	}
}
