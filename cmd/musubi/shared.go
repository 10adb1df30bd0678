package main

import (
	"cmp"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"musubi/core"
	"musubi/core/disk"
	"musubi/core/files"
	"musubi/core/store"
	"musubi/gateway"
)

// database is set where the database may be one that several processes share (docs/scale.md).
type database struct {
	DB string `long:"db" description:"PostgreSQL database instead of the file below --data, postgres://USER@HOST:PORT/DB?sslmode=…; several processes may serve from it, each with a --data of its own. An empty one is made ready." value-name:"URL" env:"MUSUBI_DB"`
}

// checkDB refuses what is no address of one.
func (o *database) checkDB() error {
	if o.DB != "" && !strings.HasPrefix(o.DB, "postgres://") && !strings.HasPrefix(o.DB, "postgresql://") {
		return badUsage("--db: expected postgres://USER@HOST:PORT/DB?sslmode=…")
	}
	return nil
}

// isThere refuses a data directory without a database, where that is the one, or whose database cannot be read.
func (o *database) isThere(data string) error {
	if o.DB != "" {
		return nil
	}
	f, err := os.Open(filepath.Join(data, databaseFile))
	if err == nil {
		return f.Close()
	}
	return badUsage("--data %s %s", data, unreadable(data, err))
}

// unreadable says what is wrong with a data directory whose database could not be opened.
func unreadable(data string, err error) string {
	switch info, bad := os.Stat(data); {
	case bad == nil && !info.IsDir():
		return "is a file; expected the directory of a site"
	case errors.Is(err, fs.ErrNotExist):
		return "holds no musubi database"
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("cannot be read (%v): run this as who runs musubi, or let them read it (chown)", err)
	}
	return fmt.Sprintf("cannot be read: %v", err)
}

// shared is set for who needs all of such a site: its photos and its secret.
type shared struct {
	database
	Blobs      string `long:"blobs" description:"Directory of photos and exports; with --db one that all processes share. Empty: below --data." value-name:"DIR" env:"MUSUBI_BLOBS" type:"path"`
	SecretInDB string `long:"secret-in-db" description:"With --db: the secret and the keys of easy login are kept in the database too, for processes whose --data has none: no, plain, for whoever reads the database to read, or sealed, with --seal." default:"no" choice:"no" choice:"plain" choice:"sealed" env:"MUSUBI_SECRET_IN_DB"`
	Seal       string `long:"seal" description:"File of at least 32 bytes that seals what --secret-in-db sealed keeps; every process needs the same." value-name:"FILE" env:"MUSUBI_SEAL" type:"path"`
}

// blobs is where photos and exports are.
func (o *shared) blobs(data string) string { return cmp.Or(o.Blobs, data) }

// checkShared refuses what does not fit together.
func (o *shared) checkShared() error {
	switch err := o.checkDB(); {
	case err != nil:
		return err
	case o.DB == "" && (o.SecretInDB == "plain" || o.SecretInDB == "sealed"):
		return badUsage("--secret-in-db is for --db")
	case (o.SecretInDB == "sealed") != (o.Seal != ""):
		return badUsage("--secret-in-db sealed and --seal FILE belong together")
	case o.Seal != "":
		_, err = readSeal(o.Seal)
		return err
	}
	return nil
}

// loginKeysFile has the keys of easy login; see gateway.
const loginKeysFile = "login-keys"

// openShared opens a database that others may serve from too, and takes a number among them.
func (r *coreRoom) openShared(ctx context.Context, o *coreOptions) (node uint8, err error) {
	c := o.upgrading(store.Config{URL: o.DB, Path: filepath.Join(o.Data, databaseFile), Refuse: r.full.refuse})
	if r.store, err = store.Open(ctx, c); err != nil {
		return 0, err
	}
	if half, err := r.store.Engine().Kept(ctx, importMark); err != nil || half != "" && !o.reading {
		if err == nil {
			err = errHalf("this database")
		}
		return 0, errors.Join(err, r.store.Close())
	}
	k := keeper{ctx, r.store, &o.shared}
	if r.secret, err = k.secret(o.Data); err == nil && o.SecretInDB != "no" && o.SecretInDB != "" {
		err = k.loginKeys(o.Data)
	}
	if err == nil {
		node, err = r.store.Lease(ctx)
	}
	if err != nil {
		return 0, errors.Join(err, r.store.Close())
	}
	return node, nil
}

// A keeper keeps secrets in the database, as the operator has chosen.
type keeper struct {
	ctx context.Context
	*store.Store
	o *shared
}

