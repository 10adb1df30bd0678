package redis

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// A Limit bounds tries under a key: Burst of them at once, and one more each Every.
type Limit struct {
	Key   string
	Burst int
	Every time.Duration
}

// triesIn is before the keys of limits. The braces keep them on one node of a cluster, because a try is counted under several
// or under none.
const triesIn = "{tries}"

// Of a limit one time is kept, in microseconds, before which all tries so far would have been in time had they come one each
// Every (the generic cell rate algorithm), for as long as it lies ahead. KEYS are the limits, ARGV has the time now and then of
// each limit how many at once and how long for one.
var (
	take = redis.NewScript(`
local now, wait, due = tonumber(ARGV[1]), 0, {}
for i, key in ipairs(KEYS) do
	local burst, every = tonumber(ARGV[2*i]), tonumber(ARGV[2*i+1])
	due[i] = math.max(now, tonumber(redis.call('GET', key) or now)) + every
	wait = math.max(wait, due[i] - now - burst*every)
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
	redis.call('SET', key, string.format('%.0f', due[i]), 'PX', math.ceil((due[i]-now)/1000))
end
return 0`)
	giveBack = redis.NewScript(`
local now = tonumber(ARGV[1])
for i, key in ipairs(KEYS) do
	local due = tonumber(redis.call('GET', key) or now) - tonumber(ARGV[2*i+1])
	if due > now then
		redis.call('SET', key, string.format('%.0f', due), 'PX', math.ceil((due-now)/1000))
	else
		redis.call('DEL', key)
	end
end
return 0`)
)

// Take counts one try under each of the limits, at once for all who ask. If one of them is used up it counts none, and wait is
// how long until that one takes another.
func (d *DB) Take(ctx context.Context, now time.Time, limits []Limit) (wait time.Duration, err error) {
	n, err := d.run(ctx, take, now, limits)
	return time.Duration(n) * time.Microsecond, err
}

// Return takes a try back.
func (d *DB) Return(ctx context.Context, now time.Time, limits []Limit) error {
	_, err := d.run(ctx, giveBack, now, limits)
	return err
}

func (d *DB) run(ctx context.Context, s *redis.Script, now time.Time, limits []Limit) (n int64, err error) {
	keys, args := make([]string, len(limits)), []any{now.UnixMicro()}
	for i, l := range limits {
		keys[i] = triesIn + l.Key
		args = append(args, l.Burst, l.Every.Microseconds())
	}
	err = d.do(ctx, func(ctx context.Context) error {
		n, err = s.Run(ctx, d.client, keys, args...).Int64()
		return err
	})
	return n, err
}
