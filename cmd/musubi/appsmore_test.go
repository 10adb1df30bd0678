package main

import (
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Three more applications of Debian packages: a wiki without a login, whose search has no button; a forum; a reader of mails.

// startDidiWiki gives a wiki of its own, and its directory.
func startDidiWiki(t *testing.T) (url, dir string) {
	needsFiles(t, "/usr/bin/didiwiki")
	dir = t.TempDir()
	address := freeAddress(t)
	host, port, _ := strings.Cut(address, ":")
	return application(t, address, dir, "didiwiki", "-l", host, "-p", port, "-h", dir+"/pages"), dir + "/pages"
}

func TestDidiWikiOnHandsets(t *testing.T) {
	upstream, dir := startDidiWiki(t)
	onScreens(t, "DidiWiki", upstream, func(w *appWalk, name string) {
		file := filepath.Join(dir, name)
		write(t, file, inThreeScripts)
		stored := func() string { b, _ := os.ReadFile(file); return strings.ReplaceAll(string(b), "\r\n", "\n") }
		w.get("/" + name + "?edit")
		_, text := w.find("wikitext")
		w.press("Save", "wikitext", text.Value+w.lineEnd()+"追記です。")
		if got, want := stored(), inThreeScripts+"\n追記です。"; strings.TrimRight(got, "\n\x00") != want {
			w.t.Fatalf("stored is\n%q, want\n%q", got, want)
		}
		if shown := w.all(); !strings.Contains(shown, "追記です。") {
			w.t.Errorf("the page shows\n%s", shown)
		}
		w.get("/WikiHome")
		i, words := w.find("expr")
		if buttons := w.p.Page().Forms[i].Buttons; len(buttons) == 0 && w.p.Handset().PageBudget > 0 {
			w.t.Errorf("a handset has no button to search with")
		}
		w.must(w.p.Submit(i, words.Name, "追記"))
		if found := w.all(); !strings.Contains(found, name) {
			w.t.Errorf("what was written is not found:\n%s", found)
		}
		w.get("/Changes")
		if shown := w.all(); !strings.Contains(shown, name) {
			w.t.Errorf("no changes:\n%s", shown)
		}
	})
}

// startForum gives a forum of its own, and its directory.
func startForum(t *testing.T) (url, dir string) {
	needsFiles(t, "/usr/bin/fossil")
	dir = t.TempDir()
	runIn(t, dir, "fossil", "init", "r.fossil", "--admin-user", "admin")
	runIn(t, dir, "fossil", "user", "password", "admin", "pass123", "-R", "r.fossil")
	address := freeAddress(t)
	return application(t, address, dir, "fossil", "server", "r.fossil", "--localhost", "--port", address[strings.LastIndexByte(address, ':')+1:]), dir
}

func TestForumOnHandsets(t *testing.T) {
	upstream, dir := startForum(t)
	posts := func() string {
		return runIn(t, dir, "fossil", "sql", "-R", "r.fossil", "SELECT CAST(content(blob.uuid) AS TEXT) FROM forumpost JOIN blob ON blob.rid = fpid ORDER BY fpid")
	}
	onScreens(t, "Fossil's forum", upstream, func(w *appWalk, name string) {
		w.get("/login")
		w.press("Login", "u", "admin", "p", "pass123")
		w.get("/forumnew")
		text := name + "結び目は紐の文化。"
		w.press("Preview", "content", text, "title", "題"+name, "mimetype", "text/plain")
		if shown := w.all(); !strings.Contains(shown, name+"結び目") || strings.Contains(posts(), name+"結び目") {
			w.t.Fatalf("the preview shows not what was written, or has stored it:\n%s", shown)
		}
		w.get("/forumnew")
		w.press("Preview", "content", text, "title", "題"+name, "mimetype", "text/plain")
		w.press("Submit", "content", text)
		if all := posts(); !strings.Contains(all, name+"結び目は紐の文化。") {
			w.t.Fatalf("stored is\n%s\n%s", all, w.p.Page().Text)
		}
		w.get("/forum")
		w.must(w.p.Follow(w.link("/forumpost/")))
		if shown := w.all(); !strings.Contains(shown, name+"結び目は紐の文化。") {
			w.t.Errorf("the thread shows\n%s", shown)
		}
		w.get("/login")
		for i, f := range w.p.Page().Forms {
			for _, b := range f.Buttons {
				if b.Says("Logout") {
					w.must(w.p.Submit(i, b.Name, b.Value))
				}
			}
		}
		w.get("/forum")
		if shown := w.all(); strings.Contains(shown, "題"+name) {
			w.t.Errorf("logged out, and still it shows\n%s", shown)
		}
	})
}

// startInbox gives an archive of a mailing list with a letter and its answer.
func startInbox(t *testing.T) (url string) {
	needsFiles(t, "/usr/bin/public-inbox-httpd")
	dir, address := t.TempDir(), freeAddress(t)
	url = "http://" + address
	t.Setenv("PI_CONFIG", dir+"/config")
	runIn(t, dir, "public-inbox-init", "-V2", "list", dir+"/list", url+"/list", "list@example.org")
	runIn(t, dir, "sh", "-c", `printf '[publicinboxmda]\n\tspamcheck = none\n' >>config`)
	subject := "=?UTF-8?B?" + base64.StdEncoding.EncodeToString([]byte("結び目の話")) + "?="
	head := "From: haruka@example.org\nTo: list@example.org\nDate: Mon, 30 Nov 2026 10:00:00 +0900\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
	write(t, dir+"/1.eml", head+"Subject: "+subject+"\nMessage-ID: <one@example.org>\n\n"+inThreeScripts+"\n")
	write(t, dir+"/2.eml", head+"Subject: Re: "+subject+"\nMessage-ID: <two@example.org>\nIn-Reply-To: <one@example.org>\nReferences: <one@example.org>\n\n> 結び目\n返事です。\n")
	for _, mail := range []string{"1.eml", "2.eml"} {
		runIn(t, dir, "sh", "-c", "ORIGINAL_RECIPIENT=list@example.org public-inbox-mda <"+mail)
	}
	return application(t, address, dir, "public-inbox-httpd", "-l", address)
}

func TestInboxOnHandsets(t *testing.T) {
	upstream := startInbox(t)
	onScreens(t, "public-inbox", upstream, func(w *appWalk, name string) {
		w.get("/list/")
		w.press("search", "q", "Привет")
		w.must(w.p.Follow(w.link("one@example.org")))
		if shown := w.all(); !strings.Contains(shown, "結び目は紐の文化。") || !strings.Contains(shown, "haruka@example.org") || !strings.Contains(shown, "Привет") {
			w.t.Fatalf("the letter shows\n%s", shown)
		}
		w.get("/list/one@example.org/")
		w.must(w.p.Follow(w.link("two@example.org/")))
		if shown := w.all(); !strings.Contains(shown, "返事です。") {
			w.t.Errorf("the answer shows\n%s", shown)
		}
		w.get("/list/new.atom")
		if shown := w.all(); w.p.Handset().PageBudget > 0 && !strings.Contains(shown, "結び目の話") {
			w.t.Errorf("its feed shows\n%s", shown)
		}
	})
}
