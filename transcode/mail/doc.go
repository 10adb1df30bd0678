// Package mail reads what handsets and mail programs send: the bytes of one message become a [Message], a plain value with
// sender, subject, text and pictures, whatever the message was made of.
//
// Reading is bounded by [Limits] and linear in the bytes: nesting, parts, header fields and texts beyond them refuse the
// message ([Refusal]) before they cost anything. Nothing is decoded twice, and a photo or film stays encoded in the message
// until it is asked for ([Attachment.Append]).
//
// Text is canonical text (transcode/text). The domain of the sender tells the carrier, and the carrier which emoji a code
// means: au's rows 75–7B of ISO-2022-JP, Shift_JIS codes of DoCoMo between the escapes, SoftBank's private-use characters
// and webcodes. A charset that is declared wrongly, or not at all, is found out from the bytes.
//
// A decorated mail (デコメール, デコレーションメール, アレンジメール) is its text: handsets always send one beside the HTML, and
// the pictures within the HTML are decoration. File names are never read (SEC-91); what a part is, its bytes tell.
//
// docs/mail.md has the rules and where they come from. Start at [Read].
package mail
