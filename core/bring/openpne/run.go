package openpne

import (
	"cmp"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"
	"time"

	"musubi/core"
	albums "musubi/core/album"
	"musubi/core/chores"
	communities "musubi/core/community"
	"musubi/core/journal"
	"musubi/core/letters"
	"musubi/core/network"
	"musubi/core/people"
	"musubi/core/talk"
)

// What friends find on home: the newest entries of each friend, of the last weeks that the dump knows.
const (
	newestAge  = 60 * 24 * time.Hour
	newestEach = 20
)

// RunOptions say how a Site is stored.
type RunOptions struct {
	Options
	Dumps    []func() (io.ReadCloser, error)                       // read again for the pictures
	Wrap     func(ctx context.Context, sum string) (string, error) // makes what is stored for a password of which only the md5 sum is known
	Progress func(done int)                                        // of Steps; may be nil
}

// runner stores a Site.
type runner struct {
	RunOptions
	*Site
	s      *network.Services
	ids    map[int64]core.ID // of members
	made   map[string]core.Photo
	newest time.Time // entry of all
	// What belongs to a member and stands elsewhere.
	friends   map[int64][]int64
	writes    map[int64][]*diary
	shows     map[int64][]*album
	commented map[int64][]*diary
	blocked   map[int64][]int64
	about     map[int64][]int64 // who said something of them
	copies    map[int64][]message
	guests    map[int64][]int64
}

// Steps is how many steps Run takes in all.
func (s *Site) Steps() int { return len(s.members) + len(s.communities) }

// Run stores what is not there yet, and says how many members and communities that were.
func (s *Site) Run(ctx context.Context, services *network.Services, o RunOptions) (members, rooms int, err error) {
	r := &runner{RunOptions: o, Site: s, s: services, ids: map[int64]core.ID{}, made: map[string]core.Photo{}, friends: map[int64][]int64{}, writes: map[int64][]*diary{}, shows: map[int64][]*album{},
		commented: map[int64][]*diary{}, blocked: map[int64][]int64{}, about: map[int64][]int64{}, copies: map[int64][]message{}, guests: map[int64][]int64{}}
	r.index()
	todo, todoRooms, err := r.todo(ctx)
	if err != nil {
		return 0, 0, err
	}
	if err := r.pictures(ctx, todo); err != nil {
		return 0, 0, err
	}
	done, total := 0, s.Steps()
	step := func() {
		if done++; o.Progress != nil {
			o.Progress(total - len(todo) - len(todoRooms) + done)
		}
	}
	for _, m := range todo {
		if ctx.Err() != nil {
			return members, rooms, ctx.Err()
		}
		b, err := r.member(ctx, m)
		if err == nil {
			err = services.Chores.InsertBatch(ctx, b)
		}
		if err != nil {
			return members, rooms, err
		}
		members++
		step()
	}
	kinds, err := services.Community.Categories(ctx)
	if err != nil {
		return members, rooms, err
	}
	for _, c := range todoRooms {
		if ctx.Err() != nil {
			return members, rooms, ctx.Err()
		}
		if err := services.Chores.InsertBatch(ctx, &chores.Batch{Communities: []communities.Made{r.community(c, kinds)}}); err != nil {
			return members, rooms, err
		}
		rooms++
		step()
	}
	return members, rooms, nil
}

// todo lists what is not stored yet.
func (r *runner) todo(ctx context.Context) (list []*member, rooms []*community, err error) {
	for _, m := range inOrder(r.members) {
		_, err := r.s.Store().Member(ctx, r.ids[m.id])
		if errors.Is(err, core.ErrNotFound) {
			list = append(list, m)
		} else if err != nil {
			return nil, nil, err
		}
	}
	for _, c := range inOrder(r.communities) {
		_, err := r.s.Community.Look(ctx, core.Viewer{Operator: true}, core.IDFrom(c.at, c.id))
		if errors.Is(err, core.ErrNotFound) {
			rooms = append(rooms, c)
		} else if err != nil {
			return nil, nil, err
		}
	}
	return list, rooms, nil
}

