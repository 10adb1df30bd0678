package web

import (
	"fmt"
	"strings"
)

// words is a language of the catalogue: the index of its column.
type words int

// Languages.
const (
	japanese words = iota
	english
)

func (w words) lang() string { return [...]string{"ja", "en"}[w] }

// t is the sentence for a key, with its %s and %d filled in; the first number chooses between "{one|many}" (plural). A key
// that is missing shows itself; a test looks for such.
func (w words) t(key string, args ...any) string {
	row, ok := catalogue[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return row[w]
	}
	return fmt.Sprintf(plural(row[w], args), args...)
}

// plural chooses in "%d entr{y|ies}": what stands before the bar for one, what stands after it for every other number. The
// number is the first among the args. Japanese needs none of this.
func plural(sentence string, args []any) string {
	open := strings.IndexByte(sentence, '{')
	if open < 0 {
		return sentence
	}
	one := false
	for _, a := range args {
		if n, ok := a.(int); ok {
			one = n == 1
			break
		}
	}
	var b strings.Builder
	for ; open >= 0; open = strings.IndexByte(sentence, '{') {
		b.WriteString(sentence[:open])
		choice, rest, _ := strings.Cut(sentence[open+1:], "}")
		first, second, _ := strings.Cut(choice, "|")
		if one {
			b.WriteString(first)
		} else {
			b.WriteString(second)
		}
		sentence = rest
	}
	b.WriteString(sentence)
	return b.String()
}

