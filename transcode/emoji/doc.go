// Package emoji is the table of the 788 emoji that the Japanese carriers drew between 1999 and 2010, with every
// carrier's code for each and what to show where a carrier has none.
//
// Three steps are kept apart, and each is a column of data/emoji.tsv:
//
//   - bytes ↔ own emoji: exact and reversible ([Concept.Code]);
//   - own ↔ canonical: the standard Unicode sequence without variation selector, or a plane-15 code for the logos that
//     never got a standard code ([Concept.Canonical]);
//   - canonical → another carrier: that carrier's nearest emoji, several of them, or text ([Concept.Fallback]).
//
// What a member typed comes back to the same carrier as the same code, because the code of the row wins over every
// published conversion table (the column "notes" of the data lists the 14 rows where the tables differ).
//
// The package does no text processing; transcode/text does, with this table. Start reading at [Concept].
package emoji

//go:generate go run ./internal/gen
