package charset_test

import (
	"testing"

	"musubi/transcode/charset"
)

// TestClassesAreApart: nothing that has a code is dropped, and no character is in two classes.
func TestClassesAreApart(t *testing.T) {
	for r := rune(1); r <= 0x10FFFF; r++ {
		n := 0
		for _, in := range []bool{charset.Encode(r) != 0, charset.Invisible(r), charset.Space(r)} {
			if in {
				n++
			}
		}
		if n > 1 && r >= 0x20 && r != 0x7F {
			t.Errorf("%U is in %d classes", r, n)
		}
	}
}

// TestInvisible lists what every carrier drops silently.
func TestInvisible(t *testing.T) {
	for _, r := range []rune{0x200D, 0x200C, 0xFE0F, 0xFE0E, 0x200B, 0x2060, 0xFEFF, 0xAD, 0x202A, 0x202E, 0x2066, 0x2069, 0xE0100, 0xE01EF, 0, 0x1B, 0x7F, 0x80, 0x9F} {
		if !charset.Invisible(r) {
			t.Errorf("%U is not dropped", r)
		}
	}
	for _, r := range "\t\n\r a日\u00a0〜\u3099" {
		if charset.Invisible(r) {
			t.Errorf("%U is dropped", r)
		}
	}
}

func TestSubstitute(t *testing.T) {
	for r, want := range map[rune]string{'é': "e\u0301", 'ﬁ': "fi", 'ß': "ss", 'Æ': "AE", '½': "1\u20442", '한': "", '𠮷': "吉", '汉': "漢", '黃': "黄", '›': "〉", '≤': "≦", '€': "EUR", 'ท': "", 0xF900: "\u8c48"} {
		if got := charset.Substitute(r); got != want {
			t.Errorf("Substitute(%q) = %q, want %q", r, got, want)
		}
	}
}

// TestSubstituteIsCoded: what stands for a character has codes, and so few bytes that a page bears it.
func TestSubstituteIsCoded(t *testing.T) {
	n, size := 0, 0
	for r := rune(0xA0); r <= 0x1FFFF; r++ {
		if !charset.Likeness(r) {
			continue
		}
		s := charset.Substitute(r)
		n, size = n+1, size+len(s)+4+2
		for _, c := range s {
			if charset.Encode(c) == 0 {
				t.Errorf("%U %c: %q has no code", r, r, c)
			}
		}
	}
	if n < 6000 || size > 150_000 {
		t.Errorf("%d rows in %d bytes", n, size)
	}
}

func TestSubstituteAllocatesNothing(t *testing.T) {
	if n := testing.AllocsPerRun(10, func() { substituted = charset.Substitute('✓') + charset.Substitute(0x1E69)[:0] }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

var substituted string // keeps the compiler from leaving the calls out
