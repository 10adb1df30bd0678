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

// MadeThread is a thread with its comments, numbered from 1.
type MadeThread struct {
	Thread
	Said []Comment
}
