package community

import (
	"context"

	"musubi/core"
)

// mail notes that letters are to go out about a thread, or a comment in it, to those who want one of each post. It is one row, however
// many they are; RunLetters writes them.
func (s *common) mail(ctx context.Context, c *Seen, t Thread, author core.ID, number int) error {
	if c.EachLetters == 0 {
		return nil
	}
	return s.store.QueueLetters(ctx, t, author, number, s.NextID())
}
