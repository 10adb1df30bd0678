package web

import (
	"encoding/json"

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

// talkers are those who wrote the comments of a page, whom other comments there may name.
func (t *talkView) talkers() (list []core.Member) {
	seen := map[core.ID]bool{}
	for i := range t.comments {
		if c := &t.comments[i]; !seen[c.Author] {
			seen[c.Author] = true
			list = append(list, core.Member{ID: c.Author, Name: c.AuthorName})
		}
	}
	return list
}

// streammentioning is streamtext with links to those who are named. {%= mentioning(s, of) %} in templates.
func streammentioning(qw *quicktemplate.Writer, s string, of []core.Member) {
	named, from := talk.Mentioned(s, of), 0
	for at := 0; at < len(s) && len(named) > 0; at++ {
		m, ok := named[at]
		if !ok {
			continue
		}
		streamtext(qw, s[from:at])
		qw.N().S(`<a href="`)
		qw.E().S(memberPath(m.ID))
		qw.N().S(`">@`)
		qw.E().S(m.Name)
		qw.N().S(`</a>`)
		from = at + 1 + len(m.Name)
		at = from - 1
	}
	streamtext(qw, s[from:])
}
