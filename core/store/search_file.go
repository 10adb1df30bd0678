package store

import (
	"context"
	"path/filepath"
	"sync"

	"musubi/core/search/index"
)

// SearchFile is the name of the search index beside the database. It can be deleted at any time: it is made again.
const SearchFile = "search.db"

// indexFile is the search index beside the database, opened when somebody first asks for it.
type indexFile struct {
	mu    sync.Mutex
	index *index.Index // nil: not opened yet
}

// OpenSearchIndex implements search.SearchStore.
func (s Search) OpenSearchIndex(ctx context.Context) (*index.Index, error) {
	s.file.mu.Lock()
	defer s.file.mu.Unlock()
	if s.file.index == nil {
		x, err := index.Open(context.WithoutCancel(ctx), filepath.Join(filepath.Dir(s.db.Path()), SearchFile))
		if err != nil {
			return nil, err
		}
		s.file.index = x
	}
	return s.file.index, nil
}

func (f *indexFile) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.index == nil {
		return nil
	}
	return f.index.Close()
}
