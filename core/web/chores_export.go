package web

import (
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/chores"
)

// Paths of the export.
const (
	exportPath     = "/settings/export"
	exportFilePath = "/settings/export/file"
)

// exportRefresh is after how many seconds a PC asks again how far an export is; a handset has a link.
const exportRefresh = 5

// export tells how far the export is, and offers to begin or to fetch one.
func (v chorePages) export() error { return v.showExport(nil) }

func (v chorePages) showExport(w wrong) error {
	p := &exportPage{frame: frame(v), wrong: w}
	var err error
	p.made, err = v.site.core.Chores.Export(v.ctx, v.member.ID)
	if p.none = errors.Is(err, chores.ErrNoExport); err != nil && !p.none {
		return err
	}
	if p.making() && w == nil {
		v.ctx.Response.Header.Set("Refresh", strconv.Itoa(exportRefresh))
	}
	return v.show(p)
}

// askExport begins an export.
func (v chorePages) askExport() error {
	err := v.site.core.Chores.AskExport(v.ctx, v.member.ID, v.form.get("password"), v.words.lang(), v.ktai.client())
	if errors.Is(err, chores.ErrExporting) {
		err = nil // the page shows how far it is
	}
	if w, ok := invalid(err); ok {
		return v.showExport(w)
	}
	if err != nil {
		return err
	}
	v.redirect(exportPath)
	return nil
}

// fetchExport sends the file. It is a form, not a link, so that the password is asked for at the moment the data leaves, no
// address can be passed on, and no other site can use it up.
func (v chorePages) fetchExport() error {
	e, file, err := v.site.core.Chores.FetchExport(v.ctx, v.member.ID, v.form.get("password"), v.ktai.client())
	if w, ok := invalid(err); ok {
		return v.showExport(w)
	}
	if err != nil {
		return err
	}
	h := &v.ctx.Response.Header
	v.ctx.SetContentType("application/zip")
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%s-%s.zip", fileName(v.site.name()), e.AskedAt.In(v.site.zone).Format("20060102")))
	h.Set("Cache-Control", "private, no-store, no-transform")
	v.ctx.SetStatusCode(fasthttp.StatusOK)
	v.ctx.SetBodyStream(&unhurried{file, v.ctx.Conn()}, int(e.Bytes))
	return nil
}

// unhurried gives whoever fetches a file the time of an answer for each piece anew.
type unhurried struct {
	io.ReadCloser
	conn net.Conn
}

func (u *unhurried) Read(b []byte) (int, error) {
	n, err := u.ReadCloser.Read(b)
	if c, ok := u.conn.(*net.TCPConn); ok { // in one process with the gateway there is none; it does the same
		c.SetWriteDeadline(time.Now().Add(writeTime))
	}
	return n, err
}

// fileName keeps of a service's name what every file system takes.
func fileName(name string) string {
	kept := ""
	for _, c := range name {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' {
			kept += string(c)
		}
	}
	if kept == "" {
		return "musubi"
	}
	return kept
}

// size writes a number of bytes for people.
func size(n int64) string {
	if n < 1<<20 {
		return strconv.FormatInt((n+1023)>>10, 10) + "KB"
	}
	return strconv.FormatFloat(float64(n)/(1<<20), 'f', 1, 64) + "MB"
}

// ExportWord implements chores.Writer.
func (l letterWriter) ExportWord(language, key string, args ...any) string {
	return languageOf(core.Member{Language: language}).t("exported."+key, args...)
}
