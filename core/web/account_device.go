package web

import (
	"strings"

	"musubi/core"
	"musubi/core/outbox"
)

// A sign is a word of User-Agent and what it tells.
type sign struct{ word, name string }

// systems and browsers in the order in which they are looked for: many call themselves by others' names too.
var (
	systems  = []sign{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"}, {"Macintosh", "Mac"}, {"Linux", "Linux"}}
	browsers = []sign{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung"}, {"FxiOS", "Firefox"}, {"Firefox", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"},
		{"Trident", "Internet Explorer"}, {"MSIE", "Internet Explorer"}, {"Safari", "Safari"}, {"w3m", "w3m"}, {"Lynx", "Lynx"}}
)

// deviceOf is what a browser says of itself, as coarse as a person tells their devices apart: "Firefox, Windows". No version, no
// address; "" for who says nothing.
func deviceOf(agent string) string {
	var said []string
	for _, signs := range [][]sign{browsers, systems} {
		for _, s := range signs {
			if strings.Contains(agent, s.word) {
				said = append(said, s.name)
				break
			}
		}
	}
	return strings.Join(said, ", ")
}

// WelcomeLetter implements network.Letters.
func (l letterWriter) WelcomeLetter(to core.Member, handset bool) outbox.Mail {
	w := languageOf(to)
	m := outbox.Mail{Subject: w.t("letter.welcome", l.site.name()), Body: w.t("letter.welcomebody", to.Name, l.site.name(), l.site.mailLink("/settings/photos"), l.site.mailLink("/diary/write"), l.site.mailLink(communityFindPath), l.site.mailLink(helpPath))}
	if handset {
		m.Body = w.t("letter.welcomeshort", to.Name, l.site.mailLink(homePath))
	}
	return m
}

// DeviceLetter implements network.Letters.
func (l letterWriter) DeviceLetter(to core.Member, client string, handset bool) outbox.Mail {
	w, link := languageOf(to), l.site.mailLink(sessionsPath)
	m := outbox.Mail{Subject: w.t("letter.device", l.site.name()), Body: w.t("letter.devicebody", to.Name, client, link)}
	if handset {
		m.Body = w.t("letter.deviceshort", client, link)
	}
	return m
}
