package web

import (
	"net/url"
	"strconv"
	"strings"

	"musubi/core"
	"musubi/core/outbox"
	"musubi/core/report"
)

// outsidePath is the form of people without an account.
const outsidePath = "/report/outside"

// outsideForm asks somebody without an account what they want to report.
func (v reportPages) outsideForm() error {
	return v.show(&outsidePage{frame: frame(v), typed: report.Outside{Where: v.query("where")}})
}

// fileOutside stores what they wrote. Many from one address wait, as those who try passwords do.
func (v reportPages) fileOutside() error {
	o := report.Outside{Contact: v.form.get("mail"), Where: v.form.get("where"), Reason: v.form.get("reason"), Words: v.form.get("words")}
	err := report.CheckOutside(&o)
	if err == nil {
		err = v.site.core.Guard.CountTry(v.ctx, v.site.core.Keyed(v.site.core.Keys.Mail, "outside "+peerOf(v.visit).Addr.String()))
	}
	if err == nil {
		o.On, _ = thingAt(o.Where)
		_, err = v.site.core.Report.FileOutside(v.ctx, o)
	}
	if w, ok := invalid(err); ok {
		retryAfter(v.visit, err)
		return v.show(&outsidePage{frame(v), o, w})
	}
	if err != nil {
		return err
	}
	return v.show(&messagePage{frame(v), "report.outside", "report.outsidesent"})
}

// thingAt is the thing whose page has an address: what reportLinks says, read the other way. Of comments, which stand on the page of
// something else, it knows nothing.
func thingAt(where string) (on report.Thing, ok bool) {
	asked, err := url.Parse(strings.TrimSpace(where))
	if err != nil {
		return on, false
	}
	const owner, id, piece = 1_000_001, 1_000_002, 1_000_003
	for kind, link := range reportLinks {
		for _, p := range []core.ID{piece, 0} {
			page, err := url.Parse(link(report.Thing{Kind: report.Kind(kind), Owner: owner, ID: id, Piece: p}))
			if err != nil || page.Path != asked.Path {
				continue
			}
			on, found := report.Thing{Kind: report.Kind(kind)}, 0
			for name, values := range page.Query() {
				n, _ := strconv.ParseInt(values[0], 10, 64)
				place := map[int64]*core.ID{owner: &on.Owner, id: &on.ID, piece: &on.Piece}[n]
				if place == nil {
					continue
				}
				if *place, ok = core.ParseID(asked.Query().Get(name)); !ok {
					found = -1
					break
				}
				found++
			}
			if found > 0 && on.Owner != 0 {
				return on, true
			}
		}
	}
	return report.Thing{}, false
}

// OutsideLetter implements network.Letters. Nobody knows which language they read: it has both.
func (l letterWriter) OutsideLetter(r report.Report) outbox.Mail {
	body := ""
	for _, w := range []words{japanese, english} {
		body += w.t("letter.outsidebody", l.site.name(), r.Was.Title, w.t("report.outcome."+r.Outcome)) + "\n"
	}
	if r.Answer != "" {
		body += "\n" + r.Answer + "\n"
	}
	return outbox.Mail{Subject: japanese.t("letter.outside", l.site.name()), Body: body}
}
