package web

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"musubi/core"
	"musubi/core/album"
	"musubi/core/elsewhere"
	"musubi/core/journal"
	"musubi/core/people"
)

// The Atom Publishing Protocol (RFC 5023) as mixi Station and its fellows spoke it in 2007: service documents, and a collection each
// of footprints, notices, friends, what friends do, one's own diary and one's own albums. [PEA] [PY] [PUK] [OPD]

// Where clients ask.
const (
	atomPath    = "/atom/"
	openpnePath = "/api.php/feeds/diary" // the same diary as clients of OpenPNE 3 know it
	serviceType = "application/atomsvc+xml;charset=utf-8"
	draftAge    = time.Hour // a picture waits so long for its entry
	atomRows    = 20
	mostAlbums  = 200
)

// An atomAddress is a path of the protocol: a service, and which of its things.
type atomAddress struct {
	service              string // "" for all; "r=3" and "r=4" are albums
	member               core.ID
	diary, draft, album  core.ID
	collection, isMember bool // a list, or one of its things
}

// readAtomAddress reads a path. ok is false for what is none.
func readAtomAddress(path string) (a atomAddress, ok bool) {
	if rest, found := strings.CutPrefix(path, openpnePath); found {
		a = atomAddress{service: "diary", collection: true}
		if rest = strings.Trim(rest, "/"); rest != "" {
			a.collection, a.isMember = false, true
			a.diary, ok = core.ParseID(rest)
			return a, ok
		}
		return a, true
	}
	parts := strings.FieldsFunc(strings.TrimPrefix(path, atomPath), func(r rune) bool { return r == '/' })
	for i, part := range parts {
		name, value, pair := strings.Cut(part, "=")
		id, isID := core.ParseID(value)
		switch {
		case i == 0 && (part == "r=3" || part == "r=4"):
			a.service = "albums"
		case i == 0 && !pair:
			a.service = part
		case name == "r":
		case name == "member_id" && isID:
			a.member, a.collection = id, true
		case name == "diary_id" && isID:
			a.diary, a.isMember = id, true
		case name == "draft_id" && isID:
			a.draft, a.isMember = id, true
		case name == "album_id" && isID:
			a.album = id
		default:
			return a, false
		}
	}
	return a, true
}

// atomLinkTo is the address of a collection.
func (v atomPages) atomLinkTo(service string) string {
	return v.site.link(atomPath + service + "/member_id=" + v.member.ID.String())
}

func (v atomPages) diaryEdit(id core.ID) string {
	return v.atomLinkTo("diary") + "/diary_id=" + id.String()
}
func (v atomPages) draftEdit(id core.ID) string {
	return v.atomLinkTo("diary") + "/draft_id=" + id.String()
}

func (v atomPages) albumHref(id core.ID) string {
	return v.atomLinkTo("r=4") + "/album_id=" + id.String()
}

// serve answers one request of the protocol.
func (v atomPages) serve() error {
	m, err := v.who()
	if err == nil {
		v.visit = &visit{site: v.site, ctx: v.ctx, member: m, words: languageOf(m)}
		err = v.answer()
	}
	if err == nil {
		return nil
	}
	v.ctx.Response.ResetBody()
	status, says := programSays(v.visit, err)
	if status == http.StatusUnauthorized {
		v.ctx.Response.Header.Add("WWW-Authenticate", `WSSE realm="`+v.site.host()+`", profile="UsernameToken"`)
		v.ctx.Response.Header.Add("WWW-Authenticate", `Basic realm="`+v.site.host()+`", charset="UTF-8"`)
	}
	v.ctx.SetStatusCode(status)
	v.ctx.SetContentType("text/plain; charset=utf-8")
	v.ctx.SetBodyString(says + "\n")
	return nil
}

