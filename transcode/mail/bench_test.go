package mail_test

import (
	"testing"

	"musubi/transcode/mail"
	"musubi/transcode/mail/internal/mailtest"
)

func BenchmarkRead(b *testing.B) {
	for _, c := range mailtest.Cases() {
		switch c.Name() {
		case "docomo-decorated", "au-emoji", "softbank-photo", "pc-parts-20000", "pc-nested-25":
			raw := c.Raw()
			b.Run(c.Name(), func(b *testing.B) {
				b.SetBytes(int64(len(raw)))
				b.ReportAllocs()
				for b.Loop() {
					mail.Read(raw, mail.Options{Own: mailtest.Own})
				}
			})
		}
	}
}
