package web

import (
	"net/url"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/elsewhere"
)

// The cells of communities (SEC-112): four kinds × those who look × every way to what stands there. What should be reached is written
// down here, apart from core.Sharing.
type square struct {
	name          string
	new           community.NewCommunity
	ending        bool
	id            core.ID
	topic         community.Thread
	comment       community.Comment
	picture, hung core.Photo // of the community, and of the topic
}

// A bystander is who looks: what they may do in a community of each kind.
type bystander struct {
	name string
	// looks and reads list the kinds whose name they see, and what stands there: "o" open, "m" for members, "h" hidden, "e" deleted.
	looks, reads, writes string
}

var bystanders = []bystander{
	{"visitor", "", "", ""},
	{"stranger", "om", "o", ""},
	{"blocked by the author", "om", "o", ""}, // a block between two hides neither's words on a board
	{"member who blocked the author", "omh", "omh", "omh"},
	{"applicant", "omh", "o", ""},
	{"invited", "omh", "o", ""},
	{"expelled", "om", "", ""},
	{"one who left", "om", "o", ""},
	{"suspended member", "", "", ""},
	{"member", "omh", "omh", "omh"},
	{"sub", "omh", "omh", "omh"},
	{"administrator", "omhe", "omhe", "omh"},
}

// plaza is the four communities with everybody in or beside them.
type plaza struct {
	*world
	admin    core.Member
	squares  map[string]*square
	browsers map[string]*browser
	feeds    map[*browser]map[core.ID]string // what each of them made for each community, before what came between
}

func newPlaza(t *testing.T) *plaza {
	w := newWorld(t)
	p := &plaza{world: w, browsers: map[string]*browser{"visitor": w.browser()}, feeds: map[*browser]map[core.ID]string{}, squares: map[string]*square{
		"o": {name: "ひらいた"}, "m": {name: "なかまの", new: community.NewCommunity{MembersOnly: true}},
		"h": {name: "かくれた", new: community.NewCommunity{Hidden: true}}, "e": {name: "けした", ending: true}}}
	people := map[string]core.Member{}
	for _, b := range bystanders[1:] {
		m := w.member(b.name)
		people[b.name], p.browsers[b.name] = m, w.as(m)
	}
	p.admin = people["administrator"]
	for kind, q := range p.squares {
		p.found(kind, q, people)
		p.subscribe(q, people)
	}
	w.must(w.core.Search.UpdateSearch(t.Context()))
	w.must(w.core.People.Block(t.Context(), p.admin.ID, people["blocked by the author"].ID))
	w.must(w.core.People.Block(t.Context(), people["member who blocked the author"].ID, p.admin.ID))
	w.must(w.store.Desk.SetStatus(t.Context(), people["suspended member"].ID, core.Held))
	return p
}

// found makes one community with everybody in their role, a topic and a comment of the administrator with a picture each.
func (p *plaza) found(kind string, q *square, people map[string]core.Member) {
	ctx, s, admin := p.t.Context(), p.core.Community, core.Viewer{Member: p.admin.ID}
	q.new.Name, q.new.Description, q.new.Category = "広場"+q.name, "説明"+q.name, 111
	c, err := s.Create(ctx, p.admin.ID, q.new)
	p.must(err)
	q.id = c.ID
	join := func(name string) {
		m := people[name]
		if r, _ := p.core.Relation(ctx, core.Viewer{Member: p.admin.ID}, m.ID); r != core.Friend {
			p.friends(p.admin, m)
		}
		p.must(s.Invite(ctx, admin, q.id, m.ID))
		if name != "invited" {
			_, err := s.Join(ctx, core.Viewer{Member: m.ID}, q.id, "")
			p.must(err)
		}
	}
	for _, name := range []string{"member who blocked the author", "invited", "expelled", "one who left", "suspended member", "member", "sub"} {
		join(name)
	}
	closed := q.new
	closed.Approval = true
	p.must(s.Edit(ctx, admin, q.id, closed))
	join("applicant")
	p.must(s.Edit(ctx, admin, q.id, q.new))
	p.must(s.Offer(ctx, admin, q.id, people["sub"].ID, core.RoleSubAdministrator))
	p.must(s.AnswerOffer(ctx, core.Viewer{Member: people["sub"].ID}, q.id, true))

	q.picture, q.hung = p.stored(p.admin.ID, 301), p.stored(p.admin.ID, 302)
	p.must(s.SetPicture(ctx, admin, q.id, q.picture.ID))
	q.topic, err = s.Open(ctx, admin, q.id, community.NewThread{Title: "題名" + q.name, Body: "本文" + q.name, Photos: []core.ID{q.hung.ID}}, nil)
	p.must(err)
	p.must(s.Announce(ctx, admin, q.id, "告知"+q.name))
	for _, name := range []string{"one who left", "expelled"} {
		_, err = s.WriteComment(ctx, core.Viewer{Member: people[name].ID}, q.id, q.topic.ID, community.NewComment{Body: "前の"})
		p.must(err)
	}
	q.comment, err = s.WriteComment(ctx, admin, q.id, q.topic.ID, community.NewComment{Body: "返事" + q.name, Photos: []core.ID{p.stored(p.admin.ID, 303).ID}})
	p.must(err)
	p.must(s.Expel(ctx, admin, q.id, people["expelled"].ID, true))
	p.must(s.Leave(ctx, core.Viewer{Member: people["one who left"].ID}, q.id))
	if q.ending {
		p.must(s.Delete(ctx, admin, q.id))
	}
}

