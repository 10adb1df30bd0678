package imaging

// comment is the text of the flag in a file of the format, or "".
func (f Flag) comment(format Formats) string {
	switch {
	case f == FlagDoCoMo && format&(GIF|JPEG) != 0:
		return `copy="NO"`
	case f == FlagAu && format&(GIF|JPEG|PNG) != 0:
		return "kddi_copyright=on"
	}
	return ""
}

// header is the value of the flag in the response field x-jphone-copyright, or "".
func (f Flag) header() string {
	if f == FlagSoftBank {
		return "no-store, no-transfer, no-peripheral"
	}
	return ""
}
