package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	stdio "io"
	"log/slog"
	"os"
	"time"

	"musubi/carriers"
	"musubi/core"
	"musubi/core/bring/openpne"
	"musubi/transcode/emoji"
)

// importCmd brings another site in.
type importCmd struct {
	Args struct {
		From string `positional-arg-name:"openpne2|openpne3|musubi" description:"What the other site was." required:"1"`
		File string `positional-arg-name:"FILE" description:"For musubi: what musubi export wrote. It is read into a new --data."`
	} `positional-args:"yes"`
	Dump    []string `long:"dump" description:"What mysqldump wrote of its database, plain or .gz; several, where pictures are in another." value-name:"FILE"`
	KeyFile string   `long:"key-file" description:"config.php of OpenPNE 2, whose ENCRYPT_KEY opens mail addresses, or a file with that key alone." value-name:"FILE" type:"path"`
	Charset string   `long:"charset" description:"Of the dump: utf-8, euc-jp or shift_jis." default:"utf-8" value-name:"NAME"`
	Zone    string   `long:"zone" description:"Of the times in the dump." default:"Asia/Tokyo" value-name:"ZONE"`
	DryRun  bool     `long:"dry-run" description:"Say what there is and what stays behind, and store nothing."`
	Data    string   `long:"data" description:"Directory of the database, photos and keys." value-name:"DIR" default:"./musubi-data" env:"MUSUBI_DATA" type:"path"`
	shared
}

// Run reads the dump, tells what is in it, and stores it: each member in a transaction. What was stored before a stop stays, and the same
// command goes on from there.
func (c *importCmd) Run(io *std) error {
	if c.Args.From == "musubi" {
		if c.Args.File == "" {
			return badUsage("import musubi needs the file that musubi export wrote")
		}
		return c.importWhole(io)
	}
	o, dumps, err := c.options()
	if err != nil {
		return err
	}
	site, err := openpne.Read(o, dumps)
	if err != nil {
		return usageError{err}
	}
	for _, n := range site.Counts() {
		fmt.Fprintf(io.Out, "%8d %s\n", n.N, n.Kind)
	}
	if c.DryRun {
		c.left(io, site)
		return nil
	}
	ctx, stop := untilSignal()
	defer stop()
	room, err := openCore(ctx, onDB(c.Data, c.shared, logger(io.Err, slog.LevelWarn)))
	if err != nil {
		return err
	}
	began := time.Now()
	members, rooms, err := site.Run(ctx, room.services, openpne.RunOptions{Options: o, Dumps: dumps, Wrap: room.services.Guard.WrapMD5, Progress: progress(io, "steps", site.Steps())})
	if err = errors.Join(err, room.Close()); err != nil {
		if errors.Is(err, core.ErrMailTaken) {
			return badUsage("%s has members with mail addresses of the dump: they came in by another way, and nobody is brought in twice", c.Data)
		}
		return fmt.Errorf("%w (%s and %s are in; the same command goes on from there)", err, count(members, "member", "members"), count(rooms, "community", "communities"))
	}
	c.left(io, site)
	fmt.Fprintf(io.Out, "%s and %s brought in, in %.1f s; those of a run before stayed as they are\n", count(members, "member", "members"), count(rooms, "community", "communities"), time.Since(began).Seconds())
	return nil
}

// left says what stays behind.
func (c *importCmd) left(io *std, site *openpne.Site) {
	for _, n := range site.Left() {
		fmt.Fprintf(io.Out, "%8d left out: %s\n", n.N, n.Kind)
	}
}

// options reads the flags.
func (c *importCmd) options() (o openpne.Options, dumps []func() (stdio.ReadCloser, error), err error) {
	o.Charset, o.Emoji = c.Charset, tokenEmoji()
	switch c.Args.From {
	case "openpne2":
		o.Version = 2
		if c.KeyFile == "" {
			return o, nil, badUsage("openpne2 needs --key-file: config.php of that site, by whose ENCRYPT_KEY its mail addresses open")
		}
		file, err := os.ReadFile(c.KeyFile)
		if err == nil {
			o.Key, err = openpne.KeyOf(file)
		}
		if err != nil {
			return o, nil, usageError{err}
		}
	case "openpne3":
		o.Version = 3
	default:
		return o, nil, badUsage("import %s: expected openpne2, openpne3 or musubi", c.Args.From)
	}
	if o.Zone, err = time.LoadLocation(c.Zone); err != nil {
		return o, nil, badUsage("--zone %s: expected a name like Asia/Tokyo", c.Zone)
	}
	if len(c.Dump) == 0 {
		return o, nil, badUsage("import needs --dump FILE: what mysqldump wrote")
	}
	for _, name := range c.Dump {
		dumps = append(dumps, func() (stdio.ReadCloser, error) { return openDump(name) })
	}
	return o, dumps, nil
}

// unzipped is a dump that was packed.
type unzipped struct {
	*gzip.Reader
	file *os.File
}

func (u unzipped) Close() error { return errors.Join(u.Reader.Close(), u.file.Close()) }

// openDump opens a dump, packed or not.
func openDump(name string) (stdio.ReadCloser, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, usageError{err}
	}
	if head, _ := bufio.NewReaderSize(f, 16).Peek(2); string(head) != "\x1f\x8b" {
		_, err = f.Seek(0, stdio.SeekStart)
		return f, err
	}
	if _, err = f.Seek(0, stdio.SeekStart); err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(f)
	return unzipped{z, f}, err
}

// tokenEmoji finds the emoji of the tokens that OpenPNE keeps: i and a number of i-mode's lists, e and one of au's, s and the place among
// SoftBank's, page by page.
func tokenEmoji() func(set byte, number int) string {
	found := map[byte]map[int]string{'i': {}, 'e': {}, 's': {}}
	softbank := map[int]string{}
	for i := range emoji.Count {
		c := emoji.At(emoji.Index(i))
		if c.DoCoMoNumber != 0 {
			found['i'][int(c.DoCoMoNumber)] = c.Canonical()
		}
		if c.AuNumber != 0 {
			found['e'][int(c.AuNumber)] = c.Canonical()
		}
		if code := c.Code(carriers.EmojiSoftBank); code.PUA != 0 {
			softbank[int(code.PUA)] = c.Canonical()
		}
	}
	place := 0
	for code := 0xE001; code <= 0xE5FF; code++ {
		if e, there := softbank[code]; there {
			place++
			found['s'][place] = e
		}
	}
	return func(set byte, number int) string { return found[set][number] }
}
