package main

import (
	"io"
	"log/slog"
)

// logging is set for every process that answers requests.
type logging struct {
	LogLevel  string `long:"log-level" description:"Least level of what is logged to stderr: debug, info, warn or error. The line of each request has level info." default:"info" choice:"debug" choice:"info" choice:"warn" choice:"error" env:"MUSUBI_LOG_LEVEL"`
	LogFormat string `long:"log-format" description:"Lines of the log as json or text." default:"json" choice:"json" choice:"text" env:"MUSUBI_LOG_FORMAT"`
}

// level reads --log-level.
func (l *logging) level() slog.Level {
	var level slog.Level
	level.UnmarshalText([]byte(l.LogLevel)) // the parser has let no other word through
	return level
}

// logLevel is that of a process that serves; a SIGHUP may change it.
var logLevel slog.LevelVar

// logger writes the log; secrets and IDs never reach it (SEC-36).
func (l *logging) logger(w io.Writer) *slog.Logger {
	logLevel.Set(l.level())
	if l.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: &logLevel}))
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: &logLevel}))
}

// access is where the line of each request goes.
func (l *logging) access(w io.Writer) io.Writer { return leveled{w} }

// leveled lets lines of level info through, as long as the log has them.
type leveled struct{ io.Writer }

func (l leveled) Write(lines []byte) (int, error) {
	if logLevel.Level() > slog.LevelInfo {
		return len(lines), nil
	}
	return l.Writer.Write(lines)
}

// logger writes JSON lines from a level on: that of commands without settings for it.
func logger(w io.Writer, from slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: from}))
}
