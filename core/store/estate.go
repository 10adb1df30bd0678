package store

import (
	"fmt"
	"strings"

	"musubi/core"
)

// A holding says of one table what its rows are to the members they belong to or tell of. estate has one for every table and
// names every column; a test compares it with the schema. Purge and Belongings do what it says, and nothing else.
type holding struct {
	table   string
	key     string   // the columns that name a row
	columns string   // "name:kind", all of them; kinds has the kinds
	claims  []claim  // every column that holds a member's ID has one
	also    []string // what changes with a row that goes; $1, $2, … are the columns of its key, the one after them the time
	noun    string   // the file of an export that has the rows
	not     string   // why there is none
}

// A claim is what becomes of the rows in which a column holds a member's ID when that member leaves: they go, unless set,
// with or stays says otherwise.
type claim struct {
	column string
	where  string // finds the rows, by an index; $1 is the member; "": column = $1
	set    string // the rows stay and lose this
	with   string // the rows go with those of another claim, named here
	stays  string // the rows stay, for this reason
	few    bool   // each row takes many others along: fewer in one transaction
	theirs bool   // the rows are another member's: not in the export of this one
}

// kinds of columns, as estate writes them.
var kinds = map[string]core.ColumnKind{
	"text": core.TextField, "number": core.NumberField, "flag": core.FlagField, "time": core.TimeField, "id": core.IDField,
	"self": core.SelfField, "member": core.MemberField, "author": core.AuthorField, "visibility": core.VisibilityField,
	"news": core.NewsField, "folder": core.FolderField, "attachment": core.AttachmentField, "invitation": core.InvitationField,
	"secret": core.SecretField, "inner": core.InnerField,
}

// stillRead is true of a photo that stands in a message of which somebody else has a copy.
var stillRead = fmt.Sprintf(`(kind = %d AND EXISTS (SELECT 1 FROM message x WHERE x.id = photo.thing AND x.kind < 2 AND x.member <> photo.member))`, core.MessagePhoto)

// onlyRead are the photos of a message that the other side has deleted: they go with the copy whose key $1 and $2 are.
var onlyRead = fmt.Sprintf(`kind = %d AND thing = $2 AND owner = (SELECT other FROM message WHERE member = $1 AND id = $2 AND kind = 0)
	AND NOT EXISTS (SELECT 1 FROM message x WHERE x.member = photo.owner AND x.id = $2)`, core.MessagePhoto)

