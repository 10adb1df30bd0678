package page_test

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"musubi/transcode/form"
	"musubi/transcode/page/pagetest"
)

// judge is a page that asks chromium what each form sends for each of its buttons: of all forms by its own entry lists, and of
// the first ones by sending them.
const judge = `<!DOCTYPE html><meta charset=utf-8><iframe name=f></iframe><script>
const buttons = (d, f) => [...d.querySelectorAll('button,input')].filter(e => e.form === f && !e.matches(':disabled') && (e.type == 'submit' || e.type == 'image'));
const list = (f, b) => [...new FormData(f, b)].map(([n, v]) => [n, typeof v == 'string' ? v : v.name]);
(async () => {
	const frame = document.querySelector('iframe');
	for (let from = 0; ; from += 500) {
		const forms = await (await fetch('/forms?from=' + from)).json();
		if (!forms.length) break;
		const said = forms.map(src => {
			const d = frame.contentDocument; // one that is only parsed has other owners than one that is opened
			d.open();
			d.write(src);
			d.close();
			return buttons(d, d.forms[0]).map(b => list(d.forms[0], b));
		});
		await fetch('/said', {method: 'POST', body: JSON.stringify(said)});
	}
	const open = to => new Promise(done => { frame.onload = done; to(); });
	for (let n = 0; n < SENT; n++) {
		for (let k = 0; ; k++) {
			await open(() => { frame.src = '/form?n=' + n + '&k=' + k; });
			const d = frame.contentDocument, f = d.forms[0], b = buttons(d, f)[k];
			if (!b) break;
			f.target = '_self';
			f.action = '/sent?n=' + n;
			await open(() => f.requestSubmit(b));
		}
	}
	await fetch('/done', {method: 'POST'});
})();
</script>`

// chromiumSays starts chromium and gives, for each source, what the buttons of its first form send; and what those of the
// first few sent, by their number.
func chromiumSays(t *testing.T, sources []string, send int) (said [][]string, sent map[int][]string) {
	needs(t, "chromium")
	sent = map[int][]string{}
	done, alive := make(chan bool, 1), make(chan bool, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, strings.Replace(judge, "SENT", strconv.Itoa(send), 1))
	})
	mux.HandleFunc("/forms", func(w http.ResponseWriter, r *http.Request) {
		select {
		case alive <- true:
		default:
		}
		from, _ := strconv.Atoi(r.FormValue("from"))
		from = min(from, len(sources))
		json.NewEncoder(w).Encode(append([]string{}, sources[from:min(from+500, len(sources))]...))
	})
	mux.HandleFunc("/said", func(_ http.ResponseWriter, r *http.Request) {
		var lists [][][][2]string
		if err := json.NewDecoder(r.Body).Decode(&lists); err != nil {
			t.Error(err)
		}
		for _, buttons := range lists {
			var of []string
			for _, pairs := range buttons {
				var fields form.Fields
				for _, p := range pairs {
					fields = append(fields, form.Field{Name: p[0], Value: p[1]})
				}
				of = append(of, listed(fields))
			}
			said = append(said, of)
		}
	})
	mux.HandleFunc("/form", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.FormValue("n"))
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, sources[n])
	})
	mux.HandleFunc("/sent", func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(r.URL.Query().Get("n"))
		body, _ := io.ReadAll(r.Body)
		var fields form.Fields
		for pair := range strings.SplitSeq(string(body), "&") {
			if name, v, ok := strings.Cut(pair, "="); ok {
				name, _ = url.QueryUnescape(name)
				v, _ = url.QueryUnescape(v)
				fields = append(fields, form.Field{Name: name, Value: v})
			}
		}
		sent[n] = append(sent[n], listed(fields))
		io.WriteString(w, "ok")
	})
	mux.HandleFunc("/done", func(http.ResponseWriter, *http.Request) { done <- true })
	server := httptest.NewServer(mux)
	defer server.Close()
	cmd := exec.Command("chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-component-update", "--no-first-run",
		"--remote-debugging-port=0", "--user-data-dir="+t.TempDir(), server.URL)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	for {
		select {
		case <-done:
			cmd.Process.Signal(os.Interrupt)
			<-over
			return said, sent
		case err := <-over:
			t.Fatalf("chromium ended: %v", err)
		case <-alive:
		case <-time.After(20 * time.Minute):
			cmd.Process.Kill()
			t.Fatal("chromium has not answered")
		}
	}
}

