package web

import "maps"

func init() { maps.Copy(catalogue, blockWords) }

// blockWords are the words of the access block.
var blockWords = map[string][2]string{
	"block":            {"アクセスブロック", "Access block"},
	"block.do":         {"この人をアクセスブロックする", "Block this member"},
	"block.ask":        {"%sさんをアクセスブロックしますか？", "Block %s?"},
	"block.lead":       {"お互いのページ・日記・コメント・足あとなどが見えなくなります。相手には知らされません。", "Neither of you sees the other's pages, entries, comments or footprints any more. The other is not told."},
	"block.send":       {"ブロックする", "Block"},
	"block.none":       {"アクセスブロックしている人はいません。", "You have blocked nobody."},
	"block.end":        {"解除する", "Unblock"},
	"error.blocksfull": {"アクセスブロックの数が上限に達しています。不要なものを解除してから、もう一度お試しください。", "You have reached the limit of blocked members. Unblock somebody, then try again."},
}
