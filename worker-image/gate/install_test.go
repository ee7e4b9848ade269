package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestInstallPutsARunnableCopyInPlace(t *testing.T) {
	dir := t.TempDir()
	for range 2 { // the second time over the first
		command, _ := gate(t, nil, "install", dir)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	copied := filepath.Join(dir, "agentrun-gate")
	info, err := os.Stat(copied)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o555 {
		t.Errorf("mode %o, expected 555", info.Mode().Perm())
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	want, _ := os.ReadFile(self)
	if got, _ := os.ReadFile(copied); !bytes.Equal(got, want) {
		t.Error("the copy differs from the program")
	}
	run := exec.CommandContext(t.Context(), copied, "help")
	run.Env = []string{asGate + "=1"}
	if out, err := run.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("agentrun-gate")) {
		t.Errorf("the copy does not run: %v: %s", err, out)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("left behind: %v", entries)
	}
}
