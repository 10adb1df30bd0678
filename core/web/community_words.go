package web

// communityWords are the words of communities.
var communityWords = wordTable{
	"communities": {"コミュニティ", "Communities"},

	"news.communityrequest":      {"%sさんが、コミュニティ「%s」への参加を申し込んでいます。", "%s asks to join the community “%s”."},
	"news.communityaccepted":     {"%sさんが、コミュニティ「%s」への参加を承認しました。", "%s let you into the community “%s”."},
	"news.communityinvitation":   {"%sさんが、コミュニティ「%s」に誘っています。", "%s invites you to the community “%s”."},
	"news.communityoffer":        {"%sさんが、コミュニティ「%s」の管理を頼んでいます。", "%s asks you to help to run the community “%s”."},
	"news.topic":                 {"%sさんが、あなたの書き込み「%s」にコメントを書きました。", "%s commented on your post “%s”."},
	"notice.communityrequest":    {"コミュニティへの参加申し込みが%d件届いています", "%d {person asks|people ask} to join your communities"},
	"notice.communityaccepted":   {"参加が承認されたコミュニティが%d件あります", "You were let into %d communit{y|ies}"},
	"notice.communityinvitation": {"コミュニティへの招待が%d件届いています", "%d invitation{|s} to communities"},
	"notice.communityoffer":      {"コミュニティの管理を頼まれています(%d件)", "%d request{|s} to help to run a community"},
	"notice.topic":               {"コミュニティの書き込みに新しいコメントが%d件あります", "%d new comment{|s} on your posts in communities"},
	"letter.communityrequest":    {"コミュニティへの参加申し込み", "Somebody asks to join your community"},
	"letter.communityaccepted":   {"コミュニティへの参加の承認", "You were let into a community"},
	"letter.communityinvitation": {"コミュニティへの招待", "An invitation to a community"},
	"letter.communityoffer":      {"コミュニティの管理のお願い", "A request to help to run a community"},
	"letter.topic":               {"コミュニティの書き込みへのコメント", "A comment on your post in a community"},
}
