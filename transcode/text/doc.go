// Package text turns canonical text into the bytes of one handset and back: character set and emoji in one pass.
//
// Canonical text is UTF-8. Its emoji are standard Unicode sequences without variation selector, as the carriers' own
// Unicode mapping has them (☀ is U+2600); logos that never got a standard code, and au's three blanks, are the plane-15
// code of transcode/emoji. Reading gives exactly this form, so that text which goes out and comes back is stable;
// writing accepts the form with U+FE0F as well, skin tones, joined sequences and everything else that phones of today
// type. Whether ☀ is drawn in colour on a PC is a matter of fonts, so of the core's style sheet, not of stored text.
// What a browser posts keeps its selectors: they cost a handset nothing, and the browser gets them back.
//
// Private-use code points of the Basic Multilingual Plane in canonical text are nobody's emoji: each carrier means
// another picture by them. They become 〓.
//
// Writing degrades by user-perceived character: exact code, without selector, without skin tone, first of a joined
// sequence, the carrier's nearest emoji or text from the table, and last one 〓, which is counted. Reading never fails:
// bad bytes become U+FFFD and never take a neighbour with them.
//
// Start at [For], [Codec.Append] and [Codec.AppendDecode].
package text
