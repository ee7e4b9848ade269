package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// limits are the process limits of an agent; nil leaves one as it is.
type limits struct {
	openFiles *syscall.Rlimit // file descriptors, soft and hard
	fileSize  *syscall.Rlimit // bytes of the largest file, soft = hard
}

// execCommand lowers the limits and becomes the command. It returns only when that fails.
func execCommand(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("exec", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	openFiles := flags.String("open-files", os.Getenv("AGENTRUN_ULIMIT_OPEN_FILES"), "")
	fileSize := flags.String("file-size", os.Getenv("AGENTRUN_ULIMIT_FILE_SIZE"), "")
	expanding := flags.Bool("expand", false, "")
	if err := flags.Parse(args); err != nil {
		return fail(exitUsage, "UsageInvalid", "exec: %w", err)
	}
	command := flags.Args()
	if len(command) == 0 {
		return fail(exitUsage, "UsageInvalid", "exec needs a command after --")
	}
	l, err := parseLimits(*openFiles, *fileSize)
	if err != nil {
		return err
	}
	if *expanding {
		command = expand(command, os.LookupEnv)
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return commandFailure(command[0], err)
	}
	if err := l.apply(stderr); err != nil {
		return err
	}
	// Exec itself undoes what Go's runtime did at start, which is to raise the soft limit of open files to the hard one.
	return commandFailure(command[0], syscall.Exec(path, command, os.Environ()))
}

var reference = regexp.MustCompile(`\$\(AGENTRUN_[A-Z_]+\)`)

// expand puts the operator's variables into the command, in Kubernetes' own writing. Kubernetes does it for a command in a
// pod, but not for an image's entry point.
func expand(command []string, lookup func(string) (string, bool)) []string {
	expanded := make([]string, len(command))
	for i, argument := range command {
		expanded[i] = reference.ReplaceAllStringFunc(argument, func(text string) string {
			if value, set := lookup(text[2 : len(text)-1]); set {
				return value
			}
			return text
		})
	}
	return expanded
}

func commandFailure(name string, err error) error {
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return fail(exitNotFound, "CommandNotFound", "cannot start %q: %w", name, err)
	}
	return fail(exitNotExecutable, "CommandNotExecutable", "cannot start %q: %w", name, err)
}

func parseLimits(openFiles, fileSize string) (limits, error) {
	var l limits
	if openFiles != "" {
		softText, hardText, both := strings.Cut(openFiles, ":")
		soft, softErr := strconv.ParseUint(softText, 10, 32)
		hard, hardErr := strconv.ParseUint(hardText, 10, 32)
		if !both || softErr != nil || hardErr != nil || soft == 0 || soft > hard {
			return limits{}, fail(exitUsage, "ConfigInvalid",
				"limit of open files is %q: write SOFT:HARD, two numbers above 0, SOFT at most HARD, for example 1024:2048", openFiles)
		}
		l.openFiles = &syscall.Rlimit{Cur: soft, Max: hard}
	}
	if fileSize != "" {
		size, err := strconv.ParseUint(fileSize, 10, 63)
		if err != nil || size == 0 {
			return limits{}, fail(exitUsage, "ConfigInvalid",
				"limit of the file size is %q: write a number of bytes above 0, for example 10485760", fileSize)
		}
		l.fileSize = &syscall.Rlimit{Cur: size, Max: size}
	}
	return l, nil
}

func (l limits) apply(stderr io.Writer) error {
	if err := lower(syscall.RLIMIT_NOFILE, "open files", l.openFiles, stderr); err != nil {
		return err
	}
	return lower(syscall.RLIMIT_FSIZE, "file size", l.fileSize, stderr)
}

// lower sets a limit, but never above the hard limit that is in force: raising it needs a privilege that agents do not
// have, and a stricter limit of the node is to be kept.
func lower(resource int, name string, wanted *syscall.Rlimit, stderr io.Writer) error {
	if wanted == nil {
		return nil
	}
	var current syscall.Rlimit
	if err := syscall.Getrlimit(resource, &current); err != nil {
		return fail(exitFailed, "LimitFailed", "cannot read the limit of %s: %w", name, err)
	}
	limit := clip(*wanted, current)
	if limit != *wanted {
		newLog(stderr).line("warning", "limit", map[string]any{"message": fmt.Sprintf(
			"limit of %s: %d:%d was asked for, the hard limit here is already %d and stays", name, wanted.Cur, wanted.Max, current.Max)})
	}
	if err := syscall.Setrlimit(resource, &limit); err != nil {
		return fail(exitFailed, "LimitFailed", "cannot set the limit of %s to %d:%d: %w", name, limit.Cur, limit.Max, err)
	}
	return nil
}

func clip(wanted, current syscall.Rlimit) syscall.Rlimit {
	return syscall.Rlimit{Cur: min(wanted.Cur, current.Max), Max: min(wanted.Max, current.Max)}
}
