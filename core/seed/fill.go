package seed

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/chores"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/people"
	"musubi/core/seed/dice"
	"musubi/core/talk"
)

// Limits and habits of Fill.
const (
	// MaxMembers is the most that Fill makes: it plans the network in memory, some 300 bytes for each member.
	MaxMembers = 2_000_000

	batchMembers = 2000                     // stored with one COMMIT
	span         = 2 * 365 * 24 * time.Hour // since the first member joined
	feedAge      = 60 * 24 * time.Hour      // older entries are not put into friends' lists
	feedEach     = 20                       // entries of one friend in a list, as the store keeps it
	mostDiaries  = 60
)

// FillOptions say what Fill makes.
type FillOptions struct {
	Members int    // 1…MaxMembers
	Seed    uint64 // another number makes other people
	Photos  bool   // portraits and pictures, out of a small album that is painted once
	// Password of all of them. It is hashed once: argon2id for each of a hundred thousand would take an hour, and a
	// store filled for measuring protects nobody.
	Password string
	Painted  func(files []string) // called with the files of the pictures, of which a small community may not show all; may be nil
	Progress func(done int)       // called after each batch with the members stored so far; may be nil
}

// Filled says what Fill made.
type Filled struct{ Members, Friendships, Diaries, Albums, Comments int }

// Mail is the address of member number index of a filled store.
func Mail(seed uint64, index int) string { return fmt.Sprintf("m%d.%d@example.jp", index, seed) }

// Fill adds a community of made-up members to the store: friends by a power law, diaries and albums of the last two years, comments
// and answers. The same seed makes the same community; its dates end now. A second Fill with the same seed is
// core.ErrMailTaken. When it fails half-way, the batches stored so far stay.
func Fill(ctx context.Context, s *network.Services, o FillOptions) (Filled, error) {
	if o.Members < 1 || o.Members > MaxMembers {
		return Filled{}, fmt.Errorf("seed: %d members, expected 1 to %d", o.Members, MaxMembers)
	}
	hash, err := s.Guard.HashPassword(ctx, o.Password)
	if err != nil {
		return Filled{}, err
	}
	f := &filler{FillOptions: o, s: s, now: s.Now(), hash: hash}
	if o.Photos {
		if f.album, err = paintAlbum(ctx, s, o.Seed); err != nil {
			return Filled{}, err
		}
		if o.Painted != nil {
			o.Painted(f.album.files())
		}
	}
	f.plan()
	err = f.store(ctx)
	return f.made, err
}

// filler is one Fill at work.
type filler struct {
	FillOptions
	s     *network.Services
	now   time.Time
	hash  string
	album pictureBook
	made  Filled

	graph  graph
	joined []time.Time
	ids    []core.ID
	// firstDiary[m] … firstDiary[m+1] are the entries of m in diaries, oldest first.
	firstDiary []int32
	diaries    []plannedDiary
	// firstAlbum and albums are the same of albums.
	firstAlbum []int32
	albums     []plannedAlbum
	marks      []chores.Mark // collected while the rest is stored
	letters    map[pair]core.ID
}

// plannedDiary is what is settled about an entry before its text: friends' lists need it.
type plannedDiary struct {
	id         core.ID
	visibility core.Visibility
}

// plan settles who joined when, who is whose friend, and who wrote when.
func (f *filler) plan() {
	n := f.Members
	f.graph = befriend(f.Seed, n)
	f.made.Members, f.made.Friendships = n, len(f.graph.list)/2
	f.joined, f.ids = make([]time.Time, n), make([]core.ID, n)
	start := f.now.Add(-span)
	for m := range n { // ever more join: their number grows with the square of time
		f.joined[m] = start.Add(time.Duration(float64(span-time.Hour) * math.Sqrt(float64(m)/float64(n)))).Truncate(time.Millisecond)
		f.ids[m] = f.s.Chores.NewID(f.joined[m])
	}
	f.firstDiary = make([]int32, n+1)
	var times []time.Time
	for m := range n {
		d := dice.New(f.Seed, uint64(m)<<8|streamDiaries)
		times = times[:0]
		for range min(int(0.75*math.Pow(1-d.Float64(), -0.75)), mostDiaries) {
			u := d.Float64()
			times = append(times, f.now.Add(-time.Duration(float64(f.now.Sub(f.joined[m]))*u*u)).Truncate(time.Millisecond))
		}
		slices.SortFunc(times, time.Time.Compare)
		for _, t := range times {
			f.diaries = append(f.diaries, plannedDiary{f.s.Chores.NewID(t), dice.Pick(d, visibilities)})
		}
		f.firstDiary[m+1] = int32(len(f.diaries))
	}
	f.made.Diaries = len(f.diaries)
	f.planAlbums()
	f.planLetters()
}

// visibilities holds the choices as often as members make them.
var visibilities = []core.Visibility{
	core.Everyone, core.Everyone, core.Everyone, core.Everyone, core.Everyone, core.Everyone, core.Everyone,
	core.FriendsOfFriends, core.Friends, core.Friends,
}