// who is who asks: by WSSE, by a key, or in the session of an ordinary login, with which no other site's page can write.
func (v atomPages) who() (core.Member, error) {
	if field := string(v.ctx.Request.Header.Peek("X-WSSE")); field != "" {
		t, ok := elsewhere.ParseToken(field)
		if !ok {
			return core.Member{}, elsewhere.ErrKey
		}
		return v.site.core.Elsewhere.OpenToken(v.ctx, t)
	}
	if scheme, _ := authorization(v.visit); scheme == "bearer" || scheme == "basic" {
		return byKey(v.visit, elsewhere.ForAtomPub)
	}
	if v.member.ID == 0 || method(v.ctx) != get && !(v.sameSite() && (v.isXML() || v.isImage())) {
		return core.Member{}, elsewhere.ErrKey
	}
	return v.member, nil
}

func (v atomPages) contentType() string {
	return strings.ToLower(string(v.ctx.Request.Header.ContentType()))
}

// isXML and isImage say what a client sends. A page of another site cannot send either without being asked first.
func (v atomPages) isXML() bool   { return strings.Contains(v.contentType(), "xml") }
func (v atomPages) isImage() bool { return strings.HasPrefix(v.contentType(), "image/") }

// An atomDeed is a method on a kind of address.
type atomDeed struct {
	method, service      string
	collection, isMember bool
}

var atomDeeds = map[atomDeed]func(v atomPages, a atomAddress) error{
	{get, "diary", true, false}:              atomPages.diaries,
	{post, "diary", true, false}:             atomPages.postDiary,
	{get, "diary", true, true}:               atomPages.diaryEntry,
	{post, "diary", true, true}:              atomPages.finishDraft,
	{http.MethodPut, "diary", true, true}:    atomPages.putDiary,
	{http.MethodDelete, "diary", true, true}: atomPages.deleteDiary,
	{get, "albums", true, false}:             atomPages.albumFeed,
	{post, "albums", true, false}:            atomPages.postAlbums,
}

// answer finds what is asked for. What is another member's is not there.
func (v atomPages) answer() error {
	a, ok := readAtomAddress(string(v.ctx.Path()))
	if !ok || a.member != 0 && a.member != v.member.ID {
		return core.ErrNotFound
	}
	if !a.collection && !a.isMember {
		if method(v.ctx) != get {
			return programError{http.StatusMethodNotAllowed, "A service document is only read."}
		}
		return v.service(a.service)
	}
	if read, ok := atomReads[a.service]; ok && !a.isMember {
		if method(v.ctx) != get {
			return programError{http.StatusMethodNotAllowed, "This collection is only read."}
		}
		return v.sendAtom(a.service, read)
	}
	deed, ok := atomDeeds[atomDeed{method(v.ctx), a.service, true, a.isMember}]
	switch {
	case ok:
		return deed(v, a)
	case a.service == "diary" || a.service == "albums":
		return programError{http.StatusMethodNotAllowed, "This cannot be done here."}
	}
	return core.ErrNotFound
}

// A service document names its elements as the clients of the day look for them: Atom's with the prefix atom.
type (
	atomService struct {
		XMLName    xml.Name        `xml:"service"`
		App        string          `xml:"xmlns,attr"`
		Atom       string          `xml:"xmlns:atom,attr"`
		Workspaces []atomWorkspace `xml:"workspace"`
	}
	atomWorkspace struct {
		Title       string           `xml:"atom:title"`
		Collections []atomCollection `xml:"collection"`
	}
	atomCollection struct {
		Href   string   `xml:"href,attr"`
		Title  string   `xml:"atom:title"`
		Accept []string `xml:"accept"`
	}
)

const (
	acceptsEntry = "application/atom+xml;type=entry"
	acceptsPhoto = "image/jpeg"
)

