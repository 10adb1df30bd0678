package web

// setupWords are the words of the first page of a new service.
var setupWords = wordTable{
	"setup":             {"はじめの設定", "First settings"},
	"setup.lead":        {"このサイトにはまだメンバーがいません。最初のメンバーを登録すると、友人を招待できるようになります。", "This site has no member yet. Once its first one has registered, friends can be invited."},
	"setup.site":        {"サイトの名前", "Name of the site"},
	"setup.named":       {"サイトの名前は「%s」です。起動時の設定で決まっています。", "The site is called %s, as is set where the program is started."},
	"setup.mailserver":  {"メールサーバー", "Mail server"},
	"setup.maillead":    {"招待状やお知らせを送るサーバーです。空欄なら、手紙は管理用ページ（/outbox）で待ちます。あとで --smtp で決めることもできます。", "It sends invitations and notices. Without one, letters wait on the operator's page /outbox; it can also be set later with --smtp."},
	"setup.server":      {"サーバー（ホスト名:ポート）", "Server (host:port)"},
	"setup.user":        {"ユーザー名", "User name"},
	"setup.secret":      {"サーバーのパスワード", "Password of the server"},
	"setup.from":        {"差出人のアドレス", "Sender's address"},
	"setup.name":        {"あなたの名前", "Your name"},
	"setup.account":     {"最初のメンバー", "The first member"},
	"form.trymail":      {"テストメールを送る", "Send a test letter"},
	"setup.tried":       {"%s にテストメールを送りました。届いたら、もう一度パスワードを入力して登録してください。", "A test letter went to %s. When it has arrived, type the passwords again and register."},
	"setup.fixed":       {"メールサーバーは起動時の設定で決まっています。", "The mail server is set where the program is started."},
	"field.server":      {"ホスト名とポートを、mail.example.jp:587 のように入力してください。", "Please enter host and port, like mail.example.jp:587."},
	"field.mailrefused": {"送れませんでした。サーバー、ユーザー名、パスワードを確かめてください。", "It could not be sent. Please check server, user name and password."},
	"error.settled":     {"このページはもう使われました。このサイトにはメンバーがいます。ログインするか、メンバーに招待してもらってください。", "This page has been used: the site has members. Please log in, or ask a member for an invitation."},
	"letter.try":        {"%s: テストメール", "%s: a test letter"},
	"letter.trybody":    {"このメールが読めれば、%sからのメールは届きます。\n", "If you can read this, letters of %s arrive.\n"},
}
