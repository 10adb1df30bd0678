package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"musubi/carriers"
	"musubi/transcode/text"
)

// textCmd is the text stage alone: canonical UTF-8 to a carrier's bytes and back.
type textCmd struct {
	Args struct {
		Op   string `positional-arg-name:"OP" description:"encode: canonical UTF-8 to bytes of a carrier; decode: the reverse; convert: bytes of one carrier to those of another; sheet: a page of every emoji on every carrier."`
		Text string `positional-arg-name:"TEXT" description:"What to work on: text to encode, hexadecimal bytes to decode. Without it, standard input is read: text or raw bytes."`
	} `positional-args:"yes"`

	Carrier     string `long:"carrier" description:"docomo, au, softbank, willcom, emobile, crawler, smartphone, pc, or none for a reader without emoji. For convert, the carrier that is written." default:"pc"`
	Charset     string `long:"charset" description:"Shift_JIS, UTF-8, EUC-JP or ISO-2022-JP (mail). Default: what the carrier's pages use."`
	FromCarrier string `long:"from-carrier" description:"convert: the carrier that is read." default:"pc"`
	FromCharset string `long:"from-charset" description:"convert: the character set that is read."`

	Webcode  bool `long:"webcode" description:"Write SoftBank emoji as ESC $ … SI."`
	Localsrc bool `long:"localsrc" description:"Write au emoji as <img localsrc>."`
	Escape   bool `long:"escape" description:"Write markup characters as entities."`
	HalfKana bool `long:"half-kana" description:"Write full-width katakana half-width."`
	English  bool `long:"english" description:"Write the words that stand for emoji in English."`
	Short    bool `long:"short" description:"Write the shortest words that stand for emoji."`
	Mail     bool `long:"mail" description:"Read and write what the carrier's mail has, not its pages."`
	Hex      bool `long:"hex" description:"Write bytes in hexadecimal."`
	JSONL    bool `long:"jsonl" description:"Read one JSON object per line, write one per line."`
}

// A textSide names a codec in the workbench's JSON.
type textSide struct {
	Carrier string `json:"carrier"`
	Charset string `json:"charset"`
}

// A textJob is one line of input, or one command line.
type textJob struct {
	Op string `json:"op"`
	textSide
	Text     *string   `json:"text"`
	Hex      *string   `json:"hex"`
	From     *textSide `json:"from"`
	To       *textSide `json:"to"`
	Webcode  bool      `json:"webcode"`
	Localsrc bool      `json:"localsrc"`
	Escape   bool      `json:"escape"`
	HalfKana bool      `json:"half_kana"`
	English  bool      `json:"english"`
	Short    bool      `json:"short"`
	Mail     bool      `json:"mail"`
}

// textBytes and textString are the two kinds of answer.
type (
	textBytes struct {
		Hex  string `json:"hex"`
		Lost int    `json:"lost"`
	}
	textString struct {
		Text string `json:"text"`
	}
)

func (c *textCmd) Run(io *std) error {
	switch {
	case c.Args.Op == "sheet":
		return writeSheet(io.Out)
	case c.JSONL:
		return c.lines(io)
	}
	job, err := c.job(io)
	if err != nil {
		return err
	}
	answer, err := job.run()
	if err != nil {
		return err
	}
	switch a := answer.(type) {
	case textString:
		_, err = fmt.Fprintln(io.Out, a.Text)
	case textBytes:
		if c.Hex {
			_, err = fmt.Fprintln(io.Out, a.Hex)
			break
		}
		raw, _ := hex.DecodeString(a.Hex)
		_, err = io.Out.Write(raw)
	}
	return err
}

// job makes one job of the command line.
func (c *textCmd) job(s *std) (textJob, error) {
	to := textSide{c.Carrier, c.Charset}
	job := textJob{Op: c.Args.Op, textSide: to, Webcode: c.Webcode, Localsrc: c.Localsrc, Escape: c.Escape, HalfKana: c.HalfKana, English: c.English, Short: c.Short, Mail: c.Mail}
	if !slices.Contains([]string{"encode", "decode", "convert"}, c.Args.Op) {
		return job, unknownOp(c.Args.Op)
	}
	in := c.Args.Text
	if in == "" {
		b, err := io.ReadAll(s.In)
		if err != nil {
			return job, badUsage("standard input cannot be read: %v", err)
		}
		in = string(b)
		if c.Args.Op != "encode" {
			in = hex.EncodeToString(b)
		}
	}
	switch c.Args.Op {
	case "encode":
		job.Text = &in
	case "convert":
		job.From, job.To, job.Hex = &textSide{c.FromCarrier, c.FromCharset}, &to, &in
	default:
		job.Hex = &in
	}
	return job, nil
}

