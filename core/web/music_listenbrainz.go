package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/music"
)

// ListenBrainz, which most players of today speak whose address can be changed. [LB]

// Limits of ListenBrainz, as its own server has them.
const (
	maxListens     = 1000
	maxListen      = 10240 // bytes of one
	maxTags        = 50
	maxTag         = 64 // characters
	maxHours       = 576
	firstListen    = 1033410600 // the day Audioscrobbler began
	maxSubmission  = maxListens * maxListen
	batchOfListens = 100 // stored at once
)

// An lbError is a refusal of ListenBrainz.
type lbError struct {
	status int
	says   string
}

func (e lbError) Error() string { return e.says }

func badListen(says string) error { return lbError{fasthttp.StatusBadRequest, says} }

// byHeader is whose key the Authorization field has; words around it have no case.
func (v playerPages) byHeader() (music.PlayerKey, error) {
	kind, key, _ := strings.Cut(strings.TrimSpace(string(v.ctx.Request.Header.Peek("Authorization"))), " ")
	if !strings.EqualFold(kind, "Token") && !strings.EqualFold(kind, "Bearer") {
		return music.PlayerKey{}, lbError{fasthttp.StatusUnauthorized, "You need to provide an Authorization header."}
	}
	return v.byKey(strings.TrimSpace(key))
}

func (v playerPages) byKey(key string) (music.PlayerKey, error) {
	if v.refusedPlain() {
		return music.PlayerKey{}, lbError{fasthttp.StatusForbidden, "This site takes players by https only."}
	}
	return v.site.core.Music.ByKey(v.ctx, key)
}

// failLB answers with what is wrong.
func (v playerPages) failLB(err error) error {
	var lb lbError
	var soon core.TooSoon
	switch {
	case errors.As(err, &lb):
	case errors.Is(err, music.ErrKey):
		lb = lbError{fasthttp.StatusUnauthorized, "Invalid authorization token."}
	case errors.As(err, &soon):
		retryAfter(v.visit, err)
		v.ctx.Response.Header.Set("X-RateLimit-Reset-In", string(v.ctx.Response.Header.Peek("Retry-After")))
		lb = lbError{fasthttp.StatusTooManyRequests, "Too many wrong tokens."}
	default:
		v.logProblem(err)
		retryAfter(v.visit, err)
		lb = lbError{fasthttp.StatusServiceUnavailable, "Nothing could be stored just now. Try again later."}
	}
	v.ctx.SetStatusCode(lb.status)
	return v.json(map[string]any{"code": lb.status, "error": lb.says})
}

// validateToken says whose key it is.
func (v playerPages) validateToken() error {
	var k music.PlayerKey
	var err error
	switch key := v.query("token"); {
	case len(v.ctx.Request.Header.Peek("Authorization")) > 0:
		k, err = v.byHeader()
	case key != "":
		k, err = v.byKey(key)
	default:
		err = badListen("You need to provide an Authorization token.")
	}
	if errors.Is(err, music.ErrKey) {
		return v.json(map[string]any{"code": 200, "message": "Token invalid.", "valid": false})
	}
	if err != nil {
		return v.failLB(err)
	}
	return v.json(map[string]any{"code": 200, "message": "Token valid.", "valid": true, "user_name": music.UserName(k.Member)})
}

// A listen is one entry of a submission. It has no other keys; what describes the track may.
type listen struct {
	At       *json.Number    `json:"listened_at"`
	Metadata json.RawMessage `json:"track_metadata"`
}

// A described is what a listen says of its track.
type described struct {
	Artist     string         `json:"artist_name"`
	Track      string         `json:"track_name"`
	Release    string         `json:"release_name"`
	Additional map[string]any `json:"additional_info"`
}

// submitListens takes plays: "single", "import", or what is heard now.
func (v playerPages) submitListens() error {
	k, err := v.byHeader()
	if err != nil {
		return v.failLB(err)
	}
	kind, plays, err := readListens(v.ctx.Request.Body(), v.site.core.Now())
	if err != nil {
		return v.failLB(err)
	}
	if kind == "playing_now" {
		_, err = v.site.core.Music.NowPlaying(v.ctx, k.Member, plays[0])
	} else {
		for len(plays) > 0 && err == nil {
			n := min(len(plays), batchOfListens)
			_, err = v.site.core.Music.Submit(v.ctx, k.Member, plays[:n])
			plays = plays[n:]
		}
	}
	if err != nil {
		return v.failLB(err)
	}
	return v.json(map[string]any{"status": "ok"})
}

