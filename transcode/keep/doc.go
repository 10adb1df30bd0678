// Package keep brings text back that a handset cannot show.
//
// A page in Shift_JIS shows 한국어 as 〓〓〓, and its form gives 〓〓〓 back. Taking that for what the member wrote would store it over
// the text, for everybody. So a field whose text does not come back by itself carries a second, hidden one beside it: the
// text itself, packed into characters that every form returns ([Seal]). When the form comes back, what the handset was
// shown is made again from it and compared with what was returned ([Merge]): untouched text is the original, code point for
// code point; in edited text every stretch that was left alone is. Where there is no room for the text, the record has a sum
// of it and the page where it can be read again ([Record.Page]).
//
// [Faithful] says which text needs this; [Opaque] packs values that nobody sees, and names.
package keep
