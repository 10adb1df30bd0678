package web

import "maps"

func init() { maps.Copy(catalogue, bookmarkWords) }

// bookmarkWords are the words of bookmarks.
var bookmarkWords = map[string][2]string{
	"bookmarks":           {"お気に入り", "Bookmarks"},
	"bookmarks.none":      {"まだお気に入りはありません。プロフィールの「お気に入りに追加」で登録できます。相手には知らされません。", "No bookmarks yet. Add members from their profiles; they are not told."},
	"bookmarks.diaries":   {"お気に入りの最新日記", "New diaries of bookmarked members"},
	"bookmark.add":        {"お気に入りに追加", "Bookmark"},
	"bookmark.has":        {"お気に入りに登録済み", "In your bookmarks"},
	"bookmark.remove":     {"お気に入りからはずす", "Remove bookmark"},
	"error.bookmarksfull": {"お気に入りの数が上限に達しています。不要なものをはずしてから、もう一度お試しください。", "You have reached the limit of bookmarks. Remove some, then try again."},
}
