package music

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04:05", s, Tokyo)
	if err != nil {
		panic(err)
	}
	return t
}

func TestPeriods(t *testing.T) {
	for _, c := range []struct{ when, day, week string }{
		{"2007-03-02 00:00:00", "2007-03-02", "2007-02-26"}, // a Friday
		{"2007-03-02 23:59:59", "2007-03-02", "2007-02-26"},
		{"2007-03-04 23:59:59", "2007-03-04", "2007-02-26"}, // a Sunday
		{"2007-03-05 00:00:00", "2007-03-05", "2007-03-05"}, // a Monday
		{"2026-11-29 08:59:59", "2026-11-29", "2026-11-23"}, // in London it is the day before
	} {
		d, w := DayOf(at(c.when)), WeekOf(at(c.when))
		if got := d.Start().Format("2006-01-02"); got != c.day {
			t.Errorf("%s is of the day %s, want %s", c.when, got, c.day)
		}
		if got := w.Start().Format("2006-01-02"); got != c.week || w.Start().Weekday() != time.Monday {
			t.Errorf("%s is of the week %s, want %s", c.when, got, c.week)
		}
		if d.End() != d.Start().Add(24*time.Hour) || w.End() != w.Start().Add(7*24*time.Hour) || d.Before().End() != d.Start() || w.Before().End() != w.Start() {
			t.Errorf("%s: %s and %s do not join the ones before", c.when, c.day, c.week)
		}
	}
}

func TestChartsCloseAtFive(t *testing.T) {
	monday := at("2007-03-05 04:59:59")
	sunday, week := DayOf(at("2007-03-04 12:00:00")), WeekOf(at("2007-03-04 12:00:00"))
	if !sunday.Open(monday) || !week.Open(monday) || len(OpenCharts(monday)) != 4 {
		t.Errorf("before five the charts of Sunday and its week still count: %v", OpenCharts(monday))
	}
	five := monday.Add(time.Second)
	if sunday.Open(five) || week.Open(five) || len(OpenCharts(five)) != 2 {
		t.Errorf("at five they are closed: %v", OpenCharts(five))
	}
	if got := counted(at("2007-03-06 20:00:00"), at("2007-03-08 12:00:00")); len(got) != 1 || !got[0].IsWeek() {
		t.Errorf("a play of the day before yesterday moves its week alone: %v", got)
	}
}

func TestNames(t *testing.T) {
	same := [][]string{
		{"BUMP OF CHICKEN", "bump of chicken", "ＢＵＭＰ　ＯＦ  ＣＨＩＣＫＥＮ", " Bump of Chicken "},
		{"ｽﾋﾟｯﾂ", "スピッツ"}, {"Mr.Children", "mr.children"}, {"ﾊﾟﾋﾟﾌﾟ☀", "パピプ☀"},
	}
	for _, list := range same {
		for _, name := range list[1:] {
			if Key(cleanName(name)) != Key(list[0]) {
				t.Errorf("%q and %q are not the same: %q, %q", name, list[0], Key(cleanName(name)), Key(list[0]))
			}
		}
	}
	for _, pair := range [][2]string{{"空", "空 feat. 海"}, {"さくら", "サクラ"}, {"A", "B"}} {
		if Key(pair[0]) == Key(pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
	if got := cleanName(strings.Repeat("長", MaxName+1)); len([]rune(got)) != MaxName {
		t.Errorf("a long name has %d characters", len([]rune(got)))
	}
}

func TestReadLog(t *testing.T) {
	file := "#AUDIOSCROBBLER/1.1\r\n#TZ/UTC\n#CLIENT/Rockbox h3xx 1.1\n" +
		"スピッツ\tハチミツ\tロビンソン\t3\t259\tL\t1172800000\t\n" +
		"スピッツ\tハチミツ\t涙がキラリ☆\t4\t255\tS\t1172800300\t\nbroken\n"
	plays, bad, ok := ReadLog([]byte(file))
	if !ok || bad != 1 || len(plays) != 1 || plays[0].Title != "ロビンソン" || plays[0].Length != 259*time.Second || plays[0].At.Unix() != 1172800000 || plays[0].Number != 3 {
		t.Errorf("%+v, %d bad, %v", plays, bad, ok)
	}
	plays, _, _ = ReadLog([]byte(strings.Replace(file, "UTC", "UNKNOWN", 1)))
	if len(plays) != 1 || plays[0].At.Unix() != 1172800000-9*3600 {
		t.Errorf("a clock without a zone is Tokyo's: %+v", plays)
	}
	sjis, _ := japanese.ShiftJIS.NewEncoder().String(strings.Replace(file, "キラリ☆", "キラリ", 1))
	if plays, _, _ = ReadLog([]byte(sjis)); len(plays) != 1 || plays[0].Artist != "スピッツ" || plays[0].Title != "ロビンソン" {
		t.Errorf("a log in Shift_JIS: %+v", plays)
	}
	if _, v := prepare(Play{Artist: "\u200b", Title: "曲", At: at("2007-03-05 00:00:00")}, at("2007-03-05 00:00:00")); v != NoArtist {
		t.Errorf("an artist whose name nobody sees: %d", v)
	}
	if _, _, ok := ReadLog([]byte("PNG")); ok {
		t.Error("something else is taken for a log")
	}
}

func FuzzReadLog(f *testing.F) {
	f.Add([]byte("#AUDIOSCROBBLER/1.1\n#TZ/UTC\na\tb\tc\t1\t2\tL\t3\td\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		plays, _, _ := ReadLog(file)
		for _, p := range plays {
			n, v := prepare(p, at("2007-03-05 00:00:00"))
			if v == Taken && (n.ArtistKey == "" || n.TitleKey == "" || strings.ContainsAny(n.ArtistKey+n.TitleKey, "\n\x00")) {
				t.Fatalf("%+v is taken as %+v", p, n)
			}
		}
	})
}
