package main

import (
	"io"
	"os"
	"path/filepath"
)

func installCommand(args []string) error {
	if len(args) != 1 {
		return fail(exitUsage, "UsageInvalid", "install needs one directory")
	}
	return install(args[0])
}

// install puts this program into a volume, for images that do not carry it. The rename makes it appear whole, also over
// an older copy that is being executed.
func install(dir string) error {
	source, err := os.Open("/proc/self/exe")
	if err != nil {
		return fail(exitFailed, "InstallFailed", "cannot read the gate's own program: %w", err)
	}
	defer source.Close()
	target, err := os.CreateTemp(dir, ".agentrun-gate-*")
	if err != nil {
		return fail(exitFailed, "InstallFailed", "cannot install the gate: %w", err)
	}
	defer os.Remove(target.Name())
	_, err = io.Copy(target, source)
	if err == nil {
		err = target.Chmod(0o555)
	}
	if closeErr := target.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(target.Name(), filepath.Join(dir, "agentrun-gate"))
	}
	if err != nil {
		return fail(exitFailed, "InstallFailed", "cannot install the gate: %w", err)
	}
	return nil
}
