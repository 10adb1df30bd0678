// Package lookup asks web services that the operator names, and no other: products for reviews. What they answer is as little
// trusted as what a member types. Nothing is asked unless an address is set.
package lookup

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"musubi/core/review"
)

// Bounds of a question.
const (
	patience  = 5 * time.Second
	maxAnswer = 1 << 20 // bytes
	atOnce    = 2       // questions; further ones wait for their turn
)

// Products is a web service that knows products: a review.Importer. Its answer is a JSON array of objects with category, title,
// maker and code, as review.ReadJSON has them.
type Products struct {
	url    string
	client *http.Client
	turns  chan struct{}
}

// NewProducts takes an address with {words} or {code} in it.
func NewProducts(address string) (*Products, error) {
	u, err := url.Parse(strings.NewReplacer("{words}", "w", "{code}", "1").Replace(address))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || !strings.Contains(address, "{words}") && !strings.Contains(address, "{code}") {
		return nil, fmt.Errorf("products URL %q: expected http(s)://…{words}…{code}", address)
	}
	return &Products{address, &http.Client{Timeout: patience, CheckRedirect: stay}, make(chan struct{}, atOnce)}, nil
}

// stay follows no redirect to another host: the operator named this one.
func stay(req *http.Request, via []*http.Request) error {
	if len(via) > 3 || req.URL.Host != via[0].URL.Host {
		return http.ErrUseLastResponse
	}
	return nil
}

// FindProducts implements review.Importer.
func (p *Products) FindProducts(ctx context.Context, words, code string) ([]review.NewProduct, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case p.turns <- struct{}{}:
		defer func() { <-p.turns }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	at := strings.NewReplacer("{words}", url.QueryEscape(words), "{code}", url.QueryEscape(code)).Replace(p.url)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "musubi")
	resp, err := p.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("lookup: the service of products answers %s", resp.Status)
	}
	list, _, err := review.ReadJSON(io.LimitReader(resp.Body, maxAnswer))
	return list, err
}
