package web

import "musubi/core"

// Letters are the mails of the service, in the language of who causes them (for an invitation) or gets them.

// inviteLetter writes an invitation; without a token, because the receiver is a member, a word that somebody looks for them.
func (v *visit) inviteLetter(message, token string) core.Mail {
	name := v.member.Name
	if message != "" {
		message = "「" + message + "」\n\n"
	}
	if token == "" {
		return core.Mail{
			Subject: v.t("letter.member", name, v.site.name),
			Body:    v.t("letter.memberbody", name, v.site.name, message, name, v.site.link(memberPath(v.member.ID))),
		}
	}
	return core.Mail{
		Subject: v.t("letter.invite", name, v.site.name),
		Body:    v.t("letter.invitebody", name, v.site.name, message, v.site.link(registerPath(token))),
	}
}

func (v *visit) resetLetter(m core.Member, token string) core.Mail {
	w := languageOf(m)
	return core.Mail{
		Subject: w.t("letter.reset", v.site.name),
		Body:    w.t("letter.resetbody", m.Name, v.site.link(resetPath(token))),
	}
}

func (v *visit) changedLetter(m core.Member) core.Mail {
	w := languageOf(m)
	return core.Mail{Subject: w.t("letter.changed", v.site.name), Body: w.t("letter.changedbody", m.Name, v.site.link("/reset"))}
}

// letters are the mails that services send on their own. It implements core.Letters.
type letters struct{ site *Site }

// NewsLetter implements core.Letters. The sentence is that of the page of notices; a handset's letter is only it and the
// address.
func (l letters) NewsLetter(to core.Member, n core.NewsLine, handset bool) core.Mail {
	w := languageOf(to)
	subject, sentence, link := w.t("letter."+n.Kind.Key()), w.newsSentence(n), l.site.link(newsPath(n.News))
	if handset {
		return core.Mail{Subject: l.site.name + ": " + subject, Body: sentence + "\n" + link + "\n"}
	}
	return core.Mail{
		Subject: l.site.name + ": " + subject,
		Body:    w.t("letter.newsbody", to.Name, sentence, link, l.site.link(newsLettersPath)),
	}
}

func languageOf(m core.Member) words {
	if m.Language == "en" {
		return english
	}
	return japanese
}
