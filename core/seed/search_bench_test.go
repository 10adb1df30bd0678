package seed

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/journal"
	"musubi/core/people"
	"musubi/core/search"
)

// BenchmarkSearch looks for members and diaries among 100,000 members: `go test -run xxx -bench Search ./core/seed`.
func BenchmarkSearch(b *testing.B) {
	const members = 100_000
	ctx := context.Background()
	services := newServices(b, b.TempDir())
	made, err := Fill(ctx, services, FillOptions{Members: members, Seed: 1, Password: "musubi2007"})
	if err != nil {
		b.Fatal(err)
	}
	before := processor()
	if err := services.Search.UpdateSearch(ctx); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d diaries; the index filled in %.1f s of processor time", made.Diaries, (processor() - before).Seconds())
	viewer, err := services.Account.MemberByMail(ctx, Mail(1, members/2))
	if err != nil {
		b.Fatal(err)
	}
	for _, row := range []struct {
		kind search.Kind
		word string
	}{
		{journal.SearchDiaries, "カレー"}, {journal.SearchDiaries, "天気 散歩"}, {journal.SearchDiaries, "の"}, {journal.SearchDiaries, "🍙"},
		{journal.SearchDiaries, "たかない"}, {journal.SearchDiaries, "しましでした"}, {journal.SearchDiaries, "東京タワー 温泉 ラーメン"}, {journal.SearchDiaries, "龘"},
		{people.SearchMembers, "さくら"}, {people.SearchMembers, "北海道 サッカー"}, {people.SearchMembers, "田中"}, {people.SearchMembers, "の"},
	} {
		b.Run(fmt.Sprintf("%d %s", row.kind, row.word), func(b *testing.B) {
			b.ReportAllocs()
			began, found := processor(), search.Found{}
			for b.Loop() {
				if found, err = services.Search.Search(ctx, core.Viewer{Member: viewer.ID}, search.Query{Kind: row.kind, Words: row.word, Size: 20}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processor()-began).Microseconds())/float64(b.N), "cpu-µs/op")
			b.ReportMetric(float64(len(found.Rows)), "rows")
		})
	}
}

// processor is the processor time of this process so far.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
