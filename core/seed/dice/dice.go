// Package dice makes choices that can be made again.
package dice

import "math/rand/v2"

// Dice is a reproducible source of choices: the same numbers in give the same choices on every machine.
type Dice struct{ *rand.Rand }

// New returns the dice of one thing (a picture, a member, a diary). Dice with different streams are independent,
// so that adding a choice to one member never changes the next.
func New(seed, stream uint64) *Dice { return &Dice{rand.New(rand.NewPCG(Mix(seed), Mix(stream)))} }

// Mix spreads neighbouring numbers far apart (the finalizer of SplitMix64): PCG's first choices for 1 and 2 are alike.
func Mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// N returns a number in [0, n).
func (d *Dice) N(n int) int { return d.IntN(n) }

// Between returns a number in [low, high].
func (d *Dice) Between(low, high int) int { return low + d.IntN(high-low+1) }

// Chance is true in percent of a hundred cases.
func (d *Dice) Chance(percent int) bool { return d.IntN(100) < percent }

// F returns a number in [low, high).
func (d *Dice) F(low, high float64) float64 { return low + d.Float64()*(high-low) }

// Pick returns one of list.
func Pick[T any](d *Dice, list []T) T { return list[d.IntN(len(list))] }
