package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every mail of the corpus as it is shown: testdata/mail/NAME.out beside NAME.eml.
func TestMailCommandGolden(t *testing.T) {
	files, err := filepath.Glob("../../testdata/mail/*.eml")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d mails: %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		t.Run(name, func(t *testing.T) {
			args := []string{"mail", file, "--own", "musubi.example"}
			if strings.HasSuffix(name, "-reply") {
				args = append(args, "--comment")
			}
			var out, errs bytes.Buffer
			status := run(args, &std{strings.NewReader(""), &out, &errs})
			refused := strings.HasSuffix(name, "-nested-25")
			if (status == 1) != refused || status > 1 {
				t.Fatalf("status %d, %s", status, errs.String())
			}
			out.Write(errs.Bytes())
			golden := strings.TrimSuffix(file, ".eml") + ".out"
			if *update {
				if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(want, out.Bytes()) {
				t.Errorf("musubi mail %s shows\n%s\nwant (%v)\n%s", name, out.String(), err, want)
			}
		})
	}
}

func TestMailCommand(t *testing.T) {
	const small = "From: Hanako <a..b@docomo.ne.jp>\nIn-Reply-To: <1@musubi.example>\nSubject: =?shift_jis?B?+J8=?=\nContent-Type: text/plain; charset=shift_jis\n\nhi\n> old\n"
	for _, tt := range []commandCase{
		{name: "json", args: "mail|--json|--comment", in: small,
			out: `{"kind":"letter","because":"a person wrote it","answerable":true,"from":"a..b@docomo.ne.jp","carrier":"docomo","key":"sha256:27c88d197e1e3a06823c4109e50634d9ee045eb5ee00dc04b2caffdf9e71f4bc","in_reply_to":"1@musubi.example",` +
				`"subject":"☀","text":"hi","attachments":[],"left_out":[],"texts":[{"type":"text/plain","declared":"shift_jis","as":"Shift_JIS","bytes":9}]}` + "\n"},
		{name: "json of a bounce", args: "mail|--json|../../testdata/mail/pc-bounce.eml",
			out: `{"kind":"bounce","because":"a report of delivery (RFC 3464)","answerable":false,"from":"mailer-daemon@example.org","carrier":"pc","key":"20070303120000.pc@mail.example.net",` +
				`"subject":"Undelivered Mail","text":"It did not arrive.","attachments":[],"left_out":[{"type":"message/rfc822","why":"a mail within a mail"}],` +
				`"texts":[{"type":"text/plain","declared":"","as":"UTF-8","bytes":18}],"reports":[{"to":"a.@example.org","action":"failed","status":"5.7.1","diagnostic":"550 it is so"}]}` + "\n"},
		{name: "json of a photo", args: "mail|--json|../../testdata/mail/softbank-video.eml",
			out: `{"kind":"letter","because":"a person wrote it","answerable":true,"from":"sora.kawa@softbank.ne.jp","carrier":"softbank","key":"20070303120000.softbank@mail.example.net",` +
				`"subject":"梅が咲いた","text":"庭の梅が咲いた。\nソ連の表は十能だ～\n\nまた書く。","attachments":[{"kind":"video","format":"video/3gpp","bytes":40}],"left_out":[],` +
				`"texts":[{"type":"text/plain","declared":"utf-8","as":"UTF-8","bytes":72}]}` + "\n"},
		{name: "bad/too large", args: "mail", in: strings.Repeat("x", 8<<20+1), status: 1, says: "more than 8388608 bytes"},
		{name: "bad/no file", args: "mail|nope.eml", status: 2, says: "no such file"},
	} {
		tt.run(t)
	}
}
