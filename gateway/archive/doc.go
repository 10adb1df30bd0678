// Package archive answers from archived pages of mobile sites, a directory or a WARC file, as an upstream of the gateway: to a
// handset of the carrier that a page was made for, as it was; to all others in canonical text, so that they are transcoded.
//
//	archive.go  the upstream, and whom a page was made for
//	warc.go     reading a WARC file (ISO 28500)
//	dir.go      a directory
//	emoji.go    the emoji of the day, in bytes, references and pictures
package archive
