package web

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/review"
	"musubi/core/search"
	"musubi/core/shop"
)

// fill sends a form of a page, with its token.
func (w *world) fill(b *browser, page, action string, values url.Values) reply {
	w.t.Helper()
	values.Set("k", tokenOn(w.t, b.get(page).body, action))
	return b.post(action, values)
}

// A review from nothing to the end: the product is entered, the review previewed and sent, found, answered, found helpful, pinned,
// changed and deleted.
func TestReviewStory(t *testing.T) {
	w := newWorld(t)
	hana, taro := w.member("花子"), w.member("太郎")
	w.friends(hana, taro)
	b, c := w.as(hana), w.as(taro)
	w.contains(b.get("/home"), `href="/review"`, "レビュー")
	w.contains(b.get(reviewSearchPath+"?q=4901234567894"), "見つかりませんでした。", "商品を登録してレビューを書く")
	w.contains(b.get(productNewPath+"?q=4901234567894"), `value="4901234567894"`)
	form := url.Values{"category": {"11"}, "title": {"南部鉄瓶☀"}, "maker": {"岩鋳"}, "code": {"4901234567890"}, "send": {"1"}}
	w.contains(w.fill(b, productNewPath, productNewPath, form), "バーコードの番号ではないようです。", "南部鉄瓶☀")
	form.Set("code", "4901234567894")
	made := w.fill(b, productNewPath, productNewPath, form)
	if !strings.HasPrefix(made.location, reviewWritePath+"?product=") {
		t.Fatalf("entered: %d %s", made.status, made.location)
	}
	product := strings.TrimPrefix(made.location, reviewWritePath+"?product=")
	values := url.Values{"product": {product}, "stars": {"0"}, "body": {"重いけれどお湯がおいしい"}, "visibility": {"0"}, "confirm": {"1"}}
	w.contains(w.fill(b, made.location, reviewWritePath, values), `id="stars-error"`, "重いけれどお湯がおいしい")
	values.Set("stars", "4")
	preview := w.fill(b, made.location, reviewWritePath, values)
	w.contains(preview, "レビューの確認", "★★★★☆", "全員に公開")
	values.Del("confirm")
	values.Set("k", tokenOn(t, preview.body, reviewWritePath))
	values.Set("send", "1")
	sent := b.post(reviewWritePath, values)
	if !strings.HasPrefix(sent.location, reviewPath+"?owner=") {
		t.Fatalf("sent: %d %s %s", sent.status, sent.location, sent.body)
	}
	own, err := w.core.Review.Own(t.Context(), hana.ID, idNamed(product))
	w.must(err)
	page := reviewIDPath(hana.ID, own)

	for _, path := range []string{reviewsPath, reviewsNewestPath, reviewsFriendsPath, reviewsOfIDPath(hana.ID), reviewCategoryIDPath(review.Kitchen), memberPath(hana.ID), "/home"} {
		w.contains(c.get(path), "南部鉄瓶☀", "★★★★☆")
	}
	for _, query := range []string{"4901234567894", "鉄瓶", "岩鋳　南部"} {
		w.contains(c.get(reviewSearchPath+"?q="+url.QueryEscape(query)), productIDPath(idNamed(product)))
	}
	w.must(w.core.Search.UpdateSearch(t.Context()))
	w.contains(c.get(findPath(review.SearchReviews, "お湯", "")), "南部鉄瓶☀")
	if found, err := w.core.Search.Search(t.Context(), core.Viewer{Member: taro.ID}, search.Query{Kind: review.SearchReviews, Words: "お湯", Size: 9}); err != nil || len(found.Rows) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}

	if r := w.press(c, reviewHelpfulPath, url.Values{"owner": {hana.ID.String()}, "id": {own.String()}, "helpful": {"1"}}); r.location != page {
		t.Errorf("helpful: %d %s", r.status, r.location)
	}
	w.press(c, reviewHelpfulPath, url.Values{"owner": {hana.ID.String()}, "id": {own.String()}, "helpful": {"1"}}) // says nothing new
	w.contains(c.get(page), "1人が参考になったと言っています。", "「参考になった」を取り消す", "通報する")
	w.press(c, reviewCommentPath, url.Values{"owner": {hana.ID.String()}, "id": {own.String()}, "body": {"どこで買いましたか"}, "send": {"1"}})
	w.contains(b.get("/notices"), "太郎さんが、あなたの「南部鉄瓶☀」のレビューにコメントを書きました。")
	w.contains(b.get("/home"), "レビューに新しいコメントが1件あります")
	w.contains(b.get(page), "どこで買いましたか")
	if r := b.get("/home"); strings.Contains(r.body, "レビューに新しいコメント") {
		t.Error("told again after the look")
	}

	square := w.commune(hana, "鉄瓶の会", false)
	w.contains(b.get(page), "鉄瓶の会")
	w.press(b, reviewPinPath, url.Values{"id": {own.String()}, "community": {square.String()}, "pin": {"1"}})
	w.contains(c.get(communitySub(reviewsPinnedPath, square)), "南部鉄瓶☀")
	w.contains(c.get(communityIDPath(square)), communitySub(reviewsPinnedPath, square))
	if err := w.core.Review.Pin(t.Context(), core.Viewer{Member: taro.ID}, square, own); !errors.Is(err, core.ErrNotFound) {
		t.Errorf("another pins it: %v", err)
	}

	w.contains(b.get(made.location), "レビューを編集する", "重いけれど") // one review of a thing: the second is the first
	values = url.Values{"product": {product}, "review": {own.String()}, "stars": {"2"}, "body": {"さびた"}, "visibility": {"2"}, "send": {"1"}}
	if r := w.fill(b, made.location, reviewWritePath, values); r.location != page {
		t.Fatalf("changed: %d %s", r.status, r.body)
	}
	w.contains(c.get(page), "★★☆☆☆", "さびた")
	w.contains(c.get(productIDPath(idNamed(product))), "まだ評価がありません。", "さびた")

	w.contains(b.get(reviewDeletePath+"?id="+own.String()), "南部鉄瓶☀", "コメント1件")
	if r := w.press(b, reviewDeletePath, url.Values{"id": {own.String()}}); r.location != reviewsOfPath {
		t.Errorf("deleted: %d %s", r.status, r.location)
	}
	if r := c.get(page); r.status != 404 {
		t.Errorf("after it was deleted: %d", r.status)
	}
}

