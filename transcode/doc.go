// Package transcode turns what a handset sends into UTF-8 and what the core writes into what the handset reads. Each
// stage is one short function that lists its steps: Page, Form and Image; the steps live in the rooms below.
//
// Every stage is given the Handset and never looks at a request.
package transcode
