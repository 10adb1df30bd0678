// Package wire speaks the protocol of push services (RFC 8030): messages that only the browser opens (RFC 8291), signed with the
// site's key (RFC 8292).
package wire

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/SherClockHolmes/webpush-go"

	"musubi/core/push"
)

// Sender implements push.Sender. Safe for concurrent use.
type Sender struct {
	client *http.Client
	admits func(*url.URL) error
	site   func() string
	key    *ecdh.PrivateKey
}

// New returns a sender that reaches push services by client, which decides where it may go; admits says so by name alone. site is
// the address of ours, which push services are told.
func New(client *http.Client, admits func(*url.URL) error, site func() string, key *ecdh.PrivateKey) *Sender {
	return &Sender{client, admits, site, key}
}

// Admits implements push.Sender.
func (s *Sender) Admits(endpoint *url.URL) error { return s.admits(endpoint) }

// topic has the push service keep the newest message alone for a browser that is off.
const topic = "notices"

// Send implements push.Sender.
func (s *Sender) Send(ctx context.Context, b push.Browser, message []byte) error {
	site := s.site()
	if rest, plain := strings.CutPrefix(site, "http://"); plain { // a site on trial
		site = "https://" + rest
	}
	resp, err := webpush.SendNotificationWithContext(ctx, message, &webpush.Subscription{Endpoint: b.Endpoint, Keys: webpush.Keys{Auth: b.Auth, P256dh: b.Key}},
		&webpush.Options{
			HTTPClient: s.client, Subscriber: site, Topic: topic, TTL: int(push.Lifetime / time.Second), Urgency: webpush.UrgencyNormal,
			VAPIDPublicKey: base64.RawURLEncoding.EncodeToString(s.key.PublicKey().Bytes()), VAPIDPrivateKey: base64.RawURLEncoding.EncodeToString(s.key.Bytes()),
		})
	if err != nil {
		return fmt.Errorf("push: %s: %w", hostOf(b.Endpoint), unwrapped(err))
	}
	defer resp.Body.Close()
	io.CopyN(io.Discard, resp.Body, 4<<10) // so that the connection can be used again
	switch code := resp.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code == http.StatusNotFound || code == http.StatusGone:
		return push.ErrGone
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
		return push.Later{Wait: time.Duration(max(seconds, 0)) * time.Second}
	default:
		return fmt.Errorf("push: %s answers %d", hostOf(b.Endpoint), code)
	}
}

// hostOf is what may be said of an endpoint: the rest of it opens the browser.
func hostOf(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil {
		return ""
	}
	return u.Host
}

// unwrapped is an error of the client without the address that it has in it.
func unwrapped(err error) error {
	if u, ok := err.(*url.Error); ok {
		return u.Err
	}
	return err
}