// service sends the document of one service, or of all.
func (v atomPages) service(name string) error {
	all := []struct {
		name string
		of   atomCollection
	}{
		{"diary", atomCollection{v.atomLinkTo("diary"), v.t("diary.own"), []string{acceptsEntry, acceptsPhoto}}},
		{"tracks", atomCollection{v.atomLinkTo("tracks/r=2"), v.t("footprints"), []string{""}}},
		{"notify", atomCollection{v.atomLinkTo("notify/r=2"), v.t("home.notices"), []string{""}}},
		{"friends", atomCollection{v.atomLinkTo("friends/r=1"), v.t("friends"), []string{""}}},
		{"updates", atomCollection{v.atomLinkTo("updates/r=1"), v.t("atom.updates"), []string{""}}},
		{"albums", atomCollection{v.atomLinkTo("r=4"), "photo album", []string{acceptsEntry}}},
	}
	w := atomWorkspace{Title: v.site.name()}
	for _, c := range all {
		if name == "" || name == c.name {
			w.Collections = append(w.Collections, c.of)
		}
	}
	if len(w.Collections) == 0 {
		return core.ErrNotFound
	}
	if name == "" || name == "albums" {
		albums, _, err := v.site.core.Album.Albums(v.ctx, v.viewer(), v.member.ID, core.Page{Number: 1, Size: mostAlbums})
		if err != nil {
			return err
		}
		for i := range albums {
			w.Collections = append(w.Collections, atomCollection{v.albumHref(albums[i].ID), albums[i].Title, []string{acceptsPhoto, "image/png", "image/gif"}})
		}
	}
	body, err := encodeXML(atomService{App: "http://www.w3.org/2007/app", Atom: "http://www.w3.org/2005/Atom", Workspaces: []atomWorkspace{w}})
	if err != nil {
		return err
	}
	return sendTagged(v.visit, body, serviceType)
}

// atomReads are the collections that are only read.
var atomReads = map[string]func(v atomPages) ([]atomEntry, error){
	"tracks": atomPages.tracks, "notify": atomPages.notify, "friends": atomPages.friends, "updates": atomPages.updates,
}

// sendAtom sends a collection that is only read.
func (v atomPages) sendAtom(service string, read func(v atomPages) ([]atomEntry, error)) error {
	entries, err := read(v)
	if err != nil {
		return err
	}
	return v.sendEntries(service, 0, entries, nil)
}

// sendEntries sends a collection, of a thing where a service has several, as a feed; the moment it changed is that of its newest entry.
func (v atomPages) sendEntries(service string, thing core.ID, entries []atomEntry, more []atomLink) error {
	updated, of := atomTime(v.member.CreatedAt), []core.ID{v.member.ID}
	if thing != 0 {
		of = append(of, thing)
	}
	for _, e := range entries {
		updated = max(updated, e.Updated)
	}
	body, err := encodeXML(atomFeed{ID: v.site.tagURI(v.member.CreatedAt, "atom/"+service, of...), Title: v.site.name() + " - " + service, Updated: updated,
		Links: append([]atomLink{{Rel: "self", Href: v.site.link(string(v.ctx.RequestURI()))}}, more...), Author: &atomPerson{Name: v.member.Name}, Entries: entries})
	if err != nil {
		return err
	}
	return sendTagged(v.visit, body, atomFeedType)
}

// atomLine is an entry of a collection that is only read: the first link is the page.
func (v atomPages) atomLine(id, title, path string, at time.Time) atomEntry {
	return atomEntry{ID: id, Title: atomText{Type: "text", Text: title}, Updated: atomTime(at), Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: v.site.link(path)}}}
}

// atomBy is an author with their page.
func (v atomPages) atomBy(id core.ID, name string) *atomPerson {
	if id == 0 {
		return &atomPerson{Name: v.site.name()}
	}
	return &atomPerson{Name: name, URI: v.site.link(memberPath(id))}
}

func (v atomPages) tracks() (entries []atomEntry, err error) {
	lines, _, err := v.site.core.People.Footprints(v.ctx, v.member.ID, core.Page{Number: 1, Size: atomRows})
	for _, l := range lines {
		e := v.atomLine(v.site.tagURI(l.At, "footprint", l.Visitor.ID, core.ID(l.At.UnixMilli())), l.Visitor.Name, memberPath(l.Visitor.ID), l.At)
		e.Author = v.atomBy(l.Visitor.ID, l.Visitor.Name)
		entries = append(entries, e)
	}
	return entries, err
}

