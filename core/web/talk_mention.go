package web

import (
	"encoding/json"
	"strings"

	"github.com/valyala/quicktemplate"

	"musubi/core"
	"musubi/core/talk"
)

// mentionPath gives a script the names of friends that begin with what was typed behind "@".
const mentionPath = "/mention.json"

// mentionRows is how many it gives.
const mentionRows = 8

func (v talkPages) mentions() error {
	names, err := v.site.core.Talk.Names(v.ctx, v.member.ID, v.query("q"), mentionRows)
	if err != nil {
		return err
	}
	v.ctx.SetContentType("application/json; charset=UTF-8")
	return json.NewEncoder(v.ctx).Encode(map[string][]string{"names": names})
}

// talkers are those who wrote the comments of a page, whom other comments there may name; nobody where none calls anybody. of gives author
// and text of one.
func talkers[C any](comments []C, of func(c *C) (author core.Member, text string)) (list []core.Member) {
	called := false
	for i := range comments {
		_, text := of(&comments[i])
		called = called || strings.Contains(text, "@")
	}
	if !called {
		return nil
	}
	seen := map[core.ID]bool{0: true}
	for i := range comments {
		if author, _ := of(&comments[i]); !seen[author.ID] {
			seen[author.ID] = true
			list = append(list, author)
		}
	}
	return list
}

// streammentioning is plain with links to those who are named. {%= mentioning(s, of, streamtext) %} in templates.
func streammentioning(qw *quicktemplate.Writer, s string, of []core.Member, plain func(*quicktemplate.Writer, string)) {
	named, from := talk.Mentioned(s, of), 0
	for at := 0; at < len(s) && len(named) > 0; at++ {
		m, ok := named[at]
		if !ok {
			continue
		}
		plain(qw, s[from:at])
		qw.N().S(`<a href="`)
		qw.E().S(memberPath(m.ID))
		qw.N().S(`">@`)
		qw.E().S(m.Name)
		qw.N().S(`</a>`)
		from = at + 1 + len(m.Name)
		at = from - 1
	}
	plain(qw, s[from:])
}
