package core

import (
	"testing"
	"time"
)

func TestReadDate(t *testing.T) {
	rows := []struct {
		in, want string
	}{
		{"19850303", "1985-03-03"}, {"1985-03-03", "1985-03-03"}, {"1985/3/3", "1985-03-03"}, {"１９８５年３月３日", "1985-03-03"}, {" 2004.2.29 ", "2004-02-29"},
		{"", ""}, {"1985", ""}, {"20050229", ""}, {"19851301", ""}, {"18991231", ""}, {"3/3", ""}, {"1985-03", ""}, {"<b>", ""}, {"1985 3 3 3", ""}, {"999999999999999999-1-1", ""},
	}
	for _, r := range rows {
		date, ok := ReadDate(r.in)
		if got := date.Format("2006-01-02"); ok != (r.want != "") || ok && got != r.want {
			t.Errorf("ReadDate(%q) = %s, %v; want %q", r.in, got, ok, r.want)
		}
	}
}

func TestReadClock(t *testing.T) {
	for in, want := range map[string]string{"1930": "19:30", "930": "09:30", "19:30": "19:30", "１９時３０分": "19:30", "19時": "19:00", "18時半": "18:30", "0": "00:00", "0000": "00:00",
		"23:59:00": "23:59", "2400": "-", "1960": "-", "": "-", "夜": "-", "1:2:3:4": "-"} {
		c, ok := ReadClock(in)
		got := c.String()
		if !ok {
			got = "-"
		}
		if got != want {
			t.Errorf("ReadClock(%q) = %s, want %s", in, got, want)
		}
	}
}

// A day is the date itself: no zone moves it.
func TestDay(t *testing.T) {
	japan := time.FixedZone("JST", 9*60*60)
	d := DayOf(time.Date(2007, 2, 28, 23, 59, 0, 0, japan))
	if d != 20070228 || d.String() != "2007-02-28" || d.Digits() != "20070228" || d.Add(1) != 20070301 || Day(0).String() != "" || Day(0).Digits() != "" {
		t.Errorf("%d %s %s", d, d, d.Add(1))
	}
	if at := ClockAt(19, 30).On(d, japan); !at.Equal(time.Date(2007, 2, 28, 10, 30, 0, 0, time.UTC)) {
		t.Error(at)
	}
	if at := Clock(0).On(d, japan); !at.Equal(time.Date(2007, 2, 27, 15, 0, 0, 0, time.UTC)) {
		t.Error(at)
	}
}