func (v atomPages) notify() (entries []atomEntry, err error) {
	_, items, err := feedPages(v).notices(elsewhere.Feed{})
	for _, i := range items {
		entries = append(entries, v.atomLine(i.id, i.title, i.path, i.at))
	}
	return entries, err
}

// friends are those of the member. When each was here last is known by the day: pages are no more exact.
func (v atomPages) friends() (entries []atomEntry, err error) {
	lines, _, err := v.site.core.People.Friends(v.ctx, v.viewer(), v.member.ID, people.ByLogin, core.Page{Number: 1, Size: 1000})
	for _, l := range lines {
		e := v.atomLine(v.site.tagURI(l.Since, "friend", l.Member.ID), l.Member.Name, memberPath(l.Member.ID), l.Member.LastLoginAt.Truncate(24*time.Hour))
		e.Author = v.atomBy(l.Member.ID, l.Member.Name)
		entries = append(entries, e)
	}
	return entries, err
}

// updates is what friends did: entries, albums, films, what was said where the member said something, and in communities. Nothing is
// there of who wants to be in nobody's feeds.
func (v atomPages) updates() (entries []atomEntry, err error) {
	shares := map[core.ID]elsewhere.Share{}
	var problem error
	add := func(term string, id, title, path string, at time.Time, author core.ID, name string) {
		share, err := feedPages(v).shareOf(shares, author)
		problem = errors.Join(problem, err)
		if err != nil || share == elsewhere.ShareNothing {
			return
		}
		e := v.atomLine(id, title, path, at)
		e.Author, e.Category = v.atomBy(author, name), []atomCategory{{Term: term, Label: v.t("atom." + term)}}
		entries = append(entries, e)
	}
	page := core.Page{Number: 1, Size: atomRows}
	diaries, _, err := v.site.core.Journal.FriendsDiaries(v.ctx, v.member.ID, page)
	for _, l := range diaries {
		add("diary", v.site.tagURI(l.CreatedAt, "diary", l.Owner, l.ID), l.Title, diaryPath(l.Owner, l.ID), l.CreatedAt, l.Owner, l.OwnerName)
	}
	commented, _, more := v.site.core.Journal.CommentedDiaries(v.ctx, v.member.ID, page)
	for _, l := range commented {
		add("comment", v.site.tagURI(l.CreatedAt, "commented", l.Owner, l.ID), l.Title, diaryPath(l.Owner, l.ID), l.UpdatedAt, l.Owner, l.OwnerName)
	}
	err = errors.Join(err, more)
	albums, _, more := v.site.core.Album.FriendsAlbums(v.ctx, v.viewer(), page)
	for _, l := range albums {
		add("album", v.site.tagURI(l.CreatedAt, "album", l.Owner, l.ID), l.Title, albumIDPath(l.Owner, l.ID), l.UpdatedAt, l.Owner, l.OwnerName)
	}
	err = errors.Join(err, more)
	films, _, more := v.site.core.Album.FriendsFilms(v.ctx, v.viewer(), page)
	for _, l := range films {
		add("video", v.site.tagURI(l.ID.Time(), "video", l.Owner, l.ID), l.In.Title, filmLinePath(l), l.ID.Time(), l.Owner, l.In.OwnerName)
	}
	err = errors.Join(err, more)
	threads, _, more := v.site.core.Community.Newest(v.ctx, v.member.ID, page)
	for _, t := range threads {
		add("bbs", v.site.tagURI(t.CreatedAt, "thread", t.Community, t.ID), t.Title, threadIDPath(t.Kind, t.Community, t.ID), t.LastAt, t.Author, t.AuthorName)
	}
	slices.SortStableFunc(entries, func(a, b atomEntry) int { return strings.Compare(b.Updated, a.Updated) })
	return entries[:min(2*atomRows, len(entries))], errors.Join(err, more, problem)
}

