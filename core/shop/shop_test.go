package shop

import "testing"

func TestParse(t *testing.T) {
	shops, err := Parse([]string{"mora=https://mora.jp/?q={artist}+{title}&tag=x-22", "本=https://books.example/isbn/{code}?maker={maker}&a=7"}, "artist", "title", "maker", "code")
	if err != nil || len(shops) != 2 {
		t.Fatalf("%+v, %v", shops, err)
	}
	for i, want := range []string{"https://mora.jp/?q=A%26B+%E7%A9%BA&tag=x-22", "https://books.example/isbn/9784000000000?maker=%E5%B2%A9%E6%B3%A2&a=7"} {
		if got := shops[i].To(Names{Artist: "A&B", Title: "空", Maker: "岩波", Code: "9784000000000"}); got != want {
			t.Errorf("to %q, want %q", got, want)
		}
	}
	if s, ok := Named(shops, "本"); !ok || s != shops[1] {
		t.Errorf("named: %+v, %v", s, ok)
	}
	if _, ok := Named(shops, "nobody"); ok {
		t.Error("a shop that there is not")
	}
	for _, bad := range []string{"", "mora", "=https://a.example/", "x=javascript:alert(1)", "x=https://{artist}.example/", "x=https://a.example/{title}", "x=https://a.example/", "x=https://a.example/{artist}/{x", "x=https://a.example/{}"} {
		if _, err := Parse([]string{bad}, "artist"); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
