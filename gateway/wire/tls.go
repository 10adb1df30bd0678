package wire

import "crypto/tls"

type tlsState = tls.ConnectionState

// A tlsConn is a Conn over TLS: servers find out about the handshake by these methods.
type tlsConn struct {
	*Conn
	encrypted
}
