package web

import (
	"errors"
	"regexp"

	"github.com/valyala/quicktemplate"

	"musubi/core"
	"musubi/core/album"
)

// filmMark is how an entry quotes a film of its author (album.Quote): the number is that of the film's picture.
var filmMark = regexp.MustCompile(`\[(?:動画|video):([0-9]{1,19})\]`)

// filmQuotes finds the films that a text of the owner quotes, as far as this visitor may see them: the first few. Others stay as
// they were typed.
func (v *visit) filmQuotes(owner core.ID, text string) (map[int]quote, error) {
	quotes, asked := map[int]quote{}, 0
	for _, at := range filmMark.FindAllStringSubmatchIndex(text, -1) {
		if asked++; asked > album.MaxQuoted {
			break
		}
		id, ok := core.ParseID(text[at[2]:at[3]])
		if !ok {
			continue
		}
		l, err := v.site.core.Album.FilmLine(v.ctx, v.viewer(), owner, id)
		if errors.Is(err, core.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		quotes[at[0]] = quote{at[1] - at[0], func(qw *quicktemplate.Writer) { streamquotedFilm(qw, v, &l) }}
	}
	return quotes, nil
}
