package seed

import (
	"context"
	"errors"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/album"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/seed/paint"
)

// DemoPassword opens every member of the demo, whose mail addresses are their keys in data/members.tsv at example.jp.
// It is public: a demo listens on loopback.
const DemoPassword = "musubi2007"

// japan is where the members live: their diaries are dated by it.
var japan = time.FixedZone("JST", 9*60*60)

// A Login is a member whose mail address and password the demo prints.
type Login struct{ Mail, Password, Name string }

// A Community is the fifteen members of the demo.
type Community struct {
	Logins []Login // of three members who are all friends of each other

	s           *network.Services
	now         time.Time
	cast        []castMember
	entries     []entry
	albums      []entry
	regards     []regard
	letters     []letter
	gatherings  []gathering
	communities map[string]core.ID // by their keys
	ids         map[string]core.ID // of the cast; empty when the data directory has lost track of them
}

// Demo makes the community of the demo, or finds it when it is there already: fifteen members, their friends, what they
// say of each other, and the diaries of the last weeks that have no pictures, with the comments under them. It takes a
// few hundred milliseconds at most; Develop brings the rest. What members wrote since the first start stays.
func Demo(ctx context.Context, s *network.Services) (*Community, error) {
	c := &Community{s: s, now: s.Now().In(japan), ids: map[string]core.ID{}, communities: map[string]core.ID{}}
	var err error
	if c.cast, err = parseCast(membersText, c.now); err != nil {
		return nil, err
	}
	if c.entries, err = parseDiaries(diariesText); err != nil {
		return nil, err
	}
	if c.albums, err = parseAlbums(albumsText); err != nil {
		return nil, err
	}
	if c.regards, err = parseRegards(endorsementsText); err != nil {
		return nil, err
	}
	if c.letters, err = parseLetters(lettersText); err != nil {
		return nil, err
	}
	if c.gatherings, err = parseGatherings(communitiesText); err != nil {
		return nil, err
	}
	for _, m := range c.cast[:3] {
		c.Logins = append(c.Logins, Login{m.mail(), DemoPassword, m.Nick})
	}
	hash, err := s.Guard.HashPassword(ctx, DemoPassword)
	if err != nil {
		return nil, err
	}
	return c, s.Bulk(ctx, func(ctx context.Context) error {
		made, err := s.Once(ctx, nobody, "demo members", func(ctx context.Context) (string, error) { return c.join(ctx, hash) })
		if errors.Is(err, core.ErrMailTaken) {
			return nil // an old community: leave it alone
		}
		if err != nil {
			return err
		}
		for i, id := range strings.Fields(made) {
			c.ids[c.cast[i].Key], _ = core.ParseID(id)
		}
		for i := range c.entries {
			if e := &c.entries[i]; len(e.pictures) == 0 && e.inSeason(c.now) {
				if err := c.publish(ctx, e, nil); err != nil {
					return err
				}
			}
		}
		for i := range c.regards {
			if err := c.say(ctx, &c.regards[i], i); err != nil {
				return err
			}
		}
		if err := c.correspond(ctx); err != nil {
			return err
		}
		if err := c.listen(ctx); err != nil {
			return err
		}
		if err := c.gather(ctx); err != nil {
			return err
		}
		if err := c.convene(ctx); err != nil {
			return err
		}
		return c.visit(ctx)
	})
}

// nobody is whom the demo's own forms are remembered under, as those of members are.
const nobody core.ID = 0

func (m *castMember) mail() string { return m.Key + "@example.jp" }

// join makes the members and their friendships and gives their IDs, in the order of the cast.
func (c *Community) join(ctx context.Context, hash string) (string, error) {
	var made []string
	ids, joined := map[string]core.ID{}, map[string]time.Time{}
	for i, m := range c.cast {
		at := c.now.Add(-time.Duration(400-20*i) * 24 * time.Hour)
		member, err := c.s.Account.CreateMember(ctx, account.NewMember{Name: m.Nick, Mail: m.mail(), PasswordHash: hash, Profile: m.profile(),
			At: at, LastLoginAt: c.now.Add(-time.Duration(7*i*i) * time.Minute)})
		if err != nil {
			return "", err
		}
		made = append(made, member.ID.String())
		ids[m.Key], joined[m.Key] = member.ID, at
		for _, friend := range m.Friends {
			if err := c.s.People.LinkFriends(ctx, member.ID, ids[friend], at.Add(time.Hour), time.Time{}); err != nil {
				return "", err
			}
		}
	}
	return strings.Join(made, " "), nil
}

