package community

import (
	"time"

	"musubi/core"
)

// Made is a community with all that stands in it, made elsewhere: for seeds and imports. Nobody is asked and nothing is counted; see
// chores.Batch.
type Made struct {
	Community
	In      []MadeMember
	Threads []MadeThread
}

// MadeMember is one of its members.
type MadeMember struct {
	Member   core.ID
	Role     core.Role
	JoinedAt time.Time
}

// MadeThread is a thread with its comments, numbered from 1, and what an event or a poll has besides.
type MadeThread struct {
	Thread
	Said  []Comment
	Event *Event // with Joined and Waiting counted; nil: it is none
	Seats []Seat
	Poll  *Poll // with Voters and the votes of each choice counted; nil: it is none
	Votes []Vote
}
