package web

// leaveGoes and leaveStays are the lines of the page about leaving; the tables of core/store are what is done.
var (
	leaveGoes  = []string{"leave.goes1", "leave.goes2", "leave.goes3", "leave.goes4"}
	leaveStays = []string{"leave.stays1", "leave.stays2"}
)

// choreWords are the words of home, of leaving the service and of the export.
var choreWords = wordTable{
	"home":           {"ホーム", "Home"},
	"home.greeting":  {"%sさん、こんにちは", "Hello, %s"},
	"home.notices":   {"お知らせ", "Notices"},
	"home.nonotices": {"新しいお知らせはありません。", "Nothing new."},

	"first":           {"はじめの一歩", "Your first steps"},
	"first.photo":     {"プロフィール写真を選ぶ", "Choose a photo of yourself"},
	"first.hello":     {"あいさつの日記を書く", "Write a diary to say hello"},
	"first.friends":   {"知っている人と友人になる", "Become friends with those you know"},
	"first.community": {"コミュニティに参加する", "Join a community"},
	"first.know":      {"お知り合いかもしれません:", "You may know:"},

	"done./message/write":        {"メッセージを送信または保存しました。", "Your message was sent or kept."},
	"done./friend/request":       {"友人申請を送りました。", "Your request was sent."},
	"done./friend/answer":        {"友人申請に返事をしました。", "You have answered the request."},
	"done./endorsement/write":    {"紹介文を書きました。", "Your endorsement is there."},
	"done./settings/profile":     {"プロフィールを変更しました。", "Your profile was changed."},
	"done./settings/preferences": {"設定を変更しました。", "Your settings were changed."},
	"done./settings/notices":     {"設定を変更しました。", "Your settings were changed."},
	"done./settings/password":    {"パスワードを変更しました。", "Your password was changed."},

	"stream":       {"友人の近況", "Stream"},
	"stream.lists": {"一覧", "Lists"},
	"stream.none":  {"友人やコミュニティの新しい書き込みが、ここに届きます。まず友人を招きましょう。", "What friends and communities write arrives here. Invite a friend first."},
	"stream.new":   {"新しい近況が届きました。", "Something new has arrived."},
	"stream.entry": {"%sさんの日記", "A diary by %s"},
	"stream.album": {"%sさんのアルバム", "An album by %s"},
	"stream.film":  {"%sさんの動画", "A video by %s"},
	"stream.post":  {"「%s」の書き込み", "A post in “%s”"},

	"leave":        {"退会", "Leave the service"},
	"leave.lead":   {"退会すると、あなたのページはその場で誰からも見えなくなります。取り消しはできません。", "Once you leave, nobody can see your pages any more. This cannot be undone."},
	"leave.goes":   {"消えるもの", "What is deleted"},
	"leave.goes1":  {"プロフィール、写真、日記、アルバム、それぞれについたコメント", "Profile, photos, diaries, albums, and the comments under them"},
	"leave.goes2":  {"ほかのメンバーの日記やアルバムに書いたコメント、紹介文、足あと、友人申請、友人の紹介", "Your comments under what others wrote, endorsements, footprints, requests and introductions"},
	"leave.goes3":  {"友人とのつながり、お気に入り、アクセスブロック、あなたの受信箱・送信済み・下書き", "Ties with friends, bookmarks, blocks, and your own inbox, sent messages and drafts"},
	"leave.goes4":  {"メールアドレス、パスワード、かんたんログイン、すべての端末のログイン、送った招待", "Mail addresses, password, easy login, all sessions, and invitations you sent"},
	"leave.stays":  {"残るもの", "What remains"},
	"leave.stays1": {"ほかのメンバーに届いたメッセージ。相手のものとして、あなたの名前とともに相手の受信箱に残ります。", "Messages others have received. They are theirs and stay in their boxes, with your name."},
	"leave.stays2": {"名前も本文も含まない、ログインなどの操作の記録(番号と日時)", "The log of logins and the like: a number and times, no names, no texts"},
	"leave.when":   {"いつ消えるか", "When it is gone"},
	"leave.within": {"データは%d分以内に完全に消えます。", "The data itself is deleted within %d {minute|minutes}."},
	"leave.backups": {"運営者のバックアップからは、保存期間(最長35日)が過ぎると消えます。メールアドレスはすぐ空くので、また招待を受けて新しく登録できます。",
		"From the operator's backups it disappears when they age out, after 35 days at most. Your address is free at once: you can be invited again and register anew."},
	"leave.export": {"先にデータを書き出す", "Export your data first"},
	"leave.goon":   {"退会の手続きへ進む", "Go on to leave"},
	"leave.ask":    {"本当に退会しますか？", "Do you really want to leave?"},
	"leave.never":  {"元に戻すことはできません。よろしければパスワードを入力してください。", "There is no way back. If you are sure, enter your password."},
	"leave.send":   {"退会する", "Leave"},
	"leave.done":   {"退会しました", "You have left"},
	"leave.thanks": {"これまでありがとうございました。あなたのページはもう誰からも見えません。", "Thank you for having been here. Nobody sees your pages any more."},
	"leave.again":  {"またいつか、友人から招待を受けて登録できます。", "A friend can invite you again some day."},

	"export":           {"データの書き出し", "Export my data"},
	"export.lead":      {"あなたのプロフィール、日記、コメント、メッセージ、写真などを、ひとつのZIPファイルにまとめます。", "Puts your profile, diaries, comments, messages, photos and everything else into one ZIP file."},
	"export.start":     {"書き出しを始める", "Start the export"},
	"export.making":    {"作成中です(%d%%)", "Being made (%d%%)"},
	"export.leave":     {"このページを閉じても作成は続きます。", "You may leave this page; it goes on."},
	"export.reload":    {"更新", "Reload"},
	"export.ready":     {"書き出しができました", "Your export is ready"},
	"export.until":     {"サイズ %s。%sまでに、1回ダウンロードできます。", "Size %s. It can be downloaded once, until %s."},
	"export.pc":        {"ダウンロードは、パソコンでこのページを開いて行ってください。", "To download it, please open this page on a PC."},
	"export.fetch":     {"ダウンロード", "Download"},
	"export.once":      {"最後まで受け取るとファイルは消えます。途中で切れたときは、もう一度ダウンロードできます。", "Once you have all of it, the file is deleted. If the transfer breaks off, just begin again."},
	"export.failed":    {"書き出しができませんでした。時間をおいて、もう一度お試しください。", "The export could not be made. Please try again later."},
	"error.exporting":  {"書き出しの途中です。", "An export is being made already."},
	"error.noexport":   {"ダウンロードできるファイルがありません。もう一度書き出してください。", "There is no file to download. Please export again."},
	"error.exportroom": {"ただいま書き出しが混み合っています。時間をおいて、もう一度お試しください。", "Too many exports just now. Please try again later."},
}
