package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"sync"

	"musubi/core/seed"
	"musubi/gateway/phone"
	"musubi/transcode/own"
)

// password is what all members of the community log in with.
const password = "musubi2007"

// clients are what members hold in their hands, and how many of a hundred hold it.
var clients = []struct {
	name, agent string
	share       int
}{
	{"PC", "Mozilla/5.0 (Windows; U; Windows NT 5.1; ja; rv:1.8.1) Gecko/20061010 Firefox/2.0", 40},
	{"docomo P903i", "DoCoMo/2.0 P903i(c100;TB;W24H12)", 20},
	{"au CA39", "KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", 20},
	{"SoftBank 910T", "SoftBank/1.0/910T/TJ001/SN123456789012345 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1", 15},
	{"docomo N501i", "DoCoMo/1.0/N501i/c5", 5}, // monochrome, pages of 5 kB
}

func clientShares() string {
	var parts []string
	for _, c := range clients {
		parts = append(parts, fmt.Sprintf("%d %% %s", c.share, c.name))
	}
	return strings.Join(parts, ", ")
}

// A kind is a kind of request in the mix.
type kind int

const (
	home kind = iota
	diary
	board
	square
	list
	person
	search
	post
)

func (k kind) String() string {
	return [...]string{"home", "a diary with its comments", "a topic with its comments", "communities", "lists", "profile", "search", "posts"}[k]
}

// share is how many of a hundred requests are of a kind. A third of the pages are those of communities.
var share = [...]int{home: 28, diary: 13, board: 20, square: 10, list: 8, person: 7, search: 4, post: 10}

func shares() string {
	var parts []string
	for k, n := range share {
		parts = append(parts, fmt.Sprintf("%d %% %s", n, kind(k)))
	}
	return strings.Join(parts, ", ")
}

// A member is one who has logged in, and the requests they may make next.
type member struct {
	client   int
	phone    *phone.Phone
	requests [post][][]byte // by kind
	diaries  []string       // addresses, for comments
}

// A crowd is everybody who has logged in.
type crowd struct {
	site *site
	all  []*member
}

// gatherers log in at once: as many as passwords are hashed at once, and some who read meanwhile.
const gatherers = 6

// gather logs n of the community's members in and lets each look around. The members are spread over the whole
// community: the first ones know more people.
func gather(ctx context.Context, s *site, n, members int) (*crowd, error) {
	c := &crowd{s, make([]*member, n)}
	err := inParallel(ctx, n, func(i int) (err error) {
		// a fixed pattern of clients, so that two runs have the same
		client, left := 0, i*37%100
		for ; left >= clients[client].share; client++ {
			left -= clients[client].share
		}
		if i < len(clients) {
			client = i // one of each kind at least
		}
		if c.all[i], err = enter(s, client, seed.Mail(1, i*(members/n))); err != nil {
			err = fmt.Errorf("member %d with %s: %w", i*(members/n), clients[client].name, err)
		}
		return err
	})
	return c, err
}

