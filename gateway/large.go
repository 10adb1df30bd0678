package gateway

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"

	"musubi/transcode/page"
)

// A page that is too large to be read whole is cut, and says so: its beginning is what most came for.

// readBeginning returns the upstream's page, or its beginning if it is larger than Limits.PageBytes, and says whether it was cut.
func (x *exchange) readBeginning() (src []byte, cut bool, r *refusal) {
	most := x.g.cfg.Limits.PageBytes
	coding := strings.ToLower(string(x.resp.Header.ContentEncoding()))
	if !x.g.cfg.Foreign || coding != "" && coding != "gzip" && coding != "x-gzip" {
		src, r = x.readAnswer(most)
		return src, false, r
	}
	var from io.Reader
	if x.resp.IsBodyStream() {
		from = x.stream()
		defer x.resp.CloseBodyStream()
	} else {
		from = bytes.NewReader(x.resp.Body())
	}
	if coding != "" {
		from = &inflated{in: &counted{Reader: from}}
	}
	whole, err := io.ReadAll(io.LimitReader(from, int64(most)+1))
	if err != nil {
		return nil, false, refuse(bodyKind(err), "upstream body: "+err.Error())
	}
	if len(whole) > most {
		return whole[:cutAt(whole[:most])], true, nil
	}
	if n := x.resp.Header.ContentLength(); coding == "" && x.resp.IsBodyStream() && n >= 0 && n != len(whole) {
		return nil, false, refuse(errBadUpstream, "upstream body ended early")
	}
	return whole, false, nil
}

// cutAt is where the end of a page that was cut is neither within a tag nor within a character, as far as a look back tells.
func cutAt(src []byte) int {
	from := max(len(src)-4096, 0)
	if i := bytes.LastIndexAny(src[from:], ">\n"); i >= 0 {
		return from + i + 1
	}
	return len(src)
}

// saysCut puts in front of a page that only its beginning is here.
func (x *exchange) saysCut(src []byte, contentType string) ([]byte, string) {
	n := max(x.g.cfg.Limits.PageBytes>>20, 1)
	words := fmt.Sprintf("このページは大きいため、はじめの%dMBだけです。", n)
	if x.english() {
		words = fmt.Sprintf("This page is large: these are its first %d MB.", n)
	}
	return page.Noted(src, contentType, words)
}

// An inflated body is one that comes compressed, as long as it is not a bomb (SEC-65).
type inflated struct {
	in  *counted
	z   *gzip.Reader
	out int64
}

// Read implements io.Reader.
func (f *inflated) Read(b []byte) (n int, err error) {
	if f.z == nil {
		if f.z, err = gzip.NewReader(f.in); err != nil {
			return 0, err
		}
	}
	n, err = f.z.Read(b)
	if f.out += int64(n); f.out > 64<<10+100*f.in.n {
		return 0, errStop
	}
	return n, err
}

// counted counts what is read, for the decompressor byte by byte if it wants.
type counted struct {
	io.Reader
	n int64
}

// Read implements io.Reader.
func (c *counted) Read(b []byte) (int, error) {
	n, err := c.Reader.Read(b)
	c.n += int64(n)
	return n, err
}

// inflate makes a compressed body that is passed through a plain one, on its way. It says false where the body is not such a one.
func (x *exchange) inflate(coding string) bool {
	if !x.resp.IsBodyStream() || !strings.EqualFold(coding, "gzip") && !strings.EqualFold(coding, "x-gzip") {
		return false
	}
	x.ahead = bufio.NewReader(&inflated{in: &counted{Reader: x.stream()}})
	x.resp.Header.SetContentLength(-1)
	return true
}
