package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"

	"musubi/core"
	"musubi/core/store"
	"musubi/core/web"
)

// coreRoom is the social network, opened on a data directory: what demo, serve, core and seed share.
type coreRoom struct {
	store    *store.Store
	services *core.Services
	site     *web.Site
	// gatewayKey is the secret that a gateway signs its verdicts with.
	gatewayKey []byte
}

// coreOptions is how a coreRoom is set up.
type coreOptions struct {
	data      string // directory; made when it is not there
	hosts     []string
	secure    bool // reached by https
	easyLogin bool
	photos    core.PhotoMaker
	log       *slog.Logger
}

// openCore opens the database, the pictures and the secret below the data directory. Close it after the last request.
func openCore(ctx context.Context, o coreOptions) (*coreRoom, error) {
	if err := os.MkdirAll(o.data, 0o700); err != nil {
		return nil, err
	}
	secret, err := core.OpenSecret(filepath.Join(o.data, "secret"))
	if err != nil {
		return nil, err
	}
	st, err := store.Open(ctx, store.Config{Path: filepath.Join(o.data, "musubi.db")})
	if err != nil {
		return nil, err
	}
	r := &coreRoom{store: st, gatewayKey: core.DeriveKey(secret, "gateway")}
	r.services, err = core.New(core.Config{
		Store: st, Blobs: core.DiskBlobs(filepath.Join(o.data, "photos")), Photos: o.photos, Secret: secret, EasyLogin: o.easyLogin,
	})
	if err == nil {
		r.site, err = web.New(r.services, web.Config{
			Secret: secret, Hosts: o.hosts, Secure: o.secure, GatewayKey: r.gatewayKey, Log: o.log,
		})
	}
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return r, nil
}

// Close waits for the writes under way.
func (r *coreRoom) Close() error { return r.store.Close() }
