package mysqldump

import (
	"fmt"
	"strings"
	"testing"
)

func read(t *testing.T, dump string, o Options) (rows []string, err error) {
	t.Helper()
	if o.Want == nil {
		o.Want = func(string) bool { return true }
	}
	err = Read(strings.NewReader(dump), o, func(r Row) error {
		var b strings.Builder
		b.WriteString(r.Table)
		for i, v := range r.Values {
			if v == nil {
				fmt.Fprintf(&b, " %s=NULL", r.Columns[i])
			} else {
				fmt.Fprintf(&b, " %s=%q", r.Columns[i], v)
			}
		}
		rows = append(rows, b.String())
		return nil
	})
	return rows, err
}

// What mysqldump of three decades writes, and a text that looks like a statement.
func TestRead(t *testing.T) {
	const dump = "\xEF\xBB\xBF-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nSET @a = 'x;y';\nDROP TABLE IF EXISTS `a`;\n" +
		"CREATE TABLE `a` (\n  `id` int(11) NOT NULL auto_increment COMMENT 'it''s `id`, (really)',\n  `s` enum('x','y') default 'x',\n  `bin` longblob,\n  PRIMARY KEY  (`id`),\n  KEY `s` (`s`(20),`id`)\n) ENGINE=InnoDB;\n" +
		"LOCK TABLES `a` WRITE;\n/*!40000 ALTER TABLE `a` DISABLE KEYS */;\n" +
		`INSERT INTO ` + "`a`" + ` VALUES (1,'a\'b\\c\n\0\Z);',NULL),(-2,'''; INSERT INTO x',0x00FF),(3,'日本',_binary 'q\"z');` + "\n" +
		"INSERT INTO `a` (`s`,`id`) VALUES ('r',4);\nINSERT INTO `b` VALUES ('passed over; (');\nUNLOCK TABLES;"
	rows, err := read(t, dump, Options{Want: func(table string) bool { return table == "a" }})
	want := []string{`a id="1" s="a'b\\c\n\x00\x1a);" bin=NULL`, `a id="-2" s="'; INSERT INTO x" bin="\x00\xff"`, `a id="3" s="日本" bin="q\"z"`, `a s="r" id="4"`}
	if err != nil || strings.Join(rows, "\n") != strings.Join(want, "\n") {
		t.Fatalf("%v\n%s\nwant\n%s", err, strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
	if rows, err := read(t, "CREATE TABLE `a` (`s` text);INSERT INTO `a` VALUES ('\x95\x5c\x83\x5c');", Options{SJIS: true}); err != nil || rows[0] != `a s="\x95\\\x83\\"` {
		t.Errorf("Shift_JIS: %v %q", err, rows)
	}
	for n := range len(dump) { // cut anywhere it ends with an error or with fewer rows, never in a panic
		read(t, dump[:n], Options{})
	}
}

// What is wrong is said with its line and what was expected.
func TestReadRefuses(t *testing.T) {
	const create = "CREATE TABLE `a` (`x` int, `y` int);\n"
	for dump, want := range map[string]string{
		"INSERT INTO `a` VALUES (1);":                  "columns of a are not known",
		create + "INSERT INTO `a` VALUES (1);":         "line 2: a row of a has 1 values, expected 2",
		create + "INSERT INTO `a` VALUES (1,2) (3,4);": "line 2: expected , or ; after a row of a",
		create + "INSERT INTO `a` VALUES (1,'x":        "line 2: expected the end of a text",
		create + "INSERT INTO `a` VALUES (1,2":         "line 2: expected the end of the statement",
		create + "INSERT INTO `a` SELECT 1;":           "line 2: expected VALUES",
		create + "INSERT INTO `a` VALUES (0x1,2);":     "hexadecimal digits",
		"CREATE TABLE (x int);":                        "name of a table",
		"/* never ends":                                "*/",
	} {
		if _, err := read(t, dump, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", dump, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("CREATE TABLE `a` (`x` int);INSERT INTO `a` VALUES (1),(0xFF),('\\'');", true)
	f.Fuzz(func(t *testing.T, dump string, sjis bool) { read(t, dump, Options{SJIS: sjis}) })
}
