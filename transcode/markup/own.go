package markup

import (
	"musubi/carriers"
	"musubi/transcode/text"
)

// western are the gateway's own words for pages in other languages than Japanese, and screens that have no Japanese characters.
var western = map[string]string{
	"送信": "Send", "検索": "Search", "次へ": "Next", "前へ": "Back", menuWords: "Menu", "フレーム": "Frame", "もっと見る": "More", "画像": "Picture", "動画": "Video",
	"音声": "Sound", "次のページへ": "Next page", "・": "* ", "「": `"`, "」": `"`, "／": " / ", "：": ": ", "●": "(x)", "○": "( )",
	"（選んでください）": "(choose)", "今のまま ": "As it is: ", "（続く）": "(more)", "[次へ]": "[Next]", "はい": "Yes", "いいえ": "No", headingMark: "* ", "【": "[", "】": "] ", "この検索や入力は別のサイトで行います": "This form belongs to another site",
	"［ファイルはこの端末から送れません。メールで送ってください］": "[Files cannot be sent from here; send them by mail]",
	notHere:  "(This form cannot be used here)",
	keptSafe: "(This form has characters that cannot be shown here and would be lost, so it cannot be edited here)",
	"入力が長すぎて、この端末では続けられません。前の画面に戻って短くしてください。": "What was typed is too long to go on here. Go back and make it shorter.",
}

// our says words of the gateway's own in the page's language.
func (w *Writer) our(s string) string {
	if w.read&text.English != 0 || w.h.Dialect.Family == carriers.WML { // whose phones have no Japanese signs
		if english, ok := western[s]; ok {
			return english
		}
	}
	return s
}
