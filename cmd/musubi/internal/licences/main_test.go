package main

import (
	"bytes"
	"os"
	"testing"
)

// SEC-127: what deploy/licences.txt and deploy/sbom.json say is what the program is made of today.
func TestSEC127_FilesAreOfToday(t *testing.T) {
	made, err := collect()
	if err != nil {
		t.Fatal(err)
	}
	if len(made.modules) < 40 {
		t.Fatalf("only %d modules: is the test looking at the right program?", len(made.modules))
	}
	bill, err := made.bill()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"licences.txt": made.text(), "sbom.json": bill} {
		got, err := os.ReadFile("../../../../deploy/" + name)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("deploy/%s is not of today: run make licences (%v)", name, err)
		}
	}
}
