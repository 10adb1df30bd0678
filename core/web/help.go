package web

// helpPath is the page that says what to do, what is agreed on, and whom to ask. The footer of every page of a browser, the login and
// the settings lead there.
const helpPath = "/help"

// helpTopics are its sections: each has the words help.X and help.X.text, and is the address /help#X.
var helpTopics = []string{"begin", "diary", "photo", "handset", "seen", "account", "terms", "contact"}

func (v openPages) help() error { return v.show(&helpPage{frame(v)}) }

var helpWords = wordTable{
	"help":       {"ヘルプ", "Help"},
	"help.begin": {"はじめに", "First steps"},
	"help.begin.text": {"プロフィール写真を選び、あいさつの日記を書いてみましょう。写真があると、友人があなただと分かります。\n招待してくれた人の友人のページを訪ねて、知っている人に友人申請を送れます。\n「コミュニティ」で好きなものの集まりを探して、参加できます。",
		"Choose a photo of yourself and write a diary to say hello: with a photo, your friends know that it is you.\nVisit the friends of whoever invited you, and ask those you know to be your friends.\nUnder “Communities” look for people who like what you like, and join them."},
	"help.diary": {"日記とコメント", "Diaries and comments"},
	"help.diary.text": {"日記には写真を10枚まで付けられ、本文に[写真:1]と書くと、その場所に写真が入ります。書きかけは下書きに残ります。\nコメントは書いてから1時間のあいだ直せます。「いいね」は「元に戻す」で取り消せます。",
		"A diary takes ten photos; [photo:1] in its text is the place of the first. What you have begun stays under Drafts.\nA comment can be changed for an hour. A like is taken back with Undo."},
	"help.photo": {"写真と動画", "Photos and videos"},
	"help.photo.text": {"写真は1枚25MBまでです。撮影した場所の情報は、送られたときに取り除かれます。元の写真は、自分だけがダウンロードできます。",
		"A photo may have up to 25 MB. Where it was taken is removed when it arrives. Only you can download your photo as you sent it."},
	"help.handset": {"携帯電話で", "On a mobile phone"},
	"help.handset.text": {"パソコンと同じアドレスを携帯電話で開くと、その機種に合った画面になります。「設定」の「メール投稿」から、写真をメールで投稿することもできます。",
		"Open the same address on a mobile phone: you get pages made for it. With “Post by mail” in the settings you can also send photos by mail."},
	"help.seen": {"誰に見えるか", "Who sees what"},
	"help.seen.text": {"ログインしていない人には、何も見えません。日記、アルバム、プロフィールの項目ごとに、全員・友人の友人・友人・自分だけから選べます。\n見られたくない人は「アクセスブロック」に加えてください。相手には知らされません。",
		"Who has not logged in sees nothing. For each entry, album and field of your profile you choose: everyone, friends of friends, friends, or yourself alone.\nPut who shall not see you on your block list; they are not told."},
	"help.account": {"ログインできないとき", "When you cannot log in"},
	"help.account.text": {"パスワードを忘れたときは、ログイン画面の「パスワードを忘れた方」から、登録したメールアドレスに案内を送れます。\n心当たりのない端末からログインがあったときは、「設定」の「ログイン中の端末」でログアウトさせ、パスワードを変えてください。「パスキー」と「二段階認証」も使えます。",
		"If you forgot your password, the login page sends a letter to your address.\nIf somebody logged in from a device you do not know, end its session under “Sessions” in the settings and change your password. Passkeys and two-step login make your account safer."},
	"help.terms": {"約束ごと", "What we agree on"},
	"help.terms.text": {"招待された人のための場所です。ここで読んだものを、書いた人に断りなく外に出さないでください。\n人を傷つけるもの、法に触れるもの、他人の権利を侵すものは書かないでください。運営者は、そのようなものを非表示にしたり、利用を停止したりすることがあります。\n書いたものはあなたのものです。「データの書き出し」でいつでも持ち出せ、「退会」すると消えます。",
		"This is a place for those who were invited. Take nothing outside that you read here without asking who wrote it.\nWrite nothing that hurts people, breaks the law or the rights of others. The operator may hide such things and suspend who writes them.\nWhat you write is yours: “Export” gives it to you whenever you like, and it goes when you leave."},
	"help.contact": {"お問い合わせ", "Contact"},
	"help.contact.text": {"困った書き込みや写真は、その下の「通報する」から知らせてください。運営者が読み、結果をお知らせします。\nそのほかのことは、あなたを招待した人か、このサイトの運営者に聞いてください。",
		"Tell us of writing and photos that should not be here with “Report” below them: the operator reads it and tells you the outcome.\nFor everything else, ask who invited you, or the operator of this site."},
}
