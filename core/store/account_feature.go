package store

import (
	"musubi/core"
)

var accountFeature = Feature{
	Name: "account",
	Tables: []core.Table{
		{Name: "session", Key: "key", Columns: "key:secret member:self client:text easy:flag created_at:time seen_at:time name:text",
			Members: []core.Reference{{Column: "member"}}, Export: "sessions"},
		{Name: "easy_login", Key: "key", Columns: "key:secret member:self carrier:text model:text enrolled_at:time used_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "easy_logins"},
		{Name: "passkey", Key: "member id", Columns: "member:self id:id credential:secret data:inner name:text made_at:time used_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "passkeys"},
		{Name: "second_step", Key: "member", Columns: "member:self secret:secret used:inner since:time",
			Members: []core.Reference{{Column: "member"}}, Export: "second_step"},
		{Name: "recovery_code", Key: "member hash", Columns: "member:self hash:secret",
			Members: []core.Reference{{Column: "member"}}, NoExport: "keyed hashes of codes that were shown once"},
		{Name: "link", Key: "hash", Columns: "hash:secret purpose:text member:self expires_at:time",
			Members: []core.Reference{{Column: "member"}}, NoExport: "one-time keys that were mailed"},
		{Name: "mail", Key: "address", Columns: "address:text member:self changed_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "mail_addresses"},
		{Name: "mail_wish", Key: "member", Columns: "member:self address:text expires_at:time",
			Members: []core.Reference{{Column: "member"}}, Export: "mail_wish"},
		{Name: "invitation", Key: "inviter id",
			Columns: "inviter:self id:id address:text hash:secret state:invitation draft:inner sent_at:time expires_at:time",
			Members: []core.Reference{{Column: "inviter"}}, Export: "invitations"},
		{Name: "login_try", Key: "key", Columns: "key:secret failed:number wait_until:time", NoExport: "keyed hashes; forgotten an hour after the last try"},
	},
}
