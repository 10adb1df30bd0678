package web

import (
	"musubi/core"
	"musubi/core/journal"
	"musubi/core/people"
)

// Rows of the blocks on home.
const (
	homeDiaries = 10
	homeRows    = 5
	homeFriends = 9
	handsetRows = 5 // of each block on a handset
)

// home is the first page after login: what is new, and the way to everything.
func (v chorePages) home() error {
	p, stream := &homePage{frame: frame(v)}, v.asStream()
	if err := v.fromFriends(p, stream); err != nil {
		return err
	}
	if err := v.fromCommunities(p, stream); err != nil {
		return err
	}
	return v.showHome(p)
}

// fromFriends fills home with what is one's own and one's friends'; a stream has all of it, of communities too.
func (v chorePages) fromFriends(p *homePage, stream bool) (err error) {
	// First, because it reads all friends at once: what follows asks about most of them.
	if p.friends, _, err = v.site.core.People.Friends(v.ctx, v.viewer(), v.member.ID, people.ByLogin, core.Page{Size: homeFriends}); err != nil {
		return err
	}
	fill := v.lists
	if stream {
		fill = v.stream
	}
	if err := fill(p); err != nil {
		return err
	}
	p.birthdays, err = v.site.core.People.FriendsBirthdays(v.ctx, v.member.ID, v.site.core.Now().In(v.site.zone))
	return err
}

// fromCommunities fills it with what is new where the member is, and with what waits for them there.
func (v chorePages) fromCommunities(p *homePage, stream bool) (err error) {
	if !stream {
		if p.threads, _, err = v.site.core.Community.Newest(v.ctx, v.member.ID, core.Page{Size: homeRows}); err != nil {
			return err
		}
		if p.events, err = nextEvents(v.visit); err != nil {
			return err
		}
	}
	if p.announced, err = v.site.core.Community.Waitings(v.ctx, v.member.ID); err != nil {
		return err
	}
	if v.forPC() { // handsets have the link in the menu
		p.communities, _, err = v.site.core.Community.Mine(v.ctx, v.member.ID, core.Page{Size: communityFaces})
	}
	return err
}

// showHome adds what concerns everybody.
func (v chorePages) showHome(p *homePage) (err error) {
	if err := v.firstSteps(p); err != nil {
		return err
	}
	if p.waiting, err = v.site.core.Account.Notices(v.ctx, v.member); err != nil {
		return err
	}
	return v.show(p)
}

// lists fills home as the model had it: a list of each kind.
func (v chorePages) lists(p *homePage) (err error) {
	if p.friendsDiaries, _, err = v.site.core.Journal.FriendsDiaries(v.ctx, v.member.ID, core.Page{Size: homeDiaries}); err != nil {
		return err
	}
	if p.commented, _, err = v.site.core.Journal.CommentedDiaries(v.ctx, v.member.ID, core.Page{Size: homeRows}); err != nil {
		return err
	}
	if p.own, _, err = v.site.core.Journal.Diaries(v.ctx, v.viewer(), v.member.ID, journal.DiaryFilter{}, core.Page{Size: homeRows}); err != nil {
		return err
	}
	if p.albums, _, err = v.site.core.Album.FriendsAlbums(v.ctx, v.viewer(), core.Page{Size: homeAlbums}); err != nil {
		return err
	}
	if p.heard, p.playlists, err = musicPages(v).homeMusic(); err != nil {
		return err
	}
	if p.reviews, err = reviewPages(v).homeReviews(); err != nil {
		return err
	}
	if p.films, _, err = v.site.core.Album.FriendsFilms(v.ctx, v.viewer(), core.Page{Size: homeFilms}); err != nil {
		return err
	}
	return nil
}
