package main

import (
	"context"
	"log/slog"
	"time"

	"musubi/core/store/survey"
)

const (
	sweepFilesEvery = 24 * time.Hour
	orphanAge       = 24 * time.Hour // of a file before its row is missed: an upload puts the file first
	lookBatch       = 500
)

// runSweepFiles compares files and rows at the start and daily, both ways, until ctx ends.
func (r *coreRoom) runSweepFiles(ctx context.Context, log *slog.Logger) {
	tick := time.NewTicker(sweepFilesEvery)
	defer tick.Stop()
	for {
		spared, lost, err := r.sweepFiles(ctx, time.Now().Add(-orphanAge))
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("files and rows were not compared", "error", err.Error())
		case spared > 0 || lost > 0:
			log.Warn("files and rows do not agree", "files_without_rows", spared, "photos_without_files", lost)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// sweepFiles hands files of before a time that no row has to the sweeping of pictures, and counts photos whose file is not there:
// that is a loss that only a backup mends, or the same picture when it comes again.
func (r *coreRoom) sweepFiles(ctx context.Context, before time.Time) (spared, lost int, err error) {
	db := r.store.Engine()
	err = r.photos.Each(before, func(names []string) error {
		for len(names) > 0 && ctx.Err() == nil {
			batch := names[:min(lookBatch, len(names))]
			names = names[len(batch):]
			orphans, err := survey.Orphans(ctx, db, batch)
			if err == nil && len(orphans) > 0 {
				err = survey.Spare(ctx, db, orphans, time.Now())
			}
			if err != nil {
				return err
			}
			spared += len(orphans)
		}
		return ctx.Err()
	})
	if err == nil {
		err = survey.EachBlob(ctx, db, func(name string) {
			if !r.photos.Has(name) {
				lost++
			}
		})
	}
	if err == nil {
		r.lost.Store(int64(lost))
	}
	return spared, lost, err
}
