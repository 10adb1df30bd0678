// Package inbound receives mail: from the world over SMTP, or over LMTP from a mail server that stands before it. It bounds
// what a peer may cost, checks who may have sent a message as well as that can be known, has transcode/mail read it, and gives it to
// a [Receiver]. A message is answered with 250 only after the Receiver has it for good; the mail server that sent it
// repeats everything else, so nothing that was acknowledged is lost.
//
// It relays nothing: what is not for our own domain is refused, and so is what the Receiver does not know.
//
// The wire is emersion/go-smtp's. What it leaves open is closed here: connections and time for each peer and for all, memory
// for messages that are being received, bare line feeds (SEC-94). Start at [New] and [Config].
package inbound
