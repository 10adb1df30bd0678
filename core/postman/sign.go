package postman

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"os"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"musubi/core/outbox"
)

// signer signs letters (DKIM, RFC 6376).
type signer struct{ options *dkim.SignOptions }

// signed are the fields that a signature covers: those that a receiver shows or acts on (RFC 8058 asks for the last two).
var signed = []string{"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Auto-Submitted",
	"List-Unsubscribe", "List-Unsubscribe-Post"}

// SignWith has letters signed with the private key in a file (PEM; RSA or Ed25519), whose public half stands in the DNS at
// selector._domainkey.DOMAIN, where DOMAIN is that of the sender.
func (p *Postman) SignWith(file, selector string) error {
	key, err := readKey(file)
	if err != nil {
		return err
	}
	_, domain, _ := strings.Cut(p.from, "@")
	p.signer = &signer{&dkim.SignOptions{Domain: domain, Selector: selector, Signer: key, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed}}
	return nil
}

// CheckKey says what is wrong with the file of a private key.
func CheckKey(file string) error {
	_, err := readKey(file)
	return err
}

func readKey(file string) (crypto.Signer, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := privateKey(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return key, nil
}

func privateKey(text []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("expected a private key in PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return key, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, fmt.Errorf("a key of type %T: expected RSA or Ed25519", key)
}

// message is the letter as it goes out, signed where there is a key.
func (p *Postman) message(m outbox.Mail) ([]byte, error) {
	raw := p.write(m, p.now())
	if p.signer == nil {
		return raw, nil
	}
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(raw), p.signer.options)
	return out.Bytes(), err
}
