package carriers

// An ownCarrier is a carrier that an operator described in a file.
type ownCarrier struct {
	idHeader string
	validID  func(string) bool
}

func (s *sight) ownCarrier(string) bool { return false }