// subscribe makes everybody's feed of a community.
func (p *plaza) subscribe(q *square, people map[string]core.Member) {
	for name, m := range people {
		f, err := p.core.Elsewhere.MakeFeed(p.t.Context(), m.ID, elsewhere.Community, q.id, true)
		p.must(err)
		b := p.browsers[name]
		if p.feeds[b] == nil {
			p.feeds[b] = map[core.ID]string{}
		}
		p.feeds[b][q.id] = feedPath + f.Kind.String() + "/" + f.Token
	}
}

func (p *plaza) stored(owner core.ID, seed int) core.Photo {
	l := leaver{world: p.world}
	return l.stored(owner, seed)
}

// A way leads to a community or to what stands there.
type way struct {
	name  string
	reach func(p *plaza, b *browser, q *square) bool
	reads bool // it leads to what stands there; otherwise to the community
	only  string
}

var toSquares = []way{
	{"page", func(p *plaza, b *browser, q *square) bool { return shows(b, communityIDPath(q.id), "説明"+q.name) }, false, ""},
	{"status of the page", func(p *plaza, b *browser, q *square) bool { return b.get(communityIDPath(q.id)).status == 200 }, false, ""},
	{"picture", func(p *plaza, b *browser, q *square) bool {
		return b.get((&scene{world: p.world}).addressOf(b, q.picture)).status == 200
	}, false, ""},
	{"community in the search", func(p *plaza, b *browser, q *square) bool {
		return strings.Contains(found(b, community.SearchCommunities, "広場"+q.name), communityIDPath(q.id))
	}, false, "om"},
	{"community by its category", func(p *plaza, b *browser, q *square) bool {
		return shows(b, communityFound("", 111, community.ByLife), "広場"+q.name)
	}, false, "om"},
	{"community by words and category", func(p *plaza, b *browser, q *square) bool {
		return shows(b, communityFound("説明"+q.name, 111, community.ByMembers), communityIDPath(q.id))
	}, false, "om"},
	{"topic on the page", func(p *plaza, b *browser, q *square) bool { return shows(b, communityIDPath(q.id), "題名"+q.name) }, true, ""},
	{"topic in the list", func(p *plaza, b *browser, q *square) bool {
		return shows(b, communitySub(communityTopicsPath, q.id), "題名"+q.name)
	}, true, ""},
	{"topic", func(p *plaza, b *browser, q *square) bool {
		return shows(b, communityThreadPath(&q.topic), "本文"+q.name)
	}, true, ""},
	{"topic in a feed of the community", func(p *plaza, b *browser, q *square) bool {
		p.clock.advance(feedEvery)
		return p.feeds[b] != nil && shows(p.browser(), p.feeds[b][q.id], "題名"+q.name)
	}, true, ""},
	{"topic by its ID", func(p *plaza, b *browser, q *square) bool {
		return shows(b, anyThreadPath(q.topic.ID), "本文"+q.name)
	}, true, ""},
	{"topic under another community", func(p *plaza, b *browser, q *square) bool {
		return b.get(threadIDPath(community.TopicThread, q.id+1, q.topic.ID)).status == 200
	}, true, "-"},
	{"comment", func(p *plaza, b *browser, q *square) bool {
		return shows(b, communityThreadPath(&q.topic), "返事"+q.name)
	}, true, ""},
	{"comment by its number", func(p *plaza, b *browser, q *square) bool {
		return shows(b, numberPath(&q.topic, 3, 1), "返事"+q.name)
	}, true, ""},
	{"picture of the topic", func(p *plaza, b *browser, q *square) bool {
		return b.get((&scene{world: p.world}).addressOf(b, q.hung)).status == 200
	}, true, ""},
	{"picture of the comment", func(p *plaza, b *browser, q *square) bool {
		list, err := p.store.Desk.AttachedPhotos(p.t.Context(), core.Attached{Kind: community.CommentPhoto, Owner: p.admin.ID, Thing: q.comment.ID})
		if err != nil || len(list) != 1 {
			p.t.Fatal(len(list), err)
		}
		return b.get((&scene{world: p.world}).addressOf(b, list[0])).status == 200
	}, true, ""},
	{"topic in the search", func(p *plaza, b *browser, q *square) bool {
		return strings.Contains(found(b, community.SearchThreads, "本文"+q.name), "題名")
	}, true, ""},
	{"topic in the search of the community", func(p *plaza, b *browser, q *square) bool {
		return shows(b, topicsFound(q.id, "本文"+q.name, ""), anyThreadPath(q.topic.ID))
	}, true, ""},
	{"members", func(p *plaza, b *browser, q *square) bool {
		return b.get(communitySub(communityMembersPath, q.id)).status == 200
	}, true, ""},
	{"comment preview", func(p *plaza, b *browser, q *square) bool {
		return strings.Contains(p.comments(b, q, "confirm").body, "題名"+q.name)
	}, true, ""},
	{"comment form again", func(p *plaza, b *browser, q *square) bool {
		return strings.Contains(p.comments(b, q, "edit").body, "本文"+q.name)
	}, true, ""},
}

