// Package form reads what a handset's form sends: query strings and bodies in the handset's own bytes, with its own
// emoji, become fields of canonical text.
//
// A handset may post another character set than its page has: au handsets post Shift_JIS from UTF-8 pages, SoftBank
// models without Shift_JIS post UTF-8 always, and charset parameters lie. So the bytes decide, all fields of a form
// together (see charsetOf), and what the handset usually does settles what bytes leave open.
//
// Bytes are cut at & = % + and boundaries before they are decoded, which is safe because no double-byte code has such a
// byte, except inside SoftBank's webcodes: those are stepped over whole.
//
// Start reading at [Parse] and [Recode].
package form
