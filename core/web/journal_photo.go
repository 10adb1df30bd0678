package web

import (
	"regexp"
	"strconv"

	"github.com/valyala/quicktemplate"

	"musubi/core"
	"musubi/core/journal"
)

const diaryPhotoPath = "/diary/photo"

func diaryPhotoIDPath(owner, id core.ID, number int) string {
	return diaryPhotoPath + "?owner=" + owner.String() + "&id=" + id.String() + "&n=" + strconv.Itoa(number)
}

// photoMark is how an entry says where one of its photos belongs in the text: by its number.
var photoMark = regexp.MustCompile(`\[(?:写真|photo):([0-9]{1,2})\]`)

// photoQuotes adds to quotes the photos that have a place in the text of an entry, each once, and says which.
func (v *visit) photoQuotes(d *journal.Diary, quotes map[int]quote) (placed map[int]bool) {
	placed = map[int]bool{}
	for _, at := range photoMark.FindAllStringSubmatchIndex(d.Body, -1) {
		n, err := strconv.Atoi(d.Body[at[2]:at[3]])
		if i := n - 1; err == nil && i >= 0 && i < len(d.Photos) && !placed[i] {
			placed[i] = true
			quotes[at[0]] = quote{at[1] - at[0], func(qw *quicktemplate.Writer) { streamplacedPhoto(qw, v, d, i) }}
		}
	}
	return placed
}

// readCaptions reads what a form says of photos; a handset's form says nothing, and what was said stays.
func readCaptions(v *visit, photos []core.ID) core.Captions {
	said := core.Captions{}
	for _, id := range photos {
		if name := "caption" + id.String(); v.form.pressed(name) {
			said[id] = v.form.get(name)
		}
	}
	return said
}

// photo shows one photo of an entry, its neighbours a key away.
func (v journalPages) photo() error {
	owner, id, err := v.ownedID()
	if err != nil {
		return err
	}
	d, err := v.site.core.Journal.Diary(v.ctx, v.viewer(), owner, id)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(v.query("n"))
	if err != nil || n < 1 || n > len(d.Photos) {
		return core.ErrNotFound
	}
	p := &diaryPhotoPage{frame: frame(v), entry: d.Diary, number: n}
	if p.of, _, err = v.site.core.Member(v.ctx, v.viewer(), owner); err != nil {
		return err
	}
	v.leaveFootprint(owner)
	v.allowScript()
	return v.show(p)
}

// alt says in words what the photo shows.
func (p *diaryPhotoPage) alt() string {
	if said := p.entry.Photos[p.number-1].Caption; said != "" {
		return said
	}
	return p.t("diary.photo", p.number)
}
