package web

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/valyala/quicktemplate"

	"musubi/core"
	"musubi/core/community"
	"musubi/core/search"
)

// replyTo finds >>12, as handsets write it and as a keyboard for Japanese does.
var replyTo = regexp.MustCompile(`(?:>>|＞＞|≫)([0-9０-９]{1,5})`)

// streamreplied writes a text of a thread: escaped, with its line ends, addresses as links, and with each >>12 as a link to that comment,
// from which another leads back to the comment by, or to the thread when by is 0, and each @name of those given as one to the member.
// {%= replied(s, t, by, of) %} in templates.
func streamreplied(qw *quicktemplate.Writer, s string, t *community.Thread, by int, of []core.Member) {
	for {
		at := replyTo.FindStringSubmatchIndex(s)
		if at == nil {
			streammentioning(qw, s, of, streamlinked)
			return
		}
		streammentioning(qw, s[:at[0]], of, streamlinked)
		n, _ := strconv.Atoi(strings.Map(halfDigit, s[at[2]:at[3]]))
		if n >= 1 && n <= t.Comments {
			qw.N().S(`<a href="`)
			qw.E().S(numberPath(t, n, by))
			qw.N().S(`">`)
			qw.E().S(s[at[0]:at[1]])
			qw.N().S("</a>")
		} else {
			qw.E().S(s[at[0]:at[1]])
		}
		s = s[at[1]:]
	}
}

// halfDigit makes a wide digit one of the common.
func halfDigit(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// topicQuery searches the threads of one community.
func topicQuery(of core.ID, words, from string) search.Query {
	return search.Query{Kind: community.SearchThreads, Owner: of, Words: words, From: from, Size: foundRows}
}

// topicsFound is a page of such a search.
func topicsFound(of core.ID, words, from string) string {
	path := communitySub(communityTopicsPath, of) + "&q=" + escapeQuery(words)
	if from != "" {
		path += "&from=" + from
	}
	return path
}

// memberTyped reads which member is meant: their number, or the address of their page.
func memberTyped(s string) (core.ID, bool) {
	if _, after, ok := strings.Cut(s, "id="); ok {
		s, _, _ = strings.Cut(after, "&")
	}
	return core.ParseID(strings.Map(halfDigit, strings.TrimSpace(s)))
}

// choice is the number of one of two words: "0" or "1".
func choice(second bool) string {
	if second {
		return "1"
	}
	return "0"
}