func idNamed(s string) core.ID {
	id, ok := core.ParseID(s)
	if !ok {
		panic("no ID: " + s)
	}
	return id
}

// A list of wishes is one's own; links to shops count.
func TestReviewWishesAndShops(t *testing.T) {
	w := newWorld(t)
	hana, taro := w.member("花子"), w.member("太郎")
	r := w.reviews(taro, "A&B 図鑑", "よい", core.Everyone)
	b, page := w.as(hana), productIDPath(r.Product.ID)
	w.contains(b.get(page), "ほしいものリストに入れる", "平均", "ばらつき", "★3.0", `rel="sponsored noopener"`, "Amazon")
	if r := w.fill(b, page, wishesPath, url.Values{"id": {r.Product.ID.String()}, "wish": {"1"}}); r.location != page {
		t.Errorf("wish: %d %s", r.status, r.location)
	}
	w.contains(b.get(wishesPath), "A&amp;B 図鑑")
	if got := w.as(taro).get(wishesPath).body; strings.Contains(got, "A&amp;B") {
		t.Error("another member's wish")
	}
	w.fill(b, wishesPath, wishesPath, url.Values{"id": {r.Product.ID.String()}, "list": {"1"}})
	w.contains(b.get(wishesPath), "まだありません。")
	to := b.get(productBuyIDPath("Amazon", r.Product.ID))
	if to.status != 302 || to.location != "https://www.amazon.co.jp/s?k=A%26B+%E5%9B%B3%E9%91%91+" || string(to.header.Peek("Referrer-Policy")) != "no-referrer" {
		t.Errorf("to the shop: %d %s", to.status, to.location)
	}
	if r := b.get(productBuyIDPath("nobody", r.Product.ID)); r.status != 404 {
		t.Errorf("a shop that there is not: %d", r.status)
	}
	if clicks, err := w.core.Review.Clicks(t.Context(), 7); err != nil || len(clicks) != 1 || clicks[0] != (shop.Clicks{Shop: "Amazon", Clicks: 1}) {
		t.Errorf("counted %+v, %v", clicks, err)
	}
}

