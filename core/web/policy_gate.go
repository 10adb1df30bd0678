package web

import (
	"fmt"
	"slices"
	"strings"

	"github.com/valyala/fasthttp"

	"musubi/core"
	"musubi/core/policy"
)

// errMaintenance: the operator has closed the site for some time.
var errMaintenance = &core.Error{Code: core.Unavailable, Key: "error.maintenance"}

// whileClosed are the addresses of members that are there whatever they have still to agree to: the terms themselves, the way out,
// and what takes a member's things along.
var whileClosed = []string{termsPath, "/logout", leavePath, exportPath, "/photo/", "/settings"}

// gate lets in whom the rules of the house let in: nobody who is banned, nobody while the site is closed, and no member past the terms
// that they have still to agree to. Files of the program are everybody's.
func (v housePages) gate(r *route) (done bool, err error) {
	if r.is(fixed) {
		return false, nil
	}
	house := v.site.core.Policy
	if err := house.MayEnter(v.ctx, peerOf(v.visit), v.ktai.key); err != nil {
		return false, err
	}
	if house.State(v.ctx).Mode == policy.Maintenance && !v.operates(r) {
		v.ctx.Response.Header.Set(fasthttp.HeaderRetryAfter, "600")
		return false, errMaintenance
	}
	if r.method == get && (r.access == member || r.access == owner) && !r.is(program) && v.member.ID != 0 && !opensAnyway(r.path) && house.MustAgree(v.ctx, v.member.ID) {
		v.redirect(termsPath + "?next=" + escapeQuery(string(v.ctx.RequestURI())))
		return true, nil
	}
	return false, nil
}

// operates says whether a route leads to the console, or is one of those by which an operator among the members comes in: they are open
// while the site is closed.
func (v housePages) operates(r *route) bool {
	return r.access == console || slices.Contains([]string{loginPath, codePath, passkeyLoginPath, "/logout"}, r.path) ||
		r.path == "/" && strings.HasPrefix(v.query("next"), consolePath)
}

func opensAnyway(path string) bool {
	for _, p := range whileClosed {
		if strings.HasPrefix(path, p) {
			return true
		}
	}
	return false
}

// mayWrite refuses forms of members while the site is read-only: what they wrote comes back with the page that says so.
func (v housePages) mayWrite(r *route) error {
	if r.access != member && r.access != owner || opensAnyway(r.path) {
		return nil
	}
	return v.site.core.Policy.MayWrite(v.ctx)
}

// readOnly says whether nothing can be stored just now: the disk is full, or the operator wants it so.
func (v housePages) readOnly() bool {
	return v.site.full != nil && v.site.full() || v.site.core.Policy.State(v.ctx).Mode == policy.ReadOnly
}

// modeWords are what the operator tells members while the site is not open; "": nothing.
func (v housePages) modeWords() string { return v.site.core.Policy.State(v.ctx).ModeWords }

// drawnLogo is the logo of a site that has none of its own.
const drawnLogo = "/logo.svg"

// logoAddress is the address of the picture beside the name, and its type.
func (v housePages) logoAddress() string {
	if id := v.site.core.Policy.State(v.ctx).Logo; id != 0 {
		return logoPath + "?v=" + id.String()
	}
	return drawnLogo
}

// coloursAddress is that of the operator's colours; "": there are none.
func (v housePages) coloursAddress() string {
	st := v.site.core.Policy.State(v.ctx)
	if st.Accent == "" && st.Bar == "" {
		return ""
	}
	return coloursPath + "?v=" + version(st.Accent+st.Bar)
}

// barColour is the colour of headings on handsets, which have no style sheet.
const barColour = `data-bar="#F6DDCB"`

// colours is the style sheet of the operator's colours: in the light scheme, as they were chosen; in the dark one a browser mixes them.
func (v housePages) colours() error {
	st := v.site.core.Policy.State(v.ctx)
	var light, dark strings.Builder
	if st.Accent != "" {
		fmt.Fprintf(&light, "--accent:%[1]s;--accent-deep:%[1]s;--band:%[1]s;--band-2:%[1]s;--band-ink:#fff;", st.Accent)
		fmt.Fprintf(&dark, "--accent:color-mix(in srgb,%[1]s 45%%,white);--accent-deep:color-mix(in srgb,%[1]s 30%%,white);--band:color-mix(in srgb,%[1]s 45%%,black);--band-2:color-mix(in srgb,%[1]s 55%%,black);", st.Accent)
	}
	if st.Bar != "" {
		fmt.Fprintf(&light, "--bar:%s;", st.Bar)
		fmt.Fprintf(&dark, "--bar:color-mix(in srgb,%s 25%%,black);", st.Bar)
	}
	v.keepForLong()
	v.ctx.SetContentType("text/css; charset=UTF-8")
	v.ctx.SetBodyString(":root{" + light.String() + "}@media (prefers-color-scheme:dark){:root{" + dark.String() + "}}\n")
	return nil
}

// logo is the picture that the operator has put up.
func (v housePages) logo() error {
	st := v.site.core.Policy.State(v.ctx)
	if st.Logo == 0 {
		return core.ErrNotFound
	}
	return v.picture(st.Logo)
}

// picture sends one of the operator's pictures, which anybody may see and every browser keep: another one has another address.
func (v housePages) picture(id core.ID) error {
	p, err := v.site.core.Policy.Picture(v.ctx, id)
	if err != nil {
		return err
	}
	bytes, err := v.site.core.Blobs.Get(v.ctx, p.Hash)
	if err != nil {
		return err
	}
	v.keepForLong()
	v.ctx.SetContentType(p.Type)
	v.ctx.SetBody(bytes)
	return nil
}

// keepForLong lets browsers keep an answer for a day.
func (v housePages) keepForLong() {
	h := &v.ctx.Response.Header
	h.Set("Cache-Control", "public, max-age=86400")
	h.Del("Pragma")
	h.Del("Expires")
}
