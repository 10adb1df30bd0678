package carriers

import "testing"

// Every model's own User-Agent leads back to its row.
func TestModelsIdentifyThemselves(t *testing.T) {
	for _, m := range Models() {
		h, ua, ok := ModelHandset(m.Token)
		if !ok || h.Carrier != m.Carrier || h.Generation != m.Generation || h.Model != m.Token || h.Step != StepRow {
			t.Errorf("%v: %q gives %v %v %v, step %v", m, ua, h.Carrier, h.Generation, h.Model, h.Step)
		}
	}
}
