package review

import "strings"

// Code gives the number under a barcode in its longest form, 13 digits (EAN-13, JAN, ISBN-13), or 8 (EAN-8, JAN of small things): what
// somebody types has blanks and hyphens, an ISBN of ten signs becomes one of 13, and a UPC of twelve begins with 0. ok is false
// for what is none, by its length or its check digit.
func Code(typed string) (code string, ok bool) {
	d := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == 'X', r == 'x':
			return 'X'
		case r == '-', r == ' ', r == '　', r == '‐', r == '－':
			return -1
		}
		return '?'
	}, strings.TrimSpace(typed))
	switch len(d) {
	case 10:
		return isbn10(d)
	case 12:
		d = "0" + d
	case 8, 13:
	default:
		return "", false
	}
	if strings.ContainsAny(d, "X?") || checkDigit(d[:len(d)-1]) != d[len(d)-1] {
		return "", false
	}
	return d, true
}

// checkDigit is the last digit of an EAN whose others are given: weights 3 and 1 by turns, from the right.
func checkDigit(d string) byte {
	sum := 0
	for i := range len(d) {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 0 {
			n *= 3
		}
		sum += n
	}
	return byte('0' + (10-sum%10)%10)
}

// isbn10 makes an ISBN of ten signs, the last of which may be X, one of 13.
func isbn10(d string) (string, bool) {
	if strings.ContainsAny(d[:9], "X?") || d[9] == '?' {
		return "", false
	}
	sum := 0
	for i := range 10 {
		n := int(d[i] - '0')
		if d[i] == 'X' {
			n = 10
		}
		sum += (10 - i) * n
	}
	if sum%11 != 0 {
		return "", false
	}
	long := "978" + d[:9]
	return long + string(checkDigit(long)), true
}
