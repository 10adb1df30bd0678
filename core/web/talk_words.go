package web

// talkWords are the words of comments.
var talkWords = wordTable{
	"talk.emoji":           {"絵文字", "Emoji"},
	"comment":              {"コメント", "Comments"},
	"like":                 {"いいね", "Like"},
	"like.take":            {"元に戻す", "Undo"},
	"like.ask":             {"「%s」にいいねを付けますか？", "Do you like “%s”?"},
	"error.ownlike":        {"自分の書いたものにはいいねを付けられません。", "Your own words you like anyway."},
	"talk.to":              {">%sさん", ">%s"},
	"talk.edit":            {"修正する", "Edit"},
	"talk.reply":           {"返信する", "Reply"},
	"comment.write":        {"コメントを書く", "Write a comment"},
	"comment.none":         {"まだコメントはありません。", "No comments yet."},
	"comment.first":        {"最初のコメントをどうぞ。", " Be the first."},
	"comment.preview":      {"コメントの確認", "Preview of the comment"},
	"comment.older":        {"前のコメント", "Earlier comments"},
	"comment.newer":        {"次のコメント", "Later comments"},
	"error.commentsclosed": {"この日記はコメントを受け付けていません。", "This entry takes no comments."},
	"error.commentsfull":   {"コメントの数が上限に達しています。", "The limit of comments is reached."},
}