// estate is in the order in which rows go: a row that finds others goes after them, and the member goes last.
var estate = []holding{
	{table: "session", key: "key", columns: "key:secret member:self client:text easy:flag created_at:time seen_at:time",
		claims: []claim{{column: "member"}}, noun: "sessions"},
	{table: "easy_login", key: "key", columns: "key:secret member:self carrier:text model:text enrolled_at:time used_at:time",
		claims: []claim{{column: "member"}}, noun: "easy_logins"},
	{table: "link", key: "hash", columns: "hash:secret purpose:text member:self expires_at:time",
		claims: []claim{{column: "member"}}, not: "one-time keys that were mailed"},
	{table: "mail", key: "address", columns: "address:text member:self changed_at:time",
		claims: []claim{{column: "member"}}, noun: "mail_addresses"},
	{table: "mail_wish", key: "member", columns: "member:self address:text expires_at:time",
		claims: []claim{{column: "member"}}, noun: "mail_wish"},
	{table: "invitation", key: "inviter id",
		columns: "inviter:self id:id address:text hash:secret state:invitation draft:inner sent_at:time expires_at:time",
		claims:  []claim{{column: "inviter"}}, noun: "invitations"},
	{table: "outbox", key: "id",
		columns: "id:id address:text subject:text body:text created_at:time next_at:time sent_at:time tries:number problem:text member:member about:member",
		claims:  []claim{{column: "member", where: `member = $1 AND member > 0`}, {column: "about", where: `about = $1 AND about > 0`}}, not: "letters that were mailed; some hold one-time keys"},
	{table: "form_once", key: "member nonce", columns: "member:self nonce:secret result:inner sent_at:time",
		claims: []claim{{column: "member"}}, not: "forms of the last day, so that none is carried out twice"},
	{table: "export", key: "member", columns: "member:self id:id state:number asked_at:time ready_at:time bytes:number language:text",
		claims: []claim{{column: "member"}}, not: "the export itself"},

	{table: "friend_request", key: "member incoming other", columns: "member:self incoming:flag other:author message:text sent_at:time",
		claims: []claim{{column: "member"}, {column: "other", with: "friend_request.member", theirs: true}},
		also:   []string{`DELETE FROM friend_request WHERE member = $3 AND incoming = 1 - $2 AND other = $1`}, noun: "friend_requests"},
	{table: "introduction", key: "member introduced introducer", columns: "member:member introduced:member introducer:author message:text sent_at:time",
		claims: []claim{{column: "member"}, {column: "introduced", theirs: true}, {column: "introducer"}},
		also:   []string{`DELETE FROM news WHERE member = $1 AND actor = $3 AND thing = $2`}, noun: "introductions"},
	{table: "news", key: "member kind actor thing", columns: "member:self kind:number actor:member thing:id n:number since:time at:time",
		claims: []claim{{column: "member"}, {column: "actor", theirs: true}}, not: "what home tells, made of requests, messages, comments and the like"},
	{table: "news_letter", key: "member kind", columns: "member:self kind:news pc:flag handset:flag",
		claims: []claim{{column: "member"}}, noun: "news_letters"},
	{table: "told", key: "member kind about", columns: "member:self kind:number about:member at:time",
		claims: []claim{{column: "member"}, {column: "about", theirs: true}}, not: "the letters of the last hour, so that nobody gets too many"},
	{table: "endorsement", key: "member author", columns: "member:member author:author relationship:text body:text written_at:time",
		claims: []claim{{column: "member"}, {column: "author", where: `author = $1 AND member IN (SELECT about FROM endorsed WHERE member = $1)`}},
		also:   []string{`DELETE FROM endorsed WHERE member = $2 AND about = $1`}, noun: "endorsements"},
	{table: "endorsed", key: "member about", columns: "member:self about:member written_at:time",
		claims: []claim{{column: "member"}, {column: "about", with: "endorsement.member"}}, not: "endorsements from their author's side"},
	{table: "bookmark", key: "member other", columns: "member:self other:member added_at:time",
		claims: []claim{{column: "member"}, {column: "other", theirs: true}}, noun: "bookmarks"},
	{table: "block", key: "member blocked", columns: "member:self blocked:member blocked_at:time",
		claims: []claim{{column: "member"}, {column: "blocked", theirs: true}}, noun: "blocks"},
	{table: "footprint", key: "member visitor day", columns: "member:self visitor:author day:number visited_at:time",
		claims: []claim{{column: "member"}, {column: "visitor", theirs: true}}, noun: "footprints"},
	{table: "footprint_book", key: "member",
		columns: "member:self total:number round:number reached:number reached_by:member reached_at:time stealth:flag",
		claims: []claim{{column: "member"}, {column: "reached_by", where: `reached_by = $1 AND reached_by > 0`, theirs: true,
			set: `reached = 0, reached_by = 0, reached_at = 0`}}, noun: "footprint_book"},

	{table: "comment", key: "owner diary id", columns: "owner:member diary:id id:id author:author body:text created_at:time",
		claims: []claim{{column: "owner"},
			{column: "author", where: `author = $1 AND (owner, diary) IN (SELECT owner, diary FROM commented WHERE member = $1)`}},
		also: []string{`UPDATE diary SET comments = comments - 1 WHERE member = $1 AND id = $2`}, noun: "comments"},
	{table: "commented", key: "member owner diary", columns: "member:self owner:member diary:id updated_at:time",
		claims: []claim{{column: "member"}, {column: "owner", theirs: true}}, not: "entries of others with comments of the member, made of the comments"},
	{table: "diary_read", key: "member diary owner", columns: "member:self diary:id owner:member comments:number",
		claims: []claim{{column: "member"}, {column: "owner", theirs: true}}, noun: "read_marks"},

	{table: "album_comment", key: "owner album photo id", columns: "owner:member album:id photo:id id:id author:author body:text created_at:time",
		claims: []claim{{column: "owner"}, {column: "author"}},
		also: []string{`UPDATE album SET all_comments = all_comments - 1, comments = comments - CASE WHEN $3 = 0 THEN 1 ELSE 0 END WHERE member = $1 AND id = $2`,
			`UPDATE photo SET comments = comments - 1 WHERE member = $1 AND id = $3`}, noun: "album_comments"},
	{table: "album_open", key: "member session owner album", columns: "member:self session:secret owner:member album:id",
		claims: []claim{{column: "member"}, {column: "owner", theirs: true}}, not: "passwords of albums that were given in a session"},
	{table: "album_room", key: "member", columns: "member:self albums:number photos:number bytes:number hour:inner uploads:number",
		claims: []claim{{column: "member"}}, not: "what albums take up, counted of their photos"},

	{table: "message", key: "member id",
		columns: "member:self id:id kind:folder folder:folder other:member other_name:text subject:text body:text folded:inner answers:id unread:flag replied:flag photos:number created_at:time",
		claims:  []claim{{column: "member"}, {column: "other", theirs: true, stays: "the other member's copy, with the name as it was: what was sent to somebody is theirs"}},
		also: []string{
			`INSERT INTO spare_blob (hash, since) SELECT hash, $3 FROM photo WHERE ` + onlyRead + ` ON CONFLICT (hash) DO NOTHING`,
			`DELETE FROM photo WHERE ` + onlyRead,
		}, noun: "messages"},
	{table: "photo", key: "member id",
		columns: "member:member id:id hash:text type:text width:number height:number kind:attachment owner:member thing:id place:number created_at:time bytes:number caption:text comments:number",
		claims: []claim{{column: "member", where: `member = $1 AND NOT ` + stillRead},
			{column: "owner", with: "photo.member", theirs: true}},
		also: []string{`INSERT INTO spare_blob (hash, since) SELECT hash, $3 FROM photo WHERE member = $1 AND id = $2 ON CONFLICT (hash) DO NOTHING`},
		noun: "photos"},
	{table: "diary_category", key: "member id", columns: "member:self id:id name:text", claims: []claim{{column: "member"}}, noun: "diary_categories"},
	{table: "newest_diary", key: "diary owner", columns: "diary:id owner:self",
		claims: []claim{{column: "owner", with: "diary.member"}}, not: "entries for everyone, made of the entries"},
	{table: "diary", key: "member id",
		columns: "member:self id:id title:text body:text visibility:visibility comments_open:flag comments:number photos:number created_at:time updated_at:time category:id",
		claims:  []claim{{column: "member", few: true}},
		also: []string{`DELETE FROM newest_diary WHERE diary = $2 AND owner = $1`,
			`DELETE FROM friend_diary WHERE diary = $2 AND owner = $1 AND member IN (SELECT friend FROM friend WHERE member = $1)`}, noun: "diaries"},
	{table: "album", key: "member id",
		columns: "member:self id:id title:text note:text visibility:visibility password:secret protected:flag comments_open:flag cover:id photos:number comments:number all_comments:number created_at:time updated_at:time",
		claims:  []claim{{column: "member", few: true}},
		also:    []string{`DELETE FROM friend_album WHERE owner = $1 AND album = $2 AND member IN (SELECT friend FROM friend WHERE member = $1)`}, noun: "albums"},
	{table: "friend_album", key: "member owner album", columns: "member:self owner:member album:id updated_at:time",
		claims: []claim{{column: "member"}, {column: "owner", with: "album.member", theirs: true}}, not: "what friends put up, made of their albums"},
	{table: "friend_diary", key: "member diary owner", columns: "member:self diary:id owner:member",
		claims: []claim{{column: "member"}, {column: "owner", with: "diary.member", theirs: true}}, not: "what friends wrote, made of their entries"},
	{table: "friend_birthday", key: "member day friend", columns: "member:self day:number friend:member",
		claims: []claim{{column: "member"}, {column: "friend", with: "friend.member", theirs: true}}, not: "friends' birthdays, made of their profiles"},
	{table: "friend", key: "member friend", columns: "member:self friend:member since:time locked_until:time on_home:flag",
		claims: []claim{{column: "member"}, {column: "friend", with: "friend.member", theirs: true}},
		also: []string{`DELETE FROM friend_birthday WHERE member = $2 AND friend = $1`,
			`DELETE FROM friend WHERE member = $2 AND friend = $1`,
			`UPDATE member SET friends = friends - 1 WHERE id IN ($1, $2)`}, noun: "friends"},
	{table: "profile", key: "member field", columns: "member:self field:text value:text visibility:visibility",
		claims: []claim{{column: "member"}}, noun: "profile"},
	{table: "member", key: "id",
		columns: "id:self name:text status:inner language:text password:secret photo:id diary_visibility:visibility friends:number created_at:time last_login_at:time alone_since:time",
		claims:  []claim{{column: "id"}}, noun: "member"},

	{table: "leaving", key: "member", columns: "member:self left_at:time purged_at:time",
		claims: []claim{{column: "member", stays: "until the blobs and the traces in the file are gone; then Forget deletes it"}}, not: "members who have left"},
	{table: "audit", key: "seq", columns: "seq:inner at:time kind:text member:self client:text object:inner chain:inner",
		claims: []claim{{column: "member", stays: "the audit log has no content and no names, and only grows (SEC-120)"}}, noun: "log"},
	{table: "search_note", key: "member kind id", columns: "member:self kind:number id:id n:inner",
		claims: []claim{{column: "member"}}, not: "what the search index has yet to read"},
	{table: "search_filling", key: "one", columns: "one:inner id:inner seals:number", not: "which search index belongs to the database"},
	{table: "login_try", key: "key", columns: "key:secret failed:number wait_until:time", not: "keyed hashes; forgotten an hour after the last try"},
	{table: "spare_blob", key: "hash", columns: "hash:secret since:time", not: "pictures that nobody uses any more; swept"},
	{table: "goose_db_version", key: "id", columns: "id:inner version_id:inner is_applied:inner tstamp:inner", not: "which changes the schema has"},
}

// received finds photos that others sent to the member: they are in the export with the messages, and stay the sender's.
var received = fmt.Sprintf(`kind = %d AND (owner, thing) IN (SELECT other, id FROM message WHERE member = $1 AND kind = 0 AND photos > 0)`, core.MessagePhoto)

// finds is the condition for the rows of a claim.
func (c claim) finds() string {
	if c.where != "" {
		return c.where
	}
	return c.column + ` = $1`
}

// fields are the columns of a holding without values, in order.
func (h holding) fields() (list []core.Field) {
	for _, c := range strings.Fields(h.columns) {
		name, kind, _ := strings.Cut(c, ":")
		list = append(list, core.Field{Name: name, Kind: kinds[kind]})
	}
	return list
}

// keys are the names of the columns of the key.
func (h holding) keys() []string { return strings.Fields(h.key) }

// exported are the conditions for the rows that an export of the member has; a row may meet more than one.
func (h holding) exported() (conditions []string) {
	for _, c := range h.claims {
		if !c.theirs {
			conditions = append(conditions, c.finds())
		}
	}
	if h.table == "photo" {
		conditions = []string{`member = $1`, received}
	}
	return conditions
}
