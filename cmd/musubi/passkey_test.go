package main

import (
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/webauthn"
	"github.com/chromedp/chromedp"
)

// A member makes a passkey with their device (chromium's virtual one), logs out, and comes in with it; taken away, it opens nothing.
func TestPasskeyInABrowser(t *testing.T) {
	d := startDemo(t, "")
	at, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	d.URL = "http://localhost:" + at.Port() // a key belongs to a name, never to an address
	b := newBrowser(t, 390, 844)
	if _, err := chromedp.Call(b.ctx, webauthn.Enable, webauthn.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(b.ctx, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{Options: &webauthn.VirtualAuthenticatorOptions{
		Protocol: webauthn.AuthenticatorProtocolCtap2, Transport: webauthn.AuthenticatorTransportInternal,
		HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
	}}); err != nil {
		t.Fatal(err)
	}
	b.logIn(d, 0)
	b.do(chromedp.Navigate(d.URL+"/settings"), chromedp.Click(`a[href="/settings/passkeys"]`), chromedp.WaitVisible(`#passkey`),
		chromedp.SendKeys(`#passkey input[name=name]`, "わたしの電話"), chromedp.SendKeys(`#passkey input[name=password]`, d.Members[0].Password),
		chromedp.Click(`#passkey button`), chromedp.WaitVisible(`a[href^="/settings/passkeys/remove"]`))
	if text := b.text(); !strings.Contains(text, "わたしの電話") {
		t.Fatalf("the key is not in the list:\n%s", text)
	}
	b.do(chromedp.Click(`header .logout button`), chromedp.WaitVisible(`input[name=mail]`),
		chromedp.Click(`a[href^="/login/passkey"]`), chromedp.WaitVisible(`#passkey`),
		chromedp.Click(`#passkey button`), chromedp.WaitVisible(`a[href^="/diary/write"]`))
	b.do(chromedp.Navigate(d.URL+"/settings/passkeys"), chromedp.Click(`a[href^="/settings/passkeys/remove"]`),
		chromedp.WaitVisible(`button[name=sure]`), chromedp.Click(`button[name=sure]`), chromedp.WaitVisible(`.empty`),
		chromedp.Click(`header .logout button`), chromedp.WaitVisible(`input[name=mail]`),
		chromedp.Click(`a[href^="/login/passkey"]`), chromedp.WaitVisible(`#passkey`),
		chromedp.Click(`#passkey button`), chromedp.WaitVisible(`.error`))
}
