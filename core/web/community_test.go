package web

import (
	"musubi/core"
	"musubi/core/community"
)

// commune makes a community of the member.
func (w *world) commune(m core.Member, name string, approval bool) core.ID {
	w.t.Helper()
	c, err := w.core.Community.Create(w.t.Context(), m.ID, community.NewCommunity{Name: name, Description: name + "の説明", Category: 111, Approval: approval})
	w.must(err)
	return c.ID
}