// publish writes an entry and its comments, once.
func (c *Community) publish(ctx context.Context, e *entry, photos []core.ID) error {
	owner, at := c.ids[e.member], e.at(c.now)
	_, err := c.s.Once(ctx, nobody, e.nonce(), func(ctx context.Context) (string, error) {
		d, err := c.s.Journal.WriteDiary(ctx, owner, journal.NewDiary{Title: e.title, Body: e.body, Visibility: e.reach(), Photos: photos, At: at})
		for i := 0; i < len(e.comments) && err == nil; i++ {
			r := &e.comments[i]
			// Nobody writes in the future: what would be is a minute apart until now.
			when := earlier(at.Add(r.after), c.now.Add(-time.Duration(len(e.comments)-i)*time.Minute))
			_, err = c.s.Talk.WriteComment(ctx, core.Viewer{Member: c.ids[r.member]}, journal.DiaryThread(owner, d.ID), r.text, when)
		}
		if err != nil {
			return "", err
		}
		d.Comments = len(e.comments)
		return d.ID.String(), c.read(ctx, d)
	})
	return err
}

// unreadAge is how far back the members have not read yet.
const unreadAge = 48 * time.Hour

// read marks an older entry as read by everybody, so that what is marked as new is.
func (c *Community) read(ctx context.Context, d journal.Diary) error {
	if c.now.Sub(d.CreatedAt) < unreadAge {
		return nil
	}
	for _, id := range c.ids {
		c.s.Journal.MarkRead(id, d)
	}
	return c.s.Journal.FlushReads(ctx)
}