// index puts everything beside the members it belongs to.
func (r *runner) index() {
	for id, m := range r.members {
		r.ids[id] = core.IDFrom(m.at, id)
	}
	for p, t := range r.ties {
		r.friends[p[0]] = append(r.friends[p[0]], p[1])
		if t.said != "" {
			r.about[p[1]] = append(r.about[p[1]], p[0])
		}
	}
	for p := range r.blocks {
		r.blocked[p[0]] = append(r.blocked[p[0]], p[1])
	}
	for p := range r.visits {
		r.guests[p[0]] = append(r.guests[p[0]], p[1])
	}
	for _, lists := range []map[int64][]int64{r.friends, r.about, r.blocked, r.guests} {
		for _, list := range lists {
			slices.SortFunc(list, func(a, b int64) int { return cmp.Compare(r.ids[a], r.ids[b]) })
		}
	}
	for _, d := range inOrder(r.diaries) {
		r.writes[d.member] = append(r.writes[d.member], d)
		if d.at.After(r.newest) {
			r.newest = d.at
		}
		var seen []int64
		for _, c := range d.comments {
			if c.member != d.member && !slices.Contains(seen, c.member) {
				seen = append(seen, c.member)
				r.commented[c.member] = append(r.commented[c.member], d)
			}
		}
	}
	for _, list := range r.writes {
		slices.SortFunc(list, func(a, b *diary) int { return cmp.Compare(r.diaryID(a), r.diaryID(b)) })
	}
	for _, a := range inOrder(r.albums) {
		r.shows[a.member] = append(r.shows[a.member], a)
	}
	for _, m := range r.messages {
		if m.hasSent {
			r.copies[m.from] = append(r.copies[m.from], m)
		}
		if m.hasInbox && m.to != m.from {
			r.copies[m.to] = append(r.copies[m.to], m)
		}
	}
}

func (r *runner) diaryID(d *diary) core.ID { return core.IDFrom(d.at, d.id) }

// pictures makes the pictures that some members show, of what the dumps have.
func (r *runner) pictures(ctx context.Context, of []*member) error {
	wanted := map[string]bool{}
	for _, m := range of {
		wanted[m.picture] = true
		for _, d := range r.writes[m.id] {
			for _, p := range d.pictures {
				wanted[p] = true
			}
		}
		for _, a := range r.shows[m.id] {
			for _, p := range a.photos {
				wanted[p.picture] = true
			}
		}
	}
	delete(wanted, "")
	if len(wanted) == 0 {
		return nil
	}
	read := &reader{Options: r.Options, Site: r.Site}
	make := func(name string, file []byte) {
		if !wanted[name] || read.problem != nil {
			return
		}
		if read.problem = ctx.Err(); read.problem != nil {
			return
		}
		p, err := r.s.Chores.KeepPicture(ctx, file)
		switch {
		case errors.Is(err, core.ErrPhoto):
			r.leave("photos that cannot be read", 1)
		case err != nil:
			read.problem = err
		default:
			r.made[name] = p
		}
	}
	tables := map[string]func(row){"c_image": func(w row) { make(w.s("filename"), w.raw("bin")) }}
	if r.Version == 3 {
		tables = map[string]func(row){"file_bin": func(w row) { make(fileName(w.n("file_id")), w.raw("bin")) }}
	}
	for _, open := range r.Dumps {
		if err := read.dump(open, tables); err != nil {
			return err
		}
	}
	return nil
}

// photo is a picture as one of a member's photos; ok is false when there is none.
func (r *runner) photo(name string, owner int64, id core.ID) (p core.Photo, ok bool) {
	p, ok = r.made[name]
	p.Owner, p.ID = r.ids[owner], id
	return p, ok
}

// member makes all rows of a member.
func (r *runner) member(ctx context.Context, m *member) (b *chores.Batch, err error) {
	b = &chores.Batch{}
	id := r.ids[m.id]
	row := chores.BatchMember{Member: core.Member{ID: id, Name: m.name, Friends: len(r.friends[m.id]), CreatedAt: m.at, LastLoginAt: m.seen, DiaryVisibility: m.visibility}, Mail: m.mails[0], MoreMail: m.mails[1:], Profile: m.profile}
	if m.held {
		row.Status = core.Held
	}
	if m.md5 != "" {
		if row.PasswordHash, err = r.Wrap(ctx, m.md5); err != nil {
			return nil, err
		}
	}
	if p, ok := r.photo(m.picture, m.id, core.IDFrom(id.Time().Add(2*time.Millisecond), m.id)); ok {
		row.Photo = p
	}
	b.Members = append(b.Members, row)
	r.tie(b, m)
	for _, c := range m.categories {
		b.Categories = append(b.Categories, chores.BatchCategory{Member: id, ID: core.IDFrom(id.Time(), c), Name: r.categories[c].name})
	}
	for _, d := range r.writes[m.id] {
		r.diary(b, d)
	}
	for _, d := range r.commented[m.id] {
		b.Commented = append(b.Commented, chores.Mark{Member: id, Owner: r.ids[d.member], Diary: r.diaryID(d), At: d.comments[len(d.comments)-1].at})
	}
	for _, a := range r.shows[m.id] {
		r.album(b, a)
	}
	for _, c := range r.copies[m.id] {
		b.Messages = append(b.Messages, r.copy(c, m.id))
	}
	r.visitors(b, m)
	return b, nil
}

