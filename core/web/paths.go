package web

import (
	"net/url"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/journal"
)

const homePath = "/home"

func diaryPath(owner, id core.ID) string {
	return "/diary?owner=" + owner.String() + "&id=" + id.String()
}

// linePath leads to an entry from a list. It carries the number of comments, so that an entry with new ones looks
// unvisited in the browser, as readers of 2007 were used to [U1].
func linePath(l journal.DiaryLine) string {
	return diaryPath(l.Owner, l.ID) + "&n=" + strconv.Itoa(l.Comments)
}

func diaryListPath(owner core.ID) string { return "/diary/list?owner=" + owner.String() }

func memberPath(id core.ID) string { return "/member?id=" + id.String() }

func friendsPath(id core.ID) string { return "/friends?id=" + id.String() }

// pagePath is another page of a list.
func pagePath(base string, number int) string {
	sep := "?"
	if strings.ContainsRune(base, '?') {
		sep = "&"
	}
	return base + sep + "page=" + strconv.Itoa(number)
}

func escapeQuery(s string) string { return url.QueryEscape(s) }

// safeNext is where to go after a login: an address of one of our pages, or home (SEC-50).
func safeNext(next string) string {
	if next == "" || next[0] != '/' || len(next) > 1000 || strings.ContainsAny(next, "\\#") {
		return homePath
	}
	if strings.ContainsFunc(next, func(r rune) bool { return r <= ' ' || r >= 0x7F }) {
		return homePath
	}
	path, _, _ := strings.Cut(next, "?")
	if path == "/" {
		return homePath
	}
	if r, ok := routes.exact[endpoint{get, path}]; !ok || r.access == public || r.access == admin {
		return homePath
	}
	return next
}

func registerPath(token string) string { return "/register?t=" + escapeQuery(token) }

func resetPath(token string) string { return "/reset/new?t=" + escapeQuery(token) }

func morePath(id core.ID) string { return "/member/more?id=" + id.String() }