// readListens reads a submission and says what is wrong with it; one wrong listen is all it takes.
func readListens(body []byte, now time.Time) (kind string, plays []music.Play, err error) {
	if len(body) > maxSubmission {
		return "", nil, badListen("Payload too large.")
	}
	var in struct {
		Kind    string            `json:"listen_type"`
		Payload []json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(body, &in); err != nil {
		return "", nil, badListen("Cannot parse JSON document.")
	}
	switch {
	case in.Kind != "single" && in.Kind != "import" && in.Kind != "playing_now":
		return "", nil, badListen("JSON document requires a valid listen_type key.")
	case len(in.Payload) == 0:
		return "", nil, badListen("JSON document does not contain any listens.")
	case len(in.Payload) > 1 && in.Kind != "import":
		return "", nil, badListen("Listen type " + in.Kind + " can contain only one listen.")
	case len(in.Payload) > maxListens:
		return "", nil, badListen("Too many listens. At most 1000 are allowed per request.")
	}
	for _, raw := range in.Payload {
		p, err := readListen(raw, in.Kind == "playing_now", now)
		if err != nil {
			return "", nil, err
		}
		plays = append(plays, p)
	}
	return in.Kind, plays, nil
}

// readListen reads one.
func readListen(raw []byte, playing bool, now time.Time) (p music.Play, err error) {
	if len(raw) > maxListen {
		return p, badListen("A listen is larger than 10240 bytes.")
	}
	if bytes.Contains(raw, []byte(`\u0000`)) || bytes.IndexByte(raw, 0) >= 0 {
		return p, badListen("A listen contains a NUL character.")
	}
	var l listen
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&l); err != nil {
		return p, badListen("A listen has other keys than listened_at and track_metadata, or values of another type.")
	}
	var m described
	d = json.NewDecoder(bytes.NewReader(l.Metadata))
	d.UseNumber()
	if err := d.Decode(&m); err != nil {
		return p, badListen("A listen has no track_metadata, or values of another type in it.")
	}
	p = music.Play{Artist: m.Artist, Title: m.Track, Album: m.Release}
	switch {
	case strings.ContainsRune(m.Artist+m.Track, '\uFFFD'):
		return p, badListen("A listen has an artist_name or track_name that is no UTF-8.")
	case strings.TrimSpace(m.Artist) == "":
		return p, badListen("A listen has an empty artist_name.")
	case strings.TrimSpace(m.Track) == "":
		return p, badListen("A listen has an empty track_name.")
	case playing && l.At != nil:
		return p, badListen("JSON document should not contain listened_at while submitting playing_now.")
	case !playing && l.At == nil:
		return p, badListen("A listen has no listened_at.")
	}
	if l.At != nil {
		at, err := l.At.Int64()
		if err != nil || at < firstListen {
			return p, badListen("Value for key listened_at is not a time since 2002.")
		}
		if p.At = time.Unix(min(at, 1<<40), 0); p.At.After(now.Add(music.MaxAhead)) {
			return p, badListen("Value for key listened_at is in the future.")
		}
	}
	return p, readAdditional(&p, m.Additional)
}

// readAdditional reads what else a listen says.
func readAdditional(p *music.Play, info map[string]any) error {
	if tags, ok := info["tags"].([]any); ok {
		if len(tags) > maxTags {
			return badListen("A listen has more than 50 tags.")
		}
		for _, t := range tags {
			if s, ok := t.(string); !ok || core.Length(s) > maxTag {
				return badListen("A tag is no text of at most 64 characters.")
			}
		}
	}
	_, s := info["duration"]
	_, ms := info["duration_ms"]
	if s && ms {
		return badListen("A listen has both duration and duration_ms.")
	}
	for name, unit := range map[string]time.Duration{"duration": time.Second, "duration_ms": time.Millisecond} {
		value, ok := info[name]
		if !ok || value == nil {
			continue
		}
		n, ok := numberOf(value)
		if !ok || n < 0 || n*unit.Seconds() > maxHours*3600 {
			return badListen("Value for " + name + " is not a length of at most 24 days.")
		}
		p.Length = time.Duration(n * float64(unit))
	}
	if n, ok := numberOf(info["tracknumber"]); ok && n > 0 && n < 10000 {
		p.Number = int(n)
	}
	p.AlbumArtist, _ = info["release_artist_name"].(string)
	p.MBID, _ = info["recording_mbid"].(string)
	return nil
}

// numberOf reads a number that may stand in a text.
func numberOf(value any) (float64, bool) {
	s, ok := value.(string)
	if n, isNumber := value.(json.Number); isNumber {
		s, ok = n.String(), true
	}
	if !ok {
		return 0, false
	}
	f, err := json.Number(s).Float64()
	return f, err == nil && !math.IsNaN(f) && !math.IsInf(f, 0)
}
