package review

import (
	"strings"
	"testing"
)

func TestReadProducts(t *testing.T) {
	want := []NewProduct{{Book, "坊っちゃん", "夏目漱石", "9784101010137"}, {Kitchen, "鉄瓶, 小", "", ""}}
	for name, read := range map[string]func() ([]NewProduct, []error, error){
		"csv": func() ([]NewProduct, []error, error) {
			return ReadTable(strings.NewReader("\uFEFF# from the shop\ntitle,category,code,maker,price\n坊っちゃん,book,4-10-101013-7,夏目漱石,300\n\"鉄瓶, 小\",11\n,book\n題,no such\n"))
		},
		"tsv": func() ([]NewProduct, []error, error) {
			return ReadTable(strings.NewReader("category\ttitle\tmaker\tcode\nbook\t坊っちゃん\t夏目漱石\t9784101010137\nkitchen\t鉄瓶, 小\nbook\t\nno such\t題\n"))
		},
		"json": func() ([]NewProduct, []error, error) {
			return ReadJSON(strings.NewReader(`[{"category":"book","title":"坊っちゃん","maker":"夏目漱石","code":"4101010137"},{"category":11,"title":"鉄瓶, 小"},{"category":1},{"category":99,"title":"題"}]`))
		},
	} {
		list, bad, err := read()
		if err != nil || len(list) != 2 || list[0] != want[0] || list[1] != want[1] || len(bad) != 2 {
			t.Errorf("%s: %+v, %v, %v", name, list, bad, err)
		}
	}
	for _, none := range []string{"", "a\tb\n1\t2\n", "title\n題\n", "category,title\n\"open\n"} {
		if list, _, err := ReadTable(strings.NewReader(none)); err == nil {
			t.Errorf("%q is %+v", none, list)
		}
	}
	if _, _, err := ReadJSON(strings.NewReader("{}")); err == nil {
		t.Error("an object is no list")
	}
}
