package core

// albumFeature is what albums bring. s may be nil when only the data is asked for.
func albumFeature(s *Services) Feature {
	return Feature{
		Name:    "album",
		News:    []NewsRow{{Kind: AlbumNews, Key: "album", ByThing: true, Letters: NewsLetters{PC: true}, Title: s.albumTitle}},
		Threads: []ThreadRow{{Kind: OnAlbum, Closed: ErrAlbumClosed, News: AlbumNews, Topic: s.albumTopic, Piece: s.photoComments}},
		Finds:   []FindRow{{Kind: SearchAlbums, Batch: 8}},
		Photos:  []PhotoGate{{InAlbum, s.albumGate}},
	}
}
