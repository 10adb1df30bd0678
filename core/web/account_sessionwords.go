package web

import "maps"

func init() { maps.Copy(catalogue, sessionWords) }

// sessionWords are the words of the account's settings.
var sessionWords = map[string][2]string{
	"sessions":               {"ログイン中の端末", "Where you are logged in"},
	"sessions.lead":          {"見覚えのないものがあればログアウトして、パスワードを変更してください。", "If you do not recognise one of these, log it out and change your password."},
	"sessions.this":          {"この端末", "this one"},
	"sessions.since":         {"%sから", "since %s,"},
	"sessions.seen":          {"最後の利用 %s", "last used %s"},
	"sessions.others":        {"ほかの端末をすべてログアウト", "Log out all others"},
	"password.change":        {"パスワードの変更", "Change the password"},
	"password.old":           {"今のパスワード", "Current password"},
	"password.new":           {"新しいパスワード(8文字以上)", "New password (at least 8 characters)"},
	"password.lead":          {"変更すると、ほかの端末はすべてログアウトします。", "Changing it logs you out everywhere else."},
	"preferences":            {"言語と、新しい日記・アルバムの公開範囲", "Language and default visibility"},
	"preferences.language":   {"言語", "Language"},
	"preferences.visibility": {"新しい日記・アルバムの公開範囲(書くときに変えられます)", "Who sees new entries and albums (you can change it for each)"},
	"diaries.visibility":     {"これまでの日記の公開範囲", "Visibility of past entries"},
	"diaries.lead":           {"これまでに書いた日記すべての公開範囲を、まとめて変えます。", "Changes who can read all the entries you have written."},
	"diaries.ask":            {"日記%d件を「%s」に変えますか？ 元の公開範囲には、まとめて戻せません。", "Change %d entr{y|ies} to “%s”? What each of them was before is not kept."},
	"diaries.yes":            {"変える", "Change them"},
	"diaries.changed":        {"日記%d件を「%s」に変えました。", "%d entr{y|ies} changed to “%s”."},
	"settings.self":          {"自分のこと", "About you"},
	"settings.seen":          {"公開範囲と言語", "Privacy and language"},
	"settings.mails":         {"メール", "Mail"},
	"settings.login":         {"ログイン", "Logging in"},
	"settings.more":          {"そのほか", "More"},
	"visibility.fields":      {"プロフィールの公開範囲", "Who sees your profile"},
	"visibility.nofields":    {"先にプロフィールを書いてください。", "Fill in your profile first."},
	"language.ja":            {"日本語", "Japanese (nihongo)"},
	"language.en":            {"English (英語)", "English"},
}
