package web

// A setting is a row of the settings page: a page of its own. A feature joins by adding one.
type setting struct{ path, word string }

var settingsItems = []setting{
	{"/settings/profile", "edit"},
	{visibilityPath, "visibility.fields"},
	{"/settings/photos", "settings.photos"},
	{"/settings/easy", "easy.settings"},
	{mailPath, "mail.settings"},
	{newsLettersPath, "newsletters"},
	{passwordPath, "password.change"},
	{sessionsPath, "sessions"},
	{preferencesPath, "preferences"},
	{blocksPath, "block"},
	{"/invite", "invite"},
	{exportPath, "export"},
	{leavePath, "leave"},
}

// settings lists what a member can set.
func (v *visit) settings() error { return v.show(&settingsPage{frame{v}}) }
