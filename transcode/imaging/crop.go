package imaging

// seek moves the window of a plan, along the side where it leaves something out, to where the luma plane has most
// edges. samples is how many pixels of the picture a sample of the plane is wide.
func (p *plan) seek(luma *plane, samples float64) {
	across, down := edges(luma)
	p.window.x = best(across, p.window.x*2/samples, p.window.w/samples) * samples
	p.window.y = best(down, p.window.y*2/samples, p.window.h/samples) * samples
}

// edges adds up the differences between neighbours, for each column and each row.
func edges(p *plane) (across, down []int) {
	across, down = make([]int, p.width), make([]int, p.height)
	for y := 1; y < p.height; y++ {
		above, row := p.row(y-1), p.row(y)
		sum := 0
		for x := 1; x < len(row); x++ {
			v := int(row[x])
			e := magnitude(v-int(row[x-1])) + magnitude(v-int(above[x]))
			across[x] += e
			sum += e
		}
		down[y] = sum
	}
	return across, down
}

func magnitude(v int) int { return max(v, -v) }

// best returns where in 0 … slack a stretch of the given length gathers most. Of places that are nearly as good
// (9 in 10) it takes the one nearest to the middle, where photographers put what matters.
func best(values []int, slack, length float64) float64 {
	n := min(int(length), len(values))
	places := min(int(slack), len(values)-n)
	if places < 1 {
		return slack / 2
	}
	sums := make([]int, places+1)
	for _, v := range values[:n] {
		sums[0] += v
	}
	most := sums[0]
	for i := 1; i <= places; i++ {
		sums[i] = sums[i-1] - values[i-1] + values[i-1+n]
		most = max(most, sums[i])
	}
	for d := 0; d <= places; d++ {
		for _, at := range [2]int{(places + d + 1) / 2, (places - d) / 2} {
			if at <= places && sums[at]*10 >= most*9 {
				return float64(at)
			}
		}
	}
	return slack / 2
}
