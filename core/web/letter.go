package web

import (
	"strings"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/community"
	"musubi/core/news"
	"musubi/core/outbox"
)

// Letters are the mails of the service, in the language of who causes them (for an invitation) or gets them.

// inviteLetter writes an invitation; without a token, because the receiver is a member, a word that somebody looks for them.
func inviteLetter(v *visit, message, token string) outbox.Mail {
	name := v.member.Name
	if message != "" {
		message = "「" + message + "」\n\n"
	}
	if token == "" {
		return outbox.Mail{
			Subject: v.t("letter.member", name, v.site.name()),
			Body:    v.t("letter.memberbody", name, v.site.name(), message, name, v.site.mailLink(memberPath(v.member.ID))),
		}
	}
	return outbox.Mail{
		Subject: v.t("letter.invite", name, v.site.name()),
		Body:    v.t("letter.invitebody", name, v.site.name(), message, v.site.mailLink(registerPath(token))),
	}
}

// InviteLetter is the invitation that an operator sends in a member's name.
func (s *Site) InviteLetter(from core.Member, token string) outbox.Mail {
	return inviteLetter((&visit{site: s, member: from, words: languageOf(from)}), "", token)
}

// InvitePath is where the token of an invitation leads.
func InvitePath(token string) string { return registerPath(token) }

// letterWriter has the mails that services send on their own. It implements network.Letters.
type letterWriter struct{ site *Site }

// NewsLetter implements network.Letters. The sentence is that of the page of notices; a handset's letter is only it and the
// address.
func (l letterWriter) NewsLetter(to core.Member, n news.Line, handset bool) outbox.Mail {
	w := languageOf(to)
	subject, sentence, link := w.t("letter."+kinds.News[n.Kind].Key), w.newsSentence(n), l.site.mailLink(newsPath(n.News))
	if handset {
		return outbox.Mail{Subject: l.site.name() + ": " + subject, Body: sentence + "\n" + link + "\n"}
	}
	return outbox.Mail{
		Subject: l.site.name() + ": " + subject,
		Body:    w.t("letter.newsbody", to.Name, sentence, link, l.site.mailLink(newsLettersPath)),
	}
}

// MailAnswer implements network.Letters. What a service refuses is said in the words of the page that refuses it.
func (l letterWriter) MailAnswer(to core.Member, kind string, n int, key string, handset bool) outbox.Mail {
	w := languageOf(to)
	word := "mailanswer." + kind
	switch {
	case key == "field.toolong":
		word = "mailanswer.long"
	case key != "":
		word = key
	}
	says := w.t(word)
	if n != 0 {
		says = w.t(word, n)
	}
	if !handset {
		says = w.t("mailanswer.where", says, l.site.mailLink(mailpostPath))
	}
	return outbox.Mail{Subject: w.t("letter.mailpart", l.site.name()), Body: says + "\n"}
}

// Untitled implements network.Letters.
func (l letterWriter) Untitled(of core.Member) string { return languageOf(of).t("mailpost.untitled") }

// BoardLetter implements network.Letters: of each thread its community, its title and its address.
func (l letterWriter) BoardLetter(to core.Member, threads []community.Thread, handset bool) outbox.Mail {
	w := languageOf(to)
	var lines strings.Builder
	for i := range threads {
		t := &threads[i]
		path := threadLinePath(t)
		title := t.Title
		if t.ID == 0 {
			path, title = communitySub(announcementsPath, t.Community), w.t("announcements")
		}
		lines.WriteString(t.CommunityName + ": " + title + "\n" + l.site.mailLink(path) + "\n")
	}
	m := outbox.Mail{Subject: l.site.name() + ": " + w.t("letter.board"), Body: lines.String()}
	if !handset {
		m.Body = w.t("letter.boardbody", to.Name, lines.String(), l.site.mailLink(communitiesPath))
	}
	return m
}

// EnterLetter implements network.Letters.
func (l letterWriter) EnterLetter(to core.Member, token string, handset bool) outbox.Mail {
	return l.letter(to, "enter", handset, enterPath+"?t="+escapeQuery(token))
}

// InvitedLetter implements network.Letters. Nobody knows yet who reads it.
func (l letterWriter) InvitedLetter(token string, handset bool) outbox.Mail {
	word := "letter.invitedbody"
	if handset {
		word = "letter.invitedshort"
	}
	return outbox.Mail{Subject: japanese.t("letter.invited", l.site.name()), Body: japanese.t(word, l.site.mailLink(registerPath(token)))}
}

// HandsetLetter implements network.Letters. Nobody knows yet who reads it.
func (l letterWriter) HandsetLetter(_ core.Member, i account.Invitation, token string) outbox.Mail {
	return outbox.Mail{Subject: japanese.t("letter.handset", l.site.name()), Body: japanese.t("letter.handsetshort", l.site.mailLink(registerHandsetPath(i.Inviter, i.ID, token)))}
}

// MailLetter implements network.Letters.
func (l letterWriter) MailLetter(to core.Member, token string, handset bool) outbox.Mail {
	return l.letter(to, "mail", handset, mailConfirmPath+"?t="+escapeQuery(token))
}

// MailTakenLetter implements network.Letters.
func (l letterWriter) MailTakenLetter(to core.Member, handset bool) outbox.Mail {
	return l.letter(to, "mailtaken", handset, mailPath)
}

// MailChangedLetter implements network.Letters.
func (l letterWriter) MailChangedLetter(to core.Member, handset bool) outbox.Mail {
	return l.letter(to, "mailchanged", handset, mailPath)
}

// ResetLetter implements network.Letters.
func (l letterWriter) ResetLetter(to core.Member, token string) outbox.Mail {
	return l.letter(to, "reset", false, resetPath(token))
}

// ResetLaterLetter implements network.Letters.
func (l letterWriter) ResetLaterLetter(to core.Member) outbox.Mail {
	return l.letter(to, "resetlater", false, "/reset")
}

// PasswordLetter implements network.Letters.
func (l letterWriter) PasswordLetter(to core.Member) outbox.Mail {
	return l.letter(to, "changed", false, "/reset")
}

// letter writes a letter about the account: the words "letter.…" as subject and "letter.…body", or "letter.…short" for a
// handset, around one address of ours.
func (l letterWriter) letter(to core.Member, key string, handset bool, path string) outbox.Mail {
	w := languageOf(to)
	m := outbox.Mail{Subject: w.t("letter."+key, l.site.name())}
	if handset {
		m.Body = w.t("letter."+key+"short", l.site.mailLink(path))
	} else {
		m.Body = w.t("letter."+key+"body", to.Name, l.site.mailLink(path))
	}
	return m
}

func languageOf(m core.Member) words {
	if m.Language == "en" {
		return english
	}
	return japanese
}
