package console

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"musubi/core"
	"musubi/core/people"
	"musubi/core/policy"
	"musubi/core/store/base"
	"musubi/core/store/engine"
)

// Policy keeps what operators decide about the site.
type Policy struct{ base.Area }

// Settings implements policy.SettingStore.
func (s Policy) Settings(ctx context.Context) (policy.Settings, error) {
	var value string
	err := base.One(s.On(ctx).Row(ctx, `SELECT value FROM site_setting WHERE name = 'site'`).Scan(&value))
	if errors.Is(err, core.ErrNotFound) {
		return policy.Defaults(), nil
	}
	if err != nil {
		return policy.Settings{}, err
	}
	var n policy.Settings
	err = json.Unmarshal([]byte(value), &n)
	return n, err
}

// PutSettings implements policy.SettingStore.
func (s Policy) PutSettings(ctx context.Context, n policy.Settings) error {
	value, err := json.Marshal(n)
	if err != nil {
		return err
	}
	return s.Change(ctx, `INSERT INTO site_setting (name, value) VALUES ('site', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, string(value))
}

// InsertPicture implements policy.SettingStore.
func (s Policy) InsertPicture(ctx context.Context, p policy.Picture, spare []string) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		_, err := q.Run(ctx, `INSERT INTO site_picture (id, hash, type, width, height) VALUES ($1, $2, $3, $4, $5)`, p.ID, p.Hash, p.Type, p.Width, p.Height)
		for _, hash := range spare {
			if err == nil {
				_, err = q.Run(ctx, `INSERT INTO spare_blob (hash, since) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING`, hash, time.Now().UnixMilli())
			}
		}
		return err
	})
}

// Picture implements policy.SettingStore.
func (s Policy) Picture(ctx context.Context, id core.ID) (p policy.Picture, err error) {
	err = s.On(ctx).Row(ctx, `SELECT id, hash, type, width, height FROM site_picture WHERE id = $1`, id).Scan(&p.ID, &p.Hash, &p.Type, &p.Width, &p.Height)
	return p, base.One(err)
}

// DeletePicture implements policy.SettingStore.
func (s Policy) DeletePicture(ctx context.Context, id core.ID) error {
	return s.Exec(ctx, func(ctx context.Context, q engine.Querier) error {
		return engine.RunAll(ctx, q,
			engine.Step{Query: `INSERT INTO spare_blob (hash, since) SELECT hash, $2 FROM site_picture WHERE id = $1 ON CONFLICT (hash) DO NOTHING`, Args: []any{id, time.Now().UnixMilli()}},
			engine.Step{Query: `DELETE FROM site_picture WHERE id = $1`, Args: []any{id}})
	})
}

// PutInviter implements policy.SettingStore.
func (s Policy) PutInviter(ctx context.Context, member, inviter core.ID) error {
	return s.Change(ctx, `INSERT INTO inviter (member, inviter) VALUES ($1, $2) ON CONFLICT (member) DO NOTHING`, member, inviter)
}

const termsColumns = `version, at, japanese, english, operator`

func termsRow(r engine.Scanner) (t policy.Terms, err error) {
	return t, r.Scan(&t.Version, engine.Moment(&t.At), &t.Japanese, &t.English, &t.By)
}

// InsertTerms implements policy.TermsStore.
func (s Policy) InsertTerms(ctx context.Context, t policy.Terms) error {
	return s.Change(ctx, `INSERT INTO terms (`+termsColumns+`) VALUES ($1, $2, $3, $4, $5)`, t.Version, engine.Millis(t.At), t.Japanese, t.English, t.By)
}

// LastTerms implements policy.TermsStore.
func (s Policy) LastTerms(ctx context.Context) (policy.Terms, error) {
	t, err := termsRow(s.On(ctx).Row(ctx, `SELECT `+termsColumns+` FROM terms ORDER BY version DESC LIMIT 1`))
	if err = base.One(err); errors.Is(err, core.ErrNotFound) {
		return policy.Terms{}, nil
	}
	return t, err
}

// AllTerms implements policy.TermsStore.
func (s Policy) AllTerms(ctx context.Context) ([]policy.Terms, error) {
	return engine.List(ctx, s.On(ctx), termsRow, `SELECT `+termsColumns+` FROM terms ORDER BY version DESC LIMIT 100`)
}

// Agreed implements policy.TermsStore.
func (s Policy) Agreed(ctx context.Context, member core.ID) (version int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT coalesce(max(version), 0) FROM terms_agreed WHERE member = $1`, member).Scan(&version)
	return version, err
}

// Agree implements policy.TermsStore.
func (s Policy) Agree(ctx context.Context, member core.ID, version int, at time.Time) error {
	return s.Change(ctx, `INSERT INTO terms_agreed (member, version, at) VALUES ($1, $2, $3) ON CONFLICT (member, version) DO NOTHING`, member, version, engine.Millis(at))
}

// CountAgreed implements policy.TermsStore.
func (s Policy) CountAgreed(ctx context.Context, version int) (n int, err error) {
	err = s.On(ctx).Row(ctx, `SELECT count(*) FROM terms_agreed WHERE version = $1`, version).Scan(&n)
	return n, err
}

const banColumns = `id, kind, value, reason, until, at, operator`

// InsertBan implements policy.BanStore.
func (s Policy) InsertBan(ctx context.Context, b policy.Ban) error {
	return s.Change(ctx, `INSERT INTO ban (`+banColumns+`) VALUES (`+engine.Places(1, 7)+`)`, b.ID, b.Kind, b.Value, b.Reason, engine.Millis(b.Until), engine.Millis(b.At), b.By)
}

