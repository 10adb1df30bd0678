package seed

import (
	"context"
	"strconv"
	"time"

	"musubi/core"
	"musubi/core/calendar"
	"musubi/core/community"
)

// A meeting is an event of a community of the demo.
type meeting struct {
	of, planner string
	week        int // 1: on the Sunday of next week
	new         community.NewEvent
	title, body string
	attend      []string // in the order in which they come; who comes when there is no place waits
	comments    []saying
}

// A question is a poll of a community of the demo.
type question struct {
	of, asks    string
	days        int // until its end
	new         community.NewPoll
	title, body string
	choices     []string
	votes       map[string][]int
}

// A saying is a comment.
type saying struct{ member, text string }

var meetings = []meeting{
	{"walk", "mika", 1, community.NewEvent{Time: core.ClockAt(10, 30), Words: "雨なら中止", Prefecture: 28, Place: "JR須磨駅 海側の改札", Capacity: 5}, "海辺の写真散歩会",
		"須磨の浜から須磨浦公園まで、ゆっくり歩いて撮りましょう📷\nカメラはケータイでもかまいません。あたたかい飲みものを持ってきてくださいね。",
		[]string{"mika", "haruka", "megumi", "tomoko", "hiro", "kazu", "sachiko"},
		[]saying{{"haruka", "楽しみです！おにぎり作っていきます🍙"}, {"kazu", "出遅れました。空きが出たらうれしいです(だれも風邪をひきませんように)"}, {"mika", ">>2 次もやりますよ！"}}},
	{"ramen", "takumi", 2, community.NewEvent{Time: core.ClockAt(18, 0), Prefecture: 14, Place: "川崎駅 東口"}, "部の食べ歩き 川崎の巻",
		"夜の部です。2軒まわります。胃薬は各自で🍜", []string{"takumi", "kenji", "kazu", "haruka"},
		[]saying{{"kenji", "仕事のあと駆けつけます。"}}},
}

var questions = []question{
	{"cats", "haruka", 6, community.NewPoll{}, "いちばん好きなしぐさは？", "うちのみかんは、断然「ふみふみ」です。",
		[]string{"ふみふみ", "香箱座り", "しっぽをぴんと立てて歩く", "窓の外を見ている背中", "ごはんの前の大さわぎ"},
		map[string][]int{"haruka": {1}, "yumi": {4}, "aya": {1}, "sachiko": {2}, "mika": {5}, "megumi": {2}, "tomoko": {1}, "takumi": {5}}},
	{"ramen", "takumi", 9, community.NewPoll{Several: true, Named: true, Result: community.ResultAfterVote}, "食べ歩きの2軒目、なにがいい？", "",
		[]string{"煮干し", "豚骨", "味噌", "タンメン"}, map[string][]int{"takumi": {1, 4}, "kenji": {1}, "ryo": {2}, "hiro": {4}}},
}

// ownDates are what the members whose logins are printed have noted: so many days from now.
var ownDates = map[string][]struct {
	days int
	new  calendar.NewPlan
}{
	"haruka": {{2, calendar.NewPlan{Title: "みかんの健康診断", Time: core.ClockAt(16, 30), Note: "キャリーバッグを出しておく"}}, {12, calendar.NewPlan{Title: "実家に帰る"}}},
	"takumi": {{1, calendar.NewPlan{Title: "新店の開店日🍜", Time: core.ClockAt(11, 0)}}},
	"yumi":   {{3, calendar.NewPlan{Title: "夜勤"}}, {8, calendar.NewPlan{Title: "映画", Time: core.ClockAt(19, 10)}}},
}

// convene makes the events and polls of the demo, with who attends and who votes, and the dates that members have noted, once.
func (c *Community) convene(ctx context.Context) error {
	today := core.DayOf(c.now)
	days := 7 - int(c.now.Weekday())
	if days < 4 { // too near to be next week
		days += 7
	}
	sunday := today.Add(days)
	for i := range meetings {
		if err := c.meet(ctx, &meetings[i], today, sunday.Add(7*(meetings[i].week-1))); err != nil {
			return err
		}
	}
	for i := range questions {
		if err := c.ask(ctx, &questions[i], today); err != nil {
			return err
		}
	}
	_, err := c.s.Once(ctx, nobody, "demo dates", func(ctx context.Context) (string, error) {
		for _, m := range c.cast {
			for _, d := range ownDates[m.Key] {
				d.new.Day = today.Add(d.days)
				if _, err := c.s.Calendar.Write(ctx, c.ids[m.Key], d.new); err != nil {
					return "", err
				}
			}
		}
		return "", nil
	})
	return err
}

func (c *Community) meet(ctx context.Context, m *meeting, today, day core.Day) error {
	_, err := c.s.Once(ctx, nobody, "demo event "+m.of+" "+m.title, func(ctx context.Context) (string, error) {
		s, of, e := c.s.Community, c.communities[m.of], m.new
		e.Day, e.Deadline = day, day.Add(-1)
		t, err := s.OpenEvent(ctx, core.Viewer{Member: c.ids[m.planner]}, of, community.NewThread{Title: m.title, Body: m.body, At: c.now.Add(-27 * time.Hour)}, e, today)
		if err != nil {
			return "", err
		}
		for _, who := range m.attend {
			if _, err := s.Attend(ctx, core.Viewer{Member: c.ids[who]}, of, t.ID, today); err != nil {
				return "", err
			}
		}
		for i, r := range m.comments {
			at := c.now.Add(-time.Duration(len(m.comments)-i) * 50 * time.Minute)
			if _, err := s.WriteComment(ctx, core.Viewer{Member: c.ids[r.member]}, of, t.ID, community.NewComment{Body: r.text, At: at}); err != nil {
				return "", err
			}
		}
		return t.ID.String(), nil
	})
	return err
}

func (c *Community) ask(ctx context.Context, q *question, today core.Day) error {
	_, err := c.s.Once(ctx, nobody, "demo poll "+q.of+" "+q.title, func(ctx context.Context) (string, error) {
		s, of, p := c.s.Community, c.communities[q.of], q.new
		p.Ends = today.Add(q.days)
		t, err := s.OpenPoll(ctx, core.Viewer{Member: c.ids[q.asks]}, of, community.NewThread{Title: q.title, Body: q.body, At: c.now.Add(-20 * time.Hour)}, p, q.choices, today)
		if err != nil {
			return "", err
		}
		for _, m := range c.cast { // in their order, so that every demo is the same
			if votes := q.votes[m.Key]; len(votes) > 0 {
				if err := s.Vote(ctx, core.Viewer{Member: c.ids[m.Key]}, of, t.ID, votes, today); err != nil {
					return "", err
				}
			}
		}
		return strconv.Itoa(len(q.votes)), nil
	})
	return err
}