// diaryAtom is an entry of the diary with the way to change it.
func (v atomPages) diaryAtom(d *journal.Diary) atomEntry {
	e := v.atomLine(v.site.tagURI(d.CreatedAt, "diary", d.Owner, d.ID), d.Title, diaryPath(d.Owner, d.ID), d.CreatedAt)
	e.Published, e.Content, e.Author = atomTime(d.CreatedAt), plainText(d.Body), v.atomBy(v.member.ID, v.member.Name)
	edit := v.diaryEdit(d.ID)
	e.Links = append(e.Links, atomLink{Rel: "edit", Type: atomEntryType, Href: edit}, atomLink{Rel: "self", Href: edit})
	return e
}

// diaryTag changes when what a client could overwrite does.
func diaryTag(d *journal.Diary) string {
	return tagOf([]byte(d.Visibility.String() + "\n" + d.Title + "\n" + d.Body))
}

// ownEntry is one of the member's own.
func (v atomPages) ownEntry(ctx context.Context, id core.ID) (journal.Diary, error) {
	d, err := v.site.core.Journal.Diary(ctx, v.viewer(), v.member.ID, id)
	return d.Diary, err
}

// diaries is the member's own diary, a page at a time.
func (v atomPages) diaries(atomAddress) error {
	p := v.page(atomRows)
	lines, more, err := v.site.core.Journal.Diaries(v.ctx, v.viewer(), v.member.ID, journal.DiaryFilter{}, p)
	if err != nil {
		return err
	}
	var entries []atomEntry
	for _, l := range lines {
		d, err := v.ownEntry(v.ctx, l.ID)
		if err != nil {
			return err
		}
		entries = append(entries, v.diaryAtom(&d))
	}
	var links []atomLink
	if more {
		links = []atomLink{{Rel: "next", Href: v.atomLinkTo("diary") + "?page=" + strconv.Itoa(p.Number+1)}}
	}
	return v.sendEntries("diary", 0, entries, links)
}

// sendDiary answers with one entry, its tag, and where it is when it is new.
func (v atomPages) sendDiary(status int, d *journal.Diary) error {
	h := &v.ctx.Response.Header
	h.Set("ETag", diaryTag(d))
	if status == http.StatusCreated {
		h.Set("Location", v.diaryEdit(d.ID))
		h.Set("Content-Location", v.diaryEdit(d.ID))
	}
	return v.sendAtomEntry(status, v.diaryAtom(d))
}

func (v atomPages) sendAtomEntry(status int, e atomEntry) error {
	body, err := encodeXML(atomDocument{atomEntry: e})
	if err != nil {
		return err
	}
	v.ctx.SetStatusCode(status)
	v.ctx.SetContentType(atomEntryType)
	v.ctx.SetBody(body)
	return nil
}

// postDiary writes an entry, or takes the picture of one whose words are to follow at the address it is given.
func (v atomPages) postDiary(atomAddress) error {
	if v.isImage() {
		return v.postPicture()
	}
	return v.write(nil)
}

// write stores an entry as the member's entries are seen by default.
func (v atomPages) write(photos []core.ID) error {
	in, err := readAtomEntry(v.ctx.Request.Body())
	if err != nil {
		return err
	}
	d, err := v.site.core.Journal.WriteDiary(v.ctx, v.member.ID, journal.NewDiary{Title: in.title, Body: in.text, Visibility: v.member.DiaryVisibility, Photos: photos})
	if err != nil {
		return err
	}
	return v.sendDiary(http.StatusCreated, &d)
}

// postPicture keeps a picture for an hour, until its entry comes.
func (v atomPages) postPicture() error {
	if err := v.site.core.MayWrite(v.ctx, v.member.ID); err != nil {
		return err
	}
	p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, v.ctx.Request.Body(), time.Time{})
	if err != nil {
		return err
	}
	v.ctx.Response.Header.Set("Location", v.draftEdit(p.ID))
	return v.sendAtomEntry(http.StatusCreated, v.draftAtom(p.ID))
}

func (v atomPages) draftAtom(id core.ID) atomEntry {
	e := v.atomLine(v.site.tagURI(id.Time(), "draft", id), v.t("diary.drafts"), diaryListPath(v.member.ID), id.Time())
	e.Author, e.Summary = v.atomBy(v.member.ID, v.member.Name), plainText("image")
	e.Links = []atomLink{{Rel: "edit", Href: v.draftEdit(id)}}
	return e
}

