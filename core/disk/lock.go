package disk

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// ErrInUse says that another process has the lock of a directory.
var ErrInUse = errors.New("another process works on it")

// Lock takes the lock of that name, a file, which one process has at a time and loses when it ends, however it does: files whose
// contents it keeps in memory are not changed under it. It waits until ctx ends. A file system without locks gives none, and no error.
func Lock(ctx context.Context, name string) (unlock func() error, err error) {
	f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err {
		case nil, syscall.ENOSYS, syscall.EOPNOTSUPP, syscall.ENOLCK:
			return f.Close, nil
		case syscall.EWOULDBLOCK, syscall.EINTR:
		default:
			return nil, errors.Join(err, f.Close())
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ErrInUse, f.Close())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// Locked says whether another process has the lock of that name just now.
func Locked(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) == syscall.EWOULDBLOCK
}
