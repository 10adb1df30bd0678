package music

import (
	"bytes"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// MaxLogLines bounds a .scrobbler.log: more than two weeks of any listener.
const MaxLogLines = 40_000

// ReadLog reads a .scrobbler.log of Rockbox or an iPod: a line for each track with artist, album, title, number, seconds, L or S,
// time and MBID between tabs. Tracks that were skipped are no plays. Players without a time zone (#TZ/UNKNOWN) write the time
// of their clock, which is taken for Tokyo's; a log that is no UTF-8 is read as the Shift_JIS of a Windows of that time. bad counts lines that say nothing; ok is false for a file that is no such log.
func ReadLog(file []byte) (plays []Play, bad int, ok bool) {
	file = bytes.TrimPrefix(file, []byte("\xEF\xBB\xBF"))
	if !bytes.HasPrefix(file, []byte("#AUDIOSCROBBLER/")) {
		return nil, 0, false
	}
	if !utf8.Valid(file) {
		if text, err := japanese.ShiftJIS.NewDecoder().Bytes(file); err == nil {
			file = text
		}
	}
	var shift time.Duration
	lines := 0
	for line := range strings.SplitSeq(strings.ToValidUTF8(string(file), "\uFFFD"), "\n") {
		line = strings.TrimRight(line, "\r")
		switch {
		case line == "":
			continue
		case line[0] == '#':
			if zone, is := strings.CutPrefix(line, "#TZ/"); is && strings.TrimSpace(zone) == "UNKNOWN" {
				shift = -9 * time.Hour
			}
			continue
		case lines == MaxLogLines:
			bad++
			continue
		}
		lines++
		p, played, good := readLine(line)
		switch {
		case !good:
			bad++
		case played:
			p.At = p.At.Add(shift)
			plays = append(plays, p)
		}
	}
	return plays, bad, true
}

// readLine reads one; played is false for a track that was skipped.
func readLine(line string) (p Play, played, ok bool) {
	f := strings.Split(line, "\t")
	if len(f) < 7 || f[0] == "" || f[2] == "" || f[5] != "L" && f[5] != "S" {
		return p, false, false
	}
	at, err := strconv.ParseInt(strings.TrimSpace(f[6]), 10, 64)
	if err != nil || at < 0 || at > 1<<40 {
		return p, false, false
	}
	p = Play{Artist: f[0], Album: f[1], Title: f[2], At: time.Unix(at, 0)}
	p.Number, _ = strconv.Atoi(strings.TrimSpace(f[3]))
	if s, err := strconv.Atoi(strings.TrimSpace(f[4])); err == nil && s > 0 && s < 1<<30 {
		p.Length = time.Duration(s) * time.Second
	}
	if len(f) > 7 {
		p.MBID = strings.TrimSpace(f[7])
	}
	return p, f[5] == "L", true
}
