package web

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/music"
)

// Last.fm 2.0, as players of today speak it to another host. We hand out no secrets: any api_key and api_sig is taken, and the
// session key is what counts. [LFE]

// An fmError is a refusal with Last.fm's number.
type fmError struct {
	code int
	says string
}

func (e fmError) Error() string { return e.says }

// Refusals of Last.fm. A player forgets its session at 9, and tries again at 11 and 16.
var (
	fmMethod    = fmError{3, "Invalid Method - No method with that name in this package"}
	fmLogin     = fmError{4, "Authentication Failed - You do not have permissions to access the service"}
	fmParameter = fmError{6, "Invalid parameters - Your request is missing a required parameter"}
	fmSession   = fmError{9, "Invalid session key - Please re-authenticate"}
	fmTemporary = fmError{16, "There was a temporary error processing your request. Please try again"}
	fmTooMany   = fmError{29, "Rate limit exceeded - Your IP has made too many requests in a short period"}
)

// A tag is a piece of an answer, in XML and in JSON.
type tag struct {
	name, text string
	attrs      []attr
	tags       []tag
	list       bool // in JSON its tags of one name are an array when there are several
}

type attr struct{ name, value string }

func leaf(name, text string) tag { return tag{name: name, text: text} }

// xml writes the tag.
func (t tag) xml(b *strings.Builder) {
	b.WriteString("<" + t.name)
	for _, a := range t.attrs {
		b.WriteString(" " + a.name + `="`)
		xml.EscapeText(b, []byte(a.value))
		b.WriteByte('"')
	}
	b.WriteByte('>')
	xml.EscapeText(b, []byte(t.text))
	for _, in := range t.tags {
		in.xml(b)
	}
	b.WriteString("</" + t.name + ">")
}

// json is the tag's value: a text, or an object; what stands beside attributes is "#text", and attributes beside tags "@attr".
func (t tag) json() any {
	if len(t.tags) == 0 && len(t.attrs) == 0 {
		return t.text
	}
	out, attrs := map[string]any{}, map[string]any{}
	for _, a := range t.attrs {
		attrs[a.name] = a.value
		if n, err := strconv.Atoi(a.value); err == nil && t.list {
			attrs[a.name] = n
		}
	}
	if len(t.tags) == 0 {
		attrs["#text"] = t.text
		return attrs
	}
	if len(attrs) > 0 {
		out["@attr"] = attrs
	}
	for _, in := range t.tags {
		switch had := out[in.name].(type) {
		case nil:
			out[in.name] = in.json()
		case []any:
			out[in.name] = append(had, in.json())
		default:
			out[in.name] = []any{had, in.json()}
		}
	}
	return out
}

// lastFM answers one call. Arguments may come in the address or in the form.
func (v playerPages) lastFM() error {
	answer, err := v.callFM()
	if errors.Is(err, errAnswered) {
		return nil
	}
	if err != nil {
		return v.failFM(err)
	}
	if v.argFM("format") == "json" {
		body := map[string]any{}
		if answer.name != "" {
			body[answer.name] = answer.json()
		}
		return v.json(body)
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<lfm status="ok">`)
	if answer.name != "" {
		answer.xml(&b)
	}
	b.WriteString("</lfm>\n")
	return v.xml(b.String())
}

func (v playerPages) xml(body string) error {
	v.ctx.SetContentType("text/xml; charset=UTF-8")
	v.ctx.SetBodyString(body)
	return nil
}

func (v playerPages) json(body any) error {
	b, err := json.Marshal(body)
	v.ctx.SetContentType("application/json; charset=UTF-8")
	v.ctx.SetBody(b)
	return err
}

// failFM says what is wrong; 200, because some players read no other body.
func (v playerPages) failFM(err error) error {
	fm := fmTemporary
	var soon core.TooSoon
	switch {
	case errors.As(err, &fm):
	case errors.Is(err, music.ErrKey):
		fm = fmSession
	case errors.As(err, &soon):
		retryAfter(v.visit, err)
		fm = fmTooMany
	default:
		v.logProblem(err)
	}
	if v.argFM("format") == "json" {
		return v.json(map[string]any{"error": fm.code, "message": fm.says})
	}
	return v.xml(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<lfm status="failed"><error code="` + strconv.Itoa(fm.code) + `">` + fm.says + "</error></lfm>\n")
}

// argFM is an argument of a call.
func (v playerPages) argFM(name string) string {
	if value := v.ctx.PostArgs().Peek(name); len(value) > 0 {
		return string(value)
	}
	return v.query(name)
}

// callFM finds the method of a call. Names have no case.
func (v playerPages) callFM() (tag, error) {
	if v.refusedPlain() {
		return tag{}, fmError{4, "This site takes players by https only"}
	}
	method := strings.ToLower(v.argFM("method"))
	if method == "auth.getmobilesession" {
		return v.sessionFM()
	}
	call, ok := map[string]func(playerPages, music.PlayerKey) (tag, error){
		"track.updatenowplaying": playerPages.nowFM, "track.scrobble": playerPages.scrobbleFM,
		"track.love": playerPages.loveFM, "track.unlove": playerPages.loveFM, "user.getinfo": playerPages.infoFM,
	}[method]
	if !ok {
		return tag{}, fmMethod
	}
	k, err := v.site.core.Music.ByFM(v.ctx, v.argFM("sk"))
	if err != nil {
		return tag{}, err
	}
	return call(v, k)
}

