package main

import (
	"context"
)

func (b *bench) overloaded(ctx context.Context, rate float64) error { return nil }
