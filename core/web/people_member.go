package web

import (
	"musubi/core"
	"musubi/core/journal"
	"musubi/core/people"
	"musubi/core/report"
)

// profile is a member's page as others see it; without an id one's own.
func (v profilePages) profile() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	return v.showProfile(id, nil)
}

func (v profilePages) showProfile(id core.ID, w wrong) error {
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	v.leaveFootprint(id)
	if relation == core.Friend {
		if err := v.looked(people.AcceptedNews, id, 0); err != nil {
			return err
		}
	}
	p := &profilePage{frame: frame(v), of: m, relation: relation, wrong: w}
	if p.hidden, err = v.concealed(report.Thing{Kind: people.ReportedMember, Owner: id}, core.Private); err != nil {
		return err
	}
	if p.values, err = v.site.core.People.Profile(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.diaries, _, err = v.site.core.Journal.Diaries(v.ctx, v.viewer(), id, journal.DiaryFilter{}, core.Page{Size: homeRows}); err != nil {
		return err
	}
	if p.albums, _, err = v.site.core.Album.Albums(v.ctx, v.viewer(), id, core.Page{Size: recentAlbums}); err != nil {
		return err
	}
	if p.heard, err = musicPages(v).block(id); err != nil {
		return err
	}
	if p.reviews, err = reviewPages(v).block(id); err != nil {
		return err
	}
	if p.friends, _, err = v.site.core.People.Friends(v.ctx, v.viewer(), id, people.ByLogin, core.Page{Size: homeFriends}); err != nil {
		return err
	}
	if v.forPC() {
		if p.communities, _, err = v.site.core.Community.Of(v.ctx, v.viewer(), id, core.Page{Size: communityFaces}); err != nil {
			return err
		}
	}
	if p.endorsements, _, err = v.site.core.People.Endorsements(v.ctx, v.viewer(), id, core.Page{Size: profileEndorsements}); err != nil {
		return err
	}
	if relation == core.FriendOfFriend || relation == core.Stranger {
		if p.between, p.linked, err = v.site.core.People.PathTo(v.ctx, v.member.ID, id); err != nil {
			return err
		}
	}
	if p.bookmarked, err = v.site.core.People.HasBookmark(v.ctx, v.member.ID, id); err != nil {
		return err
	}
	return v.show(p)
}

// frontValues are the profile fields that stand on its front.
func frontValues(values []core.ProfileValue) (front []core.ProfileValue) {
	for _, p := range values {
		if f, _ := people.FindProfileField(p.Key); !f.More {
			front = append(front, p)
		}
	}
	return front
}

// profileMore is the other page of a profile: all fields and photos.
func (v profilePages) profileMore() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	p := &profileMorePage{frame: frame(v)}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	v.leaveFootprint(id)
	if p.values, err = v.site.core.People.Profile(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.photos, err = v.site.core.People.ProfilePhotos(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	return v.show(p)
}
