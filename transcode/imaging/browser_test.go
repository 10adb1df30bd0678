package imaging

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"musubi/transcode/imaging/internal/ssim"
)

// lookPage loads each picture of the corpus as a page does, lays it on white and sends the pixels back; a picture that
// fails, or whose pixels cannot be had, is sent back as nothing.
const lookPage = `<!DOCTYPE html><body>0<script>
const look = async n => {
	const i = new Image();
	const ok = await new Promise(r => { i.onload = () => r(true); i.onerror = () => r(false); i.src = '/p/' + n; });
	let body = new Uint8Array(0);
	if (ok && i.naturalWidth) {
		const c = document.createElement('canvas');
		c.width = i.naturalWidth; c.height = i.naturalHeight;
		const g = c.getContext('2d');
		g.fillStyle = '#fff'; g.fillRect(0, 0, c.width, c.height);
		g.drawImage(i, 0, 0);
		body = g.getImageData(0, 0, c.width, c.height).data;
	}
	await fetch('/got/' + n + '?w=' + i.naturalWidth + '&h=' + i.naturalHeight, {method: 'POST', body});
};
(async () => {
	const total = TOTAL;
	for (let n = 0; n < total; n++) await look(n);
	document.body.textContent = 'done';
})();
</script>`

// shown is what chromium shows of each sample: nil where it shows nothing.
func shown(t *testing.T, all []sample) []*image.RGBA {
	chromium := tool(t, "chromium")
	got := make([]*image.RGBA, len(all))
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := strconv.Atoi(path.Base(r.URL.Path))
		switch {
		case r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html")
			io.WriteString(w, strings.Replace(lookPage, "TOTAL", strconv.Itoa(len(all)), 1))
		case strings.HasPrefix(r.URL.Path, "/p/"):
			w.Header().Set("Content-Type", map[string]string{".jpg": "image/jpeg", ".svg": "image/svg+xml", ".ico": "image/x-icon"}[path.Ext(all[n].name)])
			if w.Header().Get("Content-Type") == "" {
				w.Header().Set("Content-Type", "image/"+strings.TrimPrefix(path.Ext(all[n].name), "."))
			}
			w.Write(all[n].data)
		case strings.HasPrefix(r.URL.Path, "/got/"):
			pix, _ := io.ReadAll(r.Body)
			width, _ := strconv.Atoi(r.FormValue("w"))
			height, _ := strconv.Atoi(r.FormValue("h"))
			if len(pix) > 0 && len(pix) == 4*width*height {
				mu.Lock()
				got[n] = &image.RGBA{Pix: pix, Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}
				mu.Unlock()
			}
		}
	}))
	defer server.Close()
	ctx, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(chromium), chromedp.NoSandbox, chromedp.Flag("disable-component-update", true),
		chromedp.Flag("force-color-profile", "srgb"), chromedp.UserDataDir(t.TempDir()))...)
	defer stop()
	ctx, closeTab := chromedp.NewContext(ctx)
	defer closeTab()
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Navigate(server.URL)); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool]("document.body.textContent == 'done'", chromedp.WithPollingTimeout(0))); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	return got
}

// likeness is how near our picture on white comes to chromium's: SSIM, or for less than a window of it the mean difference
// turned into the same scale.
func likeness(ours, theirs image.Image) (float64, error) {
	if ours.Bounds().Size() != theirs.Bounds().Size() {
		return 0, fmt.Errorf("%v where chromium has %v", ours.Bounds().Size(), theirs.Bounds().Size())
	}
	white := image.NewRGBA(theirs.Bounds())
	draw.Draw(white, white.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.Draw(white, white.Rect, ours, ours.Bounds().Min, draw.Over)
	if b := white.Rect; b.Dx() >= 11 && b.Dy() >= 11 {
		return ssim.Index(white, theirs)
	}
	sum, b := 0, white.Rect
	for y := range b.Dy() {
		for x := range b.Dx() {
			p, q := white.RGBAAt(x, y), color.RGBAModel.Convert(theirs.At(x, y)).(color.RGBA)
			for _, d := range []int{int(p.R) - int(q.R), int(p.G) - int(q.G), int(p.B) - int(q.B)} {
				sum += max(d, -d)
			}
		}
	}
	return 1 - float64(sum)/float64(255*3*b.Dx()*b.Dy()), nil
}

// blank says whether chromium shows nothing at all: it takes the header for a picture and fails at the rest.
func blank(m *image.RGBA) bool {
	for _, v := range m.Pix {
		if v != 255 {
			return false
		}
	}
	return true
}

// otherwise are pictures of which a handset gets more than chromium shows, or grey where that has nothing.
var otherwise = map[string]string{
	"jpeg/no-end.jpg":              "chromium leaves out the last row of blocks where the end is not said",
	"jpeg/cut-arithmetic-0.50.jpg": "what is missing is grey",
	"jpeg/cut-arithmetic-0.90.jpg": "what is missing is grey",
	"png/data-crc.png":             "chromium ends before data whose check sum is wrong",
	"gif/bad-control.gif":          "chromium refuses a control block that is too short",
	"avif/flipped.avif":            "libaom gives up where chromium shows what it made of the damage",
	"webp/cut-0.50.webp":           "chromium shows nothing of it",
	"webp/wrong-size.webp":         "chromium waits for what is not to come",
}

// TestShownLikeChromium: what chromium shows of a corpus of pictures, whole and damaged, a handset gets with an SSIM of .97, and
// what chromium refuses is refused. Of less than a window of SSIM, 3 pixels by 2, the mean difference is under a twentieth.
func TestShownLikeChromium(t *testing.T) {
	all := newCorpus(t).all
	if len(all) < 500 && *onlyCorpus == "" {
		t.Errorf("the corpus has %d pictures, want 500", len(all))
	}
	for n, theirs := range shown(t, all) {
		s := all[n]
		if otherwise[s.name] != "" {
			continue
		}
		out, _, err := Convert(nil, s.data, Limits{Formats: PNG})
		switch {
		case err != nil && (theirs == nil || blank(theirs)):
		case err != nil:
			t.Errorf("%s: chromium shows it, we do not: %v", s.name, err)
		case theirs == nil:
			t.Errorf("%s: chromium refuses it, we show it", s.name)
		default:
			ours, err := png.Decode(bytes.NewReader(out))
			if err != nil {
				t.Fatal(err)
			}
			want := .97
			if b := theirs.Rect; b.Dx() < 11 || b.Dy() < 11 {
				want = .95
			}
			if like, err := likeness(ours, theirs); err != nil || like < want {
				t.Errorf("%s: SSIM %.3f %v", s.name, like, err)
			}
		}
	}
}
