package web

// premiumWords are the words of premium.
var premiumWords = wordTable{
	"premium":              {"プレミアム", "Premium"},
	"premium.until":        {"プレミアムの期限:", "You have Premium until"},
	"premium.grace":        {"期限を過ぎています。あと数日のうちに更新すると、そのまま続けられます。", "Your time is over. Renew within a few days and it goes on."},
	"premium.free":         {"いまは無料プランをご利用中です。", "You have the free plan."},
	"premium.pay":          {"プレミアムに申し込む", "Get Premium"},
	"premium.renew":        {"プレミアムを更新する", "Renew Premium"},
	"premium.limits":       {"プランのちがい", "What the plans give"},
	"premium.plan.free":    {"無料", "Free"},
	"premium.plan.premium": {"プレミアム", "Premium"},
	"premium.lead":         {"パソコンとケータイで共通です。期限が切れても、書いたものや写真は消えません。", "One subscription for PC and phone. Nothing is deleted when it ends."},
	"premium.go":           {"お支払いのページへ進む", "Go on to the payment"},
	"premium.onpc":         {"お支払いのページがケータイで開けないときは、パソコンからお手続きください。", "If the page does not open on your phone, please use a PC."},
	"premium.noway":        {"お申し込みの方法は、運営者にお問い合わせください。次の番号をお伝えください。", "Please ask the operator how to pay, and give this number."},
	"premium.reference":    {"あなたの番号", "Your number"},

	"limit.albummb":  {"アルバムの容量", "Room in albums"},
	"limit.albums":   {"アルバムの数", "Albums"},
	"limit.polls":    {"アンケートの作成", "Making polls"},
	"limit.decorate": {"日記の装飾", "Decoration of entries"},
	"limit.search":   {"自分の日記とメッセージの検索", "Search in own entries and messages"},

	"news.premiumends":   {"プレミアムの期限が近づいています。", "Your Premium is about to end."},
	"notice.premiumends": {"プレミアムの期限のお知らせが%d件あります", "%d notice{|s} about your Premium"},
	"letter.premiumends": {"プレミアムの期限", "The end of your Premium"},

	"error.hook":          {"読み取れない通知です。", "This is not an event."},
	"error.hooksignature": {"署名が正しくありません。", "The signature is wrong."},
	"field.future":        {"これからの日付を入力してください。", "Please enter a day to come."},
}
