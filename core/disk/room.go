package disk

import "syscall"

// Room is what a file system has, in bytes.
type Room struct {
	Free  uint64 // for who is not root
	Total uint64
}

// RoomOf tells of the file system that a directory is on.
func RoomOf(dir string) (Room, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return Room{}, err
	}
	return Room{Free: s.Bavail * uint64(s.Bsize), Total: s.Blocks * uint64(s.Bsize)}, nil
}
