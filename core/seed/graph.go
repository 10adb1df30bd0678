package seed

import (
	"math"
	"slices"

	"musubi/core/seed/dice"
)

// graph is who is friends with whom. Members are numbers from 0, in the order in which they joined.
type graph struct {
	first []int32 // first[m] … first[m+1]: the friends of m in list
	list  []int32 // ascending for each member
}

// The shape of the graph: on average 8 friends, many with two or three, few with hundreds.
const (
	meanLinks  = 4   // friendships that a new member brings about, on average
	mostLinks  = 120 // by one member when joining
	mostDegree = 900 // friends; the service's limit is 1,000
)

// befriend grows the graph of n members: each links first to who invited them, then either to a friend of a friend or
// to somebody who has many friends already. That gives the power law and the cliques of a service by invitation.
func befriend(seed uint64, n int) graph {
	ends := make([]int32, 0, 2*meanLinks*n) // every friendship's two ends: a random one is a member by their friends
	degree := make([]int32, n)
	links := make([][]int32, n) // of each member to earlier ones
	for m := 1; m < n; m++ {
		d := dice.New(seed, uint64(m)<<8|streamFriends)
		want := min(1+int(1.4*math.Pow(1-d.Float64(), -0.62)), mostLinks, m)
		for try := 0; len(links[m]) < want && try < 4*want; try++ {
			var to int32
			switch {
			case len(ends) == 0 || d.Chance(10):
				to = int32(d.N(m))
			case len(links[m]) > 0 && d.Chance(55):
				via := links[dice.Pick(d, links[m])]
				if len(via) == 0 {
					continue
				}
				to = dice.Pick(d, via)
			default:
				to = dice.Pick(d, ends)
			}
			if int(to) != m && degree[to] < mostDegree && !slices.Contains(links[m], to) {
				links[m] = append(links[m], to)
				ends = append(ends, to, int32(m))
				degree[to]++
				degree[m]++
			}
		}
	}
	return newGraph(links, degree)
}

// newGraph turns links to earlier members into lists of both directions.
func newGraph(links [][]int32, degree []int32) graph {
	n := len(links)
	g := graph{first: make([]int32, n+1)}
	for m, d := range degree {
		g.first[m+1] = g.first[m] + d
	}
	g.list = make([]int32, g.first[n])
	next := slices.Clone(g.first[:n])
	put := func(m, friend int32) { g.list[next[m]] = friend; next[m]++ }
	for m := range int32(n) {
		for _, to := range links[m] {
			put(m, to)
			put(to, m)
		}
	}
	for m := range n {
		slices.Sort(g.friends(m))
	}
	return g
}

// friends lists the friends of m.
func (g graph) friends(m int) []int32 { return g.list[g.first[m]:g.first[m+1]] }
