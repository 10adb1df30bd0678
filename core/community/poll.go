package community

import (
	"context"
	"slices"
	"time"

	"musubi/core"
)

// Limits of polls.
const (
	MaxChoices    = 20
	MinChoices    = 2
	MaxChoiceText = 100 // characters
	MaxPollDays   = 366 // from its beginning to its end
)

// Refusals of polls.
var (
	ErrPollOver = &core.Error{Code: core.Refused, Key: "error.pollover"}
	ErrVotes    = core.Invalid{{Field: "choice", Key: "field.vote"}}
)

// A PollResult says when the result of a poll shows while it is open. The numbers are stored.
type PollResult uint8

// Results, in the order of forms.
const (
	ResultAlways PollResult = iota
	ResultAfterVote
	ResultAtEnd
)

// A Poll is what a thread of a poll has besides: the question is its title.
type Poll struct {
	Community, ID core.ID
	NewPoll
	Choices []Choice
	Voters  int

	Mine []int // the numbers of the choices that the viewer has made
}

// A Choice is one of the answers. Numbers count from 1.
type Choice struct {
	Number int
	Text   string
	Votes  int // 0 when the viewer may not see the result
}

// NewPoll is what a poll is made of. Several and Named stay as they are.
type NewPoll struct {
	Several bool // more than one choice
	Named   bool // who has voted for what is seen
	Result  PollResult
	Ends    core.Day // its last day
}

// Over says whether the poll has ended, on this day.
func (p *Poll) Over(today core.Day) bool { return p.Ends < today }

// Voted says whether the viewer has voted.
func (p *Poll) Voted() bool { return len(p.Mine) > 0 }

// Chose says whether the viewer has made the choice.
func (p *Poll) Chose(number int) bool { return slices.Contains(p.Mine, number) }

// Shows says whether the viewer sees the result, on this day.
func (p *Poll) Shows(today core.Day) bool {
	switch {
	case p.Over(today) || p.Result == ResultAlways:
		return true
	case p.Result == ResultAfterVote:
		return p.Voted()
	}
	return false
}

// A Vote is one choice of a member.
type Vote struct {
	Community, Poll, Member core.ID
	Choice                  int
	At                      time.Time
}

// PollStore keeps polls and votes.
type PollStore interface {
	InsertPoll(ctx context.Context, p Poll) error
	// Poll gives a poll with its choices and their votes.
	Poll(ctx context.Context, community, id core.ID) (Poll, error)
	// UpdatePoll replaces when it ends and when its result shows, and SetChoicesOf its choices, for which nobody has voted.
	UpdatePoll(ctx context.Context, p Poll) error
	SetChoicesOf(ctx context.Context, p Poll) error
	// Votes lists the choices that a member has made.
	Votes(ctx context.Context, community, poll, member core.ID) ([]int, error)
	// SetVotes replaces them and counts.
	SetVotes(ctx context.Context, community, poll, member core.ID, choices []int, at time.Time) error
	// Voters lists a part of those who made a choice, in the order in which they did, and one row more where there are more.
	Voters(ctx context.Context, community, poll core.ID, choice int, part Stretch) ([]Voter, error)
}

// CheckPoll cleans a poll in place and returns Invalid for fields that are wrong; empty choices are left out.
func CheckPoll(n *NewPoll, choices *[]string, today core.Day) error {
	var c core.Check
	var kept []string
	for _, text := range *choices {
		text = core.Clean(text, core.OneLine)
		switch {
		case core.Blank(text):
			continue
		case core.Length(text) > MaxChoiceText:
			c.Fail("choice", "field.toolong", MaxChoiceText)
		case slices.Contains(kept, text):
			c.Fail("choice", "field.choicetwice", 0)
		}
		kept = append(kept, text)
	}
	*choices = kept
	switch {
	case len(kept) < MinChoices:
		c.Fail("choice", "field.choices", MinChoices)
	case len(kept) > MaxChoices:
		c.Fail("choice", "field.manychoices", MaxChoices)
	}
	switch {
	case n.Ends == 0:
		c.Fail("ends", "field.required", 0)
	case n.Ends < today:
		c.Fail("ends", "field.pastday", 0)
	case n.Ends > today.Add(MaxPollDays):
		c.Fail("ends", "field.polldays", MaxPollDays)
	}
	if n.Result > ResultAtEnd {
		c.Fail("result", "field.choice", 0)
	}
	return c.Err()
}

// OpenPoll writes a poll of the viewer. today is the day where the service is.
func (s *Service) OpenPoll(ctx context.Context, viewer core.Viewer, community core.ID, n NewThread, p NewPoll, choices []string, today core.Day) (Thread, error) {
	n.Kind = PollThread
	if err := CheckPoll(&p, &choices, today); err != nil {
		return Thread{}, err
	}
	if err := s.MayUse(ctx, viewer.Member, core.LimitPolls); err != nil {
		return Thread{}, err
	}
	return s.Open(ctx, viewer, community, n, func(ctx context.Context, t Thread) error {
		return s.store.InsertPoll(ctx, Poll{Community: t.Community, ID: t.ID, NewPoll: p, Choices: numbered(choices)})
	})
}

