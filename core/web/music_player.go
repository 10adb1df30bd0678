package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/music"
)

// Addresses that players know. The handshake of Audioscrobbler is asked for at the root of the site (pathOf).
const (
	handshakePath   = "/audioscrobbler"
	nowPlayingPath  = "/audioscrobbler/now"
	submissionPath  = "/audioscrobbler/submit"
	lastFMPath      = "/2.0/"
	listenBrainz    = "/1/"
	prefixedListens = "/apis/listenbrainz/1/"
)

// pathOf is the path of a request; a handshake of Audioscrobbler 1.2 at the root has its own.
func pathOf(ctx *fasthttp.RequestCtx) string {
	path := string(ctx.Path())
	if path == "/" && string(ctx.QueryArgs().Peek("hs")) == "true" {
		return handshakePath
	}
	return path
}

// ForProgram says whether a request is one of a program that knows a protocol: what stands before us hands it on as it came.
func ForProgram(method, path, query string) bool {
	if path == "/" {
		return method == get && strings.Contains("&"+query, "&hs=true")
	}
	r, known := routes.find(method, path)
	return known && r.is(program) || forScript(path)
}

// plain says whether the request came unencrypted to a site that members reach by https.
func (v playerPages) plain() bool {
	return v.site.secure && string(v.ctx.Request.Header.Peek("X-Forwarded-Proto")) != "https"
}

// refusedPlain says that it did, and that the operator does not want it.
func (v playerPages) refusedPlain() bool { return v.plain() && !v.site.plainPlayers }

// home is what addresses for players begin with: of the configured host, and plain for one that came so.
func (v playerPages) home() string {
	base := v.site.link("")
	if v.plain() {
		base = "http://" + strings.TrimPrefix(base, "https://")
	}
	return base
}

// says answers in plain words, with 200: players of 2005 read the body of nothing else, and the words decide.
func (v playerPages) says(lines ...string) error {
	v.ctx.SetContentType("text/plain; charset=UTF-8")
	v.ctx.SetBodyString(strings.Join(lines, "\n") + "\n")
	return nil
}

// refuses says in the words of Audioscrobbler what is wrong; bad is what a wrong key or session is called there.
func (v playerPages) refuses(err error, bad string) error {
	var soon core.TooSoon
	switch {
	case errors.Is(err, music.ErrTime):
		return v.says("BADTIME")
	case errors.Is(err, music.ErrKey):
		return v.says(bad)
	case errors.As(err, &soon):
		retryAfter(v.visit, err)
		return v.says("FAILED Too many wrong keys. Try again in " + strconv.Itoa(int(soon.Wait.Seconds())+1) + " seconds")
	}
	v.logProblem(err)
	return v.says("FAILED Nothing could be stored just now. Try again later")
}

// logProblem logs what is no player's fault.
func (v playerPages) logProblem(err error) {
	v.site.log.Error("a player was not answered", "path", string(v.ctx.Path()), "error", err.Error())
}

// handshake is where Audioscrobbler 1.2 and 1.2.1 begin. [LFM]
func (v playerPages) handshake() error {
	p := v.query("p")
	switch {
	case v.query("hs") != "true":
		return v.says("FAILED This is where players begin: ?hs=true")
	case v.refusedPlain():
		return v.says("FAILED This site takes players by https only")
	case p != "1.2" && p != "1.2.1":
		return v.says("FAILED Protocol 1.2 or 1.2.1 is expected")
	}
	session, err := v.site.core.Music.Handshake(v.ctx, v.query("u"), v.query("t"), v.query("a"), v.query("sk"))
	if err != nil {
		return v.refuses(err, "BADAUTH")
	}
	return v.says("OK", session, v.home()+nowPlayingPath, v.home()+submissionPath)
}

// session is who sends a form of Audioscrobbler.
func (v playerPages) fromSession() (music.PlayerKey, error) {
	if v.refusedPlain() {
		return music.PlayerKey{}, music.ErrKey
	}
	return v.site.core.Music.BySession(v.ctx, string(v.ctx.PostArgs().Peek("s")))
}

// nowPlaying notes what somebody hears.
func (v playerPages) nowPlaying() error {
	k, err := v.fromSession()
	if err == nil {
		_, err = v.site.core.Music.NowPlaying(v.ctx, k.Member, scrobbled(v.ctx.PostArgs(), ""))
	}
	if err != nil {
		return v.refuses(err, "BADSESSION")
	}
	return v.says("OK")
}

// maxScrobbles is how many tracks one form has, in both protocols; of those that send more, so many at once are stored, and maxTracks taken.
const (
	maxScrobbles = 50
	maxTracks    = 1000
)

// scrobbled reads a track of a form of Audioscrobbler; index is "[0]" or "".
func scrobbled(args *fasthttp.Args, index string) music.Play {
	of := func(name string) string { return string(args.Peek(name + index)) }
	return music.Play{Artist: of("a"), Title: of("t"), Album: of("b"), MBID: of("m"), At: unix(of("i")), Length: seconds(of("l")), Number: number(of("n"))}
}

// number reads a number that is not negative; anything else is 0.
func number(s string) int {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// longest keeps seconds from overflowing a duration.
const longest = 10_000_000

func seconds(s string) time.Duration { return time.Duration(min(number(s), longest)) * time.Second }

// unix reads a time; one that cannot be is 1970, which is too late.
func unix(s string) time.Time {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > 1<<40 {
		n = 0
	}
	return time.Unix(n, 0)
}

// indices are the "[0]" of the tracks of a form, in order; a form with more than 50 has its plays stored like any other, so that none is
// lost with an OK.
func indices(args *fasthttp.Args) (list []string) {
	var numbers []int
	for name := range args.All() {
		s, is := strings.CutPrefix(string(name), "a[")
		if !is {
			s, is = strings.CutPrefix(string(name), "t[")
		}
		s, ends := strings.CutSuffix(s, "]")
		if n, err := strconv.Atoi(s); is && ends && err == nil && n >= 0 && len(numbers) <= 2*maxTracks {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		list = append(list, "["+strconv.Itoa(n)+"]")
	}
	return list
}

// submission takes plays. What we do not count is taken all the same: the player would send it again and again.
func (v playerPages) submission() error {
	k, err := v.fromSession()
	if err != nil {
		return v.refuses(err, "BADSESSION")
	}
	args := v.ctx.PostArgs()
	var plays []music.Play
	var loves []music.Play
	for _, index := range indices(args) {
		p := scrobbled(args, index)
		switch rating := string(args.Peek("r" + index)); {
		case rating == "S" || rating == "B": // skipped, or never to be heard again
			continue
		case rating == "L":
			loves = append(loves, p)
		}
		plays = append(plays, p)
	}
	if len(plays) == 0 && !args.Has("a[0]") {
		return v.says("FAILED No track: a[0], t[0] and i[0] are expected")
	}
	if len(plays) > maxTracks {
		return v.says("FAILED Too many tracks: 50 are expected, and " + strconv.Itoa(maxTracks) + " taken at most")
	}
	for some := range slices.Chunk(plays, maxScrobbles) {
		if _, err = v.site.core.Music.Submit(v.ctx, k.Member, some); err != nil {
			return v.refuses(err, "BADSESSION") // it is sent again, and what is stored is stored once
		}
	}
	for _, p := range loves {
		if err := v.site.core.Music.Love(v.ctx, k.Member, p.Artist, p.Title, true); err != nil && !errors.Is(err, core.ErrNotFound) {
			return v.refuses(err, "BADSESSION")
		}
	}
	return v.says("OK")
}
