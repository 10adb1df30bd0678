package communities

import (
	"context"
	"slices"
	"time"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// InsertPoll implements community.PollStore.
func (s Events) InsertPoll(ctx context.Context, p community.Poll) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, `INSERT INTO community_poll (community, id, several, named, result, ends) VALUES ($1, $2, $3, $4, $5, $6)`,
			p.Community, p.ID, p.Several, p.Named, p.Result, p.Ends); err != nil {
			return err
		}
		return insertChoices(ctx, q, p)
	})
}

func insertChoices(ctx context.Context, q engine.Querier, p community.Poll) error {
	for _, c := range p.Choices {
		if _, err := q.Run(ctx, `INSERT INTO community_choice (community, poll, number, text) VALUES ($1, $2, $3, $4)`, p.Community, p.ID, c.Number, c.Text); err != nil {
			return err
		}
	}
	return nil
}

// Poll implements community.PollStore.
func (s Events) Poll(ctx context.Context, id, poll core.ID) (p community.Poll, err error) {
	q := s.On(ctx)
	err = q.Row(ctx, `SELECT community, id, several, named, result, ends, voters FROM community_poll WHERE community = $1 AND id = $2`, id, poll).
		Scan(&p.Community, &p.ID, &p.Several, &p.Named, &p.Result, &p.Ends, &p.Voters)
	if err != nil {
		return p, base.One(err)
	}
	p.Choices, err = engine.List(ctx, q, func(r engine.Scanner) (c community.Choice, err error) { return c, r.Scan(&c.Number, &c.Text, &c.Votes) },
		`SELECT number, text, votes FROM community_choice WHERE community = $1 AND poll = $2 ORDER BY number`, id, poll)
	return p, err
}

// UpdatePoll implements community.PollStore.
func (s Events) UpdatePoll(ctx context.Context, p community.Poll) error {
	return s.Change(ctx, `UPDATE community_poll SET result = $3, ends = $4 WHERE community = $1 AND id = $2`, p.Community, p.ID, p.Result, p.Ends)
}

// SetChoicesOf implements community.PollStore.
func (s Events) SetChoicesOf(ctx context.Context, p community.Poll) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		if _, err := q.Run(ctx, `DELETE FROM community_choice WHERE community = $1 AND poll = $2`, p.Community, p.ID); err != nil {
			return err
		}
		return insertChoices(ctx, q, p)
	})
}

// Votes implements community.PollStore.
func (s Events) Votes(ctx context.Context, id, poll, member core.ID) ([]int, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (n int, err error) { return n, r.Scan(&n) },
		`SELECT choice FROM community_vote WHERE community = $1 AND poll = $2 AND member = $3 ORDER BY choice`, id, poll, member)
}

// loseVote is run before the vote of member $3 for choice $4 of poll $2 in community $1 goes: counts.
var loseVote = []string{
	`UPDATE community_choice SET votes = votes - 1 WHERE community = $1 AND poll = $2 AND number = $4`,
	`UPDATE community_poll SET voters = voters - (SELECT CASE WHEN count(*) = 1 THEN 1 ELSE 0 END FROM community_vote WHERE community = $1 AND poll = $2 AND member = $3)
		WHERE community = $1 AND id = $2`,
}

// SetVotes implements community.PollStore.
func (s Events) SetVotes(ctx context.Context, id, poll, member core.ID, choices []int, at time.Time) error {
	had, err := s.Votes(ctx, id, poll, member)
	if err != nil {
		return err
	}
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		var steps []engine.Step
		for _, n := range had {
			steps = append(steps, engine.Step{Query: `UPDATE community_choice SET votes = votes - 1 WHERE community = $1 AND poll = $2 AND number = $3`, Args: []any{id, poll, n}})
		}
		steps = append(steps, engine.Step{Query: `DELETE FROM community_vote WHERE community = $1 AND poll = $2 AND member = $3`, Args: []any{id, poll, member}})
		for _, n := range choices {
			steps = append(steps,
				engine.Step{Query: `INSERT INTO community_vote (community, poll, member, choice, voted_at) VALUES ($1, $2, $3, $4, $5)`, Args: []any{id, poll, member, n, engine.Millis(at)}},
				engine.Step{Query: `UPDATE community_choice SET votes = votes + 1 WHERE community = $1 AND poll = $2 AND number = $3`, Args: []any{id, poll, n}})
		}
		if len(had) == 0 {
			steps = append(steps, engine.Step{Query: `UPDATE community_poll SET voters = voters + 1 WHERE community = $1 AND id = $2`, Args: []any{id, poll}})
		}
		return engine.RunAll(ctx, q, steps...)
	})
}

// Voters implements community.PollStore.
func (s Events) Voters(ctx context.Context, id, poll core.ID, choice int, part community.Stretch) ([]community.Voter, error) {
	side, order := `>`, ` ORDER BY v.voted_at, v.member`
	if part.Back {
		side, order = `<`, ` ORDER BY v.voted_at DESC, v.member DESC`
	}
	list, err := engine.List(ctx, s.On(ctx), func(r engine.Scanner) (v community.Voter, err error) {
		err = r.Scan(append(base.MemberFields(&v.Member), engine.Moment(&v.At))...)
		v.Photo.Owner = v.ID
		return v, err
	}, `SELECT `+base.MemberColumns+`, v.voted_at FROM community_vote v JOIN member m ON m.id = v.member`+base.MemberPhoto+
		`WHERE v.community = $1 AND v.poll = $2 AND v.choice = $3 AND (v.voted_at, v.member) `+side+` ($4, $5) AND m.status = 0`+order+` LIMIT $6`,
		id, poll, choice, engine.Millis(part.From.At), part.From.Member, part.Size+1)
	if part.Back {
		slices.Reverse(list)
	}
	return list, err
}
