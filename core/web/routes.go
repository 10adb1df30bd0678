package web

import (
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/core"
)

// An access says who may ask for a route. The zero value is the strictest that a route can forget to state.
type access uint8

const (
	admin  access = iota // operators, on the admin listener only
	owner                // a member, and only about what is their own
	member               // any member; core's permission function decides about each thing
	public               // everyone: the fixed list of SEC-110
)

// A route is one method and path. A path that ends in "/" (but the root) stands for everything below it.
type route struct {
	method, path string
	access       access
	handle       func(*visit) error
	files        bool // a form with pictures: may be maxUpload large
}

const (
	get  = fasthttp.MethodGet
	post = fasthttp.MethodPost
)

// routes is every address of the site. Tests enumerate it: a new row is tried without a login, with another member's
// session and without a form token before anybody writes a test for it.
var routes = []route{
	{get, "/", public, (*visit).front, false},
	{post, "/login", public, (*visit).login, false},
	{get, "/robots.txt", public, (*visit).robots, false},
	{get, "/style.css", public, (*visit).asset, false},
	{get, "/album.js", public, (*visit).asset, false},
	{get, "/logo.svg", public, (*visit).asset, false},
	{get, "/icons.svg", public, (*visit).asset, false},
	{get, "/person.svg", public, (*visit).asset, false},
	{get, "/welcome.svg", public, (*visit).asset, false},
	{get, "/favicon.ico", public, (*visit).asset, false},
	{get, "/register", public, (*visit).registerForm, false},
	{post, "/register", public, (*visit).register, false},
	{get, "/reset", public, (*visit).resetForm, false},
	{post, "/reset", public, (*visit).askReset, false},
	{get, "/reset/new", public, (*visit).newPasswordForm, false},
	{post, "/reset/new", public, (*visit).setNewPassword, false},
	{get, "/easy", public, (*visit).enterEasily, false},
	{post, "/logout", owner, (*visit).logout, false},
	{get, "/home", owner, (*visit).home, false},
	{get, "/member", member, (*visit).profile, false},
	{get, "/friends", member, (*visit).friends, false},
	{get, "/friend", member, (*visit).friend, false},
	{get, "/friend/mutual", member, (*visit).mutualFriends, false},
	{post, "/friend/home", owner, (*visit).setOnHome, false},
	{post, "/friend/remove", owner, (*visit).removeFriend, false},
	{get, "/friend/request", member, (*visit).requestForm, false},
	{post, "/friend/request", member, (*visit).requestFriend, false},
	{get, requestsPath, owner, (*visit).requests, false},
	{post, "/friend/answer", owner, (*visit).answerRequest, false},
	{post, "/friend/withdraw", owner, (*visit).withdrawRequest, false},
	{get, "/friend/introduce", member, (*visit).introduceForm, false},
	{post, "/friend/introduce", member, (*visit).introduce, false},
	{post, "/friend/dismiss", owner, (*visit).dismissIntroduction, false},
	{get, "/block", member, (*visit).blockForm, false},
	{post, "/block", owner, (*visit).block, false},
	{get, blocksPath, owner, (*visit).blocks, false},
	{post, blocksPath, owner, (*visit).unblock, false},
	{get, footprintsPath, owner, (*visit).footprints, false},
	{post, footprintsPath, owner, (*visit).changeFootprints, false},
	{get, bookmarksPath, owner, (*visit).bookmarks, false},
	{post, "/bookmark", owner, (*visit).changeBookmark, false},
	{get, "/endorsements", member, (*visit).endorsements, false},
	{get, "/endorsement/write", member, (*visit).endorsementForm, false},
	{post, "/endorsement/write", member, (*visit).writeEndorsement, false},
	{post, "/endorsement/delete", owner, (*visit).deleteEndorsement, false},
	{get, "/diary", member, (*visit).diary, false},
	{get, "/diary/list", member, (*visit).diaryList, false},
	{get, "/diary/friends", owner, (*visit).friendsDiaries, false},
	{get, "/diary/newest", member, (*visit).everyonesDiaries, false},
	{get, "/diary/commented", owner, (*visit).commentedDiaries, false},
	{get, "/diary/write", owner, (*visit).diaryForm, false},
	{post, "/diary/write", owner, (*visit).writeDiary, true},
	{get, "/diary/edit", owner, (*visit).editDiaryForm, false},
	{get, "/diary/delete", owner, (*visit).deleteDiaryForm, false},
	{post, "/diary/delete", owner, (*visit).deleteDiary, false},
	{post, diaryCommentPath, member, writeComment(core.OnDiary), false},
	{get, "/member/more", member, (*visit).profileMore, false},
	{get, "/invite", owner, (*visit).inviteForm, false},
	{post, "/invite", owner, (*visit).invite, false},
	{post, "/invite/withdraw", owner, (*visit).withdrawInvitations, false},
	{get, "/settings", owner, (*visit).settings, false},
	{get, "/settings/profile", owner, (*visit).profileForm, false},
	{post, "/settings/profile", owner, (*visit).editProfile, false},
	{get, "/settings/photos", owner, (*visit).profilePhotos, false},
	{post, "/settings/photos", owner, (*visit).editProfilePhotos, true},
	{get, visibilityPath, owner, (*visit).visibilityForm, false},
	{post, visibilityPath, owner, (*visit).setVisibility, false},
	{get, sessionsPath, owner, (*visit).sessions, false},
	{post, sessionsPath, owner, (*visit).endSessions, false},
	{get, passwordPath, owner, (*visit).passwordForm, false},
	{post, passwordPath, owner, (*visit).changePassword, false},
	{get, preferencesPath, owner, (*visit).preferencesForm, false},
	{post, preferencesPath, owner, (*visit).setPreferences, false},
	{get, diaryVisibilityPath, owner, (*visit).diaryVisibilityForm, false},
	{post, diaryVisibilityPath, owner, (*visit).setDiaryVisibility, false},
	{get, mailPath, owner, (*visit).mailForm, false},
	{post, mailPath, owner, (*visit).changeMails, false},
	{get, mailConfirmPath, owner, (*visit).mailConfirmForm, false},
	{post, mailConfirmPath, owner, (*visit).confirmMail, false},
	{get, noticesPath, owner, (*visit).notices, false},
	{get, newsLettersPath, owner, (*visit).newsLettersForm, false},
	{post, newsLettersPath, owner, (*visit).setNewsLetters, false},
	{get, "/settings/easy", owner, (*visit).easySettings, false},
	{post, "/settings/easy", owner, (*visit).changeEasy, false},
	{get, exportPath, owner, (*visit).export, false},
	{post, exportPath, owner, (*visit).askExport, false},
	{post, exportFilePath, owner, (*visit).fetchExport, false},
	{get, leavePath, owner, (*visit).leaveForm, false},
	{post, leavePath, owner, (*visit).leave, false},
	{post, diaryCommentDeletePath, member, deleteComment(core.OnDiary), false},
	{get, categoriesPath, owner, (*visit).categories, false},
	{post, categoriesPath, owner, (*visit).changeCategory, false},
	{get, messagesPath, owner, (*visit).messages, false},
	{get, messagePath, owner, (*visit).message, false},
	{get, messageSearchPath, owner, (*visit).findMessages, false},
	{get, messageWritePath, member, (*visit).messageForm, false},
	{post, messageWritePath, member, (*visit).writeMessage, true},
	{post, "/message/move", owner, (*visit).moveMessage, false},
	{post, "/message/empty", owner, (*visit).emptyTrash, false},
	{get, albumsPath, member, (*visit).albums, false},
	{get, friendsAlbumsPath, owner, (*visit).friendsAlbums, false},
	{get, albumPath, member, (*visit).album, false},
	{get, albumPhotoPath, member, (*visit).albumPhoto, false},
	{post, albumOpenPath, member, (*visit).openAlbum, false},
	{post, albumCommentPath, member, writeComment(core.OnAlbum), false},
	{post, albumCommentDeletePath, member, deleteComment(core.OnAlbum), false},
	{get, albumEditPath, owner, (*visit).albumForm, false},
	{post, albumEditPath, owner, (*visit).editAlbum, false},
	{get, albumDeletePath, owner, (*visit).deleteAlbumForm, false},
	{post, albumDeletePath, owner, (*visit).deleteAlbum, false},
	{get, albumUploadPath, owner, (*visit).uploadForm, false},
	{post, albumUploadPath, owner, (*visit).upload, true},
	{get, albumArrangePath, owner, (*visit).arrangeForm, false},
	{post, albumArrangePath, owner, (*visit).arrange, false},
	{get, searchPath, member, (*visit).search, false},
	{get, "/photo/", member, (*visit).photo, false},
}

var (
	exact    = map[string]*route{} // "GET /path"
	prefixed []*route
)

func init() {
	for i := range routes {
		r := &routes[i]
		if len(r.path) > 1 && strings.HasSuffix(r.path, "/") {
			prefixed = append(prefixed, r)
		} else {
			exact[r.method+" "+r.path] = r
		}
	}
}

func findRoute(method, path string) (*route, bool) {
	if r, ok := exact[method+" "+path]; ok {
		return r, true
	}
	for _, r := range prefixed {
		if r.method == method && strings.HasPrefix(path, r.path) {
			return r, true
		}
	}
	return nil, false
}
