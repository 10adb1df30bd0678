package base

import (
	"cmp"
	"io/fs"
	"slices"
)

// Changes are the numbered changes of several folders as those of one.
type Changes []fs.FS

// Open implements fs.FS.
func (c Changes) Open(name string) (f fs.File, err error) {
	for _, folder := range c {
		if f, err = folder.Open(name); err == nil {
			return f, nil
		}
	}
	return nil, err
}

// ReadDir implements fs.ReadDirFS.
func (c Changes) ReadDir(name string) (all []fs.DirEntry, err error) {
	for _, folder := range c {
		list, err := fs.ReadDir(folder, name)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return cmp.Compare(a.Name(), b.Name()) })
	return all, nil
}
