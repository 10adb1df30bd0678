package core

import (
	"context"
	"time"
)

// A Notice tells a member on home that something waits for them. core/web has the sentence for its Key and the page that
// it leads to.
type Notice struct {
	Key  string
	N    int    // how many; also the %d of the sentence
	Name string // of a member, then the %s of the sentence; "": it has none
}

// notices are the sources, in the order of the page. A feature joins by adding one: it must be a look-up of a counter,
// because home asks all of them.
var notices = []func(s *Services, ctx context.Context, m Member) (Notice, error){
	aloneNotice,
	roundNotice,
	messageNotice,
}

// Notices lists what waits for a member.
func (s *Services) Notices(ctx context.Context, m Member) (list []Notice, err error) {
	for _, source := range notices {
		n, err := source(s, ctx, m)
		if err != nil {
			return nil, err
		}
		if n.N > 0 {
			list = append(list, n)
		}
	}
	return list, nil
}

func aloneNotice(s *Services, _ context.Context, m Member) (Notice, error) {
	since, warned := s.alone(m)
	if !warned {
		return Notice{}, nil
	}
	return Notice{Key: "alone", N: max(int((s.aloneLimit-since)/(24*time.Hour)), 1)}, nil
}