// numbered are choices in their order.
func numbered(texts []string) (list []Choice) {
	for i, text := range texts {
		list = append(list, Choice{Number: i + 1, Text: text})
	}
	return list
}

// EditPoll changes a poll of the viewer: its words and its end; its choices only while nobody has voted. Whether it takes several, and
// whether votes are named, stays.
func (s *Service) EditPoll(ctx context.Context, viewer core.Viewer, community, id core.ID, n NewThread, p NewPoll, choices []string, today core.Day) error {
	n.Kind = PollThread
	return s.EditThread(ctx, viewer, community, id, n, func(ctx context.Context, t Thread) error {
		was, err := s.store.Poll(ctx, community, id)
		if err != nil {
			return err
		}
		now := was
		now.Result, now.Ends = p.Result, p.Ends
		if was.Voters > 0 {
			choices = texts(was.Choices)
		}
		if err := CheckPoll(&now.NewPoll, &choices, min(was.Ends, today)); err != nil {
			return err
		}
		if err := s.store.UpdatePoll(ctx, now); err != nil || was.Voters > 0 {
			return err
		}
		now.Choices = numbered(choices)
		return s.store.SetChoicesOf(ctx, now)
	})
}

// texts are the words of choices.
func texts(choices []Choice) (list []string) {
	for _, c := range choices {
		list = append(list, c.Text)
	}
	return list
}

// Poll gives a poll that the viewer may see, with what they voted. Without the right to the result, nothing of it is there.
func (s *Service) Poll(ctx context.Context, viewer core.Viewer, community, id core.ID, today core.Day) (Seen, Thread, Poll, error) {
	c, t, err := s.Thread(ctx, viewer, community, id)
	if err != nil {
		return c, t, Poll{}, err
	}
	p, err := s.PollOf(ctx, &c, &t, today)
	return c, t, p, err
}

// PollOf gives what a thread that the viewer was let look at has as a poll, as Poll does.
func (s *Service) PollOf(ctx context.Context, c *Seen, t *Thread, today core.Day) (Poll, error) {
	if !c.MayRead() || c.ID != t.Community {
		return Poll{}, core.ErrNotFound
	}
	p, err := s.store.Poll(ctx, t.Community, t.ID)
	if err != nil {
		return p, err
	}
	p.Mine, err = s.store.Votes(ctx, t.Community, t.ID, c.Viewer.Member)
	if !p.Shows(today) {
		p.Voters = 0
		for i := range p.Choices {
			p.Choices[i].Votes = 0
		}
	}
	return p, err
}

// Vote stores the viewer's answer in place of the one they gave, while the poll is open. A member counts once, however often and
// from however many places at once they vote.
func (s *Service) Vote(ctx context.Context, viewer core.Viewer, community, id core.ID, choices []int, today core.Day) error {
	return s.store.AtomicOf(ctx, core.Of(viewer.Member, community), func(ctx context.Context) error {
		c, _, err := s.thread(ctx, viewer, community, id)
		if err != nil {
			return err
		}
		p, err := s.store.Poll(ctx, community, id)
		switch {
		case err != nil:
			return err
		case c.mayWrite() != nil:
			return c.mayWrite()
		case p.Over(today):
			return ErrPollOver
		}
		wanted := slices.Clone(choices)
		slices.Sort(wanted)
		wanted = slices.Compact(wanted)
		if len(wanted) == 0 || len(wanted) > 1 && !p.Several || wanted[0] < 1 || wanted[len(wanted)-1] > len(p.Choices) {
			return ErrVotes
		}
		return s.store.SetVotes(ctx, community, id, viewer.Member, wanted, s.Now())
	})
}

// A Voter is who made a choice, and when.
type Voter struct {
	core.Member
	At time.Time
}

// Voters lists a part of those who made a choice of a poll with named votes, when its viewer may see the result, and where the list goes on. Those
// whom a block hides are not there.
func (s *Service) Voters(ctx context.Context, c *Seen, p *Poll, choice int, today core.Day, part Stretch) (list []core.Member, e Ends, err error) {
	if !c.MayRead() || c.ID != p.Community || !p.Named || !p.Shows(today) || choice < 1 || choice > len(p.Choices) {
		return nil, e, core.ErrNotFound
	}
	rows, err := s.store.Voters(ctx, p.Community, p.ID, choice, part)
	if err != nil {
		return nil, e, err
	}
	rows, e = cutStretch(rows, part, func(v Voter) Mark { return Mark{At: v.At, Member: v.ID} })
	g := s.Sight(c.Viewer)
	for _, v := range rows {
		if g.May(ctx, v.ID, core.Everyone) {
			list = append(list, v.Member)
		}
	}
	return list, e, nil
}
