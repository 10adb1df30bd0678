package openpne

import (
	"cmp"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/letters"
)

// A Site is what dumps have, put together. IDs are those of the site that it comes from.
type Site struct {
	members     map[int64]*member
	ties        map[pair]tie // from whom, to whom
	blocks      map[pair]time.Time
	diaries     map[int64]*diary
	categories  map[int64]category
	albums      map[int64]*album
	messages    []message
	visits      map[pair][]time.Time // who was visited, by whom
	communities map[int64]*community
	pictures    map[string]bool // that something here shows; true: its bytes are in the dumps
	left        map[string]int
}

type pair [2]int64

type member struct {
	id             int64
	name           string
	mails          []string
	md5            string // of the password, in hexadecimal digits
	at, seen       time.Time
	held           bool
	picture        string
	visibility     core.Visibility // of new entries
	profile        []core.ProfileValue
	categories     []int64
	year, mon, day int
	ageSeen, born  core.Visibility // who sees the year, and the day
}

type tie struct {
	at, saidAt time.Time
	said       string
}

type category struct {
	member int64
	name   string
}

type diary struct {
	id, member, category int64
	title, body          string
	visibility           core.Visibility
	closed               bool
	at                   time.Time
	pictures             []string
	comments             []comment
}

type comment struct {
	id, member int64
	number     int
	body       string
	at         time.Time
}

type album struct {
	id, member  int64
	title, note string
	visibility  core.Visibility
	at          time.Time
	photos      []photo
}

type photo struct {
	id               int64
	picture, caption string
	at               time.Time
}

type message struct {
	id, from, to, answers int64
	subject, body         string
	at                    time.Time
	read                  bool
	sent, inbox           letters.Folder // where the copies lie
	hasSent, hasInbox     bool
	kind                  int64
}

type community struct {
	id, admin        int64
	name, info       string
	category         string
	at               time.Time
	approval, closed bool // who joins is let in; only members read
	few              bool // only administrators open topics
	subs             map[int64]bool
	in               map[int64]time.Time
	threads          []*thread
}

type thread struct {
	id, community, member int64
	title, body           string
	at                    time.Time
	event                 bool
	day                   core.Day
	words, place          string
	deadline              core.Day
	capacity              int
	comments              []comment
	seats                 []seat
}

type seat struct {
	member int64
	at     time.Time
}

// leave counts what stays behind.
func (s *Site) leave(why string, n int) {
	if n > 0 {
		s.left[why] += n
	}
}

// A Count is how much there is of a kind.
type Count struct {
	Kind string
	N    int
}

// Counts lists what a Site has, by kind.
func (s *Site) Counts() []Count {
	var diaries, comments, albums, photos, pictures, topics, events, posts, sayings, visits, copies int
	friends := 0
	for p, t := range s.ties {
		if s.mutual(p) {
			friends++
		}
		if t.said != "" && s.mutual(p) {
			sayings++
		}
	}
	for _, d := range s.diaries {
		diaries++
		comments += len(d.comments)
		pictures += len(d.pictures)
	}
	for _, a := range s.albums {
		albums++
		photos += len(a.photos)
	}
	for _, c := range s.communities {
		for _, t := range c.threads {
			if t.event {
				events++
			} else {
				topics++
			}
			posts += len(t.comments)
		}
	}
	for _, v := range s.visits {
		visits += len(v)
	}
	for _, m := range s.messages {
		if m.hasSent {
			copies++
		}
		if m.hasInbox {
			copies++
		}
	}
	return []Count{{"members", len(s.members)}, {"friendships", friends / 2}, {"endorsements", sayings}, {"blocks", len(s.blocks)}, {"diaries", diaries}, {"photos in diaries", pictures},
		{"comments", comments}, {"albums", albums}, {"photos in albums", photos}, {"copies of messages", copies}, {"footprints", visits},
		{"communities", len(s.communities)}, {"topics", topics}, {"events", events}, {"posts", posts}}
}

// Left lists what stays behind, and why.
func (s *Site) Left() (list []Count) {
	for why, n := range s.left {
		list = append(list, Count{why, n})
	}
	slices.SortFunc(list, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
	return list
}

// mutual says whether a tie stands on both sides.
func (s *Site) mutual(p pair) bool {
	_, there := s.ties[p]
	_, back := s.ties[pair{p[1], p[0]}]
	return there && back && p[0] != p[1]
}

// inOrder gives the values of a map by their IDs.
func inOrder[T any](m map[int64]T) []T {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	list := make([]T, len(keys))
	for i, k := range keys {
		list[i] = m[k]
	}
	return list
}