// tie makes what ties a member to others, and what home shows of friends.
func (r *runner) tie(b *chores.Batch, m *member) {
	id := r.ids[m.id]
	for _, f := range r.friends[m.id] {
		b.Friends = append(b.Friends, chores.Friendship{Member: id, Friend: r.ids[f], Since: r.ties[pair{m.id, f}].at})
		if month, day, ok := birthday(r.members[f]); ok {
			b.Birthdays = append(b.Birthdays, chores.NearBirthday{Member: id, Friend: r.ids[f], Month: month, Day: day})
		}
		entries := r.writes[f]
		for _, d := range entries[max(0, len(entries)-newestEach):] {
			if d.visibility <= core.Friends && r.newest.Sub(d.at) < newestAge {
				b.Delivered = append(b.Delivered, chores.Delivery{Member: id, Owner: r.ids[f], Diary: r.diaryID(d)})
			}
		}
		for _, a := range r.shows[f] {
			if a.visibility <= core.Friends && len(a.photos) > 0 && r.newest.Sub(a.at) < newestAge {
				b.Exhibited = append(b.Exhibited, chores.Exhibit{Member: id, Owner: r.ids[f], Album: core.IDFrom(a.at, a.id), At: a.at})
			}
		}
	}
	for _, k := range r.blocked[m.id] {
		b.Blocks = append(b.Blocks, chores.Block{Member: id, Blocked: r.ids[k], At: r.blocks[pair{m.id, k}]})
	}
	for _, by := range r.about[m.id] {
		t := r.ties[pair{by, m.id}]
		b.Endorsements = append(b.Endorsements, people.Endorsement{About: id, Author: r.ids[by], Body: t.said, WrittenAt: t.saidAt})
	}
}

// birthday is a member's, when friends see it.
func birthday(m *member) (time.Month, int, bool) {
	for _, v := range m.profile {
		if v.Key == people.BirthdayField && v.Visibility <= core.Friends {
			t, ok := core.ReadDate(v.Value)
			return t.Month(), t.Day(), ok
		}
	}
	return 0, 0, false
}

// diary makes an entry and the comments under it.
func (r *runner) diary(b *chores.Batch, d *diary) {
	owner, id := r.ids[d.member], r.diaryID(d)
	e := chores.BatchDiary{Diary: journal.Diary{Owner: owner, ID: id, Title: d.title, Body: d.body, Visibility: d.visibility, CommentsOpen: !d.closed, Comments: len(d.comments), CreatedAt: d.at}}
	if e.Title == "" {
		e.Title = "(無題)"
	}
	if d.category != 0 {
		e.Category = core.IDFrom(owner.Time(), d.category)
	}
	for i, name := range d.pictures {
		if p, ok := r.photo(name, d.member, core.IDFrom(id.Time(), 4*d.id+int64(i))); ok {
			e.Photos = append(e.Photos, p)
		}
	}
	for _, c := range d.comments {
		said := core.IDFrom(c.at, c.id)
		b.Comments = append(b.Comments, talk.Comment{Thread: journal.DiaryThread(owner, id), ID: said, Author: r.ids[c.member], Body: c.body, CreatedAt: c.at})
		if c.at.After(e.UpdatedAt) {
			e.UpdatedAt = c.at
		}
	}
	b.Diaries = append(b.Diaries, e)
}

func (r *runner) album(b *chores.Batch, a *album) {
	id := core.IDFrom(a.at, a.id)
	row := chores.BatchAlbum{Album: albums.Album{Owner: r.ids[a.member], ID: id, Title: a.title, Note: a.note, Visibility: a.visibility, CommentsOpen: true, CreatedAt: a.at, UpdatedAt: a.at}}
	if row.Title == "" {
		row.Title = "(無題)"
	}
	for _, p := range a.photos {
		at := core.IDFrom(a.at, p.id)
		if !p.at.IsZero() {
			at = core.IDFrom(p.at.Add(time.Millisecond), p.id)
		}
		if made, ok := r.photo(p.picture, a.member, at); ok {
			row.Hung = append(row.Hung, albums.AlbumPhoto{Photo: made, Album: id, Caption: p.caption})
			if at.Time().After(row.UpdatedAt) {
				row.UpdatedAt = at.Time()
			}
		}
	}
	row.Photos = len(row.Hung)
	b.Albums = append(b.Albums, row)
}