// store writes batch after batch; while one is stored the next is made, in the memory of the one before.
func (f *filler) store(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	batches, stored := make(chan *chores.Batch, 3), make(chan *chores.Batch, 3)
	for range cap(stored) {
		stored <- new(chores.Batch)
	}
	go func() {
		defer close(batches)
		for low := 0; low < f.Members; low += batchMembers {
			select {
			case b := <-stored:
				f.batch(b, low, min(low+batchMembers, f.Members))
				batches <- b
			case <-ctx.Done():
				return
			}
		}
	}()
	done := 0
	for b := range batches {
		if err := f.s.Chores.InsertBatch(ctx, b); err != nil {
			return err
		}
		f.made.Comments += len(b.Comments)
		if done += len(b.Members); f.Progress != nil {
			f.Progress(done)
		}
		stored <- b
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// The comment histories come last, in the order of their keys: scattered, they cost as much as everything else.
	slices.SortFunc(f.marks, func(x, y chores.Mark) int {
		return cmp.Or(cmp.Compare(x.Member, y.Member), cmp.Compare(x.Owner, y.Owner), cmp.Compare(x.Diary, y.Diary))
	})
	for marks := range slices.Chunk(f.marks, 10*batchMembers) {
		if err := f.s.Chores.InsertBatch(ctx, &chores.Batch{Commented: marks}); err != nil {
			return err
		}
	}
	return f.gatherAll(ctx)
}

// batch makes members low…high-1 with all they have and wrote, and the comments under it. What b held goes.
func (f *filler) batch(b *chores.Batch, low, high int) {
	*b = chores.Batch{Members: b.Members[:0], Friends: b.Friends[:0], Diaries: b.Diaries[:0], Albums: b.Albums[:0], Comments: b.Comments[:0],
		Delivered: b.Delivered[:0], Exhibited: b.Exhibited[:0], Birthdays: b.Birthdays[:0], Visits: b.Visits[:0], Messages: b.Messages[:0]}
	for m := low; m < high; m++ {
		p := NewPerson(f.Seed, m, f.now.Year())
		b.Members = append(b.Members, f.member(m, &p))
		f.introduce(b, m)
		f.deliver(b, m)
		f.exhibit(b, m)
		f.visit(b, m)
		f.post(b, m, &p)
		f.write(b, m, &p)
		f.hang(b, m, &p)
	}
}

// introduce lists the friends of m and their birthdays.
func (f *filler) introduce(b *chores.Batch, m int) {
	from := len(b.Birthdays)
	for _, friend := range f.graph.friends(m) {
		b.Friends = append(b.Friends, chores.Friendship{Member: f.ids[m], Friend: f.ids[friend], Since: f.since(m, int(friend))})
		month, day := birthday(f.Seed, int(friend))
		b.Birthdays = append(b.Birthdays, chores.NearBirthday{Member: f.ids[m], Friend: f.ids[friend], Month: time.Month(month), Day: day})
	}
	slices.SortStableFunc(b.Birthdays[from:], func(x, y chores.NearBirthday) int {
		return cmp.Or(cmp.Compare(x.Month, y.Month), cmp.Compare(x.Day, y.Day))
	})
}

// since is when two members became friends: some days after the later one joined.
func (f *filler) since(a, b int) time.Time {
	a, b = min(a, b), max(a, b)
	days := dice.Mix(f.Seed^uint64(a)<<32^uint64(b)) % (30 * 24 * 3600)
	t := f.joined[b].Add(time.Duration(days) * time.Second)
	if t.After(f.now) {
		return f.joined[b]
	}
	return t
}

func (f *filler) member(m int, p *Person) chores.BatchMember {
	d := dice.New(f.Seed, uint64(m)<<8|streamPhotos)
	away := math.Pow(d.Float64(), 3) * float64(min(90*24*time.Hour, f.now.Sub(f.joined[m])))
	row := chores.BatchMember{
		Member: core.Member{ID: f.ids[m], Name: p.Nick, Friends: len(f.graph.friends(m)),
			CreatedAt: f.joined[m], LastLoginAt: f.now.Add(-time.Duration(away))},
		Mail: Mail(f.Seed, m), PasswordHash: f.hash, Profile: p.profile(),
	}
	if d.Chance(60) {
		row.Photo = f.album.portrait(d, p.Female)
	}
	f.own(&row.Photo, row.ID, row.CreatedAt)
	return row
}

// own makes a picture of the album one of the member's photos.
func (f *filler) own(p *core.Photo, owner core.ID, at time.Time) {
	if p.Hash != "" {
		p.Owner, p.ID = owner, f.s.Chores.NewID(at)
	}
}

// deliver lists the newest entries of the friends of m.
func (f *filler) deliver(b *chores.Batch, m int) {
	from := len(b.Delivered)
	oldest := f.now.Add(-feedAge)
	for _, friend := range f.graph.friends(m) {
		entries := f.diaries[f.firstDiary[friend]:f.firstDiary[friend+1]]
		for _, e := range entries[max(0, len(entries)-feedEach):] {
			if e.id.Time().After(oldest) {
				b.Delivered = append(b.Delivered, chores.Delivery{Member: f.ids[m], Owner: f.ids[friend], Diary: e.id})
			}
		}
	}
	slices.SortFunc(b.Delivered[from:], func(x, y chores.Delivery) int { return cmp.Compare(x.Diary, y.Diary) })
}

// write makes the entries of m and their comments.
func (f *filler) write(b *chores.Batch, m int, p *Person) {
	w := writer{Dice: dice.New(f.Seed, uint64(m)<<8|streamTalk), person: p}
	for _, e := range f.diaries[f.firstDiary[m]:f.firstDiary[m+1]] {
		d := chores.BatchDiary{Diary: journal.Diary{Owner: f.ids[m], ID: e.id, Visibility: e.visibility, CommentsOpen: true, CreatedAt: e.id.Time(),
			Title: string(w.append(nil, lists["title"])), Body: string(w.appendBody(nil))}}
		if len(f.album.scenes) > 0 && w.Chance(20) {
			photo := dice.Pick(w.Dice, f.album.scenes)
			f.own(&photo, d.Owner, d.CreatedAt)
			d.Photos = []core.Photo{photo}
		}
		from := len(b.Comments)
		d.Comments, d.UpdatedAt = f.discuss(b, &w, m, journal.DiaryThread(d.Owner, d.ID), d.CreatedAt, &aboutDiary)
		f.remember(&d, b.Comments[from:])
		b.Diaries = append(b.Diaries, d)
	}
}

// Chatter is how people comment on a kind of thing.
type chatter struct {
	most            int // comments
	mean            float64
	friends, answer *list // words of friends, and of the owner
}

var aboutDiary = chatter{20, 1.7, lists["comment"], lists["comment"]}

// discuss writes the comments of friends in a thread of m that begins at that time, and the owner's answers. It says how many
// there are, and when the newest was written; zero: there is none.
func (f *filler) discuss(b *chores.Batch, w *writer, m int, on talk.Thread, at time.Time, about *chatter) (comments int, newest time.Time) {
	friends := f.graph.friends(m)
	if len(friends) == 0 {
		return 0, newest
	}
	last := m
	for range min(int(-about.mean*math.Log(1-w.Float64())), about.most) {
		at = at.Add(time.Duration(w.Between(30, 5*3600)) * time.Second)
		author, words := int(dice.Pick(w.Dice, friends)), about.friends
		if last != m && w.Chance(30) {
			author, words = m, about.answer
		}
		if at.After(f.now) || f.joined[author].After(at) {
			break
		}
		b.Comments = append(b.Comments, talk.Comment{Thread: on, ID: f.s.Chores.NewID(at), Author: f.ids[author],
			Body: string(w.append(nil, words)), CreatedAt: at})
		comments++
		newest, last = at, author
	}
	return comments, newest
}

// remember puts an entry into the comment histories of those who commented on it.
func (f *filler) remember(d *chores.BatchDiary, comments []talk.Comment) {
	for i, c := range comments {
		if c.Author != d.Owner && !slices.ContainsFunc(comments[:i], func(before talk.Comment) bool { return before.Author == c.Author }) {
			f.marks = append(f.marks, chores.Mark{Member: c.Author, Owner: d.Owner, Diary: d.ID, At: d.UpdatedAt})
		}
	}
}

// profileFields are people.ProfileFields in the order of their keys, in which they are stored.
var profileFields = slices.SortedFunc(slices.Values(people.ProfileFields), func(x, y people.ProfileField) int { return cmp.Compare(x.Key, y.Key) })

// profile fills in the fields that people.ProfileFields has, with their default visibility.
func (p *Person) profile() []core.ProfileValue {
	values := make([]core.ProfileValue, 0, len(profileFields))
	for _, field := range profileFields {
		if v := p.says(field.Key); v != "" {
			values = append(values, core.ProfileValue{Key: field.Key, Value: v, Visibility: field.Default})
		}
	}
	return values
}

// says is what stands in a field of the profile; "" where nothing does.
func (p *Person) says(field string) string {
	switch field {
	case "realname":
		return p.Family + " " + p.Given
	case "sex":
		if p.Female {
			return "female"
		}
		return "male"
	case "prefecture":
		key, _ := core.Prefectures.KeyOf(p.Prefecture)
		return key
	case "occupation":
		return p.Occupation
	case "work":
		return p.Job
	case "intro":
		return p.Intro
	case "hobby":
		return strings.Join(p.Hobbies, "、")
	case people.BirthdayField:
		return fmt.Sprintf("%04d-%02d-%02d", p.Year, p.Month, p.Day)
	case "hometown":
		return p.Hometown
	case "blood":
		return strings.ToLower(p.Blood)
	}
	return ""
}
