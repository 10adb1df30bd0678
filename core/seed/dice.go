package seed

import "math/rand/v2"

// dice is a reproducible source of choices: the same numbers in give the same choices on every machine.
type dice struct{ r *rand.Rand }

// newDice returns the dice of one thing (a picture, a member, a diary). Dice with different streams are independent,
// so that adding a choice to one member never changes the next.
func newDice(seed, stream uint64) *dice { return &dice{rand.New(rand.NewPCG(mix(seed), mix(stream)))} }

// mix spreads neighbouring numbers far apart (the finalizer of SplitMix64): PCG's first choices for 1 and 2 are alike.
func mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// n returns a number in [0, n).
func (d *dice) n(n int) int { return d.r.IntN(n) }

// between returns a number in [low, high].
func (d *dice) between(low, high int) int { return low + d.r.IntN(high-low+1) }

// chance is true in percent of a hundred cases.
func (d *dice) chance(percent int) bool { return d.r.IntN(100) < percent }

// f returns a number in [low, high).
func (d *dice) f(low, high float64) float64 { return low + d.r.Float64()*(high-low) }

// pick returns one of list.
func pick[T any](d *dice, list []T) T { return list[d.r.IntN(len(list))] }
