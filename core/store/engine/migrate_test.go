package engine

import (
	"errors"
	"path/filepath"
	"testing"
	"testing/fstest"
)

// A first start that was killed among its changes is gone on with by whoever comes next; where somebody lives, they are asked for.
func TestChangesThatWereCutOff(t *testing.T) {
	change := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)} }
	schema := fstest.MapFS{"20070101000000_first.sql": change("CREATE TABLE house (id INTEGER);")}
	refuse := errors.New("musubi migrate makes them")
	c := Config{Path: filepath.Join(t.TempDir(), "musubi.db"), Lives: "someone", BeforeMigration: func([]string, func(string) error) error { return refuse }}
	open := func() error {
		db, err := Open(t.Context(), c, schema)
		if err == nil {
			err = db.Close()
		}
		return err
	}
	if err := open(); err != nil {
		t.Fatal(err)
	}
	schema["20070102000000_second.sql"] = change("CREATE TABLE someone (id INTEGER);") // there is no such table yet
	if err := open(); err != nil {
		t.Errorf("half a schema: %v", err)
	}
	schema["20070103000000_third.sql"] = change("INSERT INTO someone VALUES (1);") // it has no row yet
	if err := open(); err != nil {
		t.Errorf("a schema without anybody: %v", err)
	}
	schema["20070104000000_fourth.sql"] = change("CREATE TABLE garden (id INTEGER);")
	if err := open(); !errors.Is(err, refuse) {
		t.Errorf("where somebody lives: %v", err)
	}
}
