package web

import (
	"testing"
)

func TestNeeds(t *testing.T) {
	for _, row := range []struct {
		method, path string
		body         int
		want         Need
	}{
		{get, "/style.css", 0, NeedsNothing}, {"HEAD", "/icons.svg", 0, NeedsNothing}, {post, "/style.css", 10, NeedsWriting},
		{get, homePath, 0, NeedsReading}, {"HEAD", homePath, 0, NeedsReading}, {get, passwordPath, 0, NeedsReading}, {get, "/photo/x", 0, NeedsReading}, {get, "/nothing", 0, NeedsReading},
		{post, "/diary/comment", 100, NeedsWriting}, {post, "/diary/write", 20_000, NeedsWriting}, {get, "/easy", 0, NeedsWriting}, {"DELETE", "/nothing", 0, NeedsWriting},
		{post, "/login", 60, NeedsLabor}, {post, "/diary/write", 200_000, NeedsLabor}, {post, albumUploadPath, 1 << 20, NeedsLabor},
	} {
		if got := NeedOf(row.method, row.path, row.body); got != row.want {
			t.Errorf("%s %s, %d bytes: %d, want %d", row.method, row.path, row.body, got, row.want)
		}
	}
}
