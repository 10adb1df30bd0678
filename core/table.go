package core

import "strings"

// A Table says of one table of the database whose its rows are: which go when a member leaves, which stay and why, and which
// an export has. Every table has one, naming every column; a test compares them with the schema. Purge and Belongings do
// what they say, in their order, and nothing else.
type Table struct {
	Name     string
	Key      string      // the columns that name a row
	Columns  string      // "name:kind", all of them; see columnKinds
	Members  []Reference // every column that holds a member's ID has one
	Cascade  []string    // statements run before a row goes; $1, $2, … are the columns of its key, the one after them the time
	Export   string      // the file of an export that has the rows
	NoExport string      // why there is none
	Exported []string    // conditions for the rows that the export has; nil: those of Members that are not Foreign
}

// A Reference is a column that holds a member's ID. When that member leaves, its rows go, unless Set, With or Keep says
// otherwise.
type Reference struct {
	Column  string
	Where   string // finds the rows, by an index; $1 is the member; "": Column = $1
	Set     string // the rows stay and lose this
	With    string // the rows go with those of another reference, named here: table.column
	Keep    string // the rows stay, for this reason
	Heavy   bool   // each row takes many others along: fewer in one transaction
	Foreign bool   // the rows are another member's: not in the export of this one
}

// columnKinds are the kinds of columns as tables write them.
var columnKinds = map[string]ColumnKind{
	"text": TextField, "number": NumberField, "flag": FlagField, "time": TimeField, "id": IDField,
	"self": SelfField, "member": MemberField, "author": AuthorField, "visibility": VisibilityField,
	"news": NewsField, "folder": FolderField, "attachment": AttachmentField, "invitation": InvitationField,
	"secret": SecretField, "inner": InnerField,
}

// IsColumnKind says whether tables may write a kind of column so.
func IsColumnKind(word string) bool {
	_, ok := columnKinds[word]
	return ok
}

// Rows is the condition for the rows of a reference.
func (r Reference) Rows() string {
	if r.Where != "" {
		return r.Where
	}
	return r.Column + ` = $1`
}

// Goes says whether the rows of a reference go for its own sake.
func (r Reference) Goes() bool { return r.With == "" && r.Keep == "" }

// Keys are the names of the columns of the key.
func (t Table) Keys() []string { return strings.Fields(t.Key) }

// Fields are the columns without values, in order. A kind that there is not is left to a test.
func (t Table) Fields() (list []Field) {
	for _, c := range strings.Fields(t.Columns) {
		name, kind, _ := strings.Cut(c, ":")
		list = append(list, Field{Name: name, Kind: columnKinds[kind]})
	}
	return list
}

// ExportedRows are the conditions for the rows that an export of the member has; a row may meet more than one.
func (t Table) ExportedRows() (conditions []string) {
	if t.Exported != nil {
		return t.Exported
	}
	for _, r := range t.Members {
		if !r.Foreign {
			conditions = append(conditions, r.Rows())
		}
	}
	return conditions
}

// A ColumnKind says what a column of the database is to the member who reads it in an export.
type ColumnKind uint8

// Kinds of fields.
const (
	TextField       ColumnKind = iota
	NumberField                //
	FlagField                  // true or false
	TimeField                  //
	IDField                    // of a row
	SelfField                  // the member whose row it is
	MemberField                // another member, named as far as the reader may see them
	AuthorField                // the same, and the row is there only if the reader may see them, or is it themselves
	VisibilityField            //
	FolderField                // of a message
	AttachmentField            // what a photo belongs to
	InvitationField            // state of an invitation
	NewsField                  // kind of news
	SecretField                // a key, hash or token: never leaves the database
	InnerField                 // says nothing to a member
)

// A Field is one value of a row that belongs to a member: an int64 or a string.
type Field struct {
	Name  string
	Kind  ColumnKind
	Value any
}
