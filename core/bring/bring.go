package bring

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"time"

	"musubi/core"
	"musubi/core/disk"
)

// Limits of imports.
const (
	MaxFile    = 64 << 20            // bytes of a file
	MaxImports = 20                  // of one member that are known at a time
	MaxName    = 100                 // characters of a file's name
	Undoable   = 14 * 24 * time.Hour // what an import brought can be taken back for so long
	shownAge   = 24 * time.Hour      // a file that was looked through waits so long for a yes
	shownMost  = 8                   // titles of a preview
)

// Refusals of imports.
var (
	// ErrFile: the file is none that we can read.
	ErrFile = core.Invalid{{Field: "file", Key: "field.importfile"}}
	// ErrFileLarge: the file is larger than MaxFile, or what is in it is.
	ErrFileLarge = core.Invalid{{Field: "file", Key: "field.importlarge", N: MaxFile >> 20}}
	// ErrImportsFull: one import more than MaxImports.
	ErrImportsFull = &core.Error{Code: core.Full, Key: "error.importsfull"}
	// ErrImport: there is no such import, or it is not in a state for that.
	ErrImport = &core.Error{Code: core.Conflict, Key: "error.import"}
)

// A Kind is what a file is. The numbers are stored: a new one comes last.
type Kind uint8

// Kinds of files.
const (
	Blog     Kind = iota // entries of a blog: MT format, or Hatena's XML
	Pictures             // a ZIP of pictures
	Musubi               // what a musubi gave a member to take along
)

// A State says how far an import is. The numbers are stored: a new one comes last.
type State uint8

// States.
const (
	Shown   State = iota // looked through; nothing of it is stored
	Working              // it is brought in
	Brought              // it is in, and can be taken back until Until
	Undoing              // it is taken back
	Undone               // nothing of it is there any more
	Stopped              // it could not go on: what is in can be taken back
)

// An Import is one file that a member brings.
type Import struct {
	Member, ID core.ID
	Kind       Kind
	State      State
	Name       string // of the file, as the member called it
	Title      string // of the album for a ZIP of pictures
	Visibility core.Visibility
	Comments   bool // what others said comes at the end of the entry's text
	At         time.Time
	EndedAt    time.Time // zero: not yet
	Summary    Summary
	Done       int // steps
	Steps      int
	New        int // things that are there now
	Same       int // things that had been brought before
	Failed     int // things that could not be stored
}

// dated is the date of what the file dates: nothing stands before what is written today because it says that it is of tomorrow.
func (i Import) dated(at time.Time) time.Time {
	if at.After(i.At) {
		return i.At
	}
	return at
}

// Until is when it cannot be taken back any more.
func (i Import) Until() time.Time { return i.EndedAt.Add(Undoable) }

// MayUndo says whether it can be taken back at a time.
func (i Import) MayUndo(now time.Time) bool {
	return (i.State == Brought || i.State == Stopped) && now.Before(i.Until())
}

// A Summary is what a file has, and what of it is left out.
type Summary struct {
	Entries, Drafts, Comments, Albums, Photos, Fields int
	Ahead                                             int       // entries with a date that has not come: theirs is that of the import
	From, To                                          time.Time // of the entries
	Titles                                            []string  // of the first few
	Left                                              []LeftOut
}

// A LeftOut is what of a file does not come, and how much: Why is the end of a key of the catalogue.
type LeftOut struct {
	Why string
	N   int
}

// leave counts what does not come.
func (s *Summary) leave(why string, n int) {
	if n == 0 {
		return
	}
	for i := range s.Left {
		if s.Left[i].Why == why {
			s.Left[i].N += n
			return
		}
	}
	s.Left = append(s.Left, LeftOut{why, n})
}

// A Thing is what kind of thing was brought. The numbers are stored, and things are taken back in their order.
type Thing uint8

// Kinds of things.
const (
	AnEntry Thing = iota
	APhoto
	AnAlbum
	ACategory
	AField
)

// A Mark is one thing that an import brought. The same thing of another file is known by its hash.
type Mark struct {
	Member, Import core.ID
	Hash           string
	Kind           Thing
	Thing, Piece   core.ID // of a photo: the album, the photo; of a field: 0, its number
}