// secret gives that of the data directory, or the one that is kept. A database knows the print of its own: with another one nobody's
// session or link would work, and some would be lost for good.
func (k keeper) secret(data string) ([]byte, error) {
	path, db := filepath.Join(data, "secret"), k.Engine()
	known, err := db.Kept(k.ctx, "secret print")
	if err != nil {
		return nil, err
	}
	var secret []byte
	_, missing := os.Stat(path)
	kept, err := k.kept("secret")
	switch {
	case err != nil && missing != nil:
		return nil, err
	case missing == nil || known == "" && k.o.SecretInDB == "no" || known == "" && k.o.SecretInDB == "":
		secret, err = files.OpenSecret(path)
	case kept != nil:
		secret = kept
	case known == "":
		secret = make([]byte, 32)
		rand.Read(secret)
	default:
		return nil, fmt.Errorf("%s is missing, and the database keeps none: copy it from a process that has it, or start that one with --secret-in-db", path)
	}
	if err != nil {
		return nil, err
	}
	print := hex.EncodeToString(core.DeriveKey(secret, "print"))
	if known, err = db.Keep(k.ctx, "secret print", print); err != nil {
		return nil, err
	}
	if known != print {
		return nil, fmt.Errorf("the secret of %s is not that of the database: take the one of a process that serves from it", data)
	}
	if kept == nil && k.o.SecretInDB != "no" && k.o.SecretInDB != "" {
		_, err = k.keep("secret", secret)
	}
	return secret, err
}

// loginKeys gives a data directory the keys that are kept, or keeps those that it has.
func (k keeper) loginKeys(data string) error {
	path := filepath.Join(data, loginKeysFile)
	kept, err := k.kept(loginKeysFile)
	if err != nil {
		return err
	}
	own, missing := os.ReadFile(path)
	if missing != nil && !errors.Is(missing, fs.ErrNotExist) {
		return missing
	}
	if missing != nil && kept == nil {
		if _, err := gateway.OpenLoginKeys(path); err != nil { // makes them
			return err
		}
		if own, err = os.ReadFile(path); err != nil {
			return err
		}
		first, err := k.keep(loginKeysFile, own)
		if err != nil || string(first) == string(own) {
			return err
		}
		if err := os.Remove(path); err != nil { // another process was first
			return err
		}
		return disk.WriteNew(path, first)
	}
	if missing != nil {
		return disk.WriteNew(path, kept)
	}
	if kept == nil {
		_, err = k.keep(loginKeysFile, own)
	}
	return err
}

// keep stores a secret, sealed or plain, unless there is one, and gives the one that is there.
func (k keeper) keep(name string, value []byte) ([]byte, error) {
	text := "plain:" + hex.EncodeToString(value)
	if k.o.SecretInDB == "sealed" {
		seal, err := k.seal()
		if err != nil {
			return nil, err
		}
		nonce := make([]byte, seal.NonceSize())
		rand.Read(nonce)
		text = "sealed:" + hex.EncodeToString(seal.Seal(nonce, nonce, value, []byte(name)))
	}
	if _, err := k.Engine().Keep(k.ctx, name, text); err != nil {
		return nil, err
	}
	return k.kept(name)
}

// kept gives a secret that is kept, nil when none is.
func (k keeper) kept(name string) ([]byte, error) {
	text, err := k.Engine().Kept(k.ctx, name)
	if err != nil || text == "" {
		return nil, err
	}
	kind, digits, _ := strings.Cut(text, ":")
	value, err := hex.DecodeString(digits)
	if err != nil || kind == "plain" {
		return value, err
	}
	seal, err := k.seal()
	if err != nil {
		return nil, err
	}
	if len(value) < seal.NonceSize() {
		return nil, fmt.Errorf("the %s that the database keeps is damaged", name)
	}
	open, err := seal.Open(nil, value[:seal.NonceSize()], value[seal.NonceSize():], []byte(name))
	if err != nil {
		return nil, fmt.Errorf("the %s that the database keeps was sealed with another --seal", name)
	}
	return open, nil
}

// readSeal reads the file of --seal.
func readSeal(name string) ([]byte, error) {
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, badUsage("--seal: %v; expected a file that every process of the site has the same of", err)
	}
	if len(b) < 32 {
		return nil, badUsage("--seal %s has %d bytes, expected at least 32: head -c 32 /dev/urandom makes some", name, len(b))
	}
	return b, nil
}

// seal is what secrets are sealed with.
func (k keeper) seal() (cipher.AEAD, error) {
	if k.o.Seal == "" {
		return nil, badUsage("the database keeps its secret sealed: --secret-in-db sealed --seal FILE")
	}
	b, err := readSeal(k.o.Seal)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(core.DeriveKey(b, "seal"))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
