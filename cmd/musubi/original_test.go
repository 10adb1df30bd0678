package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"

	"musubi/core"
	"musubi/core/account"
)

// phonePhoto is a photo of a phone of today: large, and it tells where it was taken, in front and behind.
func phonePhoto(t *testing.T, width, height int) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	for i := range m.Y {
		m.Y[i] = uint8(i*i>>9 ^ i)
	}
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x25\x88\x04\x00\x01\x00\x00\x00\x1a\x00\x00\x00\x00\x00\x00\x00GPSPLACE"
	out := append([]byte("\xFF\xD8\xFF\xE1"+string([]byte{byte((len(exif) + 2) >> 8), byte(len(exif) + 2)})+exif), plain.Bytes()[2:]...)
	return append(out, "GPSPLACE of a moving picture"...)
}

// TestSEC81_OriginalsStay: a browser is shown more pixels than a handset, without script; the owner gets what was sent, and in
// their export; nobody gets the place. The photo of an entry has its place, its caption and its page.
func TestSEC81_OriginalsStay(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	large := phonePhoto(t, 3000, 2250)
	pc := newPhone(t, d.URL, uaPC, true)
	pc.logIn(d.Members[0].Mail, d.Members[0].Password)
	form := pc.get("/album/edit")
	page := form.submit(form.form("textarea"), map[string]string{"title": "大きな海", "visibility": "0", "+send": ""}).must(200)
	page = page.uploadFiles(page.form("file"), large).must(200)
	photo := page.follow("アルバムを見る").must(200).follow("写真1").must(200, "srcset=", "大きな写真を見る", "元の写真をダウンロード")
	wide := photo.follow("大きな写真を見る").must(200)
	original := photo.follow("元の写真をダウンロード").must(200)
	for name, got := range map[string]struct {
		s     *screen
		width int
	}{"wide": {wide, 2048}, "original": {original, 3000}} {
		c, kind, err := image.DecodeConfig(bytes.NewReader(got.s.raw))
		if err != nil || c.Width != got.width || kind != "jpeg" || bytes.Contains(got.s.raw, []byte("GPSPLACE")) {
			t.Errorf("%s: %v %s %d pixels wide, %d bytes, with its place: %t", name, err, kind, c.Width, len(got.s.raw), bytes.Contains(got.s.raw, []byte("GPSPLACE")))
		}
	}
	if got := original.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Errorf("the original is to be kept, and says %q", got)
	}
	other := newPhone(t, d.URL, uaPC, true)
	other.logIn(d.Members[1].Mail, d.Members[1].Password)
	if theirs := other.get(photo.url.RequestURI()).must(200, "大きな写真を見る"); bytes.Contains(theirs.raw, []byte("box=original")) {
		t.Error("somebody else is offered the original")
	}
	other.get(original.url.RequestURI()).must(404)

	// An entry with five photos, one of them in its text.
	form = pc.get("/diary/write")
	write := form.form("textarea")
	body, kind := multipartOf(t, write, map[string]string{"title": "旅", "body": "はじめに[写真:2]おわりに", "confirm": "1"}, albumPicture(1), albumPicture(2), albumPicture(3), albumPicture(4), large)
	preview := pc.do("POST", form.url, write.action, kind, body).must(200, "はじめに", "おわりに")
	again := preview.submit(preview.formWith("title"), map[string]string{"+edit": ""}).must(200, "写真5の説明")
	caption := regexp.MustCompile(`name="(caption\d+)"`).FindAllStringSubmatch(string(again.raw), -1)
	if len(caption) != 5 {
		t.Fatalf("%d captions can be given", len(caption))
	}
	preview = again.submit(again.form("textarea"), map[string]string{caption[1][1]: "灯台と波", "+confirm": ""}).must(200, "灯台と波")
	entry := preview.submit(preview.formWith("title"), map[string]string{"+send": ""}).must(200, "灯台と波")
	if text := string(entry.raw); !regexp.MustCompile(`はじめに<span class="placed">.*灯台と波.*</span>おわりに`).MatchString(text) {
		t.Errorf("the photo is not in its place:\n%s", text)
	}
	entry.followTo("/diary/photo").must(200, "1/5枚", "次の写真").follow("次の写真").must(200, "2/5枚", "灯台と波")
}

// TestExportHasOriginals: what a member takes along is what they sent.
func TestExportHasOriginals(t *testing.T) {
	room, member := exportRoom(t)
	large := phonePhoto(t, 1200, 900)
	p, err := room.services.AddPhoto(t.Context(), member.ID, large, member.CreatedAt)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := room.services.Chores.ExportTo(t.Context(), member.ID, "ja", &out, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open("photos/" + p.ID.String() + ".jpg")
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	if c, _, err2 := image.DecodeConfig(bytes.NewReader(b)); err != nil || err2 != nil || c.Width != 1200 || bytes.Contains(b, []byte("GPSPLACE")) {
		t.Errorf("%v %v: %d pixels wide", err, err2, c.Width)
	}
	// What is deleted goes from the disk, all files of it.
	if err := room.store.Stores().Desk.DeletePhoto(t.Context(), member.ID, p.ID); err != nil {
		t.Fatal(err)
	}
	unused, err := room.store.Stores().Desk.UnusedBlobs(t.Context(), room.services.Now().AddDate(1, 0, 0), 10)
	if err != nil || len(unused) != 3 {
		t.Errorf("%d files may go, %v", len(unused), err)
	}
}

func exportRoom(t *testing.T) (*coreRoom, core.Member) {
	t.Helper()
	room, err := openCore(t.Context(), onData(t.TempDir(), logger(io.Discard, 8)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { room.Close() })
	m, err := room.services.Account.CreateMember(t.Context(), account.NewMember{Name: "花子", Mail: "hanako@example.jp", PasswordHash: "x", DiaryVisibility: core.Friends})
	if err != nil {
		t.Fatal(err)
	}
	return room, m
}

// multipartOf is a form as a browser sends it with files: its hidden fields, what is typed, and the files.
func multipartOf(t *testing.T, f *webForm, typed map[string]string, files ...[]byte) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, fl := range f.fields {
		if fl.kind == "hidden" && fl.name != "" {
			m.WriteField(fl.name, fl.value)
		}
	}
	for name, value := range typed {
		m.WriteField(name, value)
	}
	for i, file := range files {
		p, err := m.CreateFormFile("file", fmt.Sprintf("%d.jpg", i))
		if err != nil {
			t.Fatal(err)
		}
		p.Write(file)
	}
	m.Close()
	return b.Bytes(), m.FormDataContentType()
}
