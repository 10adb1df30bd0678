package web

import "maps"

func init() { maps.Copy(catalogue, messageWords) }

// messageWords are the words of messages.
var messageWords = map[string][2]string{
	"messages":          {"メッセージ", "Messages"},
	"messages.inbox":    {"受信箱", "Inbox"},
	"messages.sent":     {"送信済み", "Sent"},
	"messages.drafts":   {"下書き", "Drafts"},
	"messages.trash":    {"ごみ箱", "Trash"},
	"messages.none":     {"メッセージはありません。", "No messages."},
	"messages.noinbox":  {"メッセージはありません。友人のページから送れます。", "No messages. Send one from a friend's page."},
	"messages.search":   {"メッセージを検索", "Search messages"},
	"messages.words":    {"さがす言葉(件名・本文・名前)", "Words in subject, text or name"},
	"messages.empty":    {"ごみ箱を空にする", "Empty the trash"},
	"messages.emptyask": {"元に戻せません。", "This cannot be undone."},
	"message.send":      {"メッセージを送る", "Send a message"},
	"message.write":     {"メッセージを書く", "Write a message"},
	"message.preview":   {"メッセージの確認", "Preview of the message"},
	"message.subject":   {"件名", "Subject"},
	"message.nosubject": {"(件名なし)", "(no subject)"},
	"message.from":      {"%sさんから", "from %s"},
	"message.to":        {"%sさんへ", "to %s"},
	"message.unread":    {"未読", "Unread"},
	"message.replied":   {"返信済み", "Replied"},
	"message.reply":     {"返信する", "Reply"},
	"message.goon":      {"続きを書く", "Go on writing"},
	"message.save":      {"下書き保存", "Save as draft"},
	"message.trash":     {"ごみ箱へ", "Move to trash"},
	"message.restore":   {"元に戻す", "Restore"},
	"message.delete":    {"完全に削除", "Delete for good"},
	"error.draftsfull":  {"下書きは100件までです。", "There can be at most 100 drafts."},
}
