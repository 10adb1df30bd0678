package gateway

import (
	"io"
	"strconv"
	"strings"

	"github.com/valyala/fasthttp"
)

// A kind is one way in which a request can fail at the gateway: a status and what the reader is told.
type kind struct {
	status int
	ja, en message
}

// A message is the heading and the sentence of an error page.
type message struct{ title, text string }

// A refusal is why a request ends here. The detail is for the log; the page never shows it.
type refusal struct {
	kind   *kind
	detail string
	close  bool // the connection cannot be used for another request
}

func refuse(k *kind, detail string) *refusal { return &refusal{kind: k, detail: detail} }

// hangUp is refuse for requests after which the connection's framing is not certain.
func hangUp(k *kind, detail string) *refusal { return &refusal{k, detail, true} }

// The table of kinds.
var (
	errMalformed = &kind{400, message{"読めない要求です", "送られた内容の形が正しくありません。"}, message{"Bad request", "The request is not well-formed."}}
	errTimeout   = &kind{408, message{"時間切れです", "時間内に届きませんでした。もう一度お試しください。"}, message{"Too slow", "The request did not arrive in time. Please try again."}}
	errPassword  = &kind{407, message{"パスワードが必要です", "この中継を使うにはパスワードが必要です。"}, message{"Password needed", "A password is needed to go on from here."}}
	errStranger  = &kind{403, message{"使えません", "この中継は、決められた人だけが使えます。"}, message{"Not for you", "Only those on a list can use this proxy."}}
	errForbidden = &kind{403, message{"開けないサイトです", "このアドレスのサイトへは、ここから行けません。"}, message{"Not reached from here", "Sites at this address are not reached from here."}}
	errNoSite    = &kind{502, message{"サイトがありません", "その名前のサイトは見つかりません。アドレスを確かめてください。"}, message{"No such site", "There is no site of that name. Please check the address."}}
	errNoPage    = &kind{404, message{"ページがありません", "お探しのページはありません。"}, message{"Not found", "There is no such page."}}
	errMethod    = &kind{405, message{"できない操作です", "このページではその操作はできません。"}, message{"Not allowed", "This page cannot do that."}}
	errKept      = &kind{409, message{"もう一度開いてください", "この画面は古くなっています。送られた内容は保存されていません。前の画面を開き直してください。"}, message{"Please open it again", "This page is too old to be sent. Nothing has been stored. Please open it again."}}
	errTooLarge  = &kind{413, message{"大きすぎます", "送られたデータが大きすぎます。小さくしてお送りください。"}, message{"Too large", "What you sent is too large."}}

	errTargetTooLong  = &kind{414, message{"URLが長すぎます", "URLが長すぎます。"}, message{"URL too long", "The address is too long."}}
	errEncodedBody    = &kind{415, message{"読めない形式です", "圧縮されたデータは受け取れません。"}, message{"Unsupported", "Compressed bodies are not accepted."}}
	errExpectation    = &kind{417, message{"読めない要求です", "この要求には応えられません。"}, message{"Expectation failed", "The request expects something we do not do."}}
	errWrongHost      = &kind{421, message{"別のサイトです", "このサーバーはその名前のサイトではありません。"}, message{"Wrong site", "This server does not answer to that name."}}
	errTooMany        = &kind{429, message{"混み合っています", "アクセスが多すぎます。少し待ってからお試しください。"}, message{"Too many requests", "Please wait a moment and try again."}}
	errHeaderTooLarge = &kind{431, message{"読めない要求です", "送られたヘッダーが大きすぎます。"}, message{"Header too large", "The request header is too large."}}

	errInternal      = &kind{500, message{"エラーが起きました", "申し訳ありません。少し待ってからお試しください。"}, message{"Something went wrong", "Sorry. Please try again in a moment."}}
	errUnknownMethod = &kind{501, message{"できない操作です", "その操作には対応していません。"}, message{"Not implemented", "That method is not known here."}}
	errBadUpstream   = &kind{502, message{"つながりません", "サイトから正しい返事がありませんでした。"}, message{"Bad gateway", "The site did not answer properly."}}
	errInClear       = &kind{502, message{"安全につながりません", "このサイトはいつもは暗号化されていますが、いまは暗号化してつながりません。何も送っていません。少し待ってからお試しください。"}, message{"No safe way there", "This site is encrypted otherwise, and cannot be reached so now. Nothing was sent. Please try again in a moment."}}
	errDoubtful      = &kind{502, message{"サイトを確かめられません", "このサイトの証明書は確かめられません。入力されたものやアドレスの「?」から後ろが読まれるおそれがあるため、何も送っていません。サイトの先頭のページからお試しください。"}, message{"The site cannot be verified", "Nobody vouches for this site's certificate. Nothing was sent, since what was typed, or what follows the ? of an address, might be read on the way. Try the site's first page."}}
	errBusy          = &kind{503, message{"混み合っています", "ただいま利用できません。少し待ってからお試しください。"}, message{"Not available", "Please try again in a moment."}}
	errCrowded       = &kind{503, message{"混み合っています", "アクセスが集中しています。少し待ってから、もう一度お試しください。"}, message{"Very busy", "Too many people are here at once. Please try again in a moment."}}
	errCrowdedForm   = &kind{503, message{"混み合っています", "アクセスが集中しているため、送信された内容はまだ保存されていません。少し待って、この画面を再読み込みするか、前の画面に戻って、もう一度送信してください。"}, message{"Very busy", "Too many people are here at once. Nothing of what you sent has been stored. Please wait a moment, then reload this page or go back, to send it again."}}
	errUpstreamSlow  = &kind{504, message{"返事がありません", "サイトからの返事が遅れています。少し待ってからお試しください。"}, message{"Gateway timeout", "The site did not answer in time."}}
	errVersion       = &kind{505, message{"読めない要求です", "このHTTPの版には対応していません。"}, message{"HTTP version", "Only HTTP/1.0 and HTTP/1.1 are spoken here."}}
	errLoop          = &kind{508, message{"つながりません", "要求が同じ所を回っています。"}, message{"Loop", "The request came back to where it started."}}
)