// catalogue is every word on the screen: Japanese, English.
var catalogue = map[string][2]string{
	"login":                {"ログイン", "Log in"},
	"logout":               {"ログアウト", "Log out"},
	"login.mail":           {"メールアドレス", "E-mail address"},
	"login.password":       {"パスワード", "Password"},
	"login.lead":           {"招待された方のためのコミュニティです。", "A community for people who were invited."},
	"login.what":           {"日記を書いて、友人の日記を読んで、コメントで話す。写真も絵文字も、パソコンとケータイの両方で。", "Write a diary, read your friends', talk in the comments. Photos and emoji work on PC and phone alike."},
	"login.parallel":       {"パソコンとケータイから、同じメールアドレスとパスワードでログインできます。", "The same address and password work on PC and phone, at the same time."},
	"login.other":          {"English", "日本語"},
	"home":                 {"ホーム", "Home"},
	"home.greeting":        {"%sさん、こんにちは", "Hello, %s"},
	"home.notices":         {"お知らせ", "Notices"},
	"home.nonotices":       {"新しいお知らせはありません。", "Nothing new."},
	"menu":                 {"メニュー", "Menu"},
	"diary.write":          {"日記を書く", "Write a diary"},
	"diary.friends":        {"友人の最新日記", "Friends' new diaries"},
	"diary.newest":         {"みんなの新着日記", "Everyone's new diaries"},
	"diary.commented":      {"日記コメント記入履歴", "Entries I commented on"},
	"diary.own":            {"自分の日記", "My diary"},
	"diary.of":             {"%sさんの日記", "%s's diary"},
	"diary.ofnewest":       {"%sさんの最新日記", "%s's newest entries"},
	"diary.none":           {"まだ日記がありません。", "No entries yet."},
	"diary.title":          {"タイトル", "Title"},
	"diary.body":           {"本文", "Text"},
	"diary.photos":         {"写真", "Photos"},
	"diary.photohint":      {"3枚まで。1枚5MBまでのJPEG・PNG・GIF。", "Up to three JPEG, PNG or GIF pictures of 5 MB each."},
	"diary.photo":          {"写真%d", "Photo %d"},
	"diary.visibility":     {"公開範囲", "Who can read it"},
	"diary.closed":         {"コメントを受け付けない", "No comments on this entry"},
	"diary.preview":        {"日記の確認", "Preview of the entry"},
	"comment":              {"コメント", "Comments"},
	"comment.write":        {"コメントを書く", "Write a comment"},
	"comment.none":         {"まだコメントはありません。", "No comments yet."},
	"comment.first":        {"最初のコメントをどうぞ。", " Be the first."},
	"comment.preview":      {"コメントの確認", "Preview of the comment"},
	"comment.older":        {"前のコメント", "Earlier comments"},
	"comment.newer":        {"次のコメント", "Later comments"},
	"friends":              {"友人", "Friends"},
	"friends.of":           {"%sさんの友人", "%s's friends"},
	"friends.none":         {"まだ友人がいません。", "No friends yet."},
	"friends.all":          {"友人をすべて見る", "All friends"},
	"profile":              {"プロフィール", "Profile"},
	"profile.of":           {"%sさんのプロフィール", "%s's profile"},
	"profile.own":          {"自分のプロフィール", "My profile"},
	"profile.realname":     {"名前", "Name"},
	"profile.sex":          {"性別", "Sex"},
	"profile.prefecture":   {"現住所", "Lives in"},
	"profile.birthday":     {"誕生日", "Birthday"},
	"profile.occupation":   {"職業", "Occupation"},
	"profile.intro":        {"自己紹介", "About me"},
	"profile.hobby":        {"趣味", "Hobbies"},
	"profile.hometown":     {"出身地", "Comes from"},
	"profile.blood":        {"血液型", "Blood type"},
	"profile.belongs":      {"所属", "Belongs to"},
	"profile.favorite":     {"好きなもの", "Likes"},
	"profile.login":        {"最終ログイン", "Last login"},
	"profile.login5":       {"5分以内", "within 5 minutes"},
	"profile.login60":      {"1時間以内", "within an hour"},
	"profile.login1d":      {"24時間以内", "within a day"},
	"profile.login3d":      {"3日以内", "within 3 days"},
	"profile.loginlong":    {"3日以上前", "more than 3 days ago"},
	"profile.self":         {"これはあなたのページです。", "This is your page."},
	"relation.friend":      {"友人です", "Your friend"},
	"relation.fof":         {"友人の友人です", "A friend of your friend"},
	"visibility.0":         {"全員に公開", "Everyone"},
	"visibility.1":         {"友人の友人まで公開", "Friends of friends"},
	"visibility.2":         {"友人まで公開", "Friends"},
	"visibility.3":         {"非公開", "Only me"},
	"form.confirm":         {"確認", "Confirm"},
	"form.required":        {"「*」は必ず入力してください。", "Fields marked * are required."},
	"form.send":            {"送信", "Send"},
	"form.edit":            {"修正する", "Edit"},
	"form.check":           {"入力内容をご確認ください。", "Please check what you entered."},
	"page.next":            {"次へ", "Next"},
	"page.back":            {"前へ", "Back"},
	"page.return":          {"戻る", "Return"},
	"page.more":            {"もっと見る", "More"},
	"page.skip":            {"本文へ", "Skip to content"},
	"page.about":           {"%sさん", "%s"},
	"calendar":             {"カレンダー", "Calendar"},
	"page.nobody":          {"退会したメンバー", "A former member"},
	"date":                 {"2006年01月02日 15:04", "Jan 2, 2006 15:04"},
	"date.day":             {"2006年1月2日", "Jan 2, 2006"},
	"date.birthday":        {"1月2日", "January 2"},
	"date.short":           {"01/02", "Jan 2"},
	"footer":               {"招待制のコミュニティ", "An invitation-only community"},
	"field.required":       {"入力してください。", "Please fill this in."},
	"field.toolong":        {"%d文字以内で入力してください。", "Please use at most %d character{|s}."},
	"field.choice":         {"一覧から選んでください。", "Please choose from the list."},
	"field.mail":           {"メールアドレスの形になっていません。", "This is not an e-mail address."},
	"field.unknown":        {"この項目はありません。", "There is no such field."},
	"field.photos":         {"写真は%d枚までです。", "At most %d photo{|s}, please."},
	"field.photo":          {"写真を読み込めませんでした。%dMBまでのJPEG・PNG・GIFをお選びください。", "This picture could not be read. Please choose a JPEG, PNG or GIF of at most %d MB."},
	"error":                {"エラー", "Error"},
	"error.nopage":         {"ページが見つかりません", "No such page"},
	"error.next":           {"アドレスをもう一度お確かめください。ページが消されたか、公開範囲が変わったのかもしれません。", "Please check the address. The page may have been deleted, or its visibility changed."},
	"error.notfound":       {"ページが見つからないか、ご覧になれません。", "There is no such page, or you cannot see it."},
	"error.login":          {"メールアドレスかパスワードが違います。", "The address or the password is wrong."},
	"error.throttled":      {"しばらくたってから、もう一度お試しください。", "Please try again in a while."},
	"error.busy":           {"ただいま混み合っています。少したってから、もう一度お試しください。", "Very busy just now. Please try again in a moment."},
	"error.commentsclosed": {"この日記はコメントを受け付けていません。", "This entry takes no comments."},
	"error.commentsfull":   {"コメントの数が上限に達しています。", "The limit of comments is reached."},
	"error.mailtaken":      {"このメールアドレスは使われています。", "This address is in use."},
	"error.friendlimit":    {"友人の数が上限に達しています。", "The limit of friends is reached."},
	"error.form":           {"送信内容を読み取れませんでした。前の画面に戻って、もう一度送信してください。", "The form could not be read. Please go back and send it again."},
	"error.toobig":         {"送信内容が大きすぎます。写真は1枚5MBまでです。", "This is too large. A photo may have at most 5 MB."},
	"error.stale":          {"画面の有効期限が切れました。前の画面を開き直して、もう一度送信してください。", "This page is too old. Please open it again and send it once more."},
	"error.foreign":        {"ほかのサイトからの送信は受け付けません。", "Forms from other sites are not taken."},
	"error.crowded":        {"アクセスが集中しています。少し待ってから、もう一度お試しください。", "Too many people are here at once. Please try again in a moment."},
	"error.crowdedform":    {"アクセスが集中しているため、送信された内容はまだ保存されていません。少し待って、この画面を再読み込みするか、前の画面に戻って、もう一度送信してください。", "Too many people are here at once. Nothing of what you sent has been stored. Please wait a moment, then reload this page or go back, to send it again."},
	"error.internal":       {"ただいま表示できません。少したってから、もう一度お試しください。", "Something went wrong here. Please try again in a while."},
}
