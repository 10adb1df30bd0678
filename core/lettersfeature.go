package core

// lettersFeature is what messages between members bring. s may be nil when only the data is asked for.
func lettersFeature(s *Services) Feature {
	return Feature{
		Name:   "letters",
		News:   []NewsRow{{Kind: MessageNews, Key: "message", Letters: NewsLetters{PC: true, Handset: true}}},
		Photos: []PhotoGate{{MessagePhoto, s.messageGate}},
	}
}
