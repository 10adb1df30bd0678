//go:build !unix

package wire

// Gone would say whether the client has ended its side of the connection; here it is not known before something is written to it.
func (c *Conn) Gone() bool { return false }
