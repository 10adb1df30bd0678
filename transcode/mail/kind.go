package mail

import (
	"fmt"
	"strings"
)

// A Kind says what a message is.
type Kind uint8

// The kinds, in the order in which they are looked for. Only a Letter and Empty are ever answered (SEC-92, RFC 3834).
const (
	Letter    Kind = iota
	Empty          // neither text nor attachment: 空メール
	Loop           // it comes from ourselves, or has been through too many hands
	Bounce         // a mail server tells what became of a letter
	AutoReply      // a program answers for somebody
	List           // to many
)

var kindNames = [...]string{"letter", "empty", "loop", "bounce", "auto-reply", "list"}

func (k Kind) String() string { return kindNames[k] }

// Answerable says whether a person sent it and may be answered.
func (m *Message) Answerable() bool {
	return (m.Kind == Letter || m.Kind == Empty) && m.From != (Address{})
}

// maxHops is how many Received fields a mail may have (RFC 5321 §6.3 asks for a number not below 30).
const maxHops = 50

// kindOf tells what m is and because of what. own is our domain.
func kindOf(m *Message, own string) (Kind, string) {
	for _, look := range []func(*Message, string) (Kind, string){loop, bounce, autoReply, list} {
		if kind, because := look(m, own); because != "" {
			return kind, because
		}
	}
	if strings.TrimSpace(m.Text) == "" && len(m.Attachments) == 0 {
		return Empty, "neither text nor photo"
	}
	return Letter, "a person wrote it"
}

func loop(m *Message, own string) (Kind, string) {
	if hops := m.Header.Count("Received"); hops > maxHops {
		return Loop, fmt.Sprintf("Received %d times", hops)
	}
	if own == "" {
		return Loop, ""
	}
	_, domain, _ := strings.Cut(m.ID, "@")
	switch {
	case strings.EqualFold(domain, own):
		return Loop, "Message-ID of ours: " + m.ID
	case m.From.Domain == strings.ToLower(own):
		return Loop, "From our own domain: " + m.From.String()
	}
	return Loop, ""
}

func bounce(m *Message, _ string) (Kind, string) {
	field := m.Header.Get("Content-Type")
	switch {
	case len(m.Reports) > 0 || mediaType(field) == "multipart/report" && strings.EqualFold(param(field, "report-type"), "delivery-status"):
		return Bounce, "a report of delivery (RFC 3464)"
	case m.Header.Get("Return-Path") == "<>":
		return Bounce, "Return-Path: <>"
	case m.From.Local == "mailer-daemon" || m.From.Local == "postmaster":
		return Bounce, "From: " + m.From.String()
	case m.Header.Get("X-Failed-Recipients") != "":
		return Bounce, "X-Failed-Recipients"
	}
	return Bounce, ""
}

func autoReply(m *Message, _ string) (Kind, string) {
	if v, _, _ := strings.Cut(strings.ToLower(m.Header.Get("Auto-Submitted")), ";"); v != "" && strings.TrimSpace(v) != "no" {
		return AutoReply, "Auto-Submitted: " + oneLine(printable(v))
	}
	for _, name := range []string{"X-Autoreply", "X-Autorespond"} {
		if m.Header.Get(name) != "" {
			return AutoReply, name
		}
	}
	if strings.EqualFold(m.Header.Get("Precedence"), "auto_reply") {
		return AutoReply, "Precedence: auto_reply"
	}
	return AutoReply, ""
}

func list(m *Message, _ string) (Kind, string) {
	switch v := strings.ToLower(m.Header.Get("Precedence")); v {
	case "bulk", "list", "junk":
		return List, "Precedence: " + v
	}
	for _, f := range m.Header {
		if len(f.Name) > 5 && strings.EqualFold(f.Name[:5], "List-") {
			return List, f.Name
		}
	}
	return List, ""
}
