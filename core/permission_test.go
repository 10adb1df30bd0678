package core

import "testing"

// The rule of the whole service, written out.
func TestSEC112_May(t *testing.T) {
	rows := []struct {
		name     string
		relation Relation
		sees     [4]bool // Everyone, FriendsOfFriends, Friends, Private
	}{
		{"blocked", Blocked, [4]bool{}},
		{"suspended owner", Suspended, [4]bool{}},
		{"stranger", Stranger, [4]bool{true}},
		{"friend of a friend", FriendOfFriend, [4]bool{true, true}},
		{"friend", Friend, [4]bool{true, true, true}},
		{"self", Self, [4]bool{true, true, true, true}},
		{"operator", Operator, [4]bool{true, true, true, true}},
	}
	for _, r := range rows {
		for v, want := range r.sees {
			if got := May(r.relation, Visibility(v)); got != want {
				t.Errorf("May(%s, %d) = %v, want %v", r.name, v, got, want)
			}
		}
	}
}

func TestRelation(t *testing.T) {
	both := Ties{ViewerActive: true, OwnerActive: true}
	with := func(change func(*Ties)) Ties { t := both; change(&t); return t }
	rows := []struct {
		name string
		ties Ties
		self bool
		want Relation
	}{
		{"self", both, true, Self},
		{"stranger", both, false, Stranger},
		{"friend", with(func(t *Ties) { t.Friends = true }), false, Friend},
		{"friend with common friends", with(func(t *Ties) { t.Friends, t.CommonFriend = true, true }), false, Friend},
		{"friend of a friend", with(func(t *Ties) { t.CommonFriend = true }), false, FriendOfFriend},
		{"blocked friend", with(func(t *Ties) { t.Friends, t.Blocked = true, true }), false, Blocked},
		{"viewer suspended", with(func(t *Ties) { t.ViewerActive, t.Friends = false, true }), false, Blocked},
		{"owner suspended", with(func(t *Ties) { t.OwnerActive, t.Friends = false, true }), false, Suspended},
		{"both gone", Ties{}, true, Blocked},
	}
	for _, r := range rows {
		if got := r.ties.Relation(r.self); got != r.want {
			t.Errorf("%s: relation = %d, want %d", r.name, got, r.want)
		}
	}
}
