package advert

import (
	"slices"

	"musubi/core"
)

// Rules say whom a campaign is for. What a rule does not ask is for everybody; who does not say what it asks is not among them.
type Rules struct {
	Sex            string    `json:",omitempty"`
	AgeFrom, AgeTo int       `json:",omitempty"` // years, both included; 0: any
	Prefectures    []string  `json:",omitempty"`
	Premium        string    `json:",omitempty"` // "yes", "no"
	Communities    []core.ID `json:",omitempty"` // a member of any of them
	Carriers       []string  `json:",omitempty"`
}

// maxSex is how long the name of a sex may be, in characters: the areas know which there are.
const maxSex = 20

// maxListed is how many values a list of rules has at most.
const maxListed = 100

// MinAdult is how old a member has to be for rules to look at what they say of themselves.
const MinAdult = 18

func (r *Rules) check(c *core.Check) {
	if core.Length(r.Sex) > maxSex {
		c.Fail("sex", "field.choice", 0)
	}
	if r.AgeFrom < 0 || r.AgeTo < 0 || r.AgeTo != 0 && r.AgeFrom > r.AgeTo {
		c.Fail("agefrom", "field.choice", 0)
	}
	if slices.ContainsFunc(r.Prefectures, func(p string) bool { _, ok := core.Prefectures.Find(p); return !ok }) {
		c.Fail("prefecture", "field.choice", 0)
	}
	if r.Premium != "" && r.Premium != "yes" && r.Premium != "no" {
		c.Fail("premium", "field.choice", 0)
	}
	if len(r.Prefectures) > maxListed || len(r.Communities) > maxListed || len(r.Carriers) > maxListed {
		c.Fail("community", "field.choice", 0)
	}
}

// A Reader is what rules know of who looks: only what they show to everyone or have allowed, and of minors nothing.
type Reader struct {
	Sex         string
	Age         int // 0: not said
	Prefecture  string
	Premium     bool
	Communities []core.ID
	Carrier     string
}

// asks says whether the rules look at the member, and not only at the phone.
func (r *Rules) asks() bool {
	return r.Sex != "" || r.AgeFrom > 0 || r.AgeTo > 0 || len(r.Prefectures) > 0 || r.Premium != "" || len(r.Communities) > 0
}

// Fit says whether a campaign with these rules is for the reader.
func (r *Rules) Fit(who *Reader) bool {
	switch {
	case r.Sex != "" && r.Sex != who.Sex,
		r.AgeFrom > 0 && who.Age < r.AgeFrom,
		r.AgeTo > 0 && (who.Age == 0 || who.Age > r.AgeTo),
		len(r.Prefectures) > 0 && !slices.Contains(r.Prefectures, who.Prefecture),
		r.Premium != "" && (r.Premium == "yes") != who.Premium,
		len(r.Carriers) > 0 && !slices.Contains(r.Carriers, who.Carrier):
		return false
	}
	return len(r.Communities) == 0 || slices.ContainsFunc(r.Communities, func(id core.ID) bool { return slices.Contains(who.Communities, id) })
}

// A Profile is what a member says of themselves, each with who may see it.
type Profile struct {
	Sex, Birthday, Prefecture core.ProfileValue
}

// ReaderOf is what rules may know of a member; allowed: they let all of their profile be used.
func ReaderOf(p Profile, allowed bool, age int) Reader {
	if age > 0 && age < MinAdult { // also when they show it to nobody
		return Reader{}
	}
	shown := func(v core.ProfileValue) bool { return v.Value != "" && (allowed || v.Visibility == core.Everyone) }
	var r Reader
	if shown(p.Sex) {
		r.Sex = p.Sex.Value
	}
	if shown(p.Birthday) {
		r.Age = age
	}
	if shown(p.Prefecture) {
		r.Prefecture = p.Prefecture.Value
	}
	return r
}
