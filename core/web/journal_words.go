package web

import (
	"maps"
	"strconv"
)

func init() {
	maps.Copy(catalogue, diaryWords)
	for i, d := range [7][2]string{{"日", "Su"}, {"月", "Mo"}, {"火", "Tu"}, {"水", "We"}, {"木", "Th"}, {"金", "Fr"}, {"土", "Sa"}} {
		catalogue["date.weekday"+strconv.Itoa(i)] = d
	}
}

// diaryWords are the words of writing, changing and finding entries.
var diaryWords = map[string][2]string{
	"date.month":           {"2006年01月", "January 2006"},
	"diary.nothing":        {"まだ日記がありません。今日のことを書いてみませんか？", "No entries yet. How was your day?"},
	"diary.nofriends":      {"友人の日記がここに並びます。まずは友人を招待しましょう。", "Your friends' entries will be listed here. Invite a friend first."},
	"diary.nocommented":    {"コメントした日記がここに並び、返事がつくとわかります。", "Entries you comment on will be listed here, so that you see the answers."},
	"diary.new":            {"新", "New"},
	"diary.edit":           {"日記を編集する", "Edit the entry"},
	"diary.delete":         {"日記を削除する", "Delete the entry"},
	"diary.deleteask":      {"「%s」とコメント%d件を削除しますか？ 元に戻せません。", "Delete “%s” and its %d comment{|s}? This cannot be undone."},
	"diary.allmonths":      {"すべての月", "All months"},
	"diary.decoration":     {"[b]太字[/b] [i]斜体[/i] [u]下線[/u] [s]取り消し[/s] [big]大きく[/big] [small]小さく[/small] [red]赤[/red] [blue]青[/blue] [green]緑[/green] [orange]橙[/orange] [gray]灰[/gray] が使えます。", "You can use [b]bold[/b] [i]italic[/i] [u]underline[/u] [s]strike[/s] [big]big[/big] [small]small[/small] [red]red[/red] [blue]blue[/blue] [green]green[/green] [orange]orange[/orange] [gray]gray[/gray]."},
	"category":             {"カテゴリ", "Categories"},
	"category.none":        {"なし", "None"},
	"category.change":      {"カテゴリの編集", "Edit categories"},
	"category.name":        {"カテゴリの名前", "Name of the category"},
	"category.new":         {"新しいカテゴリ", "New category"},
	"category.add":         {"追加", "Add"},
	"category.rename":      {"名前を変える", "Rename"},
	"error.categoriesfull": {"カテゴリは30個までです。", "There can be at most 30 categories."},
	"login.kept":           {"ログインの有効期限が切れました。ログインすると、入力した内容から続けられます。写真は選び直してください。", "Your login has expired. Log in and go on with what you typed. Photos have to be chosen again."},
}
