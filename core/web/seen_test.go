package web

import (
	"context"
	"testing"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/community"
	"musubi/core/journal"
	"musubi/core/music"
	"musubi/core/network"
	"musubi/core/review"
)

// rowTally counts how often a page asks for the row of a thing that decides who may see it.
type rowTally map[string]int

type (
	askedAlbums struct {
		album.AlbumStore
		rowTally
	}
	askedDiaries struct {
		journal.DiaryStore
		rowTally
	}
	askedReviews struct {
		review.ReviewStore
		rowTally
	}
	askedPlaylists struct {
		music.PlaylistStore
		rowTally
	}
	askedCommunities struct {
		community.CommunityStore
		rowTally
	}
	askedThreads struct {
		community.ThreadStore
		rowTally
	}
)

func (s askedAlbums) Album(ctx context.Context, owner, id core.ID) (album.Album, error) {
	s.rowTally["album"]++
	return s.AlbumStore.Album(ctx, owner, id)
}

func (s askedDiaries) Diary(ctx context.Context, owner, id core.ID) (journal.Diary, error) {
	s.rowTally["diary"]++
	return s.DiaryStore.Diary(ctx, owner, id)
}

func (s askedReviews) Review(ctx context.Context, owner, id core.ID) (review.Review, error) {
	s.rowTally["review"]++
	return s.ReviewStore.Review(ctx, owner, id)
}

func (s askedPlaylists) Playlist(ctx context.Context, owner, id core.ID) (music.Playlist, error) {
	s.rowTally["playlist"]++
	return s.PlaylistStore.Playlist(ctx, owner, id)
}

func (s askedCommunities) Community(ctx context.Context, id core.ID) (community.Community, error) {
	s.rowTally["community"]++
	return s.CommunityStore.Community(ctx, id)
}

func (s askedThreads) Thread(ctx context.Context, of, id core.ID) (community.Thread, error) {
	s.rowTally["thread"]++
	return s.ThreadStore.Thread(ctx, of, id)
}

// Who has opened a thing has been let see it: its photos, comments and likes do not ask for its row again.
func TestWhatIsSeenIsNotAskedAgain(t *testing.T) {
	n := rowTally{}
	w := newWorldWith(t, func(c *network.Config) {
		s := &c.Stores
		s.Album.AlbumStore = askedAlbums{s.Album.AlbumStore, n}
		s.Journal.DiaryStore = askedDiaries{s.Journal.DiaryStore, n}
		s.Review.ReviewStore = askedReviews{s.Review.ReviewStore, n}
		s.Music.PlaylistStore = askedPlaylists{s.Music.PlaylistStore, n}
		s.Community.CommunityStore = askedCommunities{s.Community.CommunityStore, n}
		s.Community.ThreadStore = askedThreads{s.Community.ThreadStore, n}
	})
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	entry, in := w.diary(me, "日記", core.Friends), w.hang(me, album.NewAlbum{Title: "海", Visibility: core.Friends}, 3)
	said, err := w.core.Music.WritePlaylist(t.Context(), me.ID, 0, music.NewPlaylist{Title: "夏", Visibility: core.Friends})
	w.must(err)
	judged := w.reviews(me, "本", "よい", core.Friends)
	id := w.commune(me, "坂", false)
	w.joins(id, friend)
	topic, err := w.core.Community.Open(t.Context(), core.Viewer{Member: me.ID}, id, community.NewThread{Title: "題", Body: "文"}, nil)
	w.must(err)
	event := w.plansEvent(me, id, "会", community.NewEvent{Day: 20070401})
	poll := w.makesPoll(me, id, "問", community.NewPoll{Ends: 20070401}, "甲", "乙")
	b := w.as(friend)
	for path, rows := range map[string][]string{
		diaryPath(me.ID, entry.ID):                     {"diary"},
		albumIDPath(me.ID, in.ID):                      {"album"},
		albumPhotoIDPath(me.ID, in.ID, w.shots(in)[1]): {"album"},
		playlistIDPath(me.ID, said.ID):                 {"playlist"},
		reviewIDPath(me.ID, judged.ID):                 {"review"},
		communityIDPath(id):                            {"community"},
		communityThreadPath(&topic):                    {"community", "thread"},
		communityThreadPath(&event):                    {"community", "thread"},
		communityThreadPath(&poll):                     {"community", "thread"},
	} {
		clear(n)
		if page := b.get(path); page.status != 200 {
			t.Errorf("%s: %d", path, page.status)
		}
		for _, row := range rows {
			if n[row] != 1 {
				t.Errorf("%s asks %d times for the row of its %s", path, n[row], row)
			}
		}
	}
}

// Before an album's password neither its photos nor what is said under them can be had of it, whoever forgets to ask.
func TestSEC112_LockedAlbumGivesNothing(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("花子"), w.member("太郎")
	w.friends(me, friend)
	in := w.hang(me, album.NewAlbum{Title: "海", Visibility: core.Friends, Password: "himitsu-no-umi"}, 1)
	seen, err := w.core.Album.Album(t.Context(), core.Viewer{Member: friend.ID}, me.ID, in.ID)
	if w.must(err); !seen.Locked {
		t.Fatal("it is open")
	}
	if _, _, err := w.core.Album.AlbumPhotos(t.Context(), seen, core.Page{Size: 9}); err != album.ErrAlbumLocked {
		t.Errorf("its photos: %v", err)
	}
	if seen.Talk().Thing != 0 || seen.TalkOf(album.AlbumPhoto{}).Thing != 0 {
		t.Error("its thread can be had")
	}
}
