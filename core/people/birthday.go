package people

import (
	"context"
	"musubi/core"
	"time"
)

// BirthdayDays is how many days ahead home shows friends' birthdays, today included.
const BirthdayDays = 7

// BirthdayField is the profile field that is a date of birth; who may see it may see the birthday.
const BirthdayField = "birthday"

// A Birthday is a friend's birthday that is near.
type Birthday struct {
	Friend core.Member
	Month  time.Month
	Day    int
}

// BirthdayOn is the birthday of a friend, as it is kept: month * 100 + day.
func BirthdayOn(friend core.Member, day int) Birthday {
	return Birthday{Friend: friend, Month: time.Month(day / 100), Day: day % 100}
}

func (b Birthday) on() int { return int(b.Month)*100 + b.Day }

// BirthdayStore reads the birthdays that are kept with each member's friends.
type BirthdayStore interface {
	// FriendsBirthdays lists friends whose birthday, as month * 100 + day, is one of days, with the visibility that the
	// friend gave it.
	FriendsBirthdays(ctx context.Context, member core.ID, days []int) ([]Birthday, []core.Visibility, error)
}

// FriendsBirthdays lists the friends whose birthday is today (in the zone of now) or within BirthdayDays.
func (s *Service) FriendsBirthdays(ctx context.Context, member core.ID, now time.Time) ([]Birthday, error) {
	return s.BirthdaysFrom(ctx, member, core.DayOf(now), BirthdayDays)
}

// BirthdaysFrom lists the friends whose birthday is within n days from one on, a year at most, in order, as far as they let friends
// see it. A birthday of February 29 counts as March 1 in other years.
func (s *Service) BirthdaysFrom(ctx context.Context, member core.ID, first core.Day, n int) ([]Birthday, error) {
	var days []int
	for i := range n {
		d := first.Add(i)
		days = append(days, int(d)%10000)
		if int(d)%10000 == 301 && int(d.Add(-1))%100 == 28 {
			days = append(days, 229)
		}
	}
	rows, visible, err := s.store.FriendsBirthdays(ctx, member, days)
	if err != nil {
		return nil, err
	}
	of := map[int][]int{} // rows by their day
	for i, b := range rows {
		of[b.on()] = append(of[b.on()], i)
	}
	g := s.Sight(core.Viewer{Member: member})
	var seen []Birthday
	for _, day := range days {
		for _, i := range of[day] {
			if g.May(ctx, rows[i].Friend.ID, visible[i]) {
				seen = append(seen, rows[i])
			}
		}
	}
	return seen, nil
}
