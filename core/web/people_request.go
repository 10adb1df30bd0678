package web

import (
	"context"

	"musubi/core"
	"musubi/core/people"
)

// requestRows is how many requests or introductions a page shows of each kind.
const requestRows = 20

const requestsPath = "/friend/requests"

// requestForm asks for the words that go with a friend request.
func (v friendPages) requestForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showRequestForm(id, "", nil)
}

func (v friendPages) showRequestForm(id core.ID, message string, w wrong) error {
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), id)
	if err != nil {
		return err
	}
	if relation == core.Self {
		return core.ErrNotFound
	}
	return v.show(&requestFormPage{frame(v), m, message, w})
}

// requestFriend sends a friend request.
func (v friendPages) requestFriend() error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	message := v.form.get("message")
	return v.onceOr(func(w wrong) error { return v.showRequestForm(id, message, w) }, func(ctx context.Context) (string, error) {
		made, err := v.site.core.People.RequestFriend(ctx, v.member.ID, id, message)
		if made {
			return memberPath(id), err
		}
		return requestsPath, err
	})
}

// requests lists what waits for an answer: requests one got, requests one sent, introductions.
func (v friendPages) requests() error { return v.showRequests(nil) }

func (v friendPages) showRequests(w wrong) error {
	p := &requestsPage{frame: frame(v), page: v.page(requestRows), wrong: w}
	var more [3]bool
	var err error
	if p.got, more[0], err = v.site.core.People.Requests(v.ctx, v.member.ID, true, p.page); err != nil {
		return err
	}
	if p.sent, more[1], err = v.site.core.People.Requests(v.ctx, v.member.ID, false, p.page); err != nil {
		return err
	}
	if p.introduced, more[2], err = v.site.core.People.Introductions(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	p.more = more[0] || more[1] || more[2]
	return v.show(p)
}

// answerRequest accepts or rejects.
func (v friendPages) answerRequest() error {
	return v.decide(func(ctx context.Context, id core.ID) error {
		return v.site.core.People.AnswerRequest(ctx, v.member.ID, id, v.form.pressed("accept"))
	})
}

// withdrawRequest takes a sent request back.
func (v friendPages) withdrawRequest() error {
	return v.decide(func(ctx context.Context, id core.ID) error {
		return v.site.core.People.WithdrawRequest(ctx, v.member.ID, id)
	})
}

// dismissIntroduction takes an introduction off the list.
func (v friendPages) dismissIntroduction() error {
	by, err := v.formID("by")
	if err != nil {
		return err
	}
	return v.decide(func(ctx context.Context, id core.ID) error {
		return v.site.core.People.DismissIntroduction(ctx, v.member.ID, id, by)
	})
}

// decide carries out one button of the requests page and shows the page again.
func (v friendPages) decide(f func(ctx context.Context, id core.ID) error) error {
	id, err := v.formID("id")
	if err != nil {
		return err
	}
	return v.onceOr(v.showRequests, func(ctx context.Context) (string, error) {
		return requestsPath, f(ctx, id)
	})
}

// introduceForm asks whom to introduce to a friend.
func (v friendPages) introduceForm() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	return v.showIntroduce(id, 0, "", nil)
}

func (v friendPages) showIntroduce(to, chosen core.ID, message string, w wrong) error {
	m, relation, err := v.site.core.Member(v.ctx, v.viewer(), to)
	if err != nil {
		return err
	}
	if relation != core.Friend {
		return core.ErrNotFound
	}
	p := &introducePage{frame: frame(v), to: m, chosen: chosen, message: message, wrong: w}
	if p.friends, _, err = v.site.core.People.Friends(v.ctx, v.viewer(), v.member.ID, people.ByName, core.Page{Number: 1, Size: 1000}); err != nil {
		return err
	}
	return v.show(p)
}

// introduce tells a friend about another friend.
func (v friendPages) introduce() error {
	to, err := v.formID("id")
	if err != nil {
		return err
	}
	friend, _ := core.ParseID(v.form.get("friend"))
	message := v.form.get("message")
	return v.onceOr(func(w wrong) error { return v.showIntroduce(to, friend, message, w) }, func(ctx context.Context) (string, error) {
		return memberPath(to), v.site.core.People.IntroduceFriend(ctx, v.member.ID, to, friend, message)
	})
}
