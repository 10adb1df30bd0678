package gateway

import (
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// metricsHelp says what our metrics are.
var metricsHelp = map[string]string{
	"musubi_requests_total":             "Requests answered, by carrier and dialect of the handset, pattern of the address, kind of the answer and class of its status; 501 and 505, of methods and versions that nobody speaks, are the client's and count as 4xx.",
	"musubi_request_seconds":            "Time from a request to its answer, by pattern of the address.",
	"musubi_requests_inside":            "Requests being answered, by lane of the door.",
	"musubi_requests_waiting":           "Requests in line before the door, by lane.",
	"musubi_requests_turned_away_total": "Requests told to come back later because the line was full, by lane.",
	"musubi_sessions_mismatched_total":  "Sessions of handsets ended because their ID came from elsewhere.",
	"musubi_ids_refused_total":          "Subscriber IDs not believed, by carrier and reason.",
	"musubi_page_lost_characters_total": "Characters that a handset could not show, by carrier.",
	"musubi_page_seconds":               "Time to make a page for a handset, by carrier.",
	"musubi_page_budget_used_ratio":     "How much of a handset's page budget a page takes, by carrier.",
	"musubi_store_up":                   "1 when the database answers.",
	"musubi_members":                    "Members, by status.",
	"musubi_sessions":                   "Sessions of members.",
	"musubi_letters_waiting":            "Letters that are still to be sent.",
	"musubi_letters_given_up":           "Letters that no mail server took.",
	"musubi_members_leaving":            "Members who have left and of whom something is still to be deleted.",
	"musubi_exports_waiting":            "Exports that members have asked for and that are not made yet.",
	"musubi_read_only":                  "1 when the disk is nearly full and nothing is stored.",
	"musubi_photos_without_file":        "Photos whose file was not there when it was last looked for.",
	"musubi_file_bytes":                 "Size of a file of the database.",
	"musubi_disk_free_bytes":            "Room on the disk of the data directory.",
	"musubi_disk_bytes":                 "Size of the disk of the data directory.",
	"musubi_cache_bytes":                "Memory that the cache takes.",
}

// helpOf says what a metric is. The names of those of Go and of the process say the rest.
func helpOf(name string) string {
	switch {
	case strings.HasPrefix(name, "go_"):
		return "Of Go's runtime, as its package runtime/metrics has it."
	case strings.HasPrefix(name, "process_"):
		return "Of this process, as Linux has it in /proc."
	}
	return metricsHelp[name]
}

// writeExposition writes what was measured as Prometheus wants it. The library leaves three things undone: it has no help texts, calls some
// counters of the process gauges, and gives histograms of Go's runtime neither count nor sum.
func writeExposition(w io.Writer, measured []byte) {
	var h runtimeHistogram
	for line := range bytes.Lines(measured) {
		name, kind := metadata(line)
		if !bytes.HasPrefix(line, []byte(h.name)) { // it has ended
			h.end(w)
			h = runtimeHistogram{}
		}
		switch {
		case bytes.HasPrefix(line, []byte("# HELP ")):
			if help := helpOf(name); help != "" {
				fmt.Fprintf(w, "# HELP %s %s\n", name, help)
			}
			continue
		case kind == "gauge" && strings.HasSuffix(name, "_total"):
			fmt.Fprintf(w, "# TYPE %s counter\n", name)
			continue
		}
		w.Write(line)
		if kind == "histogram" && strings.HasPrefix(name, "go_") {
			h = runtimeHistogram{name: name}
		} else if h.name != "" {
			h.add(string(line))
		}
	}
	h.end(w)
}

// metadata reads a line of # HELP or # TYPE.
func metadata(line []byte) (name, kind string) {
	words := strings.Fields(string(line))
	if len(words) < 3 || words[0] != "#" {
		return "", ""
	}
	if words[1] == "TYPE" {
		kind = words[len(words)-1]
	}
	return words[2], kind
}

// A runtimeHistogram is one of Go's runtime, which counts exactly and has no sum: that is taken from the middles of the buckets.
type runtimeHistogram struct {
	name      string
	bound     float64 // of the last bucket
	count     uint64
	sum       float64
	hasItsOwn bool
}

func (h *runtimeHistogram) add(line string) {
	rest, ok := strings.CutPrefix(line, h.name+`_bucket{le="`)
	bound, number, ok2 := strings.Cut(strings.TrimSpace(rest), `"} `)
	count, err := strconv.ParseUint(number, 10, 64)
	if !ok || !ok2 || err != nil {
		h.hasItsOwn = true
		return
	}
	le, middle := h.bound, h.bound
	if bound != "+Inf" {
		le, _ = strconv.ParseFloat(bound, 64)
		middle = (h.bound + le) / 2
	}
	h.sum += middle * float64(count-h.count)
	h.bound, h.count = le, count
}

func (h *runtimeHistogram) end(w io.Writer) {
	if h.name != "" && !h.hasItsOwn {
		fmt.Fprintf(w, "%s_sum %g\n%s_count %d\n", h.name, h.sum, h.name, h.count)
	}
}
