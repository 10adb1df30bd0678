package session

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Redis is the store for several gateways: one Redis server, Sentinel or Cluster. Each record is one key, so every
// operation stays on one node of a cluster.
//
// When Redis cannot be reached, calls fail at once for a moment after each failure (ErrDown), so that a lost Redis costs
// handset sessions and not the gateway's workers.
type Redis struct {
	client    redis.UniversalClient
	downUntil atomic.Int64 // Unix milliseconds
}

// ErrDown is returned without asking while Redis is known to be away.
var ErrDown = errors.New("session: redis cannot be reached")

// errContended is an exchange that others kept preventing for all of the time there was.
var errContended = errors.New("session: record is written by too many at once")

// Waiting for Redis, in all and after a failure.
const (
	redisTimeout = 700 * time.Millisecond
	redisPause   = 500 * time.Millisecond
)

// OpenRedis makes a store from a URL:
//
//	redis://[user:password@]host:port/db          one server (rediss:// with TLS)
//	redis+cluster://[user:password@]a:port,b:port Cluster
//	redis+sentinel://[user:password@]a:port,b:port/master-name
//
// It does not wait for Redis to be there.
func OpenRedis(rawURL string) (*Redis, error) {
	o, err := redisOptions(rawURL)
	if err != nil {
		return nil, err
	}
	o.DialTimeout, o.ReadTimeout, o.WriteTimeout = redisTimeout, redisTimeout, redisTimeout
	o.PoolTimeout, o.ContextTimeoutEnabled, o.MaxRetries = redisTimeout, true, 1
	redis.SetLogger(silent{})
	return &Redis{client: redis.NewUniversalClient(o)}, nil
}

// silent drops the client's own log lines: what matters of them is in the errors.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

// redisOptions reads the three kinds of URL.
func redisOptions(rawURL string) (*redis.UniversalOptions, error) {
	scheme, rest, ok := strings.Cut(rawURL, "://")
	if !ok {
		return nil, fmt.Errorf("session: %q is no Redis URL; write redis://host:port/0 or redis+cluster://a:port,b:port", rawURL)
	}
	if scheme == "redis" || scheme == "rediss" {
		o, err := redis.ParseURL(rawURL)
		if err != nil {
			return nil, fmt.Errorf("session: Redis URL: %w", err)
		}
		return &redis.UniversalOptions{Addrs: []string{o.Addr}, Username: o.Username, Password: o.Password, DB: o.DB, TLSConfig: o.TLSConfig}, nil
	}
	o := &redis.UniversalOptions{}
	if i := strings.LastIndexByte(rest, '@'); i >= 0 {
		u, err := url.Parse("redis://" + rest[:i+1] + "x")
		if err != nil {
			return nil, errors.New("session: the user and password of the Redis URL cannot be read; percent-encode them")
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
		return nil, errors.New("session: a Sentinel URL ends with the name of the master: redis+sentinel://a:26379/mymaster")
	}
	return nil, fmt.Errorf("session: unknown kind of Redis URL %q", scheme)
}

func redisKey(k Key) string { return "musubi:session:" + hex.EncodeToString(k[:]) }

// do runs one operation within the time limit and keeps the books about Redis being there.
func (r *Redis) do(ctx context.Context, op func(context.Context) error) error {
	if time.Now().UnixMilli() < r.downUntil.Load() {
		return ErrDown
	}
	ctx, cancel := context.WithTimeout(ctx, redisTimeout)
	defer cancel()
	err := op(ctx)
	switch {
	case errors.Is(err, redis.Nil):
		return ErrUnknown
	case err == nil || errors.Is(err, ErrUnknown) || errors.Is(err, errContended):
		return err
	}
	r.downUntil.Store(time.Now().Add(redisPause).UnixMilli())
	return fmt.Errorf("session: redis: %w", err)
}

// Load implements Store.
func (r *Redis) Load(ctx context.Context, k Key) (v []byte, err error) {
	err = r.do(ctx, func(ctx context.Context) error {
		v, err = r.client.Get(ctx, redisKey(k)).Bytes()
		return err
	})
	return v, err
}

// Save implements Store.
func (r *Redis) Save(ctx context.Context, k Key, value []byte, ttl time.Duration) error {
	if ttl <= 0 {
		return r.Delete(ctx, k)
	}
	return r.do(ctx, func(ctx context.Context) error {
		return r.client.Set(ctx, redisKey(k), value, ttl).Err()
	})
}

// Delete implements Store.
func (r *Redis) Delete(ctx context.Context, k Key) error {
	return r.do(ctx, func(ctx context.Context) error { return r.client.Del(ctx, redisKey(k)).Err() })
}

// Update implements Store by watching the key: the exchange happens only if nobody wrote in between.
func (r *Redis) Update(ctx context.Context, k Key, edit func([]byte) ([]byte, time.Duration, error)) error {
	key := redisKey(k)
	return r.do(ctx, func(ctx context.Context) error {
		exchange := func(tx *redis.Tx) error {
			old, err := tx.Get(ctx, key).Bytes()
			if err != nil {
				return err
			}
			value, ttl, err := edit(old)
			if err != nil {
				return err
			}
			_, err = tx.TxPipelined(ctx, func(p redis.Pipeliner) error {
				if ttl <= 0 {
					return p.Del(ctx, key).Err()
				}
				return p.Set(ctx, key, value, ttl).Err()
			})
			return err
		}
		for {
			err := r.client.Watch(ctx, exchange, key)
			if !errors.Is(err, redis.TxFailedErr) {
				return err
			}
			select { // somebody else was quicker; not everybody tries again at the same moment
			case <-ctx.Done():
				return errContended
			case <-time.After(time.Duration(rand.IntN(8_000)) * time.Microsecond):
			}
		}
	})
}

// Ping implements Store.
func (r *Redis) Ping(ctx context.Context) error {
	return r.do(ctx, func(ctx context.Context) error { return r.client.Ping(ctx).Err() })
}

// Close implements Store.
func (r *Redis) Close() error { return r.client.Close() }
