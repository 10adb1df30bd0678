package lookup

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Bounds of looking up covers. MusicBrainz asks for one question a second at most, with a User-Agent that names a contact.
const (
	coverPause  = time.Second
	maxCover    = 4 << 20 // bytes
	coverTries  = 3       // releases of an album whose cover is asked for
	sureRelease = 90      // of 100: as sure MusicBrainz has to be
)

// Covers asks MusicBrainz which release an album is, and the Cover Art Archive for its front: a music.CoverSource.
type Covers struct {
	musicBrainz, archive, agent string
	client                      *http.Client
	pause                       time.Duration

	turn sync.Mutex
	last time.Time // when the last question was asked
}

// NewCovers takes the operator's contact, a mail address or that of a page.
func NewCovers(contact string) (*Covers, error) {
	u, err := url.Parse(contact)
	page := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	if !page && !strings.Contains(contact, "@") || strings.ContainsAny(contact, " \t\r\n()") {
		return nil, fmt.Errorf("contact %q: expected a mail address or https://…", contact)
	}
	return &Covers{musicBrainz: "https://musicbrainz.org", archive: "https://coverartarchive.org", agent: "musubi ( " + contact + " )",
		client: &http.Client{Timeout: patience, CheckRedirect: toArchive}, pause: coverPause}, nil
}

// toArchive follows redirects to where the archive keeps its files, and to no other host.
func toArchive(req *http.Request, via []*http.Request) error {
	host := req.URL.Hostname()
	if len(via) > 5 || req.URL.Host != via[0].URL.Host && host != "archive.org" && !strings.HasSuffix(host, ".archive.org") {
		return http.ErrUseLastResponse
	}
	return nil
}

// Cover gives the front of an album as a file; nil when none is known. An error is that of a service.
func (c *Covers) Cover(ctx context.Context, artist, title string) ([]byte, error) {
	ids, err := c.releases(ctx, artist, title)
	for _, id := range ids {
		if file, err := c.ask(ctx, c.archive+"/release/"+url.PathEscape(id)+"/front-250", "image/*"); err != nil || file != nil {
			return file, err
		}
	}
	return nil, err
}

// releases lists the IDs of what an album may be, the surest first.
func (c *Covers) releases(ctx context.Context, artist, title string) (ids []string, err error) {
	query := fmt.Sprintf(`artist:"%s" AND release:"%s"`, quoted(artist), quoted(title))
	answer, err := c.ask(ctx, c.musicBrainz+"/ws/2/release/?fmt=json&limit=10&query="+url.QueryEscape(query), "application/json")
	if err != nil || answer == nil {
		return nil, err
	}
	var list struct {
		Releases []struct {
			ID    string `json:"id"`
			Score int    `json:"score"`
		} `json:"releases"`
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		return nil, fmt.Errorf("lookup: MusicBrainz: %w", err)
	}
	for _, r := range list.Releases {
		if len(ids) < coverTries && r.Score >= sureRelease && r.ID != "" {
			ids = append(ids, r.ID)
		}
	}
	return ids, nil
}

// quoted is a name between quotation marks in a query.
func quoted(s string) string { return strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) }

// ask asks one question when it is its turn; nil for what is not there.
func (c *Covers) ask(ctx context.Context, address, accept string) ([]byte, error) {
	if err := c.wait(ctx); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", accept)
	req.Header.Set("User-Agent", c.agent)
	resp, err := c.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
	case http.StatusNotFound:
		return nil, nil
	default:
		return nil, fmt.Errorf("lookup: %s answers %s", req.URL.Host, resp.Status)
	}
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxCover+1))
	if err == nil && len(answer) > maxCover {
		err = fmt.Errorf("lookup: %s answers with more than %d bytes", req.URL.Host, maxCover)
	}
	return answer, err
}

// wait lets questions follow each other slowly enough.
func (c *Covers) wait(ctx context.Context) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	select {
	case <-time.After(time.Until(c.last.Add(c.pause))):
		c.last = time.Now()
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
