package carriers

import "testing"

func TestSeries(t *testing.T) {
	for model, want := range map[string]int{"P903i": 903, "F2051": 2051, "SH700iS": 700, "N902iX": 902, "": 0, "X": 0, "9999999999999999999999": 99999} {
		if got := series(model); got != want {
			t.Errorf("series of %q is %d", model, got)
		}
	}
}

// Each way stands once among those that are made, and every handset's is one of them.
func TestFilms(t *testing.T) {
	names := map[string]bool{"": true}
	for _, f := range Films {
		if names[f.Name] || f.Type == "" {
			t.Errorf("%+v", f)
		}
		names[f.Name] = true
	}
	for _, ua := range []string{"DoCoMo/2.0 P903i(c100;TB;W24H12)", "DoCoMo/2.0 P902i(c100;TB;W24H12)", "DoCoMo/2.0 N900i(c100;TB;W24H12)", "DoCoMo/1.0/D501i",
		"KDDI-CA39 UP.Browser/6.2.0.13.1.5 (GUI) MMP/2.0", "SoftBank/1.0/910T/TJ001 Browser/NetFront/3.3", "Mozilla/5.0"} {
		h := Identify(Request{UserAgent: ua})
		if !names[h.Film().Name] {
			t.Errorf("%s plays %+v, which nobody makes", ua, h.Film())
		}
	}
}
