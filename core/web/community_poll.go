package web

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/community"
)

// Addresses of polls.
const (
	pollsPath      = "/community/polls"
	pollWritePath  = "/community/poll/write"
	pollVotePath   = "/community/poll/vote"
	pollVotersPath = "/community/poll/voters"
)

// pollDays is how long a poll is open unless its maker says otherwise.
const pollDays = 7

// poll shows a poll.
func (v pollPages) poll() error {
	of, id, err := threadOf(v.visit)
	if err != nil {
		return err
	}
	return v.showPoll(of, id, community.NewComment{}, nil, nil)
}

// showPoll is the page of a poll; typed and wrong are those of a comment that was not sent yet, and chosen what was ticked in a form that was
// refused.
func (v pollPages) showPoll(of, id core.ID, typed community.NewComment, chosen []int, w wrong) error {
	c, t, err := v.openThread(of, id, community.PollThread)
	if err != nil {
		return err
	}
	p := &pollPage{frame: frame(v), today: v.today(), chosen: chosen}
	if chosen != nil { // it belongs to the ballot
		p.refused, w = w, nil
	}
	if p.poll, err = v.site.core.Community.PollOf(v.ctx, &c, &t, p.today); err != nil {
		return err
	}
	if chosen == nil {
		p.chosen = p.poll.Mine
	}
	p.shows = p.poll.Shows(p.today)
	may := c.MayWrite() && !p.poll.Over(p.today)
	asked := v.query("result") != ""
	p.form = may && !asked && (!p.poll.Voted() || v.query("change") != "" || !p.shows || len(p.refused) > 0)
	p.result = p.shows && !p.form
	if p.board, err = v.board(c, t, typed, w); err != nil {
		return err
	}
	return v.show(p)
}

// polls lists the polls of a community.
func (v pollPages) polls() error {
	id, err := v.id("id")
	if err != nil {
		return err
	}
	p := &pollsPage{frame: frame(v)}
	if p.seen, err = v.site.core.Community.Read(v.ctx, v.viewer(), id); err != nil {
		return err
	}
	if p.list, p.ends, err = v.site.core.Community.ThreadsFrom(v.ctx, &p.seen, community.PollThread, stretch(v.visit, eventRows)); err != nil {
		return err
	}
	return v.show(p)
}

// vote stores the answer.
func (v pollPages) vote() error {
	of, id, err := topicPages(v).formThread()
	if err != nil {
		return err
	}
	chosen := []int{}
	for _, s := range v.form.values["choice"] { // a number for each box, or all in one field
		for _, number := range strings.FieldsFunc(core.Fold(s), func(r rune) bool { return (r < '0' || r > '9') && r != '-' }) {
			if n, _ := strconv.Atoi(number); len(chosen) <= community.MaxChoices { // a negative number is no choice, and refused
				chosen = append(chosen, n)
			}
		}
	}
	return v.onceOr(func(w wrong) error { return v.showPoll(of, id, community.NewComment{}, chosen, w) }, func(ctx context.Context) (string, error) {
		return threadIDPath(community.PollThread, of, id), v.site.core.Community.Vote(ctx, v.viewer(), of, id, chosen, v.today())
	})
}

// voters lists who made a choice of a poll with named votes.
func (v pollPages) voters() error {
	of, id, err := threadOf(v.visit)
	if err != nil {
		return err
	}
	p := &votersPage{frame: frame(v)}
	choice, _ := strconv.Atoi(v.query("choice"))
	var poll community.Poll
	if p.seen, p.thread, poll, err = v.site.core.Community.Poll(v.ctx, v.viewer(), of, id, v.today()); err != nil {
		return err
	}
	if p.list, p.ends, err = v.site.core.Community.Voters(v.ctx, &p.seen, &poll, choice, v.today(), stretch(v.visit, attendeeRows)); err != nil {
		return err
	}
	p.choice = poll.Choices[choice-1]
	return v.show(p)
}

// A pollDraft is a poll on its way through form and preview, as it was typed; id is 0 for a new one.
type pollDraft struct {
	of, id core.ID
	community.NewThread
	poll    community.NewPoll
	choices []string
	ends    string
	fixed   bool // somebody has voted: the choices stay
}

// pollForm is the form of a new poll, or of one's own.
func (v pollPages) pollForm() error {
	of, err := v.id("community")
	if err != nil {
		return err
	}
	d := pollDraft{of: of, poll: community.NewPoll{Ends: v.today().Add(pollDays)}}
	if id, ok := core.ParseID(v.query("id")); ok {
		d.id = id
		c, t, p, err := v.ownPoll(of, id)
		if err == nil && !c.MayEdit(&t) {
			err = core.ErrNotFound
		}
		if err != nil {
			return err
		}
		d.Title, d.Body, d.poll, d.fixed = t.Title, t.Body, p.NewPoll, p.Voters > 0
		for _, c := range p.Choices {
			d.choices = append(d.choices, c.Text)
		}
		for _, p := range t.Photos {
			d.Photos = append(d.Photos, p.ID)
		}
	}
	d.ends = dayValue(v.visit, d.poll.Ends)
	return v.showForm(d, nil)
}

