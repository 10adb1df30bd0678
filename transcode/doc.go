// Package transcode turns what a handset sends into UTF-8 and what the core writes into what the handset reads. The stages are
// page.Render and page.Restore, form.Parse, and Image, which lists its steps here; the steps live in the rooms below.
//
// Every stage is given the Handset and never looks at a request.
package transcode
