package mail

import "bytes"

// A FileKind says what an attachment is good for.
type FileKind uint8

// The kinds of attachments.
const (
	Photo FileKind = iota + 1
	Video
)

func (k FileKind) String() string {
	switch k {
	case Photo:
		return "photo"
	case Video:
		return "video"
	}
	return "file"
}

// sniffBytes is how much of a file sniff looks at.
const sniffBytes = 512

// signatures are the bytes that formats begin with.
var signatures = []struct {
	offset int
	magic  string
	kind   FileKind
	format string
}{
	{0, "\xFF\xD8\xFF", Photo, "image/jpeg"},
	{0, "\x89PNG\r\n\x1A\n", Photo, "image/png"},
	{0, "GIF87a", Photo, "image/gif"},
	{0, "GIF89a", Photo, "image/gif"},
	{0, "BM", Photo, "image/bmp"},
	{8, "WEBP", Photo, "image/webp"},
	{8, "AVI ", Video, "video/x-msvideo"},
	{0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11", Video, "video/x-ms-asf"},
	{0, "\x1A\x45\xDF\xA3", Video, "video/webm"},
	{0, "FLV\x01", Video, "video/x-flv"},
	{0, "\x00\x00\x01\xBA", Video, "video/mpeg"},
	{0, "\x00\x00\x01\xB3", Video, "video/mpeg"},
	{4, "moov", Video, "video/quicktime"},
	{4, "mdat", Video, "video/quicktime"},
	{4, "wide", Video, "video/quicktime"},
}

// sniff tells what the bytes of a file are, whatever name and type they came with. Zero: nothing that can be shown.
func sniff(b []byte) (kind FileKind, format string) {
	if len(b) >= 12 && string(b[4:8]) == "ftyp" {
		return brand(b[8:12])
	}
	for _, s := range signatures {
		if len(b) > s.offset && bytes.HasPrefix(b[s.offset:], []byte(s.magic)) {
			return s.kind, s.format
		}
	}
	return 0, ""
}

// brand tells the container by its major brand (ISO/IEC 14496-12).
func brand(b []byte) (FileKind, string) {
	switch name := string(b); {
	case name == "heic" || name == "heix" || name == "mif1" || name == "msf1" || name == "hevc":
		return Photo, "image/heic"
	case name == "avif":
		return Photo, "image/avif"
	case name[:3] == "3gp" || name[:3] == "3gs" || name[:3] == "3gr" || name == "mmp4":
		return Video, "video/3gpp"
	case name[:3] == "3g2" || name == "kddi":
		return Video, "video/3gpp2"
	case name == "qt  ":
		return Video, "video/quicktime"
	case name[:3] == "M4A":
		return 0, "" // sound alone
	}
	return Video, "video/mp4"
}
