package jpegenc

import "slices"

// A table is one Huffman table: how often each symbol occurs, then its codes.
type table struct {
	count  [256]uint32
	bits   [16]uint8 // how many codes of each length 1 … 16
	values []uint8   // symbols, shortest code first
	code   [256]uint16
	length [256]uint8
}

// build makes the best code of at most 16 bits for the counts and returns how many bits the counted symbols take,
// their extra bits (the low half of a symbol) included. No code consists of ones only, as the standard demands: the
// place is held by a symbol of count 1 that is left out of the table.
func (t *table) build() (bits int) {
	const reserved = 256
	type node struct {
		count       uint32
		left, right int16
	}
	var nodes [2*257 - 1]node
	order := make([]int16, 0, 257)
	for s, n := range t.count {
		if n > 0 {
			nodes[len(order)] = node{n, int16(s), -1}
			order = append(order, int16(len(order)))
		}
	}
	leaves := len(order)
	nodes[leaves] = node{1, reserved, -1}
	order = append(order, int16(leaves))
	leaves++
	slices.SortFunc(order, func(a, b int16) int { // rarest first; the reserved symbol the very first
		if na, nb := nodes[a].count, nodes[b].count; na != nb {
			if na < nb {
				return -1
			}
			return 1
		}
		return int(b - a)
	})
	// Two queues, both in rising order: leaves not yet taken, and inner nodes as they are made.
	next, inner, end := 0, leaves, leaves
	take := func() int16 {
		if next < leaves && (inner == end || nodes[order[next]].count <= nodes[inner].count) {
			next++
			return order[next-1]
		}
		inner++
		return int16(inner - 1)
	}
	for range leaves - 1 {
		a, b := take(), take()
		nodes[end] = node{nodes[a].count + nodes[b].count, a, b}
		end++
	}
	var depth [2*257 - 1]uint8
	var perLength [260]int
	for i := end - 1; i >= 0; i-- {
		if n := &nodes[i]; i >= leaves {
			depth[n.left], depth[n.right] = depth[i]+1, depth[i]+1
		} else {
			perLength[max(depth[i], 1)]++
		}
	}
	shorten(&perLength)
	t.assign(&perLength, order, func(i int16) (int, bool) { s := int(nodes[i].left); return s, s != reserved })
	for s, n := range t.count {
		bits += int(n) * (int(t.length[s]) + s&15)
	}
	return bits
}

// shorten moves codes longer than 16 bits up the tree, as ITU-T T.81 K.2 (figure K.3) describes.
func shorten(perLength *[260]int) {
	for l := len(perLength) - 1; l > 16; l-- {
		for perLength[l] > 0 {
			j := l - 2
			for perLength[j] == 0 {
				j--
			}
			perLength[l] -= 2
			perLength[l-1]++
			perLength[j+1] += 2
			perLength[j]--
		}
	}
}

// assign gives the longest codes to the rarest symbols. order lists the nodes, rarest first and the reserved one
// before all others; symbol tells a node's symbol, or false for the reserved one.
func (t *table) assign(perLength *[260]int, order []int16, symbol func(int16) (int, bool)) {
	t.values = t.values[:0]
	t.length = [256]uint8{}
	code, at := uint32(0), len(order)-1
	for l := 1; l <= 16; l++ {
		t.bits[l-1] = uint8(perLength[l])
		for range perLength[l] {
			s, ok := symbol(order[at])
			at--
			if !ok { // the reserved code of ones: the last of all
				t.bits[l-1]--
				continue
			}
			t.values = append(t.values, uint8(s))
			t.code[s], t.length[s] = uint16(code), uint8(l)
			code++
		}
		code <<= 1
	}
}
