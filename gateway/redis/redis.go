// Package redis is where several gateways keep what they share: short records by key, each with a time after which it is
// forgotten. Sessions (gateway/session) and fitted pictures (gateway) take it. Tries of passwords are counted here, too (tries.go).
// It is the one room that knows Redis.
package redis

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// A DB is one Redis server, Sentinel or Cluster. Each record is one key, so every operation stays on one node of a cluster.
// It is safe for concurrent use.
//
// When Redis cannot be reached, calls fail at once for a moment after each failure (ErrDown), so that a lost Redis costs
// what is kept there and not the gateway's workers.
type DB struct {
	client    redis.UniversalClient
	downUntil atomic.Int64 // Unix milliseconds
}

// Errors of this room. Any other one is Redis's own.
var (
	ErrNone      = errors.New("redis: no such record")
	ErrDown      = errors.New("redis: cannot be reached") // without asking, while it is known to be away
	ErrContended = errors.New("redis: record is written by too many at once")
)

// Waiting for Redis, in all and after a failure.
const (
	timeout = 700 * time.Millisecond
	pause   = 500 * time.Millisecond
)

// Open makes a DB from a URL:
//
//	redis://[user:password@]host:port/db          one server (rediss:// with TLS)
//	redis+cluster://[user:password@]a:port,b:port Cluster
//	redis+sentinel://[user:password@]a:port,b:port/master-name
//
// It does not wait for Redis to be there.
func Open(rawURL string) (*DB, error) {
	o, err := options(rawURL)
	if err != nil {
		return nil, err
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = timeout, timeout, timeout
	o.PoolTimeout, o.ContextTimeoutEnabled, o.MaxRetries = timeout, true, 1
	redis.SetLogger(silent{})
	return &DB{client: redis.NewUniversalClient(o)}, nil
}

// silent drops the client's own log lines: what matters of them is in the errors.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// options reads the three kinds of URL.
func options(rawURL string) (*redis.UniversalOptions, error) {
	scheme, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		return nil, fmt.Errorf("redis: %q is no Redis URL; write redis://host:port/0 or redis+cluster://a:port,b:port", rawURL)
	}
	if scheme == "redis" || scheme == "rediss" {
		o, err := redis.ParseURL(rawURL)
		if err != nil {
			return nil, fmt.Errorf("redis: URL: %w", err)
		}
		return &redis.UniversalOptions{Addrs: []string{o.Addr}, Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLSConfig}, nil
	}
	o := &redis.UniversalOptions{}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		u, err := url.Parse("redis://" + rest[:i+1] + "x")
		if err != nil {
			return nil, errors.New("redis: the user and password of the Redis URL cannot be read; percent-encode them")
		}
		o.Username = u.User.Username()
		o.Password, _ = u.User.Password()
		rest = rest[i+1:]
	}
	addrs, name, _ := strings.Cut(rest, "/")
	o.Addrs = strings.Split(addrs, ",")
	switch scheme {
	case "redis+cluster":
		o.IsClusterMode = true
		return o, nil
	case "redis+sentinel":
		if o.MasterName = name; name != "" {
			return o, nil
		}
		return nil, errors.New("redis: a Sentinel URL ends with the name of the master: redis+sentinel://a:26379/mymaster")
	}
	return nil, fmt.Errorf("redis: unknown kind of Redis URL %q", scheme)
}

// do runs one operation within the time limit and keeps the books about Redis being there.
func (d *DB) do(ctx context.Context, op func(context.Context) error) error {
	if time.Now().UnixMilli() < d.downUntil.Load() {
		return ErrDown
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	err := op(ctx)
	switch {
	case errors.Is(err, redis.Nil):
		return ErrNone
	case err == nil || errors.Is(err, ErrContended):
		return err
	}
	d.downUntil.Store(time.Now().Add(pause).UnixMilli())
	return fmt.Errorf("redis: %w", err)
}

// Get gives a record, or ErrNone.
func (d *DB) Get(ctx context.Context, key string) (v []byte, err error) {
	err = d.do(ctx, func(ctx context.Context) error {
		v, err = d.client.Get(ctx, key).Bytes()
		return err
	})
	return v, err
}

// Set keeps a record for so long; no time at all removes it.
func (d *DB) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		return d.Delete(ctx, key)
	}
	return d.do(ctx, func(ctx context.Context) error { return d.client.Set(ctx, key, value, ttl).Err() })
}

// Delete removes a record, if it is there.
func (d *DB) Delete(ctx context.Context, key string) error {
	return d.do(ctx, func(ctx context.Context) error { return d.client.Del(ctx, key).Err() })
}

// Update makes of a record what edit makes of it, by watching the key: it happens only if nobody wrote in between. An error
// of edit's is returned as it is, and nothing is written.
func (d *DB) Update(ctx context.Context, key string, edit func([]byte) ([]byte, time.Duration, error)) error {
	var refused error
	err := d.do(ctx, func(ctx context.Context) error {
		for {
			err := d.client.Watch(ctx, func(tx *redis.Tx) (err error) {
				refused, err = exchange(ctx, tx, key, edit)
				return err
			}, key)
			if !errors.Is(err, redis.TxFailedErr) {
				return err
			}
			select { // somebody else was quicker; not everybody tries again at the same moment
			case <-ctx.Done():
				return ErrContended
			case <-time.After(time.Duration(rand.IntN(8_000)) * time.Microsecond):
			}
		}
	})
	if err == nil {
		err = refused
	}
	return err
}

// exchange is one try of an Update.
func exchange(ctx context.Context, tx *redis.Tx, key string, edit func([]byte) ([]byte, time.Duration, error)) (refused, err error) {
	old, err := tx.Get(ctx, key).Bytes()
	if err != nil {
		return nil, err
	}
	value, ttl, refused := edit(old)
	if refused != nil {
		return refused, nil
	}
	_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
		if ttl <= 0 {
			return p.Del(ctx, key).Err()
		}
		return p.Set(ctx, key, value, ttl).Err()
	})
	return nil, err
}

// Ping says whether Redis answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.do(ctx, func(ctx context.Context) error { return d.client.Ping(ctx).Err() })
}

// Close ends the connections.
func (d *DB) Close() error { return d.client.Close() }
