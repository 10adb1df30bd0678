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
	handle       handler
	files        bool // a form with pictures: may be maxUpload large
}

// A handler answers a request of one route.
type handler func(*visit) error

// handle makes a handler of a method of an area's pages: each area has a receiver of its own around the visit.
func handle[P ~struct{ *visit }](answer func(P) error) handler {
	return func(v *visit) error { return answer(P{v}) }
}

const (
	get  = fasthttp.MethodGet
	post = fasthttp.MethodPost
)

// routes is every address of the site. Tests enumerate it: a new row is tried without a login, with another member's
// session and without a form token before anybody writes a test for it.
var routes = []route{
	{get, "/", public, handle(entryPages.front), false},
	{post, "/login", public, handle(entryPages.login), false},
	{get, "/robots.txt", public, handle(openPages.robots), false},
	{get, "/style.css", public, handle(openPages.asset), false},
	{get, "/album.js", public, handle(openPages.asset), false},
	{get, "/logo.svg", public, handle(openPages.asset), false},
	{get, "/icons.svg", public, handle(openPages.asset), false},
	{get, "/person.svg", public, handle(openPages.asset), false},
	{get, "/welcome.svg", public, handle(openPages.asset), false},
	{get, "/favicon.ico", public, handle(openPages.asset), false},
	{get, "/register", public, handle(entryPages.registerForm), false},
	{post, "/register", public, handle(entryPages.register), false},
	{get, "/reset", public, handle(entryPages.resetForm), false},
	{post, "/reset", public, handle(entryPages.askReset), false},
	{get, "/reset/new", public, handle(entryPages.newPasswordForm), false},
	{post, "/reset/new", public, handle(entryPages.setNewPassword), false},
	{get, "/easy", public, handle(entryPages.enterEasily), false},
	{post, "/logout", owner, handle(entryPages.logout), false},
	{get, "/home", owner, handle(chorePages.home), false},
	{get, "/member", member, handle(profilePages.profile), false},
	{get, "/friends", member, handle(friendPages.friends), false},
	{get, "/friend", member, handle(friendPages.friend), false},
	{get, "/friend/mutual", member, handle(friendPages.mutualFriends), false},
	{post, "/friend/home", owner, handle(friendPages.setOnHome), false},
	{post, "/friend/remove", owner, handle(friendPages.removeFriend), false},
	{get, "/friend/request", member, handle(friendPages.requestForm), false},
	{post, "/friend/request", member, handle(friendPages.requestFriend), false},
	{get, requestsPath, owner, handle(friendPages.requests), false},
	{post, "/friend/answer", owner, handle(friendPages.answerRequest), false},
	{post, "/friend/withdraw", owner, handle(friendPages.withdrawRequest), false},
	{get, "/friend/introduce", member, handle(friendPages.introduceForm), false},
	{post, "/friend/introduce", member, handle(friendPages.introduce), false},
	{post, "/friend/dismiss", owner, handle(friendPages.dismissIntroduction), false},
	{get, "/block", member, handle(friendPages.blockForm), false},
	{post, "/block", owner, handle(friendPages.block), false},
	{get, blocksPath, owner, handle(friendPages.blocks), false},
	{post, blocksPath, owner, handle(friendPages.unblock), false},
	{get, footprintsPath, owner, handle(profilePages.footprints), false},
	{post, footprintsPath, owner, handle(profilePages.changeFootprints), false},
	{get, bookmarksPath, owner, handle(friendPages.bookmarks), false},
	{post, "/bookmark", owner, handle(friendPages.changeBookmark), false},
	{get, "/endorsements", member, handle(profilePages.endorsements), false},
	{get, "/endorsement/write", member, handle(profilePages.endorsementForm), false},
	{post, "/endorsement/write", member, handle(profilePages.writeEndorsement), false},
	{post, "/endorsement/delete", owner, handle(profilePages.deleteEndorsement), false},
	{get, "/diary", member, handle(journalPages.diary), false},
	{get, "/diary/list", member, handle(journalPages.diaryList), false},
	{get, "/diary/friends", owner, handle(journalPages.friendsDiaries), false},
	{get, "/diary/newest", member, handle(journalPages.everyonesDiaries), false},
	{get, "/diary/commented", owner, handle(journalPages.commentedDiaries), false},
	{get, "/diary/write", owner, handle(journalPages.diaryForm), false},
	{post, "/diary/write", owner, handle(journalPages.writeDiary), true},
	{get, "/diary/edit", owner, handle(journalPages.editDiaryForm), false},
	{get, "/diary/delete", owner, handle(journalPages.deleteDiaryForm), false},
	{post, "/diary/delete", owner, handle(journalPages.deleteDiary), false},
	{post, diaryCommentPath, member, writeComment(core.OnDiary), false},
	{get, "/member/more", member, handle(profilePages.profileMore), false},
	{get, "/invite", owner, handle(accountPages.inviteForm), false},
	{post, "/invite", owner, handle(accountPages.invite), false},
	{post, "/invite/withdraw", owner, handle(accountPages.withdrawInvitations), false},
	{get, "/settings", owner, handle(chorePages.settings), false},
	{get, "/settings/profile", owner, handle(profilePages.profileForm), false},
	{post, "/settings/profile", owner, handle(profilePages.editProfile), false},
	{get, "/settings/photos", owner, handle(profilePages.profilePhotos), false},
	{post, "/settings/photos", owner, handle(profilePages.editProfilePhotos), true},
	{get, visibilityPath, owner, handle(profilePages.visibilityForm), false},
	{post, visibilityPath, owner, handle(profilePages.setVisibility), false},
	{get, sessionsPath, owner, handle(accountPages.sessions), false},
	{post, sessionsPath, owner, handle(accountPages.endSessions), false},
	{get, passwordPath, owner, handle(accountPages.passwordForm), false},
	{post, passwordPath, owner, handle(accountPages.changePassword), false},
	{get, preferencesPath, owner, handle(accountPages.preferencesForm), false},
	{post, preferencesPath, owner, handle(accountPages.setPreferences), false},
	{get, diaryVisibilityPath, owner, handle(journalPages.diaryVisibilityForm), false},
	{post, diaryVisibilityPath, owner, handle(journalPages.setDiaryVisibility), false},
	{get, mailPath, owner, handle(accountPages.mailForm), false},
	{post, mailPath, owner, handle(accountPages.changeMails), false},
	{get, mailConfirmPath, owner, handle(accountPages.mailConfirmForm), false},
	{post, mailConfirmPath, owner, handle(accountPages.confirmMail), false},
	{get, noticesPath, owner, handle(newsPages.notices), false},
	{get, newsLettersPath, owner, handle(newsPages.newsLettersForm), false},
	{post, newsLettersPath, owner, handle(newsPages.setNewsLetters), false},
	{get, "/settings/easy", owner, handle(accountPages.easySettings), false},
	{post, "/settings/easy", owner, handle(accountPages.changeEasy), false},
	{get, exportPath, owner, handle(chorePages.export), false},
	{post, exportPath, owner, handle(chorePages.askExport), false},
	{post, exportFilePath, owner, handle(chorePages.fetchExport), false},
	{get, leavePath, owner, handle(chorePages.leaveForm), false},
	{post, leavePath, owner, handle(chorePages.leave), false},
	{post, diaryCommentDeletePath, member, deleteComment(core.OnDiary), false},
	{get, categoriesPath, owner, handle(journalPages.categories), false},
	{post, categoriesPath, owner, handle(journalPages.changeCategory), false},
	{get, messagesPath, owner, handle(letterPages.messages), false},
	{get, messagePath, owner, handle(letterPages.message), false},
	{get, messageSearchPath, owner, handle(letterPages.findMessages), false},
	{get, messageWritePath, member, handle(letterPages.messageForm), false},
	{post, messageWritePath, member, handle(letterPages.writeMessage), true},
	{post, "/message/move", owner, handle(letterPages.moveMessage), false},
	{post, "/message/empty", owner, handle(letterPages.emptyTrash), false},
	{get, albumsPath, member, handle(albumPages.albums), false},
	{get, friendsAlbumsPath, owner, handle(albumPages.friendsAlbums), false},
	{get, albumPath, member, handle(albumPages.album), false},
	{get, albumPhotoPath, member, handle(albumPages.albumPhoto), false},
	{post, albumOpenPath, member, handle(albumPages.openAlbum), false},
	{post, albumCommentPath, member, writeComment(core.OnAlbum), false},
	{post, albumCommentDeletePath, member, deleteComment(core.OnAlbum), false},
	{get, albumEditPath, owner, handle(albumPages.albumForm), false},
	{post, albumEditPath, owner, handle(albumPages.editAlbum), false},
	{get, albumDeletePath, owner, handle(albumPages.deleteAlbumForm), false},
	{post, albumDeletePath, owner, handle(albumPages.deleteAlbum), false},
	{get, albumUploadPath, owner, handle(uploadPages.uploadForm), false},
	{post, albumUploadPath, owner, handle(uploadPages.upload), true},
	{get, albumArrangePath, owner, handle(albumPages.arrangeForm), false},
	{post, albumArrangePath, owner, handle(albumPages.arrange), false},
	{get, searchPath, member, handle(searchPages.search), false},
	{get, "/photo/", member, handle(openPages.photo), false},
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
