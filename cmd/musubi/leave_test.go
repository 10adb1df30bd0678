package main

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// waitForExport opens the page of the export until the file is made.
func waitForExport(t *testing.T, p *phone, ready string) *screen {
	t.Helper()
	for range 200 {
		s := p.get(p.ownLink("/settings/export")).must(200)
		if bytes.Contains(s.raw, []byte(ready)) {
			return s
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("no export after 20 s:\n%s", p.get(p.ownLink("/settings/export")).raw)
	return nil
}

// fetchExport downloads the export on a PC and opens it.
func fetchExport(t *testing.T, page *screen, password string) *zip.Reader {
	t.Helper()
	file := page.submit(page.formWith("password"), map[string]string{"password": password, "+fetch": "1"}).must(200)
	if got := file.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
		t.Fatalf("Content-Disposition %q:\n%.300s", got, file.raw)
	}
	z, err := zip.NewReader(bytes.NewReader(file.raw), int64(len(file.raw)))
	if err != nil {
		t.Fatalf("the file of %d bytes: %v", len(file.raw), err)
	}
	return z
}

// TestLeavingOnTwoScreens: a member begins an export on a handset, fetches it on a PC, leaves on the handset, is gone for
// everybody at once, cannot log in, and is invited again by the same address.
func TestLeavingOnTwoScreens(t *testing.T) {
	d := startDemo(t, "")
	defer d.stop()
	me := d.Members[1]
	pc, phone := newPhone(t, d.URL, uaPC, true), newPhone(t, d.URL, uaDoCoMo, false)
	pc.logIn(me.Mail, me.Password)
	friend := newPhone(t, d.URL, uaPC, true)
	friend.logIn(d.Members[0].Mail, d.Members[0].Password)
	profile := "/member?id=" + ownID(t, pc)
	friend.get(profile).must(200, me.Name)

	settings := phone.logIn(me.Mail, me.Password).follow(sjis("設定")).must(200)
	page := settings.follow(sjis("データの書き出し")).must(200)
	wrong := page.submit(page.formWith("password"), map[string]string{"password": "not the password", "+send": "1"}).must(200, sjis("パスワードが違います"))
	wrong.submit(wrong.formWith("password"), map[string]string{"password": me.Password, "+send": "1"}).must(200)
	ready := waitForExport(t, phone, sjis("書き出しができました"))
	if ready.formMaybe("password") != nil || !bytes.Contains(ready.raw, []byte(sjis("パソコンで"))) {
		t.Errorf("the handset offers a file that it cannot read:\n%s", ready.raw)
	}
	z := fetchExport(t, waitForExport(t, pc, "ダウンロード"), me.Password)
	for _, name := range []string{"index.html", "member.json", "diaries.json", "messages.json", "photos.json"} {
		if f, err := z.Open(name); err != nil {
			t.Error(err)
		} else {
			f.Close()
		}
	}

	page = phone.get(phone.ownLink("/settings")).must(200).follow(sjis("退会")).must(200, sjis("残るもの"), sjis("消えるもの"))
	asked := page.follow(sjis("退会の手続き")).must(200, sjis("本当に退会しますか"))
	asked = asked.submit(asked.formWith("password"), map[string]string{"password": "not the password", "+leave": "1"}).must(200, sjis("パスワードが違います"))
	asked.submit(asked.formWith("password"), map[string]string{"password": me.Password, "+leave": "1"}).must(200, sjis("退会しました"))

	friend.get(profile).must(404)
	if s := pc.get("/home"); bytes.Contains(s.raw, []byte("友人の最新日記")) {
		t.Error("the PC is still logged in")
	}
	for _, p := range []*phoneAndWord{{pc, "友人の最新日記"}, {phone, sjis("友人の最新日記")}} {
		if s := p.phone.logIn(me.Mail, me.Password); bytes.Contains(s.raw, []byte(p.word)) {
			t.Error("one who left can log in")
		}
	}
	invite(t, newPhone(t, d.URL, uaPC, true), d, func(s string) string { return s }, me.Mail)
	register(t, newPhone(t, d.URL, uaPC, true), func(s string) string { return s }, letterLink(t, d, me.Mail), "もどった人").must(200, "もどった人")
}

type phoneAndWord struct {
	phone *phone
	word  string
}

// TestKillInTheMiddleOfAnExport kills the program (kill -9) while an export is made. After the restart it is made anew, and
// nothing of the first try is left.
func TestKillInTheMiddleOfAnExport(t *testing.T) {
	data := filepath.Join(t.TempDir(), "demo")
	d := startDemo(t, data)
	for round := range 4 {
		p := newPhone(t, d.URL, uaPC, true)
		p.logIn(d.Members[0].Mail, d.Members[0].Password)
		page := p.get("/settings/export").must(200)
		page.submit(page.formWith("password"), map[string]string{"password": d.Members[0].Password, "+send": "1"}).must(200)
		time.Sleep(time.Duration(7*round) * time.Millisecond)
		d.kill()
		d = startDemo(t, data)
		p = newPhone(t, d.URL, uaPC, true)
		p.logIn(d.Members[0].Mail, d.Members[0].Password)
		ready := waitForExport(t, p, "書き出しができました")
		if files, _ := filepath.Glob(filepath.Join(data, "exports", "*")); len(files) != 1 || !strings.HasSuffix(files[0], ".zip") {
			t.Errorf("round %d: the files are %v, want one that is finished", round, files)
		}
		fetchExport(t, ready, d.Members[0].Password)
		if files, _ := filepath.Glob(filepath.Join(data, "exports", "*")); len(files) != 0 {
			t.Errorf("round %d: %v is left after the download", round, files)
		}
	}
	d.stop()
}

// TestOperatorsExportAndLeave: what an operator does for a suspended member who asks by letter.
func TestOperatorsExportAndLeave(t *testing.T) {
	dir := t.TempDir()
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "mine.zip")
	d := startDemo(t, data)
	defer d.stop()
	mail := d.Members[2].Mail
	for _, row := range []struct {
		args   string
		status int
		want   string
	}{
		{"member hold " + mail, 0, "status held"},
		{"member export " + mail, 2, "--out FILE"},
		{"member export " + mail + " --out " + out, 0, "wrote the data of"},
		{"member export " + mail + " --out " + out, 2, "cannot make the file"},
		{"member leave " + mail, 0, "has left"},
		{"member leave " + mail, 2, "no member has the address"},
	} {
		said, problem, status := do(t, append(strings.Fields(row.args), "--data", data)...)
		if status != row.status || !strings.Contains(said+problem, row.want) {
			t.Fatalf("%s: %d %s%s, want %d and %q", row.args, status, said, problem, row.status, row.want)
		}
	}
	info, err := os.Stat(out)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the file: %v %v", info, err)
	}
	z, err := zip.OpenReader(out)
	if err != nil {
		t.Fatal(err)
	}
	z.Close()
	friend := newPhone(t, d.URL, uaPC, true)
	friend.logIn(d.Members[0].Mail, d.Members[0].Password)
	if s := friend.get("/friends").must(200); bytes.Contains(s.raw, []byte(d.Members[2].Name)) {
		t.Error("the running site still shows who has left")
	}
}
