package web

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"musubi/core"
	"musubi/core/account"
	"musubi/core/chores"
	"musubi/core/files"
	"musubi/core/network"
	"musubi/core/store/engine"
)

// newExporting is a world whose exports are made while the test runs.
func newExporting(t *testing.T) *world {
	w := newWorldWith(t, func(c *network.Config) {
		c.ExportDir = filepath.Join(filepath.Dir(string(c.Blobs.(files.Blobs))), "exports")
	})
	w.runs(t)
	return w
}

// runs starts what a serving process runs.
func (w *world) runs(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.core.Chores.Run(ctx, func(err error) { t.Errorf("chores: %v", err) })
	}()
	t.Cleanup(func() { stop(); <-ended })
}

// exported asks for an export and waits until it can be fetched.
func (w *world) exported(b *browser) {
	w.t.Helper()
	if got := w.press(b, exportPath, url.Values{"password": {password}}); got.location != exportPath {
		w.t.Fatalf("asking: %d\n%s", got.status, got.body)
	}
	for range 500 {
		if strings.Contains(b.get(exportPath).body, "書き出しができました") {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.t.Fatalf("the export is not made:\n%s", b.get(exportPath).body)
}

// fetches downloads the export and opens it.
func (w *world) fetches(b *browser) *zip.Reader {
	w.t.Helper()
	got := w.press(b, exportFilePath, url.Values{"password": {password}})
	if got.status != 200 || !strings.HasPrefix(string(got.header.ContentType()), "application/zip") {
		w.t.Fatalf("fetching: %d %s\n%s", got.status, got.header.ContentType(), got.body)
	}
	z, err := zip.NewReader(strings.NewReader(got.body), int64(len(got.body)))
	if err != nil {
		w.t.Fatal(err)
	}
	return z
}

func unzip(t *testing.T, z *zip.Reader, name string) []byte {
	t.Helper()
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// owned says, apart from the code that exports, which rows are a member's: $1.
var owned = map[string]string{
	"member": `member WHERE id = $1`, "profile": `profile WHERE member = $1`, "mail_addresses": `mail WHERE member = $1`,
	"sessions": `session WHERE member = $1`, "easy_logins": `easy_login WHERE member = $1`, "invitations": `invitation WHERE inviter = $1`,
	"friends": `friend WHERE member = $1`, "friend_requests": `friend_request WHERE member = $1`, "introductions": `introduction WHERE member = $1 OR introducer = $1`,
	"endorsements": `endorsement WHERE member = $1 OR author = $1`, "bookmarks": `bookmark WHERE member = $1`, "blocks": `block WHERE member = $1`,
	"footprints": `footprint WHERE member = $1`, "footprint_book": `footprint_book WHERE member = $1`, "read_marks": `diary_read WHERE member = $1`,
	"diaries": `diary WHERE member = $1`, "diary_drafts": `diary_draft WHERE member = $1`, "diary_categories": `diary_category WHERE member = $1`, "comments": `comment WHERE owner = $1 OR author = $1`,
	"albums": `album WHERE member = $1`, "album_comments": `album_comment WHERE owner = $1 OR author = $1`,
	"topics": `community_thread WHERE author = $1`, "topic_comments": `community_comment WHERE author = $1`, "topic_read_marks": `community_read WHERE member = $1`,
	"communities": `community WHERE administrator = $1`, "community_memberships": `community_member WHERE member = $1`,
	"community_bookmarks": `community_bookmark WHERE member = $1`, "community_announcements": `community_announcement WHERE author = $1`,
	"community_invitations": `community_invitation WHERE member = $1 OR inviter = $1`,
	"passkeys":              `passkey WHERE member = $1`,
	"push_browsers":         `push_browser WHERE member = $1`, "push_choice": `push_choice WHERE member = $1`,
	"second_step": `second_step WHERE member = $1`, "mail_wish": `mail_wish WHERE member = $1`, "news_letters": `news_letter WHERE member = $1`, "day_letters": `day_letter WHERE member = $1`,
	"music": `music_member WHERE member = $1`, "music_keys": `music_key WHERE member = $1`, "music_plays": `music_play WHERE member = $1`, "music_tracks": `music_heard WHERE member = $1`,
	"music_loves": `music_love WHERE member = $1`, "music_facts": `music_fact WHERE member = $1`,
	"playlists": `music_playlist WHERE member = $1`, "playlist_tracks": `music_playlist_track WHERE member = $1`, "playlist_comments": `music_playlist_comment WHERE owner = $1 OR author = $1`,
	"reviews": `review WHERE member = $1`, "review_comments": `review_comment WHERE owner = $1 OR author = $1`, "review_helpful": `review_helpful WHERE member = $1`,
	"review_pins": `review_pin WHERE owner = $1`, "review_products": `review_product WHERE added_by = $1`, "wishes": `review_wish WHERE member = $1`,
	"event_attendances": `community_seat WHERE member = $1`, "event_messages": `community_event_word WHERE author = $1`, "poll_votes": `community_vote WHERE member = $1`,
	"events": `community_event WHERE id IN (SELECT id FROM community_thread WHERE author = $1)`, "polls": `community_poll WHERE id IN (SELECT id FROM community_thread WHERE author = $1)`,
	"poll_choices": `community_choice WHERE poll IN (SELECT id FROM community_thread WHERE author = $1)`,
	"plans":        `plan WHERE member = $1`, "imports": `import WHERE member = $1`, "feeds": `feed WHERE member = $1`, "feed_share": `feed_share WHERE member = $1`, "api_keys": `api_key WHERE member = $1`,
	"films": `film WHERE member = $1`, "film_tags": `film_tag WHERE member = $1`, "film_files": `film_part WHERE member = $1 AND way = 'mp4'`,
	"page_views": `view_member WHERE member = $1`, "premium": `entitlement WHERE member = $1`, "pay_reference": `pay_reference WHERE member = $1`,
	"reports": `report WHERE reporter = $1`, "measures": `measure WHERE member = $1`,
	"messages": `message WHERE member = $1`, "log": `audit WHERE member = $1`,
	"terms": `terms_agreed WHERE member = $1`, "inviter": `inviter WHERE member = $1`, "removal": `removal WHERE member = $1`,
	"advertising_today": `ad_seen WHERE member = $1`, "advertising_allowed": `ad_allowed WHERE member = $1`,
	"likes": `liked WHERE member = $1`, "community_likes": `community_liked WHERE member = $1`,
	"photos": `photo WHERE member = $1 OR kind = 3 AND thing IN (SELECT id FROM message WHERE member = $1 AND kind = 0)`,
}

// unsaid are columns that no export has: keys, hashes, and what tells a member nothing.
var unsaid = map[string]bool{
	"reviews.counted": true, "review_products.key": true, "review_products.added_by": true,
	"music.counted": true, "music.day": true, "music.today": true, "member.id": true, "member.status": true, "member.password": true, "sessions.key": true, "easy_logins.key": true, "invitations.hash": true,
	"push_browsers.hash": true, "push_browsers.session": true, "push_browsers.endpoint": true, "push_browsers.p256dh": true, "push_browsers.auth": true, "push_browsers.due_at": true, "push_browsers.tries": true,
	"passkeys.credential": true, "passkeys.data": true,
	"second_step.secret": true, "removal.operator": true, "second_step.used": true, "invitations.draft": true, "communities.near_at": true, "messages.folded": true, "plans.edition": true, "events.edition": true, "event_attendances.place": true, "event_messages.after": true, "event_messages.told": true, "feeds.seed": true, "feeds.hash": true, "albums.password": true, "log.seq": true, "log.object": true, "reports.reporter": true, "premium.operator": true, "premium.told": true, "reports.taker": true, "measures.report": true, "measures.operator": true, "log.chain": true, "log.subject": true,
	"photos.wide": true, "photos.wide_width": true, "photos.wide_height": true, "likes.kind": true, "topics.likes": true, "topic_comments.likes": true,
	"films.state": true, "films.reason": true, "films.source": true, "films.worker": true, "films.claimed_until": true, "films.tries": true, "film_tags.folded": true,
}

// The export has every row that belongs to the member with every column, and the pictures byte for byte.
func TestSEC122_ExportIsTheDatabase(t *testing.T) {
	w := newExporting(t)
	l := newLeaver(t, w)
	b := w.as(l.member)
	if err := w.store.Account.PutSecondStep(t.Context(), account.SecondStep{Member: l.member.ID, Secret: "sealed", Since: w.clock.Now()}, []string{"hash"}); err != nil {
		t.Fatal(err)
	}
	w.ruled(l.member.ID)
	w.exported(b)
	z := w.fetches(b)
	db := w.openDB()
	for _, noun := range w.store.Chores.Nouns() {
		from, ok := owned[noun.Name]
		if !ok {
			t.Errorf("the test does not know which %s are a member's", noun.Name)
			continue
		}
		var rows []map[string]any
		if err := json.Unmarshal(unzip(t, z, noun.Name+".json"), &rows); err != nil {
			t.Fatalf("%s: %v", noun.Name, err)
		}
		stored := rowsOf(t, db, `SELECT * FROM `+from, int64(l.member.ID))
		if noun.Name == "log" { // the fetching itself is a line after the export
			stored = stored[:len(rows)]
		}
		if len(rows) != len(stored) {
			t.Errorf("%s: %d rows, the database has %d", noun.Name, len(rows), len(stored))
		}
		if len(rows) == 0 && noun.Name != "easy_logins" && noun.Name != "mail_wish" {
			t.Errorf("%s: no row, the test says nothing", noun.Name)
		}
		for _, row := range stored {
			if !hasRow(noun.Name, rows, row, int64(l.member.ID)) {
				t.Errorf("%s: no row like %v in %v", noun.Name, row, rows)
			}
		}
		if noun.Name == "photos" {
			for _, row := range rows {
				want, err := files.Blobs(filepath.Join(filepath.Dir(w.path), "blobs")).Get(context.Background(), row["hash"].(string))
				if err != nil || !bytes.Equal(unzip(t, z, row["file"].(string)), want) {
					t.Errorf("%v is not the picture that is stored (%v)", row["file"], err)
				}
			}
		}
	}
	index := string(unzip(t, z, "index.html"))
	if !strings.Contains(index, mark(4)) || !strings.Contains(index, `<img src="photos/`) || strings.Contains(index, "<script") {
		t.Errorf("index.html:\n%s", index)
	}
	for _, f := range z.File { // secrets stay
		content := unzip(t, z, f.Name)
		for _, secret := range []string{"argon2", w.hash, w.sessionKey(b)} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("%s holds %q", f.Name, secret)
			}
		}
	}
}

// ruled gives a member rows of what an operator decides and an advertiser is told.
func (w *world) ruled(member core.ID) {
	w.t.Helper()
	db := w.openDB()
	const future = 4102444800000 // 2100
	if _, err := db.Exec(`INSERT INTO push_browser (hash, member, session, endpoint, p256dh, auth, agent, made_at, sent_at, due_at, tries) VALUES ('h', $1, 's', 'https://push.example', 'p', 'a', 'Firefox', 1, 2, 0, 0)`, int64(member)); err != nil {
		w.t.Fatal(err)
	}
	for table, row := range map[string][]any{
		"push_choice":  {1, 2, 3},
		"terms_agreed": {1, 2}, "inviter": {3}, "removal": {4, future, "理由", "op"}, "ad_seen": {5, future, 6, 0}, "ad_allowed": {7},
	} {
		values := append([]any{int64(member)}, row...)
		if _, err := db.Exec(`DELETE FROM `+table+` WHERE member = $1`, int64(member)); err != nil {
			w.t.Fatalf("%s: %v", table, err)
		}
		if _, err := db.Exec(`INSERT INTO `+table+` VALUES (`+engine.Places(1, len(values))+`)`, values...); err != nil {
			w.t.Fatalf("%s: %v", table, err)
		}
	}
}

func rowsOf(t *testing.T, db *sql.DB, query string, args ...any) (list []map[string]any) {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	names, _ := rows.Columns()
	for rows.Next() {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		row := map[string]any{}
		for i, n := range names {
			row[n] = values[i]
		}
		list = append(list, row)
	}
	return list
}

// hasRow looks for the row of an export that says what a row of the database says.
func hasRow(noun string, rows []map[string]any, stored map[string]any, self int64) bool {
	for _, row := range rows {
		same := true
		for column, value := range stored {
			got, there := row[column]
			if kind, ok := value.(int64); ok && noun == "news_letters" && column == "kind" {
				same = same && got == network.NewsKinds[kind].Key
			} else if !there {
				same = same && (unsaid[noun+"."+column] || value == self)
			} else {
				same = same && says(got, value)
			}
		}
		if same {
			return true
		}
	}
	return false
}

// says whether a value of JSON means a value of the database.
func says(got, stored any) bool {
	n, number := stored.(int64)
	if !number {
		return got == stored
	}
	switch v := got.(type) {
	case nil:
		return n == 0
	case float64:
		return int64(v) == n
	case bool:
		return v == (n != 0)
	case map[string]any:
		return v["id"] == fmt.Sprint(n)
	case string:
		at, err := time.Parse(time.RFC3339Nano, v)
		choice := n < 12 && v != "" && v[0] >= 'a' // a word for a number
		return v == fmt.Sprint(n) || err == nil && at.UnixMilli() == n || choice
	}
	return false
}

// Each step asks for the password (SEC-23), nobody else gets the file, and it is there once, for a day.
func TestSEC23_SEC122_ExportIsTheMembersOwn(t *testing.T) {
	w := newExporting(t)
	m, other := w.memberWith("花子", "カナリアです"), w.member("太郎")
	b, handset := w.as(m), w.as(m)
	w.contains(b.get("/settings"), exportPath)
	w.contains(w.press(b, exportFilePath, url.Values{"password": {password}}), "ダウンロードできるファイルがありません")
	w.contains(w.press(b, exportPath, url.Values{"password": {"not this one"}}), "password-error")
	if _, err := w.core.Chores.Export(context.Background(), m.ID); err != chores.ErrNoExport {
		t.Fatalf("a wrong password began an export: %v", err)
	}
	w.exported(handset) // begun on one screen, fetched on another
	w.contains(b.get(exportPath), "1回ダウンロード", "KB")
	for _, r := range []reply{
		w.browser().post(exportFilePath, url.Values{"password": {password}}),
		w.press(w.as(other), exportFilePath, url.Values{"password": {password}}),
		w.press(b, exportFilePath, url.Values{"password": {"not this one"}}),
		w.press(b, exportFilePath, url.Values{}),
	} {
		if strings.Contains(r.body, "PK\x03\x04") || strings.Contains(string(r.header.ContentType()), "zip") {
			t.Fatalf("got the file: %d", r.status)
		}
	}
	files := func() int {
		list, _ := filepath.Glob(filepath.Join(filepath.Dir(w.path), "exports", "*"))
		for _, f := range list {
			if info, err := os.Stat(f); err == nil && info.Mode().Perm() != 0o600 {
				t.Errorf("%s has mode %o", f, info.Mode().Perm())
			}
		}
		return len(list)
	}
	if files() != 1 {
		t.Fatalf("%d files", files())
	}
	w.fetches(b)
	if files() != 0 {
		t.Errorf("%d files after the export was fetched", files())
	}
	w.contains(w.press(b, exportFilePath, url.Values{"password": {password}}), "ダウンロードできるファイルがありません")

	w.exported(b)
	w.clock.advance(chores.ExportAge)
	w.contains(w.press(b, exportFilePath, url.Values{"password": {password}}), "ダウンロードできるファイルがありません")
	if err := w.core.Chores.Sweep(context.Background()); err != nil || files() != 0 {
		t.Errorf("%d files a day later, %v", files(), err)
	}
	kinds := map[string]int{}
	lines, err := w.store.Ledger.AuditAfter(context.Background(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range lines {
		kinds[e.Kind]++
	}
	if kinds["export"] != 2 || kinds["exportfetch"] != 1 {
		t.Errorf("the audit log has %v", kinds)
	}
}

// A transfer that breaks off does not use the export up, and an export goes with the member who leaves.
func TestSEC122_BrokenTransferAndLeaving(t *testing.T) {
	w := newExporting(t)
	m := w.member("花子")
	b := w.as(m)
	w.exported(b)
	_, file, err := w.core.Chores.FetchExport(context.Background(), m.ID, password, "PC")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(file, make([]byte, 100)); err != nil {
		t.Fatal(err)
	}
	file.Close()
	w.fetches(b)
	w.exported(b)
	if err := w.core.Chores.Leave(context.Background(), m.ID, password, "PC"); err != nil {
		t.Fatal(err)
	}
	if list, _ := filepath.Glob(filepath.Join(filepath.Dir(w.path), "exports", "*")); len(list) != 0 {
		t.Errorf("the files %v of one who left are still there", list)
	}
}

// What others may not be seen with stays away: names of those whom a block hides, and what they wrote.
func TestSEC112_ExportAsksThePermission(t *testing.T) {
	w := newExporting(t)
	l := newLeaver(t, w)
	if err := w.core.People.Block(context.Background(), l.friend.ID, l.member.ID); err != nil {
		t.Fatal(err)
	}
	b := w.as(l.member)
	w.exported(b)
	z := w.fetches(b)
	for name, gone := range map[string]string{"comments.json": mark(6), "endorsements.json": mark(9), "friends.json": l.friend.Name, "footprints.json": l.friend.ID.String()} {
		if strings.Contains(string(unzip(t, z, name)), gone) {
			t.Errorf("%s has %q of a member who blocked", name, gone)
		}
	}
	for name, kept := range map[string]string{"comments.json": mark(7), "endorsements.json": mark(8), "messages.json": "友の返信"} {
		if !strings.Contains(string(unzip(t, z, name)), kept) {
			t.Errorf("%s lacks %q, which is the member's own", name, kept)
		}
	}
}

// There is room for so much on the disk, and one export at a time for a member.
func TestSEC122_ExportsAreBounded(t *testing.T) {
	dir := t.TempDir()
	w := newWorldWith(t, func(c *network.Config) { c.ExportDir, c.ExportBytes = dir, 600 })
	m := w.member("花子")
	b := w.as(m)
	for range 2 {
		if got := w.press(b, exportPath, url.Values{"password": {password}}); got.location != exportPath {
			t.Fatalf("%d %s", got.status, got.body)
		}
	}
	if list, err := w.store.Chores.Exports(context.Background()); err != nil || len(list) != 1 {
		t.Fatalf("%d exports, %v", len(list), err)
	}
	page := b.get(exportPath)
	w.contains(page, "作成中です(0%)")
	if page.header.Peek("Refresh") == nil {
		t.Error("the page does not ask again")
	}
	w.runs(t)
	for range 500 {
		if page = b.get(exportPath); !strings.Contains(page.body, "作成中") {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.contains(page, "書き出しができませんでした")
	if list, _ := filepath.Glob(filepath.Join(dir, "*")); len(list) != 0 {
		t.Errorf("%v is left", list)
	}
}