// lines answers each line of JSON with one.
func (c *textCmd) lines(s *std) error {
	in := bufio.NewReader(s.In)
	out := bufio.NewWriter(s.Out)
	defer out.Flush()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			answer, err := c.line(line)
			if err != nil {
				return badUsage("line %d: %v", n, err)
			}
			if err := enc.Encode(answer); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return badUsage("standard input cannot be read: %v", err)
		}
	}
}

func (c *textCmd) line(line []byte) (any, error) {
	job := textJob{Op: c.Args.Op}
	if err := json.Unmarshal(line, &job); err != nil {
		return nil, fmt.Errorf(`one JSON object such as {"op":"encode","carrier":"docomo","charset":"Shift_JIS","text":"…"} is expected: %w`, err)
	}
	return job.run()
}

// run does one job. Its errors are the user's.
func (j *textJob) run() (any, error) {
	switch j.Op {
	case "encode":
		if j.Text == nil {
			return nil, badUsage(`encode needs "text"`)
		}
		to, err := j.codec(j.textSide)
		if err != nil {
			return nil, err
		}
		return j.write(to, []byte(*j.Text)), nil
	case "decode":
		from, err := j.codec(j.textSide)
		if err != nil {
			return nil, err
		}
		b, err := j.bytes()
		return textString{string(from.AppendDecode(nil, b))}, err
	case "convert":
		if j.From == nil || j.To == nil {
			return nil, badUsage(`convert needs "from" and "to", each with "carrier" and "charset"`)
		}
		from, err := j.codec(*j.From)
		if err != nil {
			return nil, err
		}
		to, err := j.codec(*j.To)
		if err != nil {
			return nil, err
		}
		b, err := j.bytes()
		return j.write(to, from.AppendDecode(nil, b)), err
	}
	return nil, unknownOp(j.Op)
}

func unknownOp(op string) error {
	return badUsage("operation %q is unknown; encode, decode, convert or sheet is expected", op)
}

func (j *textJob) bytes() ([]byte, error) {
	if j.Hex == nil {
		return nil, badUsage(`%s needs "hex"`, j.Op)
	}
	b, err := hex.DecodeString(strings.TrimSpace(*j.Hex))
	if err != nil {
		return nil, badUsage("%q is no row of bytes in hexadecimal, such as F89F", *j.Hex)
	}
	return b, nil
}

func (j *textJob) write(c *text.Codec, s []byte) textBytes {
	var o text.Option
	for _, set := range []struct {
		on     bool
		option text.Option
	}{{j.Webcode, text.Webcode}, {j.Localsrc, text.LocalSrc}, {j.Escape, text.EscapeHTML}, {j.HalfKana, text.HalfKana}, {j.English, text.English}, {j.Short, text.Short}} {
		if set.on {
			o |= set.option
		}
	}
	out, lost := c.Append(nil, s, o)
	return textBytes{strings.ToUpper(hex.EncodeToString(out)), lost}
}

// codec finds the codec that a side names.
func (j *textJob) codec(side textSide) (*text.Codec, error) {
	carrier := carriers.Carrier(strings.ToLower(side.Carrier))
	set, cs, ok := usualText(carrier)
	if !ok {
		return nil, badUsage("carrier %q is unknown; docomo, au, softbank, willcom, emobile, crawler, smartphone, pc or none is expected", side.Carrier)
	}
	if side.Charset != "" {
		if cs, ok = charsetNamed(side.Charset); !ok {
			return nil, badUsage("charset %q is unknown; Shift_JIS, UTF-8, EUC-JP or ISO-2022-JP is expected", side.Charset)
		}
	}
	if j.Mail {
		return text.ForMail(carrier, set, cs), nil
	}
	return text.For(carrier, set, cs), nil
}

// usualText returns the emoji and the character set of a carrier's pages.
func usualText(c carriers.Carrier) (carriers.EmojiSet, carriers.Charset, bool) {
	switch c {
	case carriers.DoCoMo, carriers.Willcom:
		return carriers.EmojiDoCoMo, carriers.ShiftJIS, true
	case carriers.Au:
		return carriers.EmojiAu, carriers.ShiftJIS, true
	case carriers.SoftBank:
		return carriers.EmojiSoftBank, carriers.UTF8, true
	case carriers.Emobile, "none":
		return carriers.EmojiNone, carriers.UTF8, true
	case carriers.Crawler, carriers.Smartphone, carriers.PC:
		return carriers.EmojiUnicode, carriers.UTF8, true
	}
	return 0, 0, false
}

func charsetNamed(name string) (carriers.Charset, bool) {
	for cs := carriers.UTF8; cs <= carriers.ISO2022JP; cs++ {
		if strings.EqualFold(cs.String(), name) {
			return cs, true
		}
	}
	return 0, false
}
