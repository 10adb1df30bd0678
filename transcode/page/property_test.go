package page_test

import (
	"fmt"
	"strings"
	"testing"

	"musubi/transcode/page"
	"musubi/transcode/page/pagetest"
)

var all = page.Options{URL: "http://sns.example/diary/view?id=3", Session: "S3ss10n", EasyLogin: true}

// hostile pages are those that break converters, each on every kind of handset.
var hostile = map[string]string{
	"empty":            "",
	"only text":        "こんにちは",
	"two slashes":      `<a href="http://sns.example//evil/">a</a><a href="http://sns.example/\evil">b</a><form action="http://sns.example//">c<input type=submit></form><base href="http://sns.example/\evil/"><a href="x">d</a>`,
	"no break":         "<p>" + strings.Repeat("漢字かな", 5000),
	"one ascii word":   "<p>" + strings.Repeat("a", 60000),
	"one word in link": `<a href="/x">` + strings.Repeat("リンク", 7000) + `</a>`,
	"deep div":         strings.Repeat("<div>", 2000) + "底" + strings.Repeat("</div>", 2000) + "後",
	"deep mixed":       strings.Repeat("<div><b><ul><li><blockquote><i>x", 400) + "底",
	"deep tables":      strings.Repeat("<table><tr><td>x", 300) + "底",
	"deep lists":       strings.Repeat("<ul><li>項", 700) + strings.Repeat("</ul>", 700) + "後",
	"deep styled":      strings.Repeat(`<div style="color:#ff0000;background-color:#00ff00;text-align:center">x`, 900),
	"many formats":     strings.Repeat("<b><i><u><small><font color=red size=5>x", 500),
	"emoji attributes": `<a href="/☀" title="☀" accesskey="☀">☀</a><img src="/p.png" alt="☀写真☎"><form action=/f><input name=q value="☀"><input type=submit value="送信☀"></form>`,
	"svg":              `<p>前<svg viewBox="0 0 1 1"><title>題</title><text>絵の中</text><script>no()</script><a xlink:href="/x"><text>二</text></a></svg>後`,
	"media":            `<video src=/v.mp4 controls>動画なし<track></video><audio>音なし</audio><object data=/o>物なし</object><canvas>板なし</canvas><picture><source srcset=x><img src=/i.png alt=絵></picture>`,
	"data uri":         `<img src="data:image/png;base64,AAAA" alt="埋め込み"><a href="data:text/html,x">データ</a><a href="java	script:alert(1)">罠</a><a href=" JavaScript:x">罠二</a><a href=vbscript:x>罠三</a>`,
	"rtl":              `<p dir=rtl>שלום ` + "\u202e世界\u202c" + ` مرحبا</p>`,
	"rare kanji":       "<p>𠮷野家 髙橋 﨑 鷗 ①㈱ 〜−‖ ¥ ～ é 한글",
	"controls":         "<p>a\x00b\x1b$Gj\x0fc\x07d\x7fe\u0085f\u200bg\ufeffh</p>",
	"bom":              "\ufeff<html><title>題</title><body>本文",
	"ruby":             `<ruby>漢字<rt>かんじ</rt></ruby><ruby>東<rp>（</rp><rt>とう</rt><rp>）</rp>京<rp>（</rp><rt>きょう</rt><rp>）</rp></ruby>`,
	"html5 inputs": `<form action="/f" method="post"><input type=date name=d value=2007-01-01><input type=number name=n min=1><input type=email name=e required>
		<input type=color name=c><input type=range name=r><input type=tel name=t><input type=url name=u><input type=search name=s value="探す"><input type=file name=f>
		<datalist id=x><option>候補</datalist><progress>半分</progress><output>出力</output><fieldset><legend>枠</legend><label>名<input name=z></label></fieldset><button>押す</button></form>`,
	"pre":            "<pre>\n一行目\n  二行目   三\n\n<b>太</b>\tx<img src=/a alt=図><sub>下</sub><tt>等</tt><em>強</em><font color=red>赤</font><form action=/f><input name=x></form><ul><li>項</ul>続</pre>後",
	"pre in formats": "<b><i>甲<pre>乙<em>丙<small>丁</small></em></pre>戊</i></b>己",
	"nested tables":  `<table><tr><td><table><tr><td>内<td>側</table><td>外</table>`,
	"stray in table": `<table>迷子<tr>も<td>中</td>後</tr><b>太</b></table>末`,
	"500 options":    `<form action=/f method=post><p>選ぶ<select name=s>` + options(500) + `</select><input type=submit value=決定></form>後の文`,
	"long textarea":  `<form action=/f method=post><textarea name=body>` + strings.Repeat("長い本文。", 5000) + `</textarea><input type=submit></form>後`,
	"huge attributes": `<a href="/` + strings.Repeat("x", 60000) + `">遠い</a><img src="/` + strings.Repeat("y", 9000) + `" alt="` + strings.Repeat("代", 3000) +
		`"><form action="/f"><input name=a value="` + strings.Repeat("値", 9000) + `"><input type=submit value="` + strings.Repeat("押", 2000) + `"></form>`,
	"nested forms":     `<form action=/a><input name=x><form action=/b method=post><input name=y></form>文</form>`,
	"form in table":    `<table><form action=/a method=post><tr><td>名<td><input name=x><tr><td colspan=2><input type=submit></form></table>`,
	"block in link":    `<a href="/x"><div><h2>見出し</h2><p>段落</p></div></a>後`,
	"link in link":     `<a href="/1">一<a href="/2">二</a>三</a>`,
	"base":             `<base href="http://other.example/dir/"><a href="x">相対</a><img src="y.gif" alt="絵"><form action="z"><input name=q></form>`,
	"frames":           `<frameset><frame src="/menu" name="メニュー"><frame src="http://x.example/"><noframes><body>枠なし</body></noframes></frameset>`,
	"refresh":          `<meta http-equiv=refresh content="0; url=/next">移動します`,
	"noscript":         `<noscript><p>台本なし</p></noscript><template>見えない</template><div hidden>隠れ</div><p style="display: none">消え</p>`,
	"comments":         `a<!-- b -->c<!-->d<!--->e<![CDATA[f]]>g<?php h ?>i</ j>k<!-- open`,
	"entities":         `&lt;b&gt;&amp;amp&copy2007&nbsp;&yen;&hellip&#9728;&#x2600;&#12354&bogus;&`,
	"unterminated":     `<p>始め<b>太い<a href="/x`,
	"angle text":       `1 < 2 > 1 <3 <あ> </あ> <- -> "quoted" 'single'`,
	"dollar":           `<p>$100 $name $(x) &dol; $$</p><form action=/f method=post><input name=a value="$v1"><input type=submit value="$送信"></form>`,
	"own names":        `<a href="/x?_s=stolen&amp;a=1&_p=3">盗</a><a href="/y?_s=stolen">盗二</a>`,
	"hosts":            `<a href="//evil.example/">外</a><a href="/\evil.example/">外二</a><a href="https:evil.example">外三</a><a href="http://sns.example@evil.example/">外四</a><a href="http://sns.example:80/in">内</a><a href="http://SNS.example">内二</a><a href="?a=1">内三</a><a href="">内四</a><a href="#x">節</a>`,
	"long title":       `<title>` + strings.Repeat("長い題", 300) + `</title>本文`,
	"big form":         bigForm(120),
	"radio form":       `<form action=/f method=post>` + strings.Repeat(`<p>問<label><input type=radio name=r value=1>はい</label><label><input type=radio name=r value=0 checked>いいえ</label>`, 60) + `<input type=submit></form>`,
	"page in form":     `<form action=/f method=post>` + strings.Repeat("<p>文章が続く。そして続く。</p>", 600) + `<input name=x><input type=submit></form>末尾`,
	"buttons":          `<form action=/f method=post><button name=a value=1>一つ</button><button name=a value=2>二つ<img src=x alt=絵></button><button type=button>無効</button><input type=button value=釦><input type=image src=x alt=画></form>`,
	"keys":             `<a href=/0 accesskey=0>零</a><a href=/s accesskey=*>星</a><a href=/h accesskey="#">井</a><a href="tel:03-1234-5678">電話</a><a href="mailto:a@b.example?subject=件名☀&body=本文%0A二">便り</a>`,
	"form in a card":   hdmlRow(6) + hdmlRow(7) + hdmlRow(8) + hdmlRow(9) + hdmlRow(10),
	"bare form":        `<form action=/f method=post><hr></form><form action=/g><input type=hidden name=a value=b></form>`,
	"iframe":           `<iframe src=/f><p>枠&amp;<!-- </iframe>後<iframe src="http://x.example/"><iframe></iframe><noembed><b>埋</noembed>末`,
	"select in select": `<select><img alt=絵>迷<option>一<select><option>二</select><input name=x value=後>`,
	"foreign":          `<svg><textarea>文</textarea><title>題</title><p>段<math><mi>x</mi><plaintext>後<br>末`,
	"lists":            `<ol start=5><li>五<li>六<ul><li>内</ul></ol><ul>迷子<li>項<ul><ul><li>深</ul></ul></ul><li>外<dl><dt>語<dd>義<div><dt>語二<dd><p>義二</div></dl><menu><li>献立</menu>`,
	"long list":        "<h1>一覧</h1><ol>" + strings.Repeat(`<li><a href="/diary?id=1">日記の題が入る</a> (3)</li>`, 300) + "</ol>",
	"long table":       "<table>" + strings.Repeat("<tr><th>名<td>値が入る<td></tr>", 400) + "</table>",
	"zalgo":            "<p>" + strings.Repeat("e\u0301\u0302", 5000) + strings.Repeat("🇯🇵", 2000) + strings.Repeat("👨‍👩‍👧", 500),
	"utn":              `<a href="/easy" data-utn>簡単</a><form action="/easy" method=post data-utn><input type=submit value=簡単></form><form action="/easy" data-utn><input type=submit value=簡単></form>`,
	"styles":           `<body bgcolor=#ffeeee text=black><div style="color:red" class="marquee">動く</div><marquee>流れ<p>中</marquee><blink>光</blink><center>中央<p align=right>右</center><h2 data-bar="#123456" style="font-size:large">帯</h2><span style='color:#0f0;background-color:"><x'>緑</span>`,
	"canonical bits": `<section data-fold="/more"><h2>続き</h2><p>畳む</p></section><details><summary>要約</summary>詳細</details><figure><img src=/p.jpg alt="" width=640 height=480><figcaption>説明</figcaption></figure>
		<p data-pc>PCだけ</p><p data-handset>携帯だけ</p><div data-cut>切る</div><div data-keep>保つ</div><q>引用</q><time datetime=2007>二千七年</time><del>消</del>`,
}

