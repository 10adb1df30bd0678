package main

import (
	"os"
	"strings"
	"testing"
)

// A commandCase is one command line: what it reads, what it prints, and its exit status with a word of the sentence.
type commandCase struct {
	name, args, in, out string
	status              int
	says                string
}

func (tt commandCase) run(t *testing.T) {
	t.Helper()
	t.Run(tt.name, func(t *testing.T) {
		var out, errs strings.Builder
		args := strings.Split(tt.args, "|")
		status := run(args, &std{strings.NewReader(tt.in), &out, &errs})
		if status != tt.status || out.String() != tt.out || !strings.Contains(errs.String(), tt.says) {
			t.Errorf("musubi %s: status %d, stdout %q, stderr %q\nwant status %d, stdout %q, stderr with %q",
				strings.Join(args, " "), status, out.String(), errs.String(), tt.status, tt.out, tt.says)
		}
		if lines := strings.Count(errs.String(), "\n"); status == 2 && lines != 1 {
			t.Errorf("stderr has %d lines, want one sentence: %q", lines, errs.String())
		}
	})
}

func TestTextCommand(t *testing.T) {
	for _, tt := range []commandCase{
		{name: "jsonl/encode", args: "text|--jsonl", in: `{"op":"encode","carrier":"docomo","charset":"Shift_JIS","text":"☀日"}`, out: `{"hex":"F89F93FA","lost":0}` + "\n"},
		{name: "jsonl/decode", args: "text|decode|--jsonl", in: `{"op":"decode","carrier":"au","charset":"Shift_JIS","hex":"F660"}`, out: `{"text":"☀"}` + "\n"},
		{name: "jsonl/operation of the command line", args: "text|decode|--jsonl", in: `{"carrier":"au","charset":"Shift_JIS","hex":"F660"}`, out: `{"text":"☀"}` + "\n"},
		{name: "jsonl/convert", args: "text|--jsonl", in: `{"op":"convert","from":{"carrier":"au","charset":"UTF-8"},"to":{"carrier":"docomo","charset":"Shift_JIS"},"hex":"EEBDA0"}`, out: `{"hex":"F89F","lost":0}` + "\n"},
		{name: "jsonl/webcode", args: "text|--jsonl", in: `{"op":"encode","carrier":"softbank","charset":"Shift_JIS","text":"☀☁","webcode":true}`, out: `{"hex":"1B24476A690F","lost":0}` + "\n"},
		{name: "jsonl/au's blank", args: "text|--jsonl", in: `{"op":"decode","carrier":"au","charset":"Shift_JIS","hex":"F7A920"}`, out: "{\"text\":\"\U000FEB4C \"}\n"},
		{name: "jsonl/plain CP932", args: "text|--jsonl", in: `{"op":"encode","carrier":"pc","charset":"Shift_JIS","text":"〜−"}`, out: `{"hex":"8160817C","lost":0}` + "\n"},
		{name: "jsonl/lost and many lines", args: "text|--jsonl", in: `{"op":"encode","carrier":"docomo","charset":"Shift_JIS","text":"한"}` + "\n\n" + `{"op":"encode","carrier":"docomo","charset":"Shift_JIS","text":"👩🏽‍💻<"}` + "\n",
			out: `{"hex":"81AC","lost":1}` + "\n" + `{"hex":"5B8F9790AB8B5A8F708ED25D3C","lost":0}` + "\n"},
		{name: "jsonl/mail", args: "text|--jsonl", in: `{"op":"encode","carrier":"au","charset":"ISO-2022-JP","text":"☀"}`, out: `{"hex":"1B244275411B2842","lost":0}` + "\n"},
		{name: "arguments/encode", args: "text|encode|☀|--carrier|au|--hex", out: "F660\n"},
		{name: "arguments/decode", args: "text|decode|F660|--carrier|au", out: "☀\n"},
		{name: "arguments/words", args: "text|encode|🦊🇧🇷|--carrier|none|--english|--short", out: "[fox][BR]"},
		{name: "standard input/encode", args: "text|encode|--carrier|docomo", in: "日☀", out: "\x93\xfa\xf8\x9f"},
		{name: "standard input/decode", args: "text|decode|--carrier|docomo", in: "\x93\xfa\xf8\x9f", out: "日☀\n"},
		{name: "standard input/convert", args: "text|convert|--from-carrier|au|--carrier|softbank|--charset|Shift_JIS", in: "\xf6\x60", out: "\xf9\x8b"},
		{name: "bad/no operation", args: "text", status: 2, says: "encode, decode, convert or sheet is expected"},
		{name: "bad/operation", args: "text|shout|x", status: 2, says: `"shout"`},
		{name: "bad/carrier", args: "text|encode|x|--carrier|acme", status: 2, says: `"acme"`},
		{name: "bad/charset", args: "text|encode|x|--charset|KOI8-R", status: 2, says: `"KOI8-R"`},
		{name: "bad/hex", args: "text|decode|F6 60", status: 2, says: "hexadecimal"},
		{name: "bad/JSON", args: "text|--jsonl", in: "{", status: 2, says: "line 1"},
		{name: "bad/JSON without text", args: "text|--jsonl", in: `{"op":"encode","carrier":"au","charset":"UTF-8"}`, status: 2, says: `needs "text"`},
		{name: "bad/JSON without sides", args: "text|--jsonl", in: `{"op":"convert","hex":"20"}`, status: 2, says: `needs "from" and "to"`},
		{name: "bad/flag", args: "text|encode|x|--colour", status: 2, says: "--colour"},
	} {
		tt.run(t)
	}
}

// TestTextSheet: the sheet has a row for each emoji of today and each logo, and none of today's is lost; some rows are compared
// with testdata/textsheet.html as a whole.
func TestTextSheet(t *testing.T) {
	var out, errs strings.Builder
	if status := run([]string{"text", "sheet"}, &std{strings.NewReader(""), &out, &errs}); status != 0 {
		t.Fatalf("status %d: %s", status, errs.String())
	}
	var sample strings.Builder
	rows, lost := 0, 0
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "<tr><td>") {
			continue
		}
		rows++
		if strings.Contains(line, `class="lost"`) {
			lost++
		}
		for _, key := range []string{"☀", "😀", "🤔", "🧋", "👩\u200d🚀", "🏃\u200d♀", "🇯🇵", "🇧🇷", "⏩", "🫩", "〈渋谷〉"} {
			if strings.HasPrefix(line, "<tr><td>"+key+"<") || strings.HasPrefix(line, "<tr><td>"+key+"\ufe0f<") {
				sample.WriteString(line)
			}
		}
	}
	if rows != 2003 || lost != 1 { // one of DoCoMo's own has no name
		t.Errorf("%d rows, %d of them with something lost, want 2003 and 1", rows, lost)
	}
	want, err := os.ReadFile("testdata/textsheet.html")
	if err != nil || sample.String() != string(want) {
		t.Errorf("testdata/textsheet.html (%v) differs:\n%s", err, sample.String())
	}
}
