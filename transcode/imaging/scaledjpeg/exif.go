package scaledjpeg

import (
	"bytes"
	"encoding/binary"
)

// exifOrientation returns the Orientation tag of IFD0 in an APP1 body, 1–8, or 0 if it is not there [exif §4.6.4].
func exifOrientation(body []byte) int {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok {
		return 0
	}
	return ExifOrientation(tiff)
}

// ExifOrientation is the same for the TIFF structure alone, as PNG's eXIf and WebP's EXIF chunks hold it.
func ExifOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 0
	}
	at := int(order.Uint32(tiff[4:]))
	if at < 8 || at > len(tiff)-2 {
		return 0
	}
	entries := tiff[at+2:]
	for n := int(order.Uint16(tiff[at:])); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == 0x0112 {
			return orientationValue(order, entries)
		}
		entries = entries[12:]
	}
	return 0
}

// orientationValue reads the value of an entry; the standard says SHORT, some programs write LONG.
func orientationValue(order binary.ByteOrder, entry []byte) int {
	v := uint32(0)
	switch order.Uint16(entry[2:]) {
	case 3:
		v = uint32(order.Uint16(entry[8:]))
	case 4:
		v = order.Uint32(entry[8:])
	}
	if v > 8 {
		return 0
	}
	return int(v)
}
