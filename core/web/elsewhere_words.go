package web

// elsewhereWords are the words of what a member gives to programs.
var elsewhereWords = wordTable{
	"feeds":             {"フィード", "Feeds"},
	"feeds.lead":        {"フィードは、フィードリーダーやカレンダーソフトなどがログインせずに読むためのアドレスです。作るまではありません。今あなたが見ることのできるものだけが入ります。", "A feed is an address that a feed reader or a calendar program reads without a login. There is none until you make it, and it has only what you may see now."},
	"feeds.ends":        {"パスワードを変更したとき、退会したとき、90日間読まれないときは無効になります。", "It ends when you change your password, when you leave, and when nobody fetches it for 90 days."},
	"feed.notices":      {"お知らせ", "Notices"},
	"feed.friends":      {"友人の最新日記", "Friends' new diaries"},
	"feed.diary":        {"自分の日記(自分だけに見えるものを除く)", "My diary (without what only I can see)"},
	"feed.events":       {"参加コミュニティのイベント", "Events of my communities"},
	"feed.calendar":     {"カレンダー(参加するイベント、予定、誕生日)", "Calendar (events I attend, my dates, birthdays)"},
	"feed.community":    {"コミュニティ", "A community"},
	"feed.which":        {"どのコミュニティ", "Which community"},
	"feed.gone":         {"今は見ることのできないコミュニティ", "A community that you cannot see now"},
	"feed.full":         {"タイトルだけでなく本文も入れる(アドレスがもれると本文も読まれます)", "Texts too, not titles alone (whoever gets the address reads them)"},
	"feed.save":         {"保存", "Save"},
	"feed.share":        {"ほかの人のフィードに入れるもの", "What others' feeds have of mine"},
	"feed.sharelead":    {"自分が書いたものを、それを見ることのできる人のフィードに", "In feeds of those who may read what I wrote"},
	"feed.share0":       {"タイトルだけ入れる", "titles alone"},
	"feed.share1":       {"入れない", "nothing"},
	"feed.share2":       {"本文も入れる", "texts too"},
	"error.feedsfull":   {"フィードは40個までです。使わないものを無効にしてください。", "There can be at most 40 feeds. Please end those you do not use."},
	"password.endsalso": {"フィードのアドレスと、プログラム用のキーも無効になります。", "The addresses of feeds and the keys of programs end, too."},
}