// ownDraft is a picture that waits for its entry.
func (v atomPages) ownDraft(a atomAddress) error {
	if v.site.core.Now().Sub(a.draft.Time()) > draftAge {
		return core.ErrNotFound
	}
	_, err := v.site.core.UnattachedPhoto(v.ctx, v.member.ID, a.draft)
	return err
}

// finishDraft writes the entry of a picture.
func (v atomPages) finishDraft(a atomAddress) error {
	if a.draft == 0 {
		return programError{http.StatusMethodNotAllowed, "An entry is changed with PUT."}
	}
	if err := v.ownDraft(a); err != nil {
		return err
	}
	return v.write([]core.ID{a.draft})
}

// diaryEntry sends one entry.
func (v atomPages) diaryEntry(a atomAddress) error {
	if a.draft != 0 {
		if err := v.ownDraft(a); err != nil {
			return err
		}
		return v.sendAtomEntry(http.StatusOK, v.draftAtom(a.draft))
	}
	d, err := v.ownEntry(v.ctx, a.diary)
	if err != nil {
		return err
	}
	if asked := string(v.ctx.Request.Header.Peek("If-None-Match")); asked != "" && hasTag(asked, diaryTag(&d)) {
		v.ctx.Response.Header.Set("ETag", diaryTag(&d))
		v.ctx.SetStatusCode(http.StatusNotModified)
		return nil
	}
	return v.sendDiary(http.StatusOK, &d)
}

// unchanged is the entry, refused when the client knows another state of it.
func (v atomPages) unchanged(ctx context.Context, a atomAddress) (journal.Diary, error) {
	d, err := v.ownEntry(ctx, a.diary)
	if err != nil {
		return d, err
	}
	if known := string(v.ctx.Request.Header.Peek("If-Match")); known != "" && !hasTag(known, diaryTag(&d)) {
		return d, programError{http.StatusPreconditionFailed, "The entry has changed since it was read: read it again."}
	}
	return d, nil
}

// putDiary changes title and text of an entry; who sees it and what hangs there stays. For a picture that waits it is its entry.
func (v atomPages) putDiary(a atomAddress) error {
	if a.draft != 0 {
		return v.finishDraft(a)
	}
	in, err := readAtomEntry(v.ctx.Request.Body())
	if err != nil {
		return err
	}
	var d journal.Diary
	err = v.site.core.Bulk(v.ctx, func(ctx context.Context) error {
		if d, err = v.unchanged(ctx, a); err != nil {
			return err
		}
		d.Title, d.Body = in.title, in.text
		return v.site.core.Journal.EditDiary(ctx, v.member.ID, d.ID, changedDiary(&d))
	})
	if err != nil {
		return err
	}
	if d, err = v.ownEntry(v.ctx, a.diary); err != nil {
		return err
	}
	return v.sendDiary(http.StatusOK, &d)
}

// changedDiary is an entry as its edit form would send it.
func changedDiary(d *journal.Diary) journal.NewDiary {
	n := journal.NewDiary{Title: d.Title, Body: d.Body, Visibility: d.Visibility, CommentsClosed: !d.CommentsOpen, Category: d.Category, Captions: core.Captions{}}
	for _, p := range d.Photos {
		n.Photos = append(n.Photos, p.ID)
		n.Captions[p.ID] = p.Caption
	}
	return n
}

// deleteDiary removes an entry.
func (v atomPages) deleteDiary(a atomAddress) error {
	if a.draft != 0 {
		return programError{http.StatusMethodNotAllowed, "A picture without an entry goes by itself, within an hour."}
	}
	d, err := v.unchanged(v.ctx, a)
	if err != nil {
		return err
	}
	if err := v.site.core.Journal.DeleteDiary(v.ctx, v.member.ID, d.ID); err != nil {
		return err
	}
	v.ctx.SetStatusCode(http.StatusNoContent)
	return nil
}

