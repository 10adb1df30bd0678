package web

import "maps"

func init() { maps.Copy(catalogue, addressWords) }

// addressWords are the words of mail addresses, and of the letters about them. A handset's letter ("…short") is a sentence
// and an address.
var addressWords = map[string][2]string{
	"mail.settings": {"メールアドレスの設定", "Mail addresses"},
	"mail.lead":     {"パソコンとケータイのアドレスを1つずつ登録できます。どちらでもログインできます。", "You can have one PC address and one phone address, and log in with either."},
	"mail.pc":       {"パソコン", "PC"},
	"mail.handset":  {"ケータイ", "Phone"},
	"mail.waiting":  {"%sに確認のメールを送りました。%sまでに、メールのページを開いてください。", "A letter went to %s. Open the page in it by %s."},
	"mail.forget":   {"この変更をやめる", "Forget this change"},
	"mail.new":      {"アドレスの登録・変更", "Add or change an address"},
	"mail.newlead":  {"新しいアドレスに確認のメールを送ります。メールのページを開くと登録され、同じ種類のアドレスと入れ替わります。", "We send a letter to the new address. Open the page in it, and the address replaces the one of the same kind."},
	"mail.send":     {"確認のメールを送る", "Send the letter"},
	"mail.remove":   {"アドレスの削除", "Remove an address"},
	"mail.which":    {"削除するアドレス", "Which one"},
	"mail.confirm":  {"メールアドレスの確認", "Confirm the address"},
	"mail.ask":      {"このアドレスを登録しますか？", "Shall this be your address?"},
	"mail.yes":      {"登録する", "Yes"},

	"field.mailown":  {"このアドレスは登録済みです。", "This is your address already."},
	"error.lastmail": {"最後のアドレスは削除できません。先に新しいアドレスを登録してください。", "The last address cannot be removed. Please add another one first."},

	"letter.mail":             {"%s: メールアドレスの確認", "%s: confirm your address"},
	"letter.mailbody":         {"%sさん\n\nこのアドレスを登録するには、24時間以内に次のページを開いてください。\n%s\n\n心当たりのない場合は、このメールを捨ててください。何も変わりません。\n", "%s,\n\nto make this your address, open this page within 24 hours.\n%s\n\nIf you did not ask for this, throw this mail away: nothing changes.\n"},
	"letter.mailshort":        {"24時間以内に開くと、このアドレスが登録されます。\n%s\n", "Open this within 24 hours to make this your address.\n%s\n"},
	"letter.mailtaken":        {"%s: このアドレスは登録済みです", "%s: you are registered already"},
	"letter.mailtakenbody":    {"%sさん\n\nこのアドレスを登録しようとした人がいますが、あなたのアドレスとして登録済みです。何も変わっていません。\n\nそれがあなたなら、このアドレスでログインできます。\n%s\n", "%s,\n\nsomebody tried to register this address. It is yours already and nothing has changed.\n\nIf that was you, you can log in with it.\n%s\n"},
	"letter.mailtakenshort":   {"だれかがこのアドレスを登録しようとしました。登録済みなので、何も変わっていません。\n%s\n", "Somebody tried to register this address. It is yours already; nothing has changed.\n%s\n"},
	"letter.mailchanged":      {"%s: メールアドレスが変わりました", "%s: your addresses were changed"},
	"letter.mailchangedbody":  {"%sさん\n\n登録してあるメールアドレスが変わりました。次のページで確認できます。\n%s\n\n心当たりのない場合は、すぐにパスワードを変更してください。\n", "%s,\n\nyour mail addresses were changed. You can see them here.\n%s\n\nIf this was not you, change your password at once.\n"},
	"letter.mailchangedshort": {"メールアドレスの登録が変わりました。心当たりのない場合は、すぐにパスワードを変更してください。\n%s\n", "Your mail addresses were changed. If this was not you, change your password at once.\n%s\n"},
	"letter.resetlater":       {"%s: 新しいパスワード", "%s: a new password"},
	"letter.resetlaterbody":   {"%sさん\n\nこのアドレスは登録してから24時間たっていないため、新しいパスワードを決めるページをお送りできません。24時間たってから、もう一度お試しください。\n%s\n", "%s,\n\nthis address is yours for less than 24 hours; until then it gets no page for a new password. Please try again later.\n%s\n"},
}