// DeleteBan implements policy.BanStore.
func (s Policy) DeleteBan(ctx context.Context, id core.ID) error {
	return s.Change(ctx, `DELETE FROM ban WHERE id = $1`, id)
}

// Bans implements policy.BanStore.
func (s Policy) Bans(ctx context.Context, limit int) ([]policy.Ban, error) {
	return engine.List(ctx, s.On(ctx), func(r engine.Scanner) (b policy.Ban, err error) {
		return b, r.Scan(&b.ID, &b.Kind, &b.Value, &b.Reason, engine.Moment(&b.Until), engine.Moment(&b.At), &b.By)
	}, `SELECT `+banColumns+` FROM ban ORDER BY id DESC LIMIT $1`, limit)
}

// DeleteBansBefore implements policy.BanStore.
func (s Policy) DeleteBansBefore(ctx context.Context, until time.Time) error {
	return s.Change(ctx, `DELETE FROM ban WHERE until > 0 AND until < $1`, engine.Millis(until))
}

const announcementColumns = `id, title, body, device, premium, prefecture, since, until, mail, mailed, mailed_at, operator`

func announcementRow(r engine.Scanner) (a policy.Announcement, err error) {
	return a, r.Scan(&a.ID, &a.Title, &a.Text, &a.For.Device, &a.For.Premium, &a.For.Prefecture, engine.Moment(&a.Since), engine.Moment(&a.Until), &a.Mail, &a.Mailed, engine.Moment(&a.MailedAt), &a.By)
}

// InsertAnnouncement implements policy.AnnouncementStore.
func (s Policy) InsertAnnouncement(ctx context.Context, a policy.Announcement) error {
	return s.Change(ctx, `INSERT INTO announcement (`+announcementColumns+`) VALUES (`+engine.Places(1, 12)+`)`, a.ID, a.Title, a.Text, a.For.Device, a.For.Premium, a.For.Prefecture,
		engine.Millis(a.Since), engine.Millis(a.Until), a.Mail, a.Mailed, engine.Millis(a.MailedAt), a.By)
}

// Announcement implements policy.AnnouncementStore.
func (s Policy) Announcement(ctx context.Context, id core.ID) (policy.Announcement, error) {
	a, err := announcementRow(s.On(ctx).Row(ctx, `SELECT `+announcementColumns+` FROM announcement WHERE id = $1`, id))
	return a, base.One(err)
}

// Announcements implements policy.AnnouncementStore.
func (s Policy) Announcements(ctx context.Context, p core.Page) ([]policy.Announcement, error) {
	return engine.List(ctx, s.On(ctx), announcementRow, `SELECT `+announcementColumns+` FROM announcement ORDER BY id DESC LIMIT $1 OFFSET $2`, p.Limit(), p.Offset())
}

// ShownAnnouncements implements policy.AnnouncementStore.
func (s Policy) ShownAnnouncements(ctx context.Context, now time.Time, limit int) ([]policy.Announcement, error) {
	return engine.List(ctx, s.On(ctx), announcementRow, `SELECT `+announcementColumns+` FROM announcement WHERE until > $1 ORDER BY id DESC LIMIT $2`, engine.Millis(now), limit)
}

// EndAnnouncement implements policy.AnnouncementStore.
func (s Policy) EndAnnouncement(ctx context.Context, id core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE announcement SET until = min(until, $2) WHERE id = $1`, id, engine.Millis(at))
}

// MailingAnnouncement implements policy.AnnouncementStore.
func (s Policy) MailingAnnouncement(ctx context.Context, now time.Time) (policy.Announcement, error) {
	a, err := announcementRow(s.On(ctx).Row(ctx, `SELECT `+announcementColumns+` FROM announcement WHERE mail = 1 AND mailed_at = 0 AND since <= $1 AND until > $1 ORDER BY id LIMIT 1`, engine.Millis(now)))
	return a, base.One(err)
}

// AudienceAfter implements policy.AnnouncementStore.
func (s Policy) AudienceAfter(ctx context.Context, a policy.Audience, after core.ID, now time.Time, limit int) ([]core.Member, error) {
	where, args := ``, []any{after, core.Active, limit, engine.Millis(now)}
	if a.Premium != "" {
		where += ` AND ` + map[string]string{"yes": ``, "no": `NOT `}[a.Premium] + `EXISTS (SELECT 1 FROM entitlement e WHERE e.member = m.id AND ` + inForce + `)`
	}
	if a.Prefecture != "" {
		args = append(args, a.Prefecture)
		where += ` AND EXISTS (SELECT 1 FROM profile p WHERE p.member = m.id AND p.field = '` + people.PrefectureField + `' AND p.value = ` + place(len(args)) + `)`
	}
	return engine.List(ctx, s.On(ctx), base.MemberRow, `SELECT `+base.MemberColumns+` FROM member m`+base.MemberPhoto+`
		WHERE m.id > $1 AND m.status = $2 AND $4 > 0`+where+` ORDER BY m.id LIMIT $3`, args...)
}

// SetMailed implements policy.AnnouncementStore.
func (s Policy) SetMailed(ctx context.Context, id, upTo core.ID, at time.Time) error {
	return s.Change(ctx, `UPDATE announcement SET mailed = $2, mailed_at = $3 WHERE id = $1`, id, upTo, engine.Millis(at))
}