// albumFeed lists the photos of an album, or the albums.
func (v atomPages) albumFeed(a atomAddress) error {
	if a.album == 0 {
		return v.albumList()
	}
	of, err := v.site.core.Album.Album(v.ctx, v.viewer(), v.member.ID, a.album)
	if err != nil {
		return err
	}
	photos, more, err := v.site.core.Album.AlbumPhotos(v.ctx, of, v.page(atomRows))
	if err != nil {
		return err
	}
	var entries []atomEntry
	for _, p := range photos {
		entries = append(entries, v.photoAtom(a.album, p.ID, p.Caption))
	}
	var links []atomLink
	if more {
		links = []atomLink{{Rel: "next", Href: v.albumHref(a.album) + "?page=" + strconv.Itoa(v.page(atomRows).Number+1)}}
	}
	return v.sendEntries("album", a.album, entries, links)
}

func (v atomPages) photoAtom(album, photo core.ID, caption string) atomEntry {
	if caption == "" {
		caption = v.t("atom.photo")
	}
	e := v.atomLine(v.site.tagURI(photo.Time(), "photo", photo), caption, albumPhotoIDPath(v.member.ID, album, photo), photo.Time())
	e.Author = v.atomBy(v.member.ID, v.member.Name)
	return e
}

func (v atomPages) albumList() error {
	albums, _, err := v.site.core.Album.Albums(v.ctx, v.viewer(), v.member.ID, core.Page{Number: 1, Size: mostAlbums})
	if err != nil {
		return err
	}
	var entries []atomEntry
	for i := range albums {
		entries = append(entries, v.albumAtom(&albums[i]))
	}
	return v.sendEntries("albums", 0, entries, nil)
}

func (v atomPages) albumAtom(a *album.Album) atomEntry {
	e := v.atomLine(v.site.tagURI(a.CreatedAt, "album", a.Owner, a.ID), a.Title, albumIDPath(a.Owner, a.ID), a.UpdatedAt)
	e.Author = v.atomBy(v.member.ID, v.member.Name)
	e.Links = append(e.Links, atomLink{Rel: "edit", Href: v.albumHref(a.ID)})
	return e
}

// postAlbums makes an album, or puts a photo into one.
func (v atomPages) postAlbums(a atomAddress) error {
	if a.album != 0 {
		return v.postPhoto(a.album)
	}
	in, err := readAtomEntry(v.ctx.Request.Body())
	if err != nil {
		return err
	}
	n := album.NewAlbum{Title: in.title, Note: in.text, Visibility: v.member.DiaryVisibility}
	if err := v.site.core.Album.PrepareAlbum(v.ctx, &n); err != nil {
		return err
	}
	made, err := v.site.core.Album.WriteAlbum(v.ctx, v.member.ID, n)
	if err != nil {
		return err
	}
	v.ctx.Response.Header.Set("Location", v.albumHref(made.ID))
	return v.sendAtomEntry(http.StatusCreated, v.albumAtom(&made))
}

func (v atomPages) postPhoto(in core.ID) error {
	if !v.isImage() {
		return programError{http.StatusUnsupportedMediaType, "A photo is expected: image/jpeg, image/png or image/gif."}
	}
	photo, err := addToAlbum(v.visit, in)
	if err != nil {
		return err
	}
	e := v.photoAtom(in, photo, "")
	v.ctx.Response.Header.Set("Location", e.Links[0].Href)
	return v.sendAtomEntry(http.StatusCreated, e)
}

// addToAlbum puts the photo that is the body of a request into one of the member's albums.
func addToAlbum(v *visit, in core.ID) (core.ID, error) {
	if err := v.site.core.Album.MayUpload(v.ctx, v.member.ID, in); err != nil {
		return 0, err
	}
	p, err := v.site.core.AddPhoto(v.ctx, v.member.ID, v.ctx.Request.Body(), time.Time{})
	if err != nil {
		return 0, err
	}
	return p.ID, v.site.core.Album.HangPhoto(v.ctx, v.member.ID, in, p.ID, time.Time{})
}
