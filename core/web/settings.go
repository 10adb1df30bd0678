package web

// A setting is a row of the settings page: a page of its own, or with an empty path the heading of the rows after it. A
// feature joins by adding one. The first nine pages have the keys 1 to 9; mark is the bullet of the others on a handset.
type setting struct{ path, word, mark string }

var settingsItems = []setting{
	{"", "settings.self", ""},
	{"/settings/profile", "edit", ""},
	{"/settings/photos", "settings.photos", ""},
	{"", "settings.seen", ""},
	{visibilityPath, "visibility.fields", ""},
	{preferencesPath, "preferences", ""},
	{diaryVisibilityPath, "diaries.visibility", ""},
	{blocksPath, "block", ""},
	{"", "settings.mails", ""},
	{mailPath, "mail.settings", ""},
	{newsLettersPath, "newsletters", ""},
	{"", "settings.login", ""},
	{passwordPath, "password.change", ""},
	{"/settings/easy", "easy.settings", "📱"},
	{sessionsPath, "sessions", "👀"},
	{"", "settings.more", ""},
	{"/invite", "invite", "📩"},
	{exportPath, "export", "🎁"},
	{leavePath, "leave", "✂"},
}

// settingsGroup is a heading of the settings page with its rows; first is the number of the first of them, from 1.
type settingsGroup struct {
	word  string
	rows  []setting
	first int
}

// settingsGroups cuts the list at its headings.
func settingsGroups(items []setting) (groups []settingsGroup) {
	next := 1
	for _, s := range items {
		if s.path == "" {
			groups = append(groups, settingsGroup{word: s.word, first: next})
			continue
		}
		g := &groups[len(groups)-1]
		g.rows = append(g.rows, s)
		next++
	}
	return groups
}

// settings lists what a member can set.
func (v chorePages) settings() error { return v.show(&settingsPage{frame{v.visit}}) }
