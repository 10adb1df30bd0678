package web

// friendRows is how many friends a page of the list shows.
const friendRows = 50

// friends lists a member's friends; without an id one's own.
func (v *visit) friends() error {
	id := v.member.ID
	if v.query("id") != "" {
		var err error
		if id, err = v.id("id"); err != nil {
			return err
		}
	}
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	p := &friendsPage{frame: frame{v}, of: m, page: v.page(friendRows)}
	if p.lines, p.more, err = v.site.core.Friends(v.ctx, v.viewer(), id, p.page); err != nil {
		return err
	}
	return v.show(p)
}
