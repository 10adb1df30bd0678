package web

import (
	"strconv"

	"musubi/core"
	"musubi/core/community"
)

// Addresses of communities. What stands in one is named by the community and its own ID.
const (
	communitiesPath     = "/communities" // one's own, or those of a member
	communityFindPath   = "/communities/find"
	communityNewestPath = "/communities/newest"
	communityPath       = "/community"
	communityTopicsPath = "/community/topics"
	topicPath           = "/community/topic"
	eventPath           = "/community/event"
	pollPath            = "/community/poll"
	topicCommentPath    = "/community/comment"
)

func communityIDPath(id core.ID) string { return communityPath + "?id=" + id.String() }

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
