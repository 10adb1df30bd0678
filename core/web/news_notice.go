package web

import (
	"strconv"

	"musubi/core"
	"musubi/core/digest"
	"musubi/core/news"
)

// Addresses of notices.
const (
	noticesPath     = "/notices"
	newsLettersPath = "/settings/notices"
)

// noticeRows is how many lines a page of notices shows.
const noticeRows = 20

// newsLinks are where news of a kind leads.
type newsLinks struct {
	all string                   // the page that has all news of the kind; "": there is none
	one func(n news.News) string // the page of one piece of it; nil: that of all
}

// newsPath is the page that one piece of news leads to. Looking at it is reading the news.
func newsPath(n news.News) string {
	row := newsRows[n.Kind]
	if row.one == nil {
		return row.all
	}
	return row.one(n)
}

// noticePath is where a notice on home leads: the page of all such news, or straight to the one thing that it is about.
func noticePath(n news.Notice) string {
	if n.Key == "alone" {
		return "/invite"
	}
	if path := newsRows[n.Of.Kind].all; path != "" {
		return path
	}
	if n.Of.Member != 0 {
		return newsPath(n.Of)
	}
	return noticesPath
}

// noticed is the sentence of a notice.
func (w words) noticed(n news.Notice) string {
	if n.Name != "" {
		return w.t("notice."+n.Key, n.N, n.Name)
	}
	return w.t("notice."+n.Key, n.N)
}

// newsSentence says what one piece of news is, on the page and in letters.
func (w words) newsSentence(n news.Line) string {
	key := "news." + kinds.News[n.Kind].Key
	var args []any
	if n.Actor != 0 { // and not the service itself
		args = append(args, n.ActorName)
	}
	if n.Title != "" {
		args = append(args, n.Title)
		if _, ok := catalogue[key+".of"]; ok { // news that may have a title, and may have none
			key += ".of"
		}
	}
	return w.t(key, args...)
}

// looked notes that the member sees on this page what news tells of; zero actor or thing is any.
func (v *visit) looked(kind news.Kind, actor, thing core.ID) error {
	return v.site.core.News.Looked(v.ctx, v.member.ID, kind, actor, thing)
}

// notices lists all that waits for the member.
func (v newsPages) notices() (err error) {
	p := &noticesPage{frame: frame(v), page: v.page(noticeRows)}
	if p.lines, p.more, err = v.site.core.News.NewsLines(v.ctx, v.member.ID, p.page); err != nil {
		return err
	}
	if p.page.Number == 1 { // no row tells each member: they are found among the communities
		if p.announced, err = v.site.core.Community.RecentAnnouncements(v.ctx, v.member.ID); err != nil {
			return err
		}
	}
	return v.show(p)
}

// letterField names the field of a kind: as short as can be, because a deck of 1.4 KB carries the answers to all before it.
func letterField(k news.Kind) string { return "n" + strconv.Itoa(int(k)) }

// newsLettersForm asks for each kind of news where letters about it go.
func (v newsPages) newsLettersForm() (err error) {
	p := &newsLettersPage{frame: frame(v)}
	if p.chosen, err = v.site.core.News.NewsLetters(v.ctx, v.member.ID); err != nil {
		return err
	}
	if p.day, err = v.site.core.Digest.Choice(v.ctx, v.member.ID); err != nil {
		return err
	}
	return v.show(p)
}

func (v newsPages) setNewsLetters() error {
	chosen := make(map[news.Kind]news.Letters, len(kinds.News))
	for _, kind := range kinds.News {
		if n, err := strconv.Atoi(v.form.get(letterField(kind.Kind))); err == nil && n >= 0 && n < len(letterChoices) {
			chosen[kind.Kind] = letterChoices[n]
		}
	}
	var day digest.Choice
	if n, err := strconv.Atoi(v.form.get("digest")); err == nil && n >= 0 && n < len(digestChoices) {
		day.Digest, day.Weekly = digestChoices[n].Digest, digestChoices[n].Weekly
	}
	if n, err := strconv.Atoi(v.form.get("birthday")); err == nil && n >= 0 && n < len(letterChoices) {
		day.Birthdays = letterChoices[n]
	}
	if err := v.site.core.Digest.Choose(v.ctx, v.member.ID, day); err != nil {
		return err
	}
	if err := v.site.core.News.SetNewsLetters(v.ctx, v.member.ID, chosen); err != nil {
		return err
	}
	v.redirect("/settings")
	return nil
}

// letterChoices are the choices of the form, by their number there and in the words "newsletters.0" to "newsletters.3". One
// field for each kind is what a handset has room for.
var letterChoices = [...]news.Letters{{}, {PC: true}, {Handset: true}, {PC: true, Handset: true}}

// digestChoices are those of the letter of the day, by their number in the form and in the words "digest.0" to "digest.6".
var digestChoices = [...]digest.Choice{
	{}, {Digest: letterChoices[1]}, {Digest: letterChoices[2]}, {Digest: letterChoices[3]},
	{Digest: letterChoices[1], Weekly: true}, {Digest: letterChoices[2], Weekly: true}, {Digest: letterChoices[3], Weekly: true},
}
