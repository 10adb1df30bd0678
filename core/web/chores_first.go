package web

import (
	"time"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/people"
)

// For so long after they came in, home leads a new member through their first steps.
const firstDays = 14 * 24 * time.Hour

// The first steps are done with so many friends; so many of those whom the first friend has are shown.
const (
	firstFriends = 4
	firstFaces   = 3
)

// A firstStep is something that a new member does first, and whether they have.
type firstStep struct {
	word, path string
	done       bool
}

// firstSteps fills in where a new member is; nothing when all is done, or they are here for long. PC only.
func (v chorePages) firstSteps(p *homePage) error {
	if !v.forPC() || v.site.core.Now().Sub(v.member.CreatedAt) > firstDays {
		return nil
	}
	own := len(p.own) > 0
	if p.streamed {
		lines, _, err := v.site.core.Journal.Diaries(v.ctx, v.viewer(), v.member.ID, journal.DiaryFilter{}, core.Page{Size: 1})
		if err != nil {
			return err
		}
		own = len(lines) > 0
	}
	steps := []firstStep{
		{"first.photo", "/settings/photos", v.member.Photo.ID != 0},
		{"first.hello", "/diary/write", own},
		{"first.friends", "/friends", v.member.Friends >= firstFriends},
		{"first.community", communityFindPath, len(p.communities) > 0},
	}
	for _, s := range steps {
		if !s.done {
			p.first = steps
		}
	}
	if p.first == nil || v.member.Friends >= firstFriends {
		return nil
	}
	return v.firstFaces(p)
}

// firstFaces are some friends of a new member's first friend, who invited them.
func (v chorePages) firstFaces(p *homePage) error {
	if len(p.friends) == 0 {
		return nil
	}
	inviter := p.friends[len(p.friends)-1].Member
	theirs, _, err := v.site.core.People.Friends(v.ctx, v.viewer(), inviter.ID, people.ByLogin, core.Page{Size: firstFaces + firstFriends})
	if err != nil {
		return err
	}
	mine := map[core.ID]bool{v.member.ID: true}
	for _, f := range p.friends {
		mine[f.Member.ID] = true
	}
	for _, f := range theirs {
		if !mine[f.Member.ID] && len(p.faces) < firstFaces {
			p.faces = append(p.faces, f.Member)
		}
	}
	return nil
}
