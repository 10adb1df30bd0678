package seed

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/seed/paint"
)

//go:embed data/communities.txt
var communitiesText string

// A gathering is a community of the demo.
type gathering struct {
	key, admin        string
	category          core.ID
	days              int // ago
	approval, members bool
	picture           paint.Kind
	joined            []string
	name, description string
	topics            []entry
}

// parseGatherings reads data/communities.txt.
func parseGatherings(text string) (all []gathering, err error) {
	for _, part := range strings.Split("\n"+text, "\n@ ")[1:] {
		head, rest, _ := strings.Cut(part, "\n")
		g, err := parseGathering(strings.Fields(head))
		if err != nil {
			return nil, fmt.Errorf("seed: communities.txt: %q: %w", head, err)
		}
		about, topics, _ := strings.Cut(rest, "\n# ")
		g.name, g.description, _ = strings.Cut(about, "\n")
		if g.topics, err = parseDiaries("# " + topics); err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

func parseGathering(f []string) (g gathering, err error) {
	if len(f) < 6 {
		return g, fmt.Errorf("want key, administrator, category, days, picture and members")
	}
	g.key, g.admin, g.joined = f[0], f[1], strings.Split(f[len(f)-1], ",")
	category, err := strconv.Atoi(f[2])
	if err != nil {
		return g, err
	}
	g.category = core.ID(category)
	if g.days, err = strconv.Atoi(f[3]); err != nil {
		return g, err
	}
	for _, w := range f[4 : len(f)-1] {
		switch kind, ok := paint.KindOf(w); {
		case w == "approval":
			g.approval = true
		case w == "members":
			g.members = true
		case ok:
			g.picture = kind
		default:
			return g, fmt.Errorf("%q is neither a picture nor approval nor members", w)
		}
	}
	return g, nil
}

// gather makes the communities with their members, once, and remembers their IDs.
func (c *Community) gather(ctx context.Context) error {
	for i := range c.gatherings {
		g := &c.gatherings[i]
		made, err := c.s.Once(ctx, nobody, "demo community "+g.key, func(ctx context.Context) (string, error) { return c.found(ctx, g) })
		if err != nil {
			return err
		}
		c.communities[g.key], _ = core.ParseID(made)
		for j := range g.topics {
			if t := &g.topics[j]; len(t.pictures) == 0 {
				if err := c.discuss(ctx, g, t, nil); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// found makes one. Who lets in begins to after all the others have come, so that one waits for the answer.
func (c *Community) found(ctx context.Context, g *gathering) (string, error) {
	s, admin := c.s.Community, core.Viewer{Member: c.ids[g.admin]}
	n := community.NewCommunity{Name: g.name, Description: g.description, Category: g.category, MembersOnly: g.members, At: c.now.AddDate(0, 0, -g.days)}
	made, err := s.Create(ctx, admin.Member, n)
	if err != nil {
		return "", err
	}
	last := len(g.joined)
	if g.approval {
		last--
	}
	for _, m := range g.joined[:last] {
		if _, err := s.Join(ctx, core.Viewer{Member: c.ids[m]}, made.ID, ""); err != nil {
			return "", err
		}
	}
	if g.approval {
		n.Approval = true
		if err := s.Edit(ctx, admin, made.ID, n); err != nil {
			return "", err
		}
		if _, err := s.Join(ctx, core.Viewer{Member: c.ids[g.joined[last]]}, made.ID, "好きな一杯は、子どものころに食べた支那そばです。よろしくお願いします。"); err != nil {
			return "", err
		}
	}
	return made.ID.String(), nil
}

// discuss opens a topic and writes its comments, once.
func (c *Community) discuss(ctx context.Context, g *gathering, e *entry, photos []core.ID) error {
	_, err := c.s.Once(ctx, nobody, "demo topic "+g.key+" "+e.title, func(ctx context.Context) (string, error) {
		s, of, at := c.s.Community, c.communities[g.key], e.at(c.now)
		t, err := s.Open(ctx, core.Viewer{Member: c.ids[e.member]}, of, community.NewThread{Title: e.title, Body: e.body, Photos: photos, At: at}, nil)
		for i := 0; i < len(e.comments) && err == nil; i++ {
			r := &e.comments[i]
			t.LastAt = earlier(at.Add(r.after), c.now.Add(-time.Duration(len(e.comments)-i)*time.Minute))
			_, err = s.WriteComment(ctx, core.Viewer{Member: c.ids[r.member]}, of, t.ID, community.NewComment{Body: r.text, At: t.LastAt})
		}
		if err == nil && e.pinned {
			err = s.Pin(ctx, core.Viewer{Member: c.ids[g.admin]}, of, t.ID, true)
		}
		if t.Comments = len(e.comments); err != nil || c.now.Sub(t.LastAt) < unreadAge {
			return t.ID.String(), err
		}
		for _, m := range append(slices.Clone(g.joined), g.admin) {
			s.MarkRead(c.ids[m], &t)
		}
		return t.ID.String(), s.Flush(ctx)
	})
	return err
}

// decorate paints the picture of a community and those of its topics, and opens these, once.
func (c *Community) decorate(ctx context.Context, g *gathering, seed uint64) error {
	nonce := "demo picture " + g.key
	if done, err := c.done(ctx, nonce); err != nil {
		return err
	} else if !done {
		p, err := c.picture(ctx, c.ids[g.admin], seed*64, g.picture, c.now.AddDate(0, 0, -g.days))
		if err != nil {
			return err
		}
		_, err = c.s.Once(ctx, nobody, nonce, func(ctx context.Context) (string, error) {
			return "", c.s.Community.SetPicture(ctx, core.Viewer{Member: c.ids[g.admin]}, c.communities[g.key], p.ID)
		})
		if err != nil {
			return err
		}
	}
	for i := range g.topics {
		t := &g.topics[i]
		if done, err := c.done(ctx, "demo topic "+g.key+" "+t.title); done || err != nil || len(t.pictures) == 0 {
			if err != nil {
				return err
			}
			continue
		}
		photos, err := c.pictures(ctx, t, seed*64+uint64(i)+1)
		if err == nil {
			err = c.discuss(ctx, g, t, photos)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