// brokenForm is a form as old applications write them: its tags and those around it cross, and fields stand behind its end tag
// or without one.
func brokenForm(rnd *rand.Rand) string {
	whole := randomForm(rnd)
	head, rest, _ := strings.Cut(whole, "<form id=f method=post action=/x>")
	inside, tail, _ := strings.Cut(rest, "</form>")
	open := "<form id=f method=post action=/x>"
	switch rnd.IntN(5) {
	case 0: // its end is implied by the end of what is around it
		return head + "<div>" + open + "</div>" + inside + "</form>" + tail
	case 1: // it begins in a table, where it cannot
		return head + "<table><tr>" + open + "<td>" + inside + "</td></tr></table></form>" + tail
	case 2: // never ends
		return head + open + inside + tail
	case 3: // in another
		return head + open + "<p><form id=g>" + inside + "</form>" + tail
	default:
		return head + "<center>" + open + "<p>文</center>" + inside + "</form>" + tail
	}
}

// TestFormsSendWhatChromiumSends: what each button of random forms sends on a handset is what headless chromium sends for the
// same form, name by name.
func TestFormsSendWhatChromiumSends(t *testing.T) {
	rnd := rand.New(rand.NewPCG(16, 5))
	compared, differ, forms := 0, 0, formCount(1000)
	for left := forms; left > 0 && !t.Failed(); left -= formsAtOnce {
		c, d := compareWithChromium(t, rnd, min(left, formsAtOnce))
		compared, differ = compared+c, differ+d
	}
	t.Logf("%d submissions of %d forms compared, %d forms differ", compared, forms, differ)
	if compared < forms {
		t.Errorf("only %d submissions compared", compared)
	}
}

// formsAtOnce is how many forms one chromium judges: a page that has judged many becomes slow.
const formsAtOnce = 2000

// compareWithChromium compares random forms, and gives how many submissions were equal and how many forms were not.
func compareWithChromium(t *testing.T, rnd *rand.Rand, forms int) (compared, differ int) {
	var sources []string
	for i := range forms {
		src := "<!DOCTYPE html><title>t</title>"
		if i%2 == 0 {
			src += randomForm(rnd)
		} else {
			src += brokenForm(rnd)
		}
		sources = append(sources, src)
	}
	const really = 40
	said, sent := chromiumSays(t, sources, really)
	if len(said) != len(sources) {
		t.Fatalf("chromium has judged %d of %d", len(said), len(sources))
	}
	for n, lists := range sent {
		if got, want := fmt.Sprint(lists), fmt.Sprint(said[n]); got != want {
			t.Errorf("chromium itself sends\n%s\nand says\n%s\n%s", got, want, sources[n])
		}
	}
	if len(sent) < really/2 {
		t.Errorf("only %d forms were sent", len(sent))
	}
	for i, src := range sources {
		n := pagetest.Handsets[rnd.IntN(len(pagetest.Handsets))]
		got, out := sentBy(t, n, []byte(src))
		if fmt.Sprint(got) == fmt.Sprint(said[i]) {
			compared += len(got)
		} else if differ++; differ <= 8 {
			t.Errorf("%s, form %d sends\n%s\nwant\n%s\n%s\n%s", n.Name, i, strings.Join(got, "\n"), strings.Join(said[i], "\n"), src, out)
		}
	}
	return compared, differ
}
