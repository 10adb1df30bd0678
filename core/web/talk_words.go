package web

// talkWords are the words of comments.
var talkWords = wordTable{
	"comment":              {"コメント", "Comments"},
	"comment.write":        {"コメントを書く", "Write a comment"},
	"comment.none":         {"まだコメントはありません。", "No comments yet."},
	"comment.first":        {"最初のコメントをどうぞ。", " Be the first."},
	"comment.preview":      {"コメントの確認", "Preview of the comment"},
	"comment.older":        {"前のコメント", "Earlier comments"},
	"comment.newer":        {"次のコメント", "Later comments"},
	"error.commentsclosed": {"この日記はコメントを受け付けていません。", "This entry takes no comments."},
	"error.commentsfull":   {"コメントの数が上限に達しています。", "The limit of comments is reached."},
}
