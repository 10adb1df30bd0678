package web

import (
	"context"
	"strconv"

	"musubi/core"
	"musubi/core/people"
)

// friendRows is how many friends a page of the list shows.
const friendRows = 50

// friends lists a member's friends; without an id one's own.
func (v friendPages) friends() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	if id == v.member.ID {
		if err := v.looked(people.AcceptedNews, 0, 0); err != nil {
			return err
		}
	}
	p := &friendsPage{frame: frame(v), of: m, page: v.page(friendRows)}
	if n, ok := core.ParseID(v.query("order")); ok && int(n) < len(people.FriendOrders) {
		p.order = people.FriendOrder(n)
	}
	if p.lines, p.more, err = v.site.core.People.Friends(v.ctx, v.viewer(), id, p.order, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// mutualFriends lists the friends one has in common with another member.
func (v friendPages) mutualFriends() error {
	p := &mutualPage{frame: frame(v), page: v.page(friendRows)}
	id, err := v.id("id")
	if err != nil {
		return err
	}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.members, p.more, err = v.site.core.People.MutualFriends(v.ctx, v.member.ID, id, p.page); err != nil {
		return err
	}
	return v.show(p)
}

// friend is what one can do about a friend: entries on home, endorsement, introduction, the end of the friendship.
func (v friendPages) friend() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showFriend(id, nil)
}

func (v friendPages) showFriend(id core.ID, w wrong) error {
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	p := &friendPage{frame: frame(v), of: m, wrong: w, removing: v.query("remove") != ""}
	if p.friendship, err = v.site.core.People.FriendSettings(v.ctx, v.member.ID, id); err != nil {
		return err
	}
	return v.show(p)
}

// locked says whether the friendship cannot be ended yet, so that the page says so instead of offering it.
func (p *friendPage) locked() bool { return p.site.core.Now().Before(p.friendship.LockedUntil) }

// setOnHome takes the choice whether home shows a friend's entries.
func (v friendPages) setOnHome() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	if err := v.site.core.People.SetOnHome(v.ctx, v.member.ID, id, v.form.pressed("show")); err != nil {
		return err
	}
	v.redirect(friendPath(id))
	return nil
}

// removeFriend ends a friendship, after the page that asks.
func (v friendPages) removeFriend() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(func(w wrong) error { return v.showFriend(id, w) }, func(ctx context.Context) (string, error) {
		return friendsPath(v.member.ID), v.site.core.People.RemoveFriend(ctx, v.member.ID, id)
	})
}

func friendPath(id core.ID) string { return "/friend?id=" + id.String() }

// orderPath is the list of friends in another order.
func orderPath(id core.ID, o people.FriendOrder) string {
	if o == people.ByLogin {
		return friendsPath(id)
	}
	return friendsPath(id) + "&order=" + strconv.Itoa(int(o))
}
