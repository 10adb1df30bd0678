//go:build unix

package inbound

import "syscall"

// pages is memory of n bytes beside the heap, of which only what is written to exists: a message that is received there leaves nothing
// to be collected, and free gives it back at once. Nothing may be read of it afterwards.
func pages(n int) (b []byte, free func(), err error) {
	b, err = syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	return b, func() { syscall.Munmap(b) }, err
}
