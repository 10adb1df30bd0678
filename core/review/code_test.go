package review

import "testing"

func TestCode(t *testing.T) {
	for typed, want := range map[string]string{
		"4901234567894": "4901234567894", " 4901234-567894": "4901234567894", "４９０１２３４５６７８９４": "4901234567894", "49123456": "49123456",
		"ISBN": "", "4901234567890": "", "4-10-101013-7": "9784101010137", "080442957X": "9780804429573", "0804429570": "", "036000291452": "0036000291452",
		"": "", "12": "", "X123456789": "", "490123456789X": "", "49012345678945": "",
	} {
		if got, ok := Code(typed); got != want || ok != (want != "") {
			t.Errorf("%q is %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func FuzzCode(f *testing.F) {
	f.Add("4-10-101013-7")
	f.Fuzz(func(t *testing.T, typed string) {
		if code, ok := Code(typed); ok {
			if again, ok := Code(code); !ok || again != code {
				t.Errorf("%q is %q, which is %q", typed, code, again)
			}
		}
	})
}