// ownPoll gives a poll as after its end, so that its maker knows whether somebody has voted.
func (v pollPages) ownPoll(of, id core.ID) (community.Seen, community.Thread, community.Poll, error) {
	return v.site.core.Community.Poll(v.ctx, v.viewer(), of, id, core.DayOf(core.Day(99991231).In(v.site.zone)))
}

func (v pollPages) showForm(d pollDraft, w wrong) error {
	c, err := mayOpen(v.visit, d.of, d.id)
	if err != nil {
		return err
	}
	p := &pollFormPage{frame: frame(v), seen: c, draft: d, wrong: w}
	if p.photos, err = v.ownPhotos(d.Photos); err != nil {
		return err
	}
	return v.show(p)
}

// readPoll reads a poll from the form, and what is wrong with it. Choices are in fields of their own, so that an HDML handset asks for
// one after the other.
func (v pollPages) readPoll() (d pollDraft, w wrong, err error) {
	d = pollDraft{NewThread: community.NewThread{Kind: community.PollThread, Title: v.form.get("title"), Body: v.form.get("body")}, ends: v.form.get("ends")}
	if d.of, err = v.formID("community"); err != nil {
		return d, nil, err
	}
	if d.id, _ = core.ParseID(v.form.get("poll")); d.id != 0 {
		_, _, p, err := v.ownPoll(d.of, d.id)
		if err != nil {
			return d, nil, err
		}
		d.fixed = p.Voters > 0
	}
	for n := range community.MaxChoices {
		d.choices = append(d.choices, v.form.get(choiceField(n+1)))
	}
	if d.Photos, w, err = v.readPhotos(community.MaxPhotos); err != nil {
		return d, nil, err
	}
	result, _ := strconv.Atoi(v.form.get("result"))
	d.poll = community.NewPoll{Several: v.form.pressed("several"), Named: v.form.pressed("named"), Result: community.PollResult(result & 0xff), Ends: v.formDay("ends", &w)}
	if v.form.pressed("edit") {
		return d, w, nil
	}
	w = withWrong(w, community.CheckThread(&d.NewThread))
	earliest, typed := v.today(), slices.Clone(d.choices)
	if d.id != 0 { // the service knows what may stay as it is
		earliest = min(earliest, max(d.poll.Ends, earliest.Add(-community.MaxPollDays)))
	}
	if d.fixed {
		typed = []string{"-", "--"}
	}
	return d, withWrong(w, community.CheckPoll(&d.poll, &typed, earliest)), nil
}

// choiceField is the name of the field of a choice.
func choiceField(n int) string { return "choice" + strconv.Itoa(n) }

// write takes the form on its way: 確認 shows a preview, 修正する goes back to the form, 送信 sends.
func (v pollPages) write() error {
	d, w, err := v.readPoll()
	if err != nil {
		return err
	}
	if len(w) > 0 || v.form.pressed("edit") {
		return v.showForm(d, w)
	}
	if !v.form.pressed("send") {
		return v.preview(d)
	}
	return v.onceOr(func(w wrong) error { return v.showForm(d, w) }, func(ctx context.Context) (string, error) {
		if d.id != 0 {
			return threadIDPath(d.Kind, d.of, d.id), v.site.core.Community.EditPoll(ctx, v.viewer(), d.of, d.id, d.NewThread, d.poll, d.choices, v.today())
		}
		t, err := v.site.core.Community.OpenPoll(ctx, v.viewer(), d.of, d.NewThread, d.poll, d.choices, v.today())
		return communityThreadPath(&t), err
	})
}

func (v pollPages) preview(d pollDraft) error {
	c, err := mayOpen(v.visit, d.of, d.id)
	if err != nil {
		return err
	}
	photos, err := v.ownPhotos(d.Photos)
	if err != nil {
		return err
	}
	return v.show(&pollPreviewPage{frame(v), c, d, photos})
}

// barCells is how long the bar of all votes is on a handset, in characters.
const barCells = 10

// bar is a choice's part of the voters as characters.
func bar(votes, voters int) string {
	if votes == 0 {
		return ""
	}
	return strings.Repeat("■", max(votes*barCells/max(voters, 1), 1))
}

// percent is a choice's part of the voters.
func percent(votes, voters int) int { return votes * 100 / max(voters, 1) }

// pollKind says how a poll is answered.
func pollKind(v *visit, p *community.NewPoll) string {
	several, named := "poll.single", "poll.open"
	if p.Several {
		several = "poll.several"
	}
	if p.Named {
		named = "poll.named"
	}
	return v.t(several) + "・" + v.t(named)
}

// maxBallot is how many bytes the boxes of a ballot may have on a handset: what the decks of the oldest take as one field. When they are
// more, a handset asks for the number of a choice instead.
const maxBallot = 400

// ballotBytes is about what the boxes are in Shift_JIS, with a tag for each.
func ballotBytes(choices []community.Choice) (n int) {
	for _, c := range choices {
		n += 20 + 2*core.Length(c.Text)
	}
	return n
}

// chosenNumbers are choices as they are typed.
func chosenNumbers(chosen []int) string {
	var list []string
	for _, n := range chosen {
		list = append(list, strconv.Itoa(n))
	}
	return strings.Join(list, " ")
}