// inParallel calls f for 0…n-1 by gatherers at once, until one fails.
func inParallel(ctx context.Context, n int, f func(i int) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var workers sync.WaitGroup
	for range gatherers {
		workers.Go(func() {
			for i := range next {
				if err := f(i); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	for i := range n {
		select {
		case next <- i:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	return context.Cause(ctx)
}

// lists are the pages of lists that everybody has.
var lists = []string{"/diary/friends", "/diary/newest", "/diary/commented", "/friends", "/footprints", "/messages", "/diary/list"}

// squares are the pages of communities that everybody has.
var squares = []string{"/communities", "/communities/newest", "/communities/find"}

// searches are looked for once the site has a search.
var searches = []string{"/search?q=ねこ", "/search?q=京都", "/search?q=カレー"}

// enter logs one member in by the form and remembers where they can go from there.
func enter(s *site, client int, mail string) (*member, error) {
	p, err := phone.New(phone.Config{URL: s.url, UserAgent: clients[client].agent})
	if err != nil {
		return nil, err
	}
	m := &member{client: client, phone: p}
	page, err := p.Get("/")
	if err != nil {
		return nil, err
	}
	form := slices.IndexFunc(page.Forms, func(f phone.Form) bool { return pathOf(f.Action) == "/login" })
	if page, err = p.Submit(form, "mail", mail, "password", password); err != nil {
		return nil, err
	}
	if pathOf(page.URL) != "/home" {
		return nil, fmt.Errorf("%s is not in: the login ends at %s, %q", mail, page.URL, page.Title)
	}
	return m, m.look()
}

// look visits home and the lists, and notes the entries and people that are linked there.
func (m *member) look() error {
	for _, path := range append([]string{"/home", "/home"}, lists...) { // a handset's session has moved to a cookie by the second page
		if err := m.note(list, path); err != nil {
			return err
		}
	}
	for _, path := range squares {
		if err := m.note(square, path); err != nil {
			return err
		}
	}
	for _, path := range searches {
		if err := m.note(search, path); err != nil {
			return err
		}
	}
	if len(m.requests[diary]) == 0 || len(m.requests[person]) == 0 {
		return errors.New("home and lists link to no diary or to nobody")
	}
	return nil
}

// note visits a page and notes the request and the links on it.
func (m *member) note(k kind, path string) error {
	target, err := url.Parse(path)
	if err != nil {
		return err
	}
	target.RawQuery = target.Query().Encode()
	page, err := m.phone.Get(target.String())
	if err != nil || page.Status == 404 && (k == search || k == square) {
		return err
	}
	if page.Status != 200 || pathOf(page.URL) != target.Path {
		return fmt.Errorf("%s is answered with %d at %s", path, page.Status, page.URL)
	}
	if target.Path == "/home" {
		k, m.requests[home] = home, nil
		m.requests[diary], m.requests[person], m.requests[board], m.requests[square], m.diaries = nil, nil, nil, nil, nil
	}
	if err := m.add(k, page.URL); err != nil {
		return err
	}
	for _, l := range page.Links {
		switch pathOf(l.URL) {
		case "/diary":
			m.diaries = append(m.diaries, l.URL)
			err = m.add(diary, l.URL)
		case "/community":
			err = m.add(square, l.URL)
		case "/community/topic":
			err = m.add(board, l.URL)
		case "/member":
			err = m.add(person, l.URL)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (m *member) add(k kind, target string) error {
	b, err := m.phone.Request(target)
	m.requests[k] = append(m.requests[k], b)
	return err
}

func pathOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return ""
	}
	return u.Path
}

// front is a request for the login page.
func (c *crowd) front(client int) []byte {
	return fmt.Appendf(nil, "GET / HTTP/1.1\r\nHost: %s\r\nUser-Agent: %s\r\n\r\n", strings.TrimPrefix(c.site.url, "http://"), clients[client].agent)
}

// only is a few thousand requests of one kind by the members with one client.
func (c *crowd) only(client int, k kind) (requests [][]byte) {
	for _, m := range c.all {
		if m.client == client {
			requests = append(requests, m.requests[k]...)
		}
	}
	d := rand.New(rand.NewPCG(1, uint64(k)))
	d.Shuffle(len(requests), func(i, j int) { requests[i], requests[j] = requests[j], requests[i] })
	return requests
}

// mix makes n requests in the shares of the kinds. Posts are taken from those given, each once; without any, and for kinds
// that the site does not have, members look at home instead.
func (c *crowd) mix(n int, posts [][]byte) [][]byte {
	d := rand.New(rand.NewPCG(2, uint64(n)))
	plan := make([][]byte, n)
	for i := range plan {
		k, dice := home, d.IntN(100)
		for ; dice >= share[k]; k++ {
			dice -= share[k]
		}
		m := c.all[d.IntN(len(c.all))]
		if k == post && len(posts) > 0 {
			plan[i], posts = posts[0], posts[1:]
			continue
		}
		if k == post || len(m.requests[k]) == 0 {
			k = home
		}
		plan[i] = m.requests[k][d.IntN(len(m.requests[k]))]
	}
	return plan
}

// entries is how many of ten posts are entries of a diary; the others are comments.
const entries = 2

// posts makes n posts: each from a form that the site has given that member, with the one-time token in it.
func (c *crowd) posts(ctx context.Context, n int) ([][]byte, error) {
	made := make([][]byte, n)
	var busy [1 << 10]sync.Mutex // a member holds one form in hand at a time
	err := inParallel(ctx, n, func(i int) (err error) {
		at := i % len(c.all)
		busy[at%len(busy)].Lock()
		defer busy[at%len(busy)].Unlock()
		if i/len(c.all)%10 < entries {
			made[i], err = c.all[at].entry(i)
		} else {
			made[i], err = c.all[at].comment(i)
		}
		return err
	})
	return made, err
}

// comment opens an entry and fills in the form under it.
func (m *member) comment(i int) ([]byte, error) {
	target := m.diaries[i%len(m.diaries)]
	return m.fillIn(target, "/diary/comment", "body", fmt.Sprintf("おもしろかったです。また書いてくださいね。%d", i))
}

// entry opens the form for an entry and fills it in.
func (m *member) entry(i int) ([]byte, error) {
	return m.fillIn("/diary/write", "/diary/write", "title", fmt.Sprintf("きょうのこと %d", i),
		"body", "朝から雨でしたが、午後は晴れて、川ぞいを散歩しました。\n途中でねこに会いました。夕飯はカレーです。", "send", "1")
}

// maxParts is on how many parts of a page the form is looked for.
const maxParts = 12

// fillIn opens a page, on a small handset part by part until the form is there, and fills the form in.
func (m *member) fillIn(target, action string, pairs ...string) ([]byte, error) {
	page, err := m.phone.Get(target)
	for part := 2; err == nil && part <= maxParts; part++ {
		form := slices.IndexFunc(page.Forms, func(f phone.Form) bool { return pathOf(f.Action) == action })
		if form >= 0 {
			return m.phone.SubmitRequest(form, pairs...)
		}
		next := slices.IndexFunc(page.Links, func(l phone.Link) bool { return strings.Contains(l.URL, fmt.Sprintf("%s=%d", own.Part, part)) })
		if next < 0 {
			break
		}
		page, err = m.phone.Follow(fmt.Sprint(next + 1))
	}
	if err == nil {
		err = fmt.Errorf("no form for %s on %s with %s (status %d, %d bytes)", action, target, clients[m.client].name, page.Status, page.Bytes)
	}
	return nil, err
}
