package seed

import (
	"cmp"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/letters"
	"musubi/core/people"
	"musubi/core/seed/dice"
)

// Habits of members with each other's pages and letters.
const (
	visitAge     = 30 * 24 * time.Hour // older footprints have rolled off
	visitPercent = 20                  // of a member's friends came in that time
	mostVisits   = 100
	lettersOf    = 6 // of a hundred pairs of friends, one of the two has written
	unopenedAge  = 10 * 24 * time.Hour
)

// A pair of friends, the smaller number first.
type pair struct{ a, b int32 }

// dice are those of the letter between the two.
func (p pair) dice(seed, stream uint64) *dice.Dice {
	return dice.New(seed^uint64(p.a)<<32, uint64(p.b)<<8|stream)
}

// planLetters settles which friends have written to each other, and the ID that both copies will have.
func (f *filler) planLetters() {
	f.letters = map[pair]core.ID{}
	for a := range f.Members {
		for _, b := range f.graph.friends(a) {
			p := pair{int32(a), b}
			if int32(a) > b {
				continue
			}
			if d := p.dice(f.Seed, streamLetters); d.Chance(lettersOf) {
				since := f.since(a, int(b))
				at := since.Add(time.Duration(d.Float64() * float64(f.now.Sub(since)))).Truncate(time.Millisecond)
				f.letters[p] = f.s.Chores.NewID(at)
			}
		}
	}
}

// post puts m's copies of the letters with friends into the batch, in the order of their keys.
func (f *filler) post(b *chores.Batch, m int, me *Person) {
	from := len(b.Messages)
	for _, friend := range f.graph.friends(m) {
		p := pair{min(int32(m), friend), max(int32(m), friend)}
		id, ok := f.letters[p]
		if !ok {
			continue
		}
		other := NewPerson(f.Seed, int(friend), f.now.Year())
		w := writer{Dice: p.dice(f.Seed, streamLetterText), person: me} // it speaks to who gets it
		letter := letters.Message{Member: f.ids[m], ID: id, Kind: letters.Inbox, Other: f.ids[friend], OtherName: other.Nick, At: id.Time()}
		if w.Chance(50) == (int32(m) == p.a) {
			letter.Kind, w.person = letters.Sent, &other
		}
		letter.Folder = letter.Kind
		letter.Subject, letter.Body = string(w.append(nil, lists["title"])), string(w.append(nil, lists["message"]))
		letter.Unread = letter.Kind == letters.Inbox && f.now.Sub(letter.At) < unopenedAge && w.Chance(40)
		b.Messages = append(b.Messages, letter)
	}
	slices.SortFunc(b.Messages[from:], func(x, y letters.Message) int { return cmp.Compare(x.ID, y.ID) })
}

// visit leaves the footprints of friends at m's pages, in the order of their keys.
func (f *filler) visit(b *chores.Batch, m int) {
	d := dice.New(f.Seed, uint64(m)<<8|streamVisits)
	of := chores.BatchVisits{Member: f.ids[m]}
	for _, friend := range f.graph.friends(m) {
		since := f.since(m, int(friend))
		if oldest := f.now.Add(-visitAge); since.Before(oldest) {
			since = oldest
		}
		ago := time.Duration(d.Float64() * float64(f.now.Sub(since)))
		if !d.Chance(visitPercent) || len(of.Lines) == mostVisits {
			continue
		}
		at := f.now.Add(-ago).Truncate(time.Millisecond)
		year, month, day := at.In(japan).Date()
		of.Lines = append(of.Lines, people.Visit{Visitor: f.ids[friend], Day: year*10000 + int(month)*100 + day, At: at})
	}
	of.Total = len(of.Lines) * d.Between(1, 40)
	b.Visits = append(b.Visits, of)
}
