package web

// searchWords are the words of the search.
var searchWords = wordTable{
	"search":         {"検索", "Search"},
	"search.in":      {"さがすもの", "Search in"},
	"search.members": {"メンバー", "Members"},
	"search.diaries": {"日記", "Diaries"},
	"search.albums":  {"アルバム", "Albums"},
	"search.words":   {"言葉", "Words"},
	"search.hint":    {"名前や趣味、日記に出てくる言葉を入れてください。言葉を空白で区切ると、すべてを含むものが見つかります。1文字でも絵文字でもさがせます。", "Type a name, a hobby or words of a diary. Several words find what has all of them; a single character or an emoji will do."},
	"search.none":    {"「%s」は見つかりませんでした。", "Nothing found for “%s”."},
	"search.try":     {"言葉を短くするか、別の書き方や、ほかの「さがすもの」を試してください。", "Try a shorter word, another spelling, or another kind of thing."},
	"search.notyet":  {"新しいほうには見つかりませんでした。古いほうへ続けてさがせます。", "Nothing among the newer ones. You can go on with older ones."},
	"search.nomore":  {"これより古いものは見つかりませんでした。", "Nothing older was found."},
	"search.older":   {"さらに古いもの", "Older ones"},
	"search.newest":  {"新しいものに戻る", "Back to the newest"},
}