// copy is a member's copy of a message.
func (r *runner) copy(m message, of int64) letters.Message {
	id := core.IDFrom(m.at, m.id)
	c := letters.Message{Member: r.ids[of], ID: id, Kind: letters.Sent, Folder: m.sent, Other: r.ids[m.to], OtherName: r.members[m.to].name, Subject: m.subject, Body: m.body, At: m.at}
	if m.sent == letters.Drafts {
		c.Kind = letters.Drafts
	}
	if of == m.to && m.to != m.from {
		c.Kind, c.Folder, c.Other, c.OtherName, c.Unread = letters.Inbox, m.inbox, r.ids[m.from], r.members[m.from].name, !m.read
	}
	if c.Subject == "" {
		c.Subject = "(無題)"
	}
	return c
}

// visitors makes the footprints at a member: one for each visitor and day.
func (r *runner) visitors(b *chores.Batch, m *member) {
	v := chores.BatchVisits{Member: r.ids[m.id]}
	for _, guest := range r.guests[m.id] {
		days := map[core.Day]time.Time{}
		for _, at := range r.visits[pair{m.id, guest}] {
			v.Total++
			if day := core.DayOf(at.In(r.Zone)); at.After(days[day]) {
				days[day] = at
			}
		}
		for day, at := range days {
			v.Lines = append(v.Lines, people.Visit{Visitor: r.ids[guest], Day: int(day), At: at})
		}
	}
	slices.SortFunc(v.Lines, func(a, b people.Visit) int {
		return cmp.Or(cmp.Compare(a.Visitor, b.Visitor), cmp.Compare(a.Day, b.Day))
	})
	if v.Total > 0 {
		b.Visits = append(b.Visits, v)
	}
}

// community makes a community with all that stands in it.
func (r *runner) community(c *community, kinds []communities.Category) communities.Made {
	id := core.IDFrom(c.at, c.id)
	made := communities.Made{Community: communities.Community{ID: id, Name: c.name, Description: c.info, Category: categoryOf(c.category, kinds), Administrator: r.ids[c.admin], Approval: c.approval,
		MembersOnly: c.closed, OpenedByFew: c.few, Members: len(c.in), CreatedAt: id.Time(), TouchedAt: id.Time()}}
	if made.Name == "" {
		made.Name = "コミュニティ" + strconv.FormatInt(c.id, 10)
	}
	subs := 0
	for _, m := range inOrder(r.members) {
		at, in := c.in[m.id]
		if !in {
			continue
		}
		role := core.RoleMember
		if m.id == c.admin {
			role = core.RoleAdministrator
		} else if c.subs[m.id] && subs < communities.MaxSubs {
			role = core.RoleSubAdministrator
			subs++
		}
		made.In = append(made.In, communities.MadeMember{Member: r.ids[m.id], Role: role, JoinedAt: at})
	}
	for _, t := range c.threads {
		thread := r.thread(id, t)
		if thread.LastAt.After(made.TouchedAt) {
			made.TouchedAt = thread.LastAt
		}
		made.Threads = append(made.Threads, thread)
	}
	return made
}

// categoryOf is the category of that name, or the one for all else.
func categoryOf(name string, kinds []communities.Category) (other core.ID) {
	for _, k := range kinds {
		if k.Parent != 0 && k.Name == name {
			return k.ID
		}
		if k.Parent != 0 && (other == 0 || k.Name == "その他") {
			other = k.ID
		}
	}
	return other
}

// thread makes a topic or an event.
func (r *runner) thread(in core.ID, t *thread) communities.MadeThread {
	number := 2 * t.id
	if t.event {
		number++
	}
	id := core.IDFrom(t.at, number)
	made := communities.MadeThread{Thread: communities.Thread{Community: in, ID: id, Author: r.ids[t.member], Title: t.title, Body: t.body, Comments: len(t.comments), CreatedAt: id.Time(), LastAt: id.Time()}}
	for i, c := range t.comments {
		said := core.IDFrom(c.at, 2*c.id+number&1)
		made.Said = append(made.Said, communities.Comment{Community: in, Thread: id, Number: i + 1, ID: said, Author: r.ids[c.member], Body: c.body, CreatedAt: said.Time()})
		if said.Time().After(made.LastAt) {
			made.LastAt = said.Time()
		}
	}
	if !t.event {
		return made
	}
	made.Kind = communities.EventThread
	made.Event = &communities.Event{Community: in, ID: id, NewEvent: communities.NewEvent{Day: t.day, Words: t.words, Place: t.place, Deadline: t.deadline, Capacity: t.capacity}}
	slices.SortFunc(t.seats, func(a, b seat) int { return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.member, b.member)) })
	for _, s := range t.seats {
		waits := t.capacity > 0 && made.Event.Joined >= t.capacity
		if waits {
			made.Event.Waiting++
		} else {
			made.Event.Joined++
		}
		made.Seats = append(made.Seats, communities.Seat{Community: in, Event: id, Member: r.ids[s.member], Place: core.IDFrom(s.at, s.member), Waits: waits, Day: t.day, At: s.at})
	}
	return made
}
