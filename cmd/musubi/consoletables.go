package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"musubi/core/disk"
	"musubi/core/web"
)

// consoleTables are what the console shows of the program around the pages: carriers' ranges and handsets as the gateway has them, what is
// done in the background, and what lies on the disk.
func (s *site) consoleTables() []web.ConsoleTable {
	return []web.ConsoleTable{
		{Name: "ranges", Head: []string{"carrier", "network", "class"}, Rows: func() (rows [][]string, err error) {
			for _, r := range s.gateway.tellsHandsets.Load().RangeRows() {
				rows = append(rows, []string{r.Carrier, r.Network, r.Class})
			}
			return rows, nil
		}},
		{Name: "handsets", Head: []string{"carrier", "model", "generation", "dialect", "display", "budget"}, Rows: func() (rows [][]string, err error) {
			for _, m := range s.gateway.tellsHandsets.Load().ModelRows() {
				rows = append(rows, []string{m.Carrier, m.Model, m.Generation, m.Dialect, m.Display, m.Budget})
			}
			return rows, nil
		}},
		{Name: "jobs", Head: []string{"what", "value"}, Rows: s.core.jobs},
		{Name: "storage", Head: []string{"what", "value"}, Rows: s.core.storage},
	}
}

// jobs is what is done in the background, and how much of it waits.
func (r *coreRoom) jobs() ([][]string, error) {
	f, err := r.figures()
	if err != nil {
		return nil, err
	}
	queue, err := r.services.Outbox.Queue(context.Background())
	if err != nil {
		return nil, err
	}
	n := strconv.Itoa
	return [][]string{
		{"letters waiting", n(queue.Waiting)}, {"letters given up", n(queue.GivenUp)}, {"exports waiting", n(f.Exports)},
		{"members leaving", n(f.Leaving)}, {"photos without file", strconv.FormatInt(r.lost.Load(), 10)},
		{"sweep", "hourly"}, {"letters", "every 5 s"}, {"purges", "every 5 s"},
	}, nil
}

// storage is what lies on the disk.
func (r *coreRoom) storage() (rows [][]string, err error) {
	for _, name := range []string{databaseFile, databaseFile + "-wal", "search.db", "secret"} {
		if info, err := os.Stat(filepath.Join(r.data, name)); err == nil {
			rows = append(rows, []string{name, megabytes(info.Size()) + " " + info.ModTime().Format(time.RFC3339)})
		}
	}
	if r.cache != nil {
		rows = append(rows, []string{"cache", megabytes(int64(r.cache.Bytes()))})
	}
	room, err := disk.RoomOf(r.data)
	if err != nil {
		return rows, err
	}
	return append(rows, []string{"disk free", megabytes(int64(room.Free))}, []string{"disk", megabytes(int64(room.Total))}), nil
}

func megabytes(bytes int64) string { return strconv.FormatInt(bytes>>20, 10) + " MB" }
