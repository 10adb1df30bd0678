package web

import (
	"strings"
	"testing"
	"time"

	"musubi/core"
)

// TestHomeAsStream: a switch shows what friends have new as one stream, and the browser stays with it; the lists come back; a handset
// has them always.
func TestHomeAsStream(t *testing.T) {
	w := newWorld(t)
	me, friend, stranger := w.member("はる"), w.member("たく"), w.member("知らない人")
	w.friends(me, friend)
	w.diary(friend, "友人だけの話", core.Friends)
	w.diary(friend, "秘密の話", core.Private)
	w.diary(stranger, "遠くの話", core.Everyone)
	b := w.as(me)
	if page := b.get("/home").body; strings.Contains(page, `id="stream"`) || !strings.Contains(page, "/home?view=stream") {
		t.Error("home begins as lists, with the way to the stream")
	}
	for _, address := range []string{"/home?view=stream", "/home"} {
		page := b.get(address).body
		for text, want := range map[string]bool{`id="stream"`: true, "友人だけの話 の本文": true, "たくさんの日記": true, "秘密の話": false, "遠くの話": false, "/live.js": true} {
			if strings.Contains(page, text) != want {
				t.Errorf("%s has %q: %v, want %v", address, text, !want, want)
			}
		}
	}
	phone := w.as(me)
	phone.cookies[viewCookie] = viewStream
	phone.headers["X-Ktai-Carrier"], phone.headers["X-Ktai-Omit"] = "docomo", "data-pc"
	if page := phone.signed("GET", "/home", nil).body; strings.Contains(page, `id="stream"`) || !strings.Contains(page, "友人だけの話") {
		t.Error("a handset has no lists")
	}
	b.get("/home?view=lists")
	if strings.Contains(b.get("/home").body, `id="stream"`) {
		t.Error("the lists do not come back")
	}
}

// TestEventsOfHome: a script learns that something is new, and nothing of what it is; places are counted, and who is no script
// takes none.
func TestEventsOfHome(t *testing.T) {
	w := newWorld(t)
	me, friend := w.member("はる"), w.member("たく")
	w.friends(me, friend)
	look := watch{w.site, core.Viewer{Member: me.ID}}
	e := &events{watch: look, mark: look.mark(t.Context()), until: time.Now().Add(time.Minute)}
	if e.look(); e.next != ":\n\n" {
		t.Errorf("nothing is new, and it says %q", e.next)
	}
	w.diary(friend, "秘めたる題名", core.Friends)
	if e.look(); !strings.HasPrefix(e.next, "id: ") || !strings.Contains(e.next, "data: {") || strings.Contains(e.next, "秘めたる") {
		t.Errorf("an entry is new, and it says %q", e.next)
	}
	if e.look(); e.next != ":\n\n" {
		t.Errorf("it says the same again: %q", e.next)
	}

	b := w.as(me)
	if r := b.get(homeEventsPath); r.status != 204 {
		t.Errorf("a reader without script has %d", r.status)
	}
	for range maxOwnEvents {
		if !w.site.listening.enter(me.ID) {
			t.Fatal("no place")
		}
	}
	b.headers["Accept"] = "text/event-stream"
	if r := b.get(homeEventsPath); r.status != 204 {
		t.Errorf("one too many has %d", r.status)
	}
	e.Close()
	e.Close()
	if w.site.listening.all != maxOwnEvents-1 {
		t.Errorf("%d places are taken", w.site.listening.all)
	}
}
