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

func languageOf(m core.Member) words {
	if m.Language == "en" {
		return english
	}
	return japanese
}
