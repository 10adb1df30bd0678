package main

import (
	"bytes"
	"net/http"
	"net/http/httptrace"
	"slices"
	"testing"
)

// TestTextSurvivesTooManyPhotos: whatever comes with a text, the answer has it, and the photos that fit; the connection is not cut.
func TestTextSurvivesTooManyPhotos(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	huge := bytes.Repeat([]byte{0xFF}, 24<<20)
	for name, files := range map[string][][]byte{
		"four of 24 MB": {albumPicture(1), huge, huge, huge, huge},
		"sixty at once": slices.Repeat([][]byte{albumPicture(1)}, 60),
	} {
		form := pc.get("/diary/write")
		write := form.form("textarea")
		body, kind := multipartOf(t, write, map[string]string{"title": "旅の写真", "body": "朝の汽車で\n海まで", "visibility": "0", "+confirm": "1"}, files...)
		page := pc.do("POST", form.url, write.action, kind, body).must(200, "旅の写真", "朝の汽車で", "受け取れませんでした")
		if !bytes.Contains(page.raw, []byte(`name="photo"`)) {
			t.Errorf("%s: the photo that fits is gone:\n%s", name, page.raw)
		}
	}

	// The same connection takes the next request.
	form := pc.get("/diary/write")
	write := form.form("textarea")
	body, kind := multipartOf(t, write, map[string]string{"title": "題", "body": "本文", "visibility": "0"}, huge, huge, huge, huge)
	at, err := form.url.Parse(write.action)
	if err != nil {
		t.Fatal(err)
	}
	reused := false
	trace := &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) { reused = i.Reused }}
	for range 2 {
		req, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), "POST", at.String(), bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", uaPC)
		req.Header.Set("Content-Type", kind)
		for _, c := range pc.client.Jar.Cookies(at) {
			req.AddCookie(c)
		}
		answer, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatalf("cut off while it sends: %v", err)
		}
		var text bytes.Buffer
		text.ReadFrom(answer.Body)
		answer.Body.Close()
		if !bytes.Contains(text.Bytes(), []byte("本文")) {
			t.Errorf("status %d, without the text", answer.StatusCode)
		}
	}
	if !reused {
		t.Error("the connection was cut")
	}
}
