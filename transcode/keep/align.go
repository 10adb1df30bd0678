package keep

// align matches what was shown with what came back: for each character of a the place in b where it is again, -1 if it is
// not. What both begin and end with is matched first; between, as much as can be [Myers 1986], within bounds.
func (s *Screen) align(shown, back []rune) []int {
	a, b := s.keys(shown), s.keys(back)
	match := make([]int, len(a))
	for i := range match {
		match[i] = -1
	}
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		match[from] = from
		from++
	}
	endA, endB := len(a), len(b)
	for endA > from && endB > from && a[endA-1] == b[endB-1] {
		endA--
		endB--
		match[endA] = endB
	}
	middle(a[from:endA], b[from:endB], func(i, k int) { match[from+i] = from + k })
	return match
}

func (s *Screen) keys(r []rune) []rune {
	keys := make([]rune, len(r))
	for i := range r {
		keys[i] = s.key(r[i])
	}
	return keys
}

// maxEdits bounds the work of middle: its memory grows with the square of the edits.
const maxEdits = 600

// middle finds a longest common subsequence by Myers' greedy algorithm and tells its pairs. Texts with more than maxEdits
// differences are matched line by line.
func middle(a, b []rune, pair func(i, k int)) {
	n, m := len(a), len(b)
	if n == 0 || m == 0 {
		return
	}
	most := min(n+m, maxEdits)
	best := make([]int, 2*most+3) // furthest place in a on each diagonal
	var trace [][]int
	for d := 0; d <= most; d++ {
		trace = append(trace, append([]int(nil), best[most-d:most+d+3]...))
		for k := -d; k <= d; k += 2 {
			x := best[most+1+k-1] + 1
			if k == -d || k != d && best[most+1+k-1] < best[most+1+k+1] {
				x = best[most+1+k+1]
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			best[most+1+k] = x
			if x >= n && x-k >= m {
				walkBack(trace, n, m, pair)
				return
			}
		}
	}
	byLine(a, b, pair)
}

// walkBack goes from the end of both texts back to their start and tells the pairs it passes.
func walkBack(trace [][]int, n, m int, pair func(i, k int)) {
	x, y := n, m
	for d := len(trace) - 1; d >= 0; d-- {
		v := func(k int) int { return trace[d][d+1+k] }
		k := x - y
		before := k - 1
		if k == -d || k != d && v(k-1) < v(k+1) {
			before = k + 1
		}
		px := v(before)
		py := px - before
		if d == 0 {
			px, py = 0, 0
		}
		for x > px && y > py {
			x--
			y--
			pair(x, y)
		}
		x, y = px, py
	}
}

// byLine matches equal lines, in order, each with the next one like it.
func byLine(a, b []rune, pair func(i, k int)) {
	at := map[string][]int{}
	eachLine(b, func(text string, start, _ int) { at[text] = append(at[text], start) })
	last := -1
	eachLine(a, func(text string, start, n int) {
		places := at[text]
		for len(places) > 0 && places[0] <= last {
			places = places[1:]
		}
		if at[text] = places; len(places) == 0 {
			return
		}
		for i := range n {
			pair(start+i, places[0]+i)
		}
		last = places[0]
	})
}

// eachLine calls f with every line of s, its place and its length.
func eachLine(s []rune, f func(text string, start, n int)) {
	for start := 0; start < len(s); {
		end := start
		for end < len(s) && s[end] != '\n' {
			end++
		}
		end = min(end+1, len(s))
		f(string(s[start:end]), start, end-start)
		start = end
	}
}