// sessionFM is auth.getMobileSession: with name and key, or as of old with md5( name + md5(key) ).
func (v playerPages) sessionFM() (tag, error) {
	user, password, token := v.argFM("username"), v.argFM("password"), v.argFM("authToken")
	var k music.PlayerKey
	var err error
	switch {
	case user == "" || password == "" && token == "":
		return tag{}, fmParameter
	case password != "":
		k, err = v.site.core.Music.Login(v.ctx, user, password)
	default:
		k, err = v.site.core.Music.LoginToken(v.ctx, user, token)
	}
	if errors.Is(err, music.ErrKey) {
		return tag{}, fmLogin
	}
	if err != nil {
		return tag{}, err
	}
	if v.argFM("format") == "json" { // where subscriber is a number
		return tag{}, v.sessionJSON(k)
	}
	return tag{name: "session", tags: []tag{leaf("name", music.UserName(k.Member)), leaf("key", v.site.core.Music.SessionFM(k)), leaf("subscriber", "0")}}, nil
}

// errAnswered says that the answer is written.
var errAnswered = errors.New("answered")

func (v playerPages) sessionJSON(k music.PlayerKey) error {
	return errors.Join(errAnswered, v.json(map[string]any{"session": map[string]any{"name": music.UserName(k.Member), "key": v.site.core.Music.SessionFM(k), "subscriber": 0}}))
}

// playFM reads a track of a call; index is "[0]" or "".
func playFM(args *fasthttp.Args, index string) music.Play {
	of := func(name string) string { return string(args.Peek(name + index)) }
	return music.Play{Artist: of("artist"), Title: of("track"), Album: of("album"), AlbumArtist: of("albumArtist"), MBID: of("mbid"),
		At: unix(of("timestamp")), Length: seconds(of("duration")), Number: number(of("trackNumber"))}
}

// echo are the names of a track as answers repeat them.
func echo(p music.Play, v music.Verdict) []tag {
	uncorrected := func(name, text string) tag {
		return tag{name: name, text: text, attrs: []attr{{"corrected", "0"}}}
	}
	says := [...]string{"", "Artist was ignored", "Track was ignored", "Timestamp was too old", "Timestamp was in the future", "Daily scrobble limit exceeded"}
	code := int(v)
	if v == music.Double { // it is there
		code = 0
	}
	return []tag{uncorrected("track", p.Title), uncorrected("artist", p.Artist), uncorrected("album", p.Album), uncorrected("albumArtist", p.AlbumArtist),
		{name: "ignoredMessage", text: says[code], attrs: []attr{{"code", strconv.Itoa(code)}}}}
}

func (v playerPages) nowFM(k music.PlayerKey) (tag, error) {
	p := playFM(v.ctx.PostArgs(), "")
	if p.Artist == "" || p.Title == "" {
		return tag{}, fmParameter
	}
	verdict, err := v.site.core.Music.NowPlaying(v.ctx, k.Member, p)
	return tag{name: "nowplaying", tags: echo(p, verdict)}, err
}

// scrobbleFM takes up to 50 plays: with an index each, or one without.
func (v playerPages) scrobbleFM(k music.PlayerKey) (tag, error) {
	args := v.ctx.PostArgs()
	var plays []music.Play
	var times []string
	add := func(index string) {
		if args.Has("artist"+index) || args.Has("track"+index) {
			plays, times = append(plays, playFM(args, index)), append(times, string(args.Peek("timestamp"+index)))
		}
	}
	add("")
	for i := range maxScrobbles {
		if len(plays) < maxScrobbles {
			add("[" + strconv.Itoa(i) + "]")
		}
	}
	if len(plays) == 0 || args.Has("artist["+strconv.Itoa(maxScrobbles)+"]") {
		return tag{}, fmParameter
	}
	verdicts, err := v.site.core.Music.Submit(v.ctx, k.Member, plays)
	if err != nil {
		return tag{}, err
	}
	accepted, all := 0, tag{name: "scrobbles", list: true}
	for i, p := range plays {
		if verdicts[i] == music.Taken || verdicts[i] == music.Double {
			accepted++
		}
		names := echo(p, verdicts[i])
		all.tags = append(all.tags, tag{name: "scrobble", tags: append(names[:4:4], leaf("timestamp", times[i]), names[4])})
	}
	all.attrs = []attr{{"accepted", strconv.Itoa(accepted)}, {"ignored", strconv.Itoa(len(plays) - accepted)}}
	return all, nil
}

// loveFM is track.love and track.unlove.
func (v playerPages) loveFM(k music.PlayerKey) (tag, error) {
	artist, title := v.argFM("artist"), v.argFM("track")
	if artist == "" || title == "" {
		return tag{}, fmParameter
	}
	err := v.site.core.Music.Love(v.ctx, k.Member, artist, title, strings.EqualFold(v.argFM("method"), "track.love"))
	if errors.Is(err, core.ErrNotFound) {
		err = fmError{6, "Track not found"}
	}
	return tag{}, err
}

// infoFM is user.getInfo of whoever asks.
func (v playerPages) infoFM(k music.PlayerKey) (tag, error) {
	l, err := v.site.core.Music.Listener(v.ctx, core.Viewer{Member: k.Member}, k.Member)
	if err != nil {
		return tag{}, err
	}
	m, _, err := v.site.core.Member(v.ctx, core.Viewer{Member: k.Member}, k.Member)
	return tag{name: "user", tags: []tag{leaf("name", music.UserName(k.Member)), leaf("realname", m.Name), leaf("playcount", strconv.Itoa(l.Plays)),
		leaf("subscriber", "0"), {name: "registered", text: strconv.FormatInt(m.CreatedAt.Unix(), 10), attrs: []attr{{"unixtime", strconv.FormatInt(m.CreatedAt.Unix(), 10)}}}}}, err
}
