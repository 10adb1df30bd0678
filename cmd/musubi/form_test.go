package main

import "testing"

func TestFormCommand(t *testing.T) {
	const (
		p903i = "DoCoMo/2.0 P903i(c100;TB;W24H12)"
		w51p  = "KDDI-MA32 UP.Browser/6.2.0.13.2 (GUI) MMP/2.0"
		s910t = "SoftBank/1.0/910T/TJ001/SN000000000000000 Browser/NetFront/3.3 Profile/MIDP-2.0 Configuration/CLDC-1.1"
		j_n51 = "J-PHONE/4.0/J-N51/SNXXXXXXXXX NEC/1.0 Profile/JSCL-1.1.0"
	)
	for _, tt := range []commandCase{
		{name: "docomo", args: "form|--ua|" + p903i, in: "b=%93%FA&a=%F8%9F&b=", out: `{"b":["日",""],"a":["☀"]}` + "\n"},
		{name: "au", args: "form|--ua|" + w51p, in: "c=%F6%60%3C", out: `{"c":["☀<"]}` + "\n"},
		{name: "softbank/UTF-8", args: "form|--ua|" + s910t, in: "c=%EE%81%8A", out: `{"c":["☀"]}` + "\n"},
		{name: "softbank/webcode", args: "form|--ua|" + j_n51, in: "c=%1B%24Gji%0F", out: `{"c":["☀☁"]}` + "\n"},
		{name: "multipart without content type", args: "form|--ua|" + p903i, in: "--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n\x95\x5C\r\n--B--\r\n", out: `{"t":["表"]}` + "\n"},
		{name: "content type", args: "form|--ua|" + p903i + "|--content-type|application/x-www-form-urlencoded", in: "t=%95%5C", out: `{"t":["表"]}` + "\n"},
		{name: "empty", args: "form|--ua|" + p903i, out: "{}\n"},
		{name: "bad/no User-Agent", args: "form", status: 2, says: "--ua"},
		{name: "bad/content type", args: "form|--ua|x|--content-type|text/plain", status: 2, says: "is expected"},
		{name: "bad/unclosed multipart", args: "form|--ua|x|--content-type|multipart/form-data; boundary=B", in: "--B\r\n", status: 2, says: "closing boundary"},
		{name: "bad/header", args: "form|--ua|x|--header|nonsense", status: 2, says: "Name: value"},
	} {
		tt.run(t)
	}
}
