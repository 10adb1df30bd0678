//go:build !unix

package inbound

// pages is memory of n bytes.
func pages(n int) (b []byte, free func(), err error) { return make([]byte, n), func() {}, nil }
