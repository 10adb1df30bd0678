package web

import (
	"strconv"

	"musubi/core"
	"musubi/core/community"
)

// Addresses of communities. What stands in one is named by the community and its own ID.
const (
	communitiesPath        = "/communities" // one's own, or those of a member
	communityFindPath      = "/communities/find"
	communityNewestPath    = "/communities/newest"
	communityCommentedPath = "/communities/commented"
	communityPath          = "/community"
	communityWritePath     = "/community/write" // a new one, or what is to change of one
	communityPicturePath   = "/community/picture"
	communityEndPath       = "/community/delete"
	communityJoinPath      = "/community/join"
	communityLeavePath     = "/community/leave"
	communityChoicesPath   = "/community/settings"
	communityAnswerPath    = "/community/answer" // to an invitation, an offer, or a vacancy
	communityInvitePath    = "/community/invite"
	communityMembersPath   = "/community/members"
	communityMemberPath    = "/community/member"
	communityRequestsPath  = "/community/requests"
	communityBlockedPath   = "/community/blocked"
	announcementsPath      = "/community/announcements"
	communityBookmarkPath  = "/community/bookmark"
	communityTopicsPath    = "/community/topics"
	topicPath              = "/community/topic"
	topicWritePath         = "/community/topic/write"
	topicDeletePath        = "/community/topic/delete"
	topicPinPath           = "/community/topic/pin"
	eventPath              = "/community/event"
	pollPath               = "/community/poll"
	topicCommentPath       = "/community/comment" // under a topic, an event or a poll
	topicCommentDeletePath = "/community/comment/delete"
)

func communityIDPath(id core.ID) string { return communityPath + "?id=" + id.String() }

// communitySub is a page of a community that is named by its ID alone.
func communitySub(path string, id core.ID) string { return path + "?id=" + id.String() }

func communitiesOfPath(member core.ID) string { return communitiesPath + "?id=" + member.String() }

func communityMemberOf(id, member core.ID) string {
	return communityMemberPath + "?id=" + id.String() + "&member=" + member.String()
}

// threadPaths are the pages of threads by their kinds.
var threadPaths = [...]string{community.TopicThread: topicPath, community.EventThread: eventPath, community.PollThread: pollPath}

func communityThreadPath(t *community.Thread) string {
	return threadIDPath(t.Kind, t.Community, t.ID)
}

func threadIDPath(kind community.ThreadKind, of, id core.ID) string {
	return threadPaths[kind] + "?community=" + of.String() + "&id=" + id.String()
}

// threadLinePath leads to a thread from a list. It carries the number of comments, as linePath does.
func threadLinePath(t *community.Thread) string {
	return communityThreadPath(t) + "&n=" + strconv.Itoa(t.Comments)
}

// anyThreadPath leads to a thread of which only the ID is known.
func anyThreadPath(id core.ID) string { return topicPath + "?id=" + id.String() }

// numberPath is the page of a thread that begins with one comment, on the way from another one, or 0.
func numberPath(t *community.Thread, number, back int) string {
	path := communityThreadPath(t) + "&from=" + strconv.Itoa(number)
	if back != 0 {
		path += "&back=" + strconv.Itoa(back)
	}
	return path + numberAnchor(number)
}

func numberAnchor(number int) string { return "#n" + strconv.Itoa(number) }

// topicFormPath is the form of a new topic.
func topicFormPath(of core.ID) string { return topicWritePath + "?community=" + of.String() }

func communityFound(query string, category core.ID, order community.Order) string {
	return communityFindPath + "?q=" + escapeQuery(query) + "&category=" + category.String() + "&order=" + strconv.Itoa(int(order))
}