// tooLarge is what is said of a file of more bytes than go through.
func tooLarge(most int64) *kind {
	n := strconv.FormatInt(max(most>>20, 1), 10)
	return &kind{403, message{"大きすぎるファイルです", "ここを通せるファイルは" + n + "MBまでです。パソコンなど、ここを通らない機器で開いてください。管理者は--proxy-download-mbで増やせます。"},
		message{"Too large a file", "Files of up to " + n + " MB go through here. Please open it on a device that does not come this way. The operator can allow more: --proxy-download-mb."}}
}

// errorPage writes the canonical page of a refusal: the same on every screen, within the smallest page budget.
func errorPage(dst []byte, k *kind, english bool) []byte {
	m, lang, back := k.ja, "ja", "トップへ"
	if english {
		m, lang, back = k.en, "en", "Home"
	}
	dst = append(dst, `<!DOCTYPE html><html lang="`+lang+`"><head><meta charset="UTF-8"><title>`+m.title+`</title></head><body><h1>`+m.title+`</h1><p>`+m.text+`</p>`...)
	if k != errWrongHost { // there is no way back to a site that we are not
		dst = append(dst, `<p><a href="/" accesskey="0">`+back+`</a></p>`...)
	}
	return append(dst, "</body></html>\n"...)
}

// wantsEnglish says whether a browser asks for English rather than Japanese. Handsets of the time ask for nothing.
func wantsEnglish(accept string) bool {
	first, _, _ := strings.Cut(accept, ",")
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(first)), "en")
}

// writeRefusal answers a request that ends at the gateway, in the handset's own markup and charset.
func (x *exchange) writeRefusal(r *refusal) {
	x.writeReady(r.kind)
	if r.kind == errPassword {
		x.ctx.Response.Header.Set("Proxy-Authenticate", `Basic realm="musubi"`)
	}
	if r.close {
		x.ctx.Response.SetConnectionClose()
	}
	if r.kind == errTooLarge {
		x.drain()
	}
	x.refused = r
}

// maxDrain is how much of a body that is too large is read and thrown away, bytes.
const maxDrain = 32 << 20

// drain lets a client finish sending, within maxDrain and the time a header may take: one that is cut off while it
// sends sees a reset connection instead of the page that says why.
func (x *exchange) drain() {
	if body := x.ctx.RequestBodyStream(); body != nil {
		io.CopyN(io.Discard, body, maxDrain)
	}
	x.ctx.Response.SetConnectionClose()
}

// onParseError answers what fasthttp could not read at all. Who sent it is not known, so the page is plain ASCII.
func onParseError(ctx *fasthttp.RequestCtx, err error) {
	k := parseErrorKind(err)
	ctx.Response.Reset()
	ctx.SetStatusCode(k.status)
	ctx.SetContentType("text/html; charset=us-ascii")
	setPrivate(&ctx.Response.Header)
	ctx.SetBodyString("<html><head><title>" + k.en.title + "</title></head><body><h1>" + k.en.title + "</h1><p>" + k.en.text + "</p></body></html>\n")
}
