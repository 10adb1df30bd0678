package disk

import "syscall"

// Room is what a file system has, in bytes.
type Room struct {
	Free  uint64 // for who is not root
	Total uint64
}

// Writable says whether this process may write to a file or a directory, and the medium can be written.
func Writable(name string) bool { return syscall.Access(name, 2) == nil } // W_OK

// Readable says whether this process may read a file or a directory.
func Readable(name string) bool { return syscall.Access(name, 4) == nil } // R_OK

// RoomOf tells of the file system that a directory is on.
func RoomOf(dir string) (Room, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return Room{}, err
	}
	return Room{Free: s.Bavail * uint64(s.Bsize), Total: s.Blocks * uint64(s.Bsize)}, nil
}
