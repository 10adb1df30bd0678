package web

import (
	"net/url"
	"strings"

	"musubi/core"
	"musubi/core/talk"
)

// Links in a text that lead to pages of the site itself are told below it: what the page is called and whose it is, to a viewer who may
// open it now, and to nobody else.

// maxPreviews is how many links of a text are told of.
const maxPreviews = 3

// A preview is what a link says of the page it leads to.
type preview struct {
	path, title string
	by          string // whose it is; "": the title says it
	photo       core.Photo
}

// previewers tell of pages by their path, which reads the arguments of the address. Errors mean that nothing is told.
type previewers map[string]func(v *visit, args url.Values) (preview, error)

// previewsIn are those of the links in a text.
func previewsIn(v *visit, text string) (list []preview) {
	if !v.forPC() || !strings.Contains(text, "http") {
		return nil
	}
	for home := v.site.link("/"); len(list) < maxPreviews; {
		at, end := findURL(text)
		if at < 0 {
			break
		}
		if rest, ours := strings.CutPrefix(text[at:end], home); ours {
			if p, err := previewAt(v, "/"+rest); err == nil && !told(list, p.path) {
				list = append(list, p)
			}
		}
		text = text[end:]
	}
	return list
}

func told(list []preview, path string) bool {
	for i := range list {
		if list[i].path == path {
			return true
		}
	}
	return false
}

// previewAt tells of one page.
func previewAt(v *visit, address string) (preview, error) {
	u, err := url.Parse(address)
	if err != nil {
		return preview{}, err
	}
	if tell := v.site.previewers[u.Path]; tell != nil {
		return tell(v, u.Query())
	}
	return previewOfThread(v, u)
}

// previewOfThread tells of whatever has comments below it.
func previewOfThread(v *visit, u *url.URL) (p preview, err error) {
	args := u.Query()
	for kind := range threads {
		on := talk.Thread{Kind: talk.Kind(kind)}
		on.Owner, _ = core.ParseID(args.Get("owner")) // nobody finds what has no ID
		on.Thing, _ = core.ParseID(args.Get("id"))
		on.Piece, _ = core.ParseID(args.Get(threads[kind].piece))
		path, _, _ := strings.Cut(threadPath(on), "?")
		if path != u.Path {
			continue
		}
		about, err := v.site.core.Talk.See(v.ctx, v.viewer(), on)
		if err != nil {
			return p, err
		}
		owner, _, err := v.site.core.Member(v.ctx, v.viewer(), on.Owner)
		return preview{path: threadPath(on), title: about.Title, by: owner.Name, photo: owner.Photo}, err
	}
	return p, core.ErrNotFound
}

// previewOfMember tells of a member's page.
func previewOfMember(v *visit, args url.Values) (p preview, err error) {
	id, _ := core.ParseID(args.Get("id"))
	m, _, err := v.site.core.Member(v.ctx, v.viewer(), id)
	return preview{path: memberPath(id), title: m.Name, photo: m.Photo}, err
}

// previewOfCommunity tells of a community.
func previewOfCommunity(v *visit, args url.Values) (p preview, err error) {
	id, _ := core.ParseID(args.Get("id"))
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), id)
	return preview{path: communityIDPath(id), title: c.Name, photo: c.Photo}, err
}

// previewOfBoard tells of a topic, an event or a poll.
func previewOfBoard(v *visit, args url.Values) (p preview, err error) {
	id, _ := core.ParseID(args.Get("id"))
	t, err := v.site.core.Community.ThreadByID(v.ctx, v.viewer(), id)
	if err != nil {
		return p, err
	}
	c, err := v.site.core.Community.Look(v.ctx, v.viewer(), t.Community)
	return preview{path: communityThreadPath(&t), title: t.Title, by: c.Name, photo: c.Photo}, err
}
