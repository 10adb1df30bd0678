package people

import (
	"context"
	"musubi/core"
	"time"
)

// BirthdayDays is how many days ahead home shows friends' birthdays, today included.
const BirthdayDays = 7

// A Birthday is a friend's birthday that is near.
type Birthday struct {
	Friend core.Member
	Month  time.Month
	Day    int
}

// BirthdayStore reads the birthdays that are kept with each member's friends.
type BirthdayStore interface {
	// FriendsBirthdays lists friends whose birthday, as month * 100 + day, is one of days, with the visibility that the
	// friend gave it.
	FriendsBirthdays(ctx context.Context, member core.ID, days []int) ([]Birthday, []core.Visibility, error)
}

// FriendsBirthdays lists the friends whose birthday is today (in the zone of now) or within BirthdayDays, in order, as
// far as they let friends see it. A birthday of February 29 counts as March 1 in other years.
func (s *Service) FriendsBirthdays(ctx context.Context, member core.ID, now time.Time) ([]Birthday, error) {
	var days []int
	for i := range BirthdayDays {
		d := now.AddDate(0, 0, i)
		days = append(days, int(d.Month())*100+d.Day())
		if d.Month() == time.March && d.Day() == 1 && now.AddDate(0, 0, i-1).Day() == 28 {
			days = append(days, 229)
		}
	}
	rows, visible, err := s.store.FriendsBirthdays(ctx, member, days)
	if err != nil {
		return nil, err
	}
	g := s.Sight(core.Viewer{Member: member})
	var seen []Birthday
	for _, day := range days {
		for i, b := range rows {
			if int(b.Month)*100+b.Day == day && g.May(ctx, b.Friend.ID, visible[i]) {
				seen = append(seen, b)
			}
		}
	}
	return seen, nil
}