// written are toSquares to write.
var written = []way{
	{"comment sent", func(p *plaza, b *browser, q *square) bool {
		return strings.HasPrefix(p.comments(b, q, "send").location, communityThreadPath(&q.topic))
	}, true, ""},
	{"topic form", func(p *plaza, b *browser, q *square) bool { return b.get(topicFormPath(q.id)).status == 200 }, true, ""},
	{"topic sent", func(p *plaza, b *browser, q *square) bool {
		form := url.Values{"community": {q.id.String()}, "title": {"新しい"}, "body": {"題"}, "send": {"1"}}
		return strings.HasPrefix(p.press(b, topicWritePath, form).location, topicPath)
	}, true, ""},
	{"announcements", func(p *plaza, b *browser, q *square) bool {
		return shows(b, communitySub(announcementsPath, q.id), "告知"+q.name)
	}, true, "omhe"},
}

func (p *plaza) comments(b *browser, q *square, button string) reply {
	return p.press(b, topicCommentPath, url.Values{"community": {q.id.String()}, "id": {q.topic.ID.String()}, "body": {"見ました"}, button: {"1"}})
}

// cells tries every way for everybody.
func (p *plaza) cells(t *testing.T, kinds string, all []way, may func(b bystander, w way) string) (cells int) {
	for _, w := range all {
		for _, by := range bystanders {
			for _, kind := range kinds {
				q := p.squares[string(kind)]
				want := strings.ContainsRune(may(by, w), kind) && (w.only == "" || strings.ContainsRune(w.only, kind))
				if got := w.reach(p, p.browsers[by.name], q); got != want {
					t.Errorf("%s, %s, %s: reached %v, want %v", w.name, by.name, q.new.Name, got, want)
				}
				cells++
			}
		}
	}
	return cells
}

func TestSEC112_CommunityMatrix(t *testing.T) {
	p := newPlaza(t)
	look := func(b bystander, w way) string {
		if w.reads {
			return b.reads
		}
		return b.looks
	}
	n := p.cells(t, "omhe", toSquares, look)
	n += p.cells(t, "omh", written, func(b bystander, _ way) string { return b.writes })
	// Taken back, everything is as in an open community; made for members, what stands there is hidden at once.
	p.must(p.core.Community.TakeBack(t.Context(), core.Viewer{Member: p.admin.ID}, p.squares["e"].id))
	as := func(kind string) func(b bystander, w way) string {
		return func(b bystander, w way) string {
			if strings.Contains(look(b, w), kind) {
				return "eo"
			}
			return ""
		}
	}
	n += p.cells(t, "e", toSquares[6:], as("o"))
	o := p.squares["o"]
	o.new.MembersOnly = true
	p.must(p.core.Community.Edit(t.Context(), core.Viewer{Member: p.admin.ID}, o.id, o.new))
	n += p.cells(t, "o", toSquares, as("m"))
	t.Logf("%d cells", n)
}
