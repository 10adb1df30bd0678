package main

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// service returns the path of a program a test needs. Without it the test is skipped with its reason, or fails when
// make test promised that everything is installed.
func service(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if os.Getenv("MUSUBI_TEST_SERVICES") != "" {
		t.Fatalf("%s is not installed, and this run must not skip anything", program)
	}
	t.Skipf("%s is not installed (make test installs it)", program)
	return ""
}

// browser is a headless chromium, driven as a person drives it.
type browser struct {
	t   *testing.T
	ctx context.Context
}

func newBrowser(t *testing.T, width, height int64) *browser {
	t.Helper()
	path := service(t, "chromium")
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "ja"),
		chromedp.UserDataDir(t.TempDir()))
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeTab := chromedp.NewContext(ctx)
	ctx, cancel := context.WithTimeout(ctx, 20*time.Minute)
	t.Cleanup(func() { cancel(); closeTab(); stop() })
	b := &browser{t, ctx}
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, height)); err != nil { // starts the browser, which lives as long as this context
		t.Fatal(err)
	}
	return b
}

// stepTime is how long one step may take: who waits for what never comes says so within the time of a test.
const stepTime = 90 * time.Second

// do runs steps and stops the test when one fails.
func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for _, step := range steps {
		ctx, cancel := context.WithTimeout(b.ctx, stepTime)
		err := chromedp.Do(ctx, step)
		cancel()
		if err != nil {
			at, _ := chromedp.Run(b.ctx, chromedp.Location())
			b.t.Fatalf("browser at %s: %v\n%s", at, err, b.text())
		}
	}
}

// text is what a reader sees of the page.
func (b *browser) text() string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		b.t.Fatal(err)
	}
	return text
}
