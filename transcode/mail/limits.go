package mail

import "fmt"

// Limits bound what one message may cost. A zero field means the value of [DefaultLimits].
type Limits struct {
	Bytes       int // of the whole message
	HeaderBytes int // of the header fields of a message, or of one part
	Depth       int // multiparts within multiparts; the message itself is depth 0
	Parts       int // parts of all kinds together: a decorated mail has up to 20 pictures beside its texts (docs/mail.md §3)
	TextBytes   int // of all texts together, as they arrive
}

// DefaultLimits are those of SEC-91, with room for the pictures of a decorated mail and for a photo of today, which has 5 MB.
var DefaultLimits = Limits{Bytes: 8 << 20, HeaderBytes: 64 << 10, Depth: 5, Parts: 50, TextBytes: 1 << 20}

func (l Limits) orDefault() Limits {
	pick := func(v, usual int) int {
		if v > 0 {
			return v
		}
		return usual
	}
	d := DefaultLimits
	return Limits{
		Bytes: pick(l.Bytes, d.Bytes), HeaderBytes: pick(l.HeaderBytes, d.HeaderBytes), Depth: pick(l.Depth, d.Depth),
		Parts: pick(l.Parts, d.Parts), TextBytes: pick(l.TextBytes, d.TextBytes),
	}
}

// A Bound names one of the Limits.
type Bound string

// The bounds that a message can exceed.
const (
	TooLarge       Bound = "bytes"
	HeaderTooLarge Bound = "header bytes"
	TooDeep        Bound = "parts within parts"
	TooManyParts   Bound = "parts"
	TextTooLarge   Bound = "bytes of text"
)

// A Refusal says which limit a message exceeds. It is the only error of Read.
type Refusal struct {
	Bound Bound
	Limit int
}

func (r *Refusal) Error() string { return fmt.Sprintf("mail: more than %d %s", r.Limit, r.Bound) }
