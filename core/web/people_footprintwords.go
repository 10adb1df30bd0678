package web

import "maps"

func init() { maps.Copy(catalogue, footprintWords) }

// footprintWords are the words of footprints.
var footprintWords = map[string][2]string{
	"footprints":             {"足あと", "Footprints"},
	"footprints.total":       {"これまでの足あと: %d", "Visits so far: %d"},
	"footprints.none":        {"まだ足あとはありません。日記を書いたり友人のページを訪ねたりすると、見に来てもらえます。", "No footprints yet. Write a diary or visit your friends, and they will come and see you."},
	"footprints.reached":     {"キリ番%d", "Round number %d"},
	"footprints.round":       {"キリ番", "Round number"},
	"footprints.roundlead":   {"足あとがちょうどこの数になったとき、だれが来たかをホームでお知らせします。", "When your visits reach exactly this number, your home page tells you who it was."},
	"footprints.roundnumber": {"番号", "Number"},
	"footprints.set":         {"設定する", "Set"},
	"footprints.stealth":     {"忍び足", "Stealth"},
	"footprints.hidden":      {"あなたの足あとはつきません。", "You leave no footprints."},
	"footprints.shown":       {"訪れた人のページに、あなたの足あとがつきます。", "You leave footprints with those you visit."},
	"footprints.hide":        {"足あとをつけない", "Leave no footprints"},
	"footprints.show":        {"足あとをつける", "Leave footprints"},
	"field.round":            {"いまの足あとより大きい、9桁までの数を入力してください。", "Please enter a number of at most 9 digits that is larger than the visits so far."},
}
