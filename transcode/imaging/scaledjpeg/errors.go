package scaledjpeg

import (
	"errors"
	"fmt"
)

// Errors of this package wrap one of these.
var (
	// ErrUnsupported: a valid JPEG of a kind this decoder leaves to others (12 bit, arithmetic, lossless, hierarchical,
	// unusual sampling). The standard decoder may be asked.
	ErrUnsupported = errors.New("scaledjpeg: unsupported kind of JPEG")
	// ErrTruncated: the file ends before the picture does. What was there is returned with the error.
	ErrTruncated = errors.New("scaledjpeg: file is cut off")
	// ErrCorrupt: the file breaks the rules of JPEG. If some of the picture could be read it is returned with the error.
	ErrCorrupt = errors.New("scaledjpeg: not a JPEG file or a damaged one")
	// ErrTooLarge: the header states more pixels than the limits allow, or the file asks for more work than its size warrants.
	ErrTooLarge = errors.New("scaledjpeg: picture is too large")
)

func corrupt(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrCorrupt, fmt.Sprintf(format, a...))
}

func unsupported(format string, a ...any) error {
	return fmt.Errorf("%w: %s", ErrUnsupported, fmt.Sprintf(format, a...))
}

// errNoSegment: the file ends where a segment should begin, or inside one.
var errNoSegment = fmt.Errorf("%w between or inside its segments", ErrTruncated)
