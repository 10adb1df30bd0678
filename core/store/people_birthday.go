package store

import (
	"context"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/store/engine"
)

// birthdayOf reads a date of birth ("2006-01-02") and gives month * 100 + day. A birthday of another form is shown on
// the profile and nowhere else.
func birthdayOf(value string) (day int64, ok bool) {
	date, err := time.Parse(time.DateOnly, value)
	return int64(date.Month())*100 + int64(date.Day()), err == nil
}

// birthday is the member's, as month * 100 + day.
func birthday(ctx context.Context, q engine.Querier, member core.ID) (day int64, ok bool, err error) {
	var value string
	err = q.Row(ctx, `SELECT value FROM profile WHERE member = $1 AND field = $2`, member, people.BirthdayField).Scan(&value)
	if err = one(err); err == core.ErrNotFound {
		return 0, false, nil
	}
	day, ok = birthdayOf(value)
	return day, ok, err
}

// noteBirthday writes a new friend's birthday under the member.
func noteBirthday(ctx context.Context, q engine.Querier, member, friend core.ID) error {
	day, ok, err := birthday(ctx, q, friend)
	if err != nil || !ok {
		return err
	}
	_, err = q.Run(ctx, `INSERT INTO friend_birthday (member, day, friend) VALUES ($1, $2, $3)`, member, day, friend)
	return err
}

// fanOutBirthday writes a changed birthday under each of the member's friends.
func fanOutBirthday(ctx context.Context, q engine.Querier, member core.ID) error {
	if _, err := q.Run(ctx, `DELETE FROM friend_birthday WHERE friend = $1 AND member IN (SELECT friend FROM friend WHERE member = $1)`, member); err != nil {
		return err
	}
	day, ok, err := birthday(ctx, q, member)
	if err != nil || !ok {
		return err
	}
	_, err = q.Run(ctx, `INSERT INTO friend_birthday (member, day, friend) SELECT friend, $2, member FROM friend WHERE member = $1`,
		member, day)
	return err
}

// FriendsBirthdays implements people.BirthdayStore.
func (s People) FriendsBirthdays(ctx context.Context, member core.ID, days []int) ([]people.Birthday, []core.Visibility, error) {
	args := []any{member}
	for _, d := range days {
		args = append(args, d)
	}
	var visible []core.Visibility
	rows, err := engine.List(ctx, s.on(ctx), func(r engine.Scanner) (_ people.Birthday, err error) {
		var day int
		var v core.Visibility
		var friend core.Member
		err = r.Scan(append(memberFields(&friend), &day, &v)...)
		friend.Photo.Owner = friend.ID
		visible = append(visible, v)
		return people.BirthdayOn(friend, day), err
	}, `SELECT `+memberColumns+`, f.day, v.visibility FROM friend_birthday f JOIN member m ON m.id = f.friend
		JOIN profile v ON v.member = f.friend AND v.field = '`+people.BirthdayField+`'`+memberPhoto+
		`WHERE f.member = $1 AND f.day IN (`+engine.Places(2, len(days))+`) AND m.status = 0`, args...)
	return rows, visible, err
}

// A BirthdayRow is a friend and their birthday, as month * 100 + day.
type BirthdayRow struct {
	Friend core.ID
	Day    int
}

// BirthdayRows lists the birthdays of all friends of a member.
func (s People) BirthdayRows(ctx context.Context, member core.ID) ([]BirthdayRow, error) {
	return engine.List(ctx, s.on(ctx), func(r engine.Scanner) (b BirthdayRow, err error) { return b, r.Scan(&b.Friend, &b.Day) },
		`SELECT friend, day FROM friend_birthday WHERE member = $1`, member)
}
