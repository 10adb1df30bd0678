package web

// communityEventWords are the words of events and polls.
var communityEventWords = wordTable{
	"news.eventplace":   {"キャンセル待ちのイベント「%[2]s」に空きができ、参加できるようになりました。", "A place at the event “%[2]s”, which you waited for, is yours."},
	"news.eventword":    {"参加するイベント「%[2]s」についてお知らせがあります。", "There is something to know about the event “%[2]s”, which you attend."},
	"notice.eventplace": {"キャンセル待ちから参加になったイベントが%d件あります", "You have moved up from the waiting list of %d event{|s}"},
	"notice.eventword":  {"参加するイベントのお知らせが%d件あります", "%d message{|s} about events you attend"},
	"letter.eventplace": {"キャンセル待ちから参加へ", "A place at an event"},
	"letter.eventword":  {"イベントのお知らせ", "About an event you attend"},
}