// importer is a service of the operator.
type importer struct{ err error }

func (i *importer) FindProducts(_ context.Context, words, code string) ([]review.NewProduct, error) {
	return []review.NewProduct{{Category: review.Book, Title: "坊っちゃん " + words + code, Maker: "夏目漱石", Code: "978-4-00-310102-5"}, {Category: 99, Title: "no such kind"}}, i.err
}

// What the operator's service offers is entered by the member who takes it, and by nobody before.
func TestReviewImporter(t *testing.T) {
	w := newWorld(t)
	b := w.as(w.member("花子"))
	if r := b.get(reviewSearchPath + "?q=x"); strings.Contains(r.body, "ほかのデータベース") {
		t.Error("there is none to ask")
	}
	from := &importer{}
	w.core.Review.UseImporter(from)
	w.contains(b.get(reviewSearchPath+"?q=x"), "ほかのデータベースからも探す")
	page := b.get(reviewSearchPath + "?q=x&ask=1")
	w.contains(page, "坊っちゃん x", "夏目漱石", "これにレビューを書く")
	if strings.Contains(page.body, "no such kind") {
		t.Error("an offer that is none")
	}
	if found, err := w.core.Review.FindProducts(t.Context(), "坊っちゃん", 0); err != nil || len(found) != 0 {
		t.Errorf("stored before it was taken: %+v, %v", found, err)
	}
	r := b.post(productNewPath, url.Values{"k": {tokenOn(t, page.body, productNewPath)}, "category": {hidden(page.body, "category")}, "title": {hidden(page.body, "title")}, "maker": {"夏目漱石"}, "code": {hidden(page.body, "code")}, "send": {"1"}})
	if !strings.HasPrefix(r.location, reviewWritePath) {
		t.Fatalf("taken: %d %s", r.status, r.body)
	}
	w.contains(b.get(reviewSearchPath+"?q=4003101022"), "坊っちゃん x") // the ISBN of ten signs of that barcode
	from.err = errors.New("away")
	w.contains(b.get(reviewSearchPath+"?q=x&ask=1"), "今は調べられません。")
}

// What is for a PC alone tells a handset so.
func TestReviewsAreForPCs(t *testing.T) {
	w := newWorld(t)
	m := w.member("花子")
	r := w.reviews(m, "鉄瓶", "よい", core.Everyone)
	b := w.as(m)
	b.headers = map[string]string{"X-Ktai-Carrier": "docomo", "X-Ktai-Class": "handset", "X-Ktai-Omit": "data-pc", "X-Ktai-Time": fmt.Sprint(w.clock.Now().Unix())}
	get := func(path string) reply { b.sign("GET", path); return b.get(path) }
	for _, path := range []string{reviewsPath, productIDPath(r.Product.ID), reviewIDPath(m.ID, r.ID), wishesPath} {
		if r := get(path); r.status != 200 || !strings.Contains(r.body, "パソコン") || strings.Contains(r.body, "鉄瓶") {
			t.Errorf("%s on a handset: %d %s", path, r.status, r.body)
		}
	}
	for _, path := range []string{"/home", memberPath(m.ID), searchPath} {
		if r := get(path); strings.Contains(r.body, `href="/review`) || strings.Contains(r.body, `value="reviews"`) {
			t.Errorf("%s on a handset leads to reviews", path)
		}
	}
}
