// Package page makes of a page what one handset can show: its dialect, its charset, its links, and within its page budget.
//
// [Render] parses the page, writes it once (transcode/markup) and is done if the bytes fit. If not, it writes the page
// again with the places noted where it can be cut, cuts it at the best of them and returns the part that was asked for,
// valid by itself, with links to the parts before and behind. Nothing is remembered between requests: the same page, URL
// and part number give the same bytes.
//
// A form is never cut unless it is larger than a part. Then each piece posts to the page, earlier answers travel on in
// hidden fields, and the last piece sends everything once (pieces.go).
//
// Browsers get their page untouched but for the session on links (browser.go).
package page