// ImportStore keeps imports, and what they brought.
type ImportStore interface {
	PutImport(ctx context.Context, i Import) error
	Import(ctx context.Context, member, id core.ID) (Import, error)
	// Imports lists a member's, newest first.
	Imports(ctx context.Context, member core.ID) ([]Import, error)
	// ImportsIn lists those of all members in a state, oldest first, 100 at most.
	ImportsIn(ctx context.Context, state State) ([]Import, error)
	DeleteImport(ctx context.Context, member, id core.ID) error
	// Marked gives what a member brought by its hash, or ErrNotFound.
	Marked(ctx context.Context, member core.ID, hash string) (Mark, error)
	PutMark(ctx context.Context, m Mark) error
	// Marks lists what an import brought in the order of their kinds, limit at most.
	Marks(ctx context.Context, member, id core.ID, limit int) ([]Mark, error)
	DeleteMark(ctx context.Context, member core.ID, hash string) error
}

func (s *Service) path(i Import) string {
	return filepath.Join(s.dir, i.Member.String()+"-"+i.ID.String()+".import")
}

// Show looks through a file and keeps it for a day: nothing of it is stored before Bring. Invalid says what is wrong with it.
func (s *Service) Show(ctx context.Context, member core.ID, name string, file []byte) (Import, error) {
	if s.dir == "" {
		return Import{}, core.ErrNotFound
	}
	if len(file) > MaxFile {
		return Import{}, ErrFileLarge
	}
	zone, err := s.zone(ctx, member)
	if err != nil {
		return Import{}, err
	}
	l, err := read(file, zone, s.Now())
	if err != nil {
		return Import{}, err
	}
	if r := []rune(core.Clean(filepath.Base(name), core.OneLine)); len(r) > MaxName {
		name = string(r[:MaxName])
	} else {
		name = string(r)
	}
	i := Import{Member: member, Kind: l.kind, Name: name, Summary: l.summary, Steps: len(l.steps), Visibility: core.Private}
	i.ID, i.At = s.Stamp(time.Time{})
	if err := disk.MakeDir(s.dir); err != nil {
		return i, err
	}
	if err := disk.Write(s.path(i), file); err != nil {
		return i, err
	}
	err = s.store.Atomic(ctx, func(ctx context.Context) error {
		if err := s.MayWrite(ctx, member); err != nil {
			return err
		}
		all, err := s.store.Imports(ctx, member)
		if err != nil {
			return err
		}
		if len(all) >= MaxImports {
			return ErrImportsFull
		}
		return s.store.PutImport(ctx, i)
	})
	if err != nil {
		err = errors.Join(err, os.Remove(s.path(i)))
	}
	return i, err
}

// A Choice is what a member says to a preview.
type Choice struct {
	Visibility core.Visibility // the widest: what the file itself says is narrower stays so
	Comments   bool
	Title      string // of the album for a ZIP of pictures
}

// Bring brings in what was looked through, in the background.
func (s *Service) Bring(ctx context.Context, member, id core.ID, c Choice) error {
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		i, err := s.store.Import(ctx, member, id)
		if err != nil {
			return err
		}
		if i.State != Shown {
			return ErrImport
		}
		var check core.Check
		if i.Kind == Pictures {
			check.Text("title", &c.Title, core.OneLine, true, maxTitle)
		}
		if c.Visibility > core.Private {
			check.Fail("visibility", "field.choice", 0)
		}
		if err := check.Err(); err != nil {
			return err
		}
		i.State, i.Visibility, i.Comments, i.Title = Working, c.Visibility, c.Comments, c.Title
		return errors.Join(s.store.PutImport(ctx, i), s.Audit(ctx, "import", member, "", id.String()))
	})
	s.wake()
	return err
}

// Drop forgets a file that was looked through.
func (s *Service) Drop(ctx context.Context, member, id core.ID) error {
	return s.store.Atomic(ctx, func(ctx context.Context) error {
		i, err := s.store.Import(ctx, member, id)
		if err != nil {
			return err
		}
		if i.State != Shown {
			return ErrImport
		}
		return s.store.DeleteImport(ctx, member, id) // the file goes with the next sweep
	})
}

// Undo takes back all that an import brought, in the background. What the member has put beside it since stays.
func (s *Service) Undo(ctx context.Context, member, id core.ID) error {
	err := s.store.Atomic(ctx, func(ctx context.Context) error {
		i, err := s.store.Import(ctx, member, id)
		if err != nil {
			return err
		}
		if !i.MayUndo(s.Now()) {
			return ErrImport
		}
		i.State = Undoing
		return errors.Join(s.store.PutImport(ctx, i), s.AuditDelete(ctx, member, "import", id))
	})
	s.wake()
	return err
}

// Imports lists a member's imports, newest first.
func (s *Service) Imports(ctx context.Context, member core.ID) ([]Import, error) {
	return s.store.Imports(ctx, member)
}

func (s *Service) wake() {
	select {
	case s.more <- struct{}{}:
	default: // they look again anyway
	}
}
