package imaging

import (
	"math"
	"slices"
)

// A filter says how each sample of a line is made of samples of the source line: taps weights that sum to
// 1<<weightBits, for the source samples from first on.
type filter struct {
	of     line // what it was made for
	taps   int
	first  []int32
	weight []int32 // taps for each sample
}

// weightBits is how many fraction bits weights have.
const weightBits = 14

// A line says what a filter reduces (or enlarges) to what: length samples from start on, of a source line of n
// samples, to out samples. Source samples beyond the line repeat its ends. droop is the share of the second difference
// that is taken off to make up for a source that was averaged over its pixels before (see boxDroop); 0 for none.
// mirrored makes the samples in reverse order.
type line struct {
	n             int
	start, length float64
	out           int
	droop         float64
	mirrored      bool
}

// set makes the filter for a line, unless it is that already.
func (f *filter) set(l line) {
	if f.of == l {
		return
	}
	f.of = l
	start := l.start
	if l.mirrored {
		start = float64(l.n) - l.start - l.length
	}
	ratio := l.length / float64(l.out)
	stretch := max(ratio, 1)
	reach := 3 * stretch
	if l.droop > 0 {
		reach++
	}
	f.taps = min(int(math.Ceil(2*reach))+1, l.n)
	if up := (f.taps + 3) &^ 3; up <= l.n {
		f.taps = up // four at a time is quickest
	}
	f.first = resize(f.first, l.out)
	f.weight = resize(f.weight, l.out*f.taps)
	exact := make([]float64, f.taps)
	for i := range l.out {
		centre := start + (float64(i)+0.5)*ratio - 0.5
		from := int(math.Floor(centre-reach)) + 1
		first := min(max(from, 0), l.n-f.taps)
		clear(exact)
		sum := 0.0
		for k := from; float64(k) < centre+reach; k++ {
			d := float64(k) - centre
			w := lanczos(d / stretch)
			if l.droop > 0 {
				w += l.droop * (2*w - lanczos((d-1)/stretch) - lanczos((d+1)/stretch))
			}
			exact[min(max(k, 0), l.n-1)-first] += w
			sum += w
		}
		if l.mirrored {
			first = l.n - f.taps - first
			slices.Reverse(exact)
		}
		f.first[i] = int32(first)
		whole(f.weight[i*f.taps:(i+1)*f.taps], exact, sum)
	}
}

// whole rounds weights so that they sum to exactly 1<<weightBits: the error goes to the largest.
func whole(weight []int32, exact []float64, sum float64) {
	left, largest := int32(1<<weightBits), 0
	for k, w := range exact {
		weight[k] = int32(math.Round(w / sum * (1 << weightBits)))
		left -= weight[k]
		if weight[k] > weight[largest] {
			largest = k
		}
	}
	weight[largest] += left
}

// lanczosSteps is how finely the kernel is tabled, in steps a lobe.
const lanczosSteps = 512

// lanczosTable holds the Lanczos kernel of three lobes from 0 on.
var lanczosTable = func() (t [3*lanczosSteps + 2]float64) {
	t[0] = 1
	for i := 1; i < 3*lanczosSteps; i++ {
		x := math.Pi * float64(i) / lanczosSteps
		t[i] = 3 * math.Sin(x) * math.Sin(x/3) / (x * x)
	}
	return t
}()

// lanczos reads the kernel between two entries of the table.
func lanczos(x float64) float64 {
	x = math.Abs(x) * lanczosSteps
	if x >= 3*lanczosSteps {
		return 0
	}
	i := int(x)
	return lanczosTable[i] + (lanczosTable[i+1]-lanczosTable[i])*(x-float64(i))
}

// resize returns a slice of n elements, in the given memory if that is large enough.
func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
