package archive

import (
	"errors"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"
)

// maxFile bounds one stored file, bytes.
const maxFile = 16 << 20

// openDir answers from a directory: DIR/HOST/path where there is a folder of the host's name, else DIR/path, else that of the only host
// that it has. A query is part of
// the file's name, as mirroring programs write it (page.cgi?id=1, or page.cgi@id=1).
func openDir(name string) (func(host, target string) (*page, error), error) {
	root, err := os.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	only := onlyHost(root)
	return func(host, target string) (*page, error) {
		p, query, _ := strings.Cut(target, "?")
		p, err := url.PathUnescape(p)
		if err != nil {
			return nil, nil
		}
		p = strings.TrimPrefix(path.Clean("/"+p), "/")
		bare, _, _ := strings.Cut(host, ":")
		for _, base := range [...]string{bare, "", only} {
			for _, file := range candidates(path.Join(base, p), query) {
				if found, err := readFile(root, file); found != nil || err != nil {
					return found, err
				}
			}
		}
		return nil, nil
	}, nil
}

// onlyHost is the one folder of a directory that a mirroring program made for one site, "" of any other: the gateway's own name, by which
// such a site is asked for, is not the folder's.
func onlyHost(root *os.Root) string {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil || len(entries) != 1 || !entries[0].IsDir() || !strings.Contains(strings.Trim(entries[0].Name(), "."), ".") {
		return ""
	}
	return entries[0].Name()
}

// candidates are the files that may hold an address, best first.
func candidates(p, query string) (files []string) {
	if query != "" {
		files = append(files, p+"?"+query, p+"@"+query, p+"?"+query+".html", p+"@"+query+".html")
	}
	return append(files, p, path.Join(p, "index.html"), path.Join(p, "index.htm"), p+".html")
}

func readFile(root *os.Root, name string) (*page, error) {
	f, err := root.Open(name)
	if errors.Is(err, fs.ErrNotExist) || err != nil && strings.Contains(err.Error(), "escapes") {
		return nil, nil
	}
	if err != nil {
		return nil, nil // a name that this file system does not know is a page that is not there
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || info.IsDir() || info.Size() > maxFile {
		return nil, err
	}
	body := make([]byte, info.Size())
	if _, err := io.ReadFull(f, body); err != nil {
		return nil, err
	}
	return &page{status: http.StatusOK, header: http.Header{"Content-Type": {typeOf(name, body)}}, body: body}, nil
}

// typeOf is a file's type by its name, else by its bytes. The charset is the page's own affair.
func typeOf(name string, body []byte) string {
	kind := mime.TypeByExtension(path.Ext(name))
	switch path.Ext(name) {
	case ".html", ".htm", ".cgi", ".php", ".asp", ".jsp", ".shtml", ".chtml":
		kind = "text/html"
	case ".xhtml":
		kind = "application/xhtml+xml"
	case ".mmf":
		kind = "application/x-smaf"
	case ".mld":
		kind = "application/x-mld"
	}
	if kind == "" {
		kind = http.DetectContentType(body)
	}
	kind, _, _ = strings.Cut(kind, ";")
	return kind
}