// say writes endorsement number i, or sends the friend request, once.
func (c *Community) say(ctx context.Context, r *regard, i int) error {
	_, err := c.s.Once(ctx, nobody, "demo regard "+r.author+" "+r.other, func(ctx context.Context) (string, error) {
		author, other := c.ids[r.author], c.ids[r.other]
		if r.relationship == "" {
			_, err := c.s.People.RequestFriend(ctx, author, other, r.text)
			return "", err
		}
		return "", c.s.People.WriteEndorsement(ctx, author, other, r.relationship, r.text, c.now.Add(-time.Duration(50+97*i)*time.Hour))
	})
	return err
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// nonce names an entry among the things that are done once.
func (e *entry) nonce() string { return "demo entry " + e.member + " " + e.title }

// reach is the entry's visibility; by default every member sees it.
func (e *entry) reach() core.Visibility {
	switch e.visibility {
	case "friends":
		return core.Friends
	case "private":
		return core.Private
	}
	return core.Everyone
}

// Develop paints the portraits and the pictures in diaries, and publishes those diaries: in the background of a demo that
// already serves, portraits first. It continues where an interrupted one stopped and does nothing when all is there.
func (c *Community) Develop(ctx context.Context) error {
	if len(c.ids) == 0 {
		return nil
	}
	var pictured []*entry
	for i := range c.entries {
		if e := &c.entries[i]; len(e.pictures) > 0 && e.inSeason(c.now) {
			pictured = append(pictured, e)
		}
	}
	faces, entries := len(c.cast), len(c.cast)+len(pictured)
	hung := entries + len(c.albums)
	if err := c.s.Community.FindNear(ctx); err != nil {
		return err
	}
	return paintAll(ctx, hung+len(c.gatherings), func(ctx context.Context, i int) error {
		switch {
		case i < faces:
			return c.portray(ctx, &c.cast[i], uint64(i))
		case i < entries:
			return c.illustrate(ctx, pictured[i-faces], uint64(i))
		case i < hung:
			return c.exhibit(ctx, &c.albums[i-entries], uint64(i))
		}
		return c.decorate(ctx, &c.gatherings[i-hung], uint64(i))
	})
}

// errPending undoes a Once that only asks.
var errPending = errors.New("seed: not yet done")

// illustrate paints the pictures of an entry and publishes it.
func (c *Community) illustrate(ctx context.Context, e *entry, seed uint64) error {
	if done, err := c.done(ctx, e.nonce()); done || err != nil {
		return err
	}
	photos, err := c.pictures(ctx, e, seed)
	if err != nil {
		return err
	}
	return c.publish(ctx, e, photos)
}

// done says whether something that is done once has been done.
func (c *Community) done(ctx context.Context, nonce string) (bool, error) {
	_, err := c.s.Once(ctx, nobody, nonce, func(context.Context) (string, error) { return "", errPending })
	if errors.Is(err, errPending) {
		return false, nil
	}
	return err == nil, err
}

// pictures paints the pictures of an entry or an album.
func (c *Community) pictures(ctx context.Context, e *entry, seed uint64) (photos []core.ID, err error) {
	for i, kind := range e.pictures {
		p, err := c.picture(ctx, c.ids[e.member], seed*16+uint64(i), kind, e.at(c.now))
		if err != nil {
			return nil, err
		}
		photos = append(photos, p.ID)
	}
	return photos, nil
}

// exhibit paints the pictures of an album and puts it up with its captions and comments, once.
func (c *Community) exhibit(ctx context.Context, e *entry, seed uint64) error {
	nonce := "demo album " + e.member + " " + e.title
	if done, err := c.done(ctx, nonce); done || err != nil {
		return err
	}
	photos, err := c.pictures(ctx, e, seed)
	if err != nil {
		return err
	}
	owner, at := c.ids[e.member], e.at(c.now)
	n := album.NewAlbum{Title: e.title, Note: e.body, Visibility: e.reach(), Password: e.password, Protected: e.protected, At: at}
	if err := c.s.Album.PrepareAlbum(ctx, &n); err != nil {
		return err
	}
	_, err = c.s.Once(ctx, nobody, nonce, func(ctx context.Context) (string, error) {
		a, err := c.s.Album.WriteAlbum(ctx, owner, n)
		if err != nil {
			return "", err
		}
		var changes []album.PhotoChange
		for i, id := range photos {
			if err := c.s.Album.HangPhoto(ctx, owner, a.ID, id, at); err != nil {
				return "", err
			}
			changes = append(changes, album.PhotoChange{Photo: id, Caption: e.captions[i]})
		}
		if err := c.s.Album.ChangePhotos(ctx, owner, a.ID, changes); err != nil {
			return "", err
		}
		for i := range e.comments {
			r := &e.comments[i]
			when := earlier(at.Add(r.after), c.now.Add(-time.Duration(len(e.comments)-i)*time.Minute))
			if _, err := c.s.Talk.WriteComment(ctx, core.Viewer{Member: c.ids[r.member]}, album.AlbumThread(owner, a.ID, 0), r.text, when); err != nil {
				return "", err
			}
		}
		return a.ID.String(), nil
	})
	return err
}

// portray gives a member without a main photo the portrait of data/members.tsv.
func (c *Community) portray(ctx context.Context, m *castMember, seed uint64) error {
	id := c.ids[m.Key]
	member, _, err := c.s.Member(ctx, core.Viewer{Member: id}, id)
	if err != nil || member.Photo.ID != 0 {
		return err
	}
	p, err := c.picture(ctx, id, seed, m.Portrait, member.CreatedAt)
	if err != nil {
		return err
	}
	return c.s.People.AddProfilePhoto(ctx, id, p.ID)
}

// picture paints a picture and stores it as an upload of the owner.
func (c *Community) picture(ctx context.Context, owner core.ID, seed uint64, kind paint.Kind, at time.Time) (core.Photo, error) {
	upload := paint.JPEG(seed, kind)
	return patiently(ctx, func() (core.Photo, error) { return c.s.AddPhoto(ctx, owner, upload, at) })
}
