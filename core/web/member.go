package web

import "musubi/core"

// profile is a member's page as others see it; without an id one's own.
func (v *visit) profile() error {
	id, err := v.idOrSelf("id")
	if err != nil {
		return err
	}
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	p := &profilePage{frame: frame{v}, of: m, relation: relation}
	if p.values, err = v.site.core.Profile(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.diaries, _, err = v.site.core.Diaries(v.ctx, v.viewer(), id, core.Page{Size: homeRows}); err != nil {
		return err
	}
	if p.friends, _, err = v.site.core.Friends(v.ctx, v.viewer(), id, core.ByLogin, core.Page{Size: homeFriends}); err != nil {
		return err
	}
	if p.endorsements, _, err = v.site.core.Endorsements(v.ctx, v.viewer(), id, core.Page{Size: profileEndorsements}); err != nil {
		return err
	}
	if relation == core.FriendOfFriend || relation == core.Stranger {
		if p.between, p.linked, err = v.site.core.PathTo(v.ctx, v.member.ID, id); err != nil {
			return err
		}
	}
	return v.show(p)
}
