package web

import "maps"

func init() { maps.Copy(catalogue, sessionWords) }

// sessionWords are the words of the account's settings.
var sessionWords = map[string][2]string{
	"sessions":               {"ログイン中の端末", "Where you are logged in"},
	"sessions.lead":          {"見覚えのないものがあればログアウトして、パスワードを変更してください。", "If you do not know one of them, log it out and change your password."},
	"sessions.this":          {"この端末", "this one"},
	"sessions.since":         {"%sから", "since %s"},
	"sessions.seen":          {"最後の利用 %s", "last used %s"},
	"sessions.others":        {"ほかの端末をすべてログアウト", "Log out all others"},
	"password.change":        {"パスワードの変更", "Change the password"},
	"password.old":           {"今のパスワード", "Present password"},
	"password.new":           {"新しいパスワード(8文字以上)", "New password (at least 8 characters)"},
	"password.lead":          {"変更すると、ほかの端末はすべてログアウトします。", "Changing it logs out all other places."},
	"preferences":            {"言語と日記の公開範囲", "Language and who reads new entries"},
	"preferences.language":   {"言語", "Language"},
	"preferences.visibility": {"新しい日記の公開範囲", "Who can read new entries"},
	"visibility.fields":      {"プロフィールの公開範囲", "Who sees your profile"},
	"visibility.nofields":    {"先にプロフィールを書いてください。", "Fill in your profile first."},
	"language.ja":            {"日本語", "Japanese (nihongo)"},
	"language.en":            {"English (英語)", "English"},
}
