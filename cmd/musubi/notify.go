package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"
)

// tellUnit says to the unit, if there is one that listens, that this process is ready, and as long as it is alive that it is: a
// process that says so no more is started again (WatchdogSec=). alive is why it is not.
func tellUnit(ctx context.Context, alive func() error, log *slog.Logger) {
	for _, flag := range ours.closeRest() {
		log.Warn("a socket that was passed on is not wanted: no such address is set", "flag", flag)
	}
	daemon.SdNotify(false, daemon.SdNotifyReady)
	every, err := daemon.SdWatchdogEnabled(false)
	if err != nil {
		log.Error("the unit's watchdog", "error", err.Error())
	}
	if every > 0 {
		go func() {
			for tick := time.NewTicker(every / 3); ctx.Err() == nil; <-tick.C {
				if err := alive(); err != nil {
					log.Error("the unit is not told that this process is well", "error", err.Error())
					continue
				}
				daemon.SdNotify(false, daemon.SdNotifyWatchdog)
			}
		}()
	}
	context.AfterFunc(ctx, func() { daemon.SdNotify(false, daemon.SdNotifyStopping) })
}
