// Package postman takes letters from the outbox to a mail server: it makes a message that the handsets of 2007 can read
// (ISO-2022-JP where the text allows, UTF-8 where it does not) and speaks SMTP. [Open] is given the address of a mail server,
// smtp://user:password@host:port?from=address, and gives back a core.MailSender.
package postman
