package cache_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/cache"
	"musubi/core/journal"
	"musubi/core/network"
	"musubi/core/news"
	"musubi/core/outbox"
	"musubi/core/seed"
	"musubi/core/store"
	"musubi/core/store/pgtest"
)

// noPhotos is what a community without pictures needs of core.Blobs and core.PhotoMaker.
type noPhotos struct {
	core.Blobs
	core.PhotoMaker
}

// letters are what the members hear of it by mail.
type letters struct{ network.Letters }

func (letters) NewsLetter(to core.Member, n news.Line, handset bool) outbox.Mail {
	return outbox.Mail{Subject: "日記にコメントがつきました", Body: to.Name + "さんの日記に" + n.ActorName + "さんがコメントを書きました。\n"}
}

// BenchmarkPost is what a form of a member costs as the program stores it: services, cache and store, by sixty-four
// members at once, who share a COMMIT, in a community of 100,000. Processor time of the whole process. On PostgreSQL (MUSUBI_TEST_DB=postgres) also
// as it was when nobody named whose a write is, and all came one after the other.
func BenchmarkPost(b *testing.B) {
	const members, writers, crowd = 100_000, 64, 3000
	shared := os.Getenv(pgtest.Environment) != ""
	ctx := context.Background()
	st, err := store.Open(ctx, store.Config{Path: filepath.Join(b.TempDir(), "musubi.db"), URL: pgtest.Chosen(b, nil)})
	if err != nil {
		b.Fatal(err)
	}
	defer st.Close()
	config := network.Config{Stores: st.Stores(), Blobs: noPhotos{}, Photos: noPhotos{}, Secret: make([]byte, 32)}
	plain, err := network.New(config)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := seed.Fill(ctx, plain, seed.FillOptions{Members: members, Seed: 1, Password: "musubi2007"}); err != nil {
		b.Fatal(err)
	}
	kept, err := cache.New(ctx, st, cache.Config{})
	if err != nil {
		b.Fatal(err)
	}
	config.Stores = kept.Stores()
	s, err := network.New(config)
	if err != nil {
		b.Fatal(err)
	}
	s.UseLetters(letters{})
	config.Stores.Desk.Transactions = serial{config.Stores.Desk.Transactions}
	inTurn, err := network.New(config)
	if err != nil {
		b.Fatal(err)
	}
	inTurn.UseLetters(letters{})
	type place struct {
		who   core.ID
		entry journal.DiaryLine
	}
	var places []place
	for i := range crowd {
		who, err := s.Account.MemberByMail(ctx, seed.Mail(1, i*(members/crowd)))
		if err != nil {
			b.Fatal(err)
		}
		lines, err := st.Journal.FriendsDiaryLines(ctx, who.ID, core.Page{Number: 1, Size: 10})
		if err != nil {
			b.Fatal(err)
		}
		for _, l := range lines {
			places = append(places, place{who.ID, l})
		}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })

	var forms atomic.Int64
	bench := func(name string, post func(s *network.Services, p place, n int) error, s *network.Services) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			before := used()
			var wait sync.WaitGroup
			var n atomic.Int64
			for range writers {
				wait.Go(func() {
					for i := n.Add(1); i <= int64(b.N); i = n.Add(1) {
						form := int(forms.Add(1))
						if err := post(s, places[form%len(places)], form); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wait.Wait()
			b.ReportMetric(float64((used()-before).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
	run := func(name string, post func(s *network.Services, p place, n int) error) {
		bench(name, post, s)
		if shared {
			bench(name+"-in-turn", post, inTurn)
		}
	}
	run("comment", func(s *network.Services, p place, n int) error {
		_, err := s.Once(ctx, p.who, fmt.Sprint("c", n), func(ctx context.Context) (string, error) {
			_, err := s.Talk.WriteComment(ctx, core.Viewer{Member: p.who}, journal.DiaryThread(p.entry.Owner, p.entry.ID), "おもしろかったです。また書いてくださいね。", time.Time{})
			return "/diary", err
		})
		return err
	})
	run("diary", func(s *network.Services, p place, n int) error {
		_, err := s.Once(ctx, p.who, fmt.Sprint("d", n), func(ctx context.Context) (string, error) {
			_, err := s.Journal.WriteDiary(ctx, p.who, journal.NewDiary{Title: "きょうのこと",
				Body: "朝から雨でしたが、午後は晴れて、川ぞいを散歩しました。\n途中でねこに会いました。夕飯はカレーです。"})
			return "/diary", err
		})
		return err
	})
}

// serial has every transaction name nobody, and so everybody.
type serial struct{ core.Transactions }

func (s serial) AtomicOf(ctx context.Context, _ core.Owners, f func(ctx context.Context) error) error {
	return s.Atomic(ctx, f)
}

// used is the processor time of this process.
func used() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