func options(n int) string {
	var b strings.Builder
	for i := range n {
		sel := ""
		if i == 321 {
			sel = " selected"
		}
		fmt.Fprintf(&b, "<option value=%d%s>選択肢その%d", i, sel, i)
	}
	return b.String()
}

// hdmlRow is a form, begun in the middle of a card with a title, of about the size of a deck of 1.4 KB.
func hdmlRow(n int) string {
	var b strings.Builder
	b.WriteString("<title>題名が少し長い</title>前の文<form action=/f method=post>")
	for i := range n {
		fmt.Fprintf(&b, `<input name=field%d value="値%d">`, i, i)
	}
	b.WriteString("<input type=file name=x></form>後の文")
	return b.String()
}

func bigForm(n int) string {
	var b strings.Builder
	b.WriteString(`<h1>設定</h1><form action="/set?x=1" method="post"><input type=hidden name=csrf value=token>`)
	for i := range n {
		fmt.Fprintf(&b, `<p><label>項目%d<input name=f%d value="値%d"></label> <label><input type=checkbox name=c%d checked>はい</label></p>`, i, i, i, i)
	}
	b.WriteString(`<p><input type=submit value="変更する"></p></form><p>後書き</p>`)
	return b.String()
}

// TestAnyPageOnEveryHandset is the contract of the page stage; see pagetest.
func TestAnyPageOnEveryHandset(t *testing.T) {
	for name, src := range hostile {
		for _, n := range pagetest.Handsets {
			t.Run(name+"/"+n.Name, func(t *testing.T) {
				h := n.Handset()
				parts, wrong := pagetest.Page(&h, []byte(src), all)
				if wrong != "" {
					t.Errorf("%s (%s, budget %d, %d parts): %s", n.Name, h.Dialect, h.PageBudget, len(parts), wrong)
				}
			})
		}
	}
}
