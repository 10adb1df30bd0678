package web

import (
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/digest"
	"musubi/core/outbox"
	"musubi/core/people"
)

// DigestLetter implements network.Letters. A handset's letter has the lines and one address; a PC's each its own.
func (l letterWriter) DigestLetter(to core.Member, d digest.Letter, handset bool) outbox.Mail {
	w := languageOf(to)
	var b strings.Builder
	link := func(path string) {
		if !handset {
			b.WriteString("  " + l.site.mailLink(path) + "\n")
		}
	}
	if len(d.Notices) > 0 {
		b.WriteString(w.t("digest.notices") + "\n")
		for _, n := range d.Notices {
			b.WriteString(w.noticed(n) + "\n")
			link(noticePath(n))
		}
		b.WriteString("\n")
	}
	if len(d.Birthdays) > 0 {
		b.WriteString(w.t("digest.dates") + "\n")
		for _, n := range d.Birthdays {
			b.WriteString(strconv.Itoa(int(n.Month)) + "/" + strconv.Itoa(n.Day) + " " + n.Friend.Name + "\n")
			link(memberPath(n.Friend.ID))
		}
		b.WriteString("\n")
	}
	if len(d.Diaries) > 0 {
		b.WriteString(w.t("digest.diaries") + "\n")
		for _, n := range d.Diaries {
			b.WriteString(n.CreatedAt.In(l.site.zoneOf(to)).Format("1/2 15:04") + " " + n.Title + " (" + n.OwnerName + ")\n")
			link(diaryPath(n.Owner, n.ID))
		}
		if d.More {
			b.WriteString(w.t("digest.more") + "\n")
		}
		b.WriteString("\n")
	}
	title := "digest.title"
	if d.Weekly {
		title = "digest.weektitle"
	}
	m := outbox.Mail{Subject: w.t(title, l.site.name())}
	lines := strings.TrimRight(b.String(), "\n") + "\n"
	if handset {
		m.Body = w.t("letter.digestshort", lines, l.site.mailLink(homePath))
	} else {
		m.Body = w.t("letter.digestbody", to.Name, lines, l.site.mailLink(homePath), l.site.mailLink(newsLettersPath))
	}
	return m
}

// BirthdayLetter implements network.Letters.
func (l letterWriter) BirthdayLetter(to core.Member, friends []people.Birthday, handset bool) outbox.Mail {
	w := languageOf(to)
	var names []string
	var lines strings.Builder
	for _, f := range friends {
		names = append(names, f.Friend.Name)
		lines.WriteString(f.Friend.Name + "\n" + l.site.mailLink(memberPath(f.Friend.ID)) + "\n")
	}
	m := outbox.Mail{Subject: l.site.name() + ": " + w.t("letter.birthday")}
	if handset {
		m.Body = w.t("digest.birthdays", strings.Join(names, "、")) + "\n" + lines.String()
	} else {
		m.Body = w.t("letter.birthdaybody", to.Name, lines.String(), l.site.mailLink(newsLettersPath))
	}
	return m
}
