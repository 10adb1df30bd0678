package web

// newsWords are the words of notices. For each kind of news: "news." is the sentence about one piece of it, with who did
// it and the name of the thing; "notice." is how home counts it; "letter." is its name in settings and as a subject.
var newsWords = wordTable{
	"news.request":      {"%sさんから友人申請が届いています。", "%s asks to be your friend."},
	"news.message":      {"%sさんからメッセージが届いています。", "%s sent you a message."},
	"news.comment":      {"%sさんが、あなたの日記「%s」にコメントを書きました。", "%s commented on your entry “%s”."},
	"news.introduction": {"%sさんが、友人の%sさんを紹介しています。", "%s introduces a friend to you: %s."},
	"news.accepted":     {"%sさんと友人になりました。", "%s and you are friends now."},
	"news.endorsement":  {"%sさんが、あなたの紹介文を書きました。", "%s wrote an endorsement of you."},
	"news.round":        {"%sさんの足あとで、キリ番%sになりました。", "%s made visit number %s."},
	"news.album":        {"%sさんが、あなたのアルバム「%s」にコメントを書きました。", "%s commented on your album “%s”."},

	"notice.request":      {"友人申請が%d件届いています", "%d friend request{ is|s are} waiting"},
	"notice.message":      {"新しいメッセージが%d件あります", "%d new message{|s}"},
	"notice.comment":      {"日記に新しいコメントが%d件あります", "%d new comment{|s} on your entries"},
	"notice.introduction": {"友人からの紹介が%d件あります", "%d introduction{|s} by friends"},
	"notice.accepted":     {"新しい友人が%d人増えました", "%d new friend{|s}"},
	"notice.endorsement":  {"新しい紹介文が%d件あります", "%d new endorsement{|s}"},
	"notice.round":        {"足あとがキリ番%dになりました: %sさん", "Visit number %d was made by %s"},
	"notice.album":        {"アルバムに新しいコメントが%d件あります", "%d new comment{|s} on your albums"},
	"notice.alone":        {"友人がいないため、あと%d日で利用が止まります。友人を招待してください。", "You have no friends here: your account will be suspended in %d day{|s}. Please invite a friend."},

	"letter.request":      {"友人申請", "A friend request"},
	"letter.message":      {"メッセージ", "A message"},
	"letter.comment":      {"日記へのコメント", "A comment on your diary"},
	"letter.introduction": {"友人からの紹介", "An introduction"},
	"letter.accepted":     {"新しい友人", "A new friend"},
	"letter.endorsement":  {"紹介文", "An endorsement"},
	"letter.round":        {"足あとのキリ番", "A round number of visits"},
	"letter.album":        {"アルバムへのコメント", "A comment on your album"},
	"letter.newsbody":     {"%sさん\n\n%s\n%s\n\nこのようなお知らせをメールで受け取るかどうかは、次のページで選べます。\n%s\n", "%s,\n\n%s\n%s\n\nYou can choose which letters like this you get:\n%s\n"},

	"unsubscribe":      {"お知らせメールの停止", "Stop mail notices"},
	"unsubscribe.ask":  {"「%s」のお知らせメールを止めますか？", "Stop letters about this: %s?"},
	"unsubscribe.yes":  {"止める", "Stop them"},
	"unsubscribe.done": {"お知らせメールを止めました。設定からいつでも受け取れます。", "You get no more of these letters. Your settings bring them back."},
	"newsletters":      {"お知らせメールの設定", "Mail notices"},
	"newsletters.lead": {"お知らせはいつもホームに出ます。メールでも受け取るものを選んでください。", "Your home page always shows notices. Choose which ones you also want by mail."},
	"newsletters.fold": {"同じ日記や同じ人のことでは、あなたが見るまで、また1時間のあいだは、1通だけ送ります。", "About one entry or one person you get a single letter until you have looked, and at most one an hour."},
	"newsletters.0":    {"受け取らない", "No letters"},
	"newsletters.1":    {"パソコンのアドレスで受け取る", "To the PC address"},
	"newsletters.2":    {"ケータイのアドレスで受け取る", "To the phone address"},
	"newsletters.3":    {"両方で受け取る", "To both"},
}
