// Command probe tries system calls under a seccomp filter whose refusal shows a mark of its own (see ../verify), so that
// a refusal by the filter is never mistaken for one by the kernel, which refuses many of these without a privilege anyway.
package main

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

type call struct {
	name string
	nr   uintptr
	args [6]uintptr
}

// try gives the error of a call; a clone that gets through ends at once in the child.
func try(c call) syscall.Errno {
	result, _, errno := syscall.RawSyscall6(c.nr, c.args[0], c.args[1], c.args[2], c.args[3], c.args[4], c.args[5])
	if errno == 0 && result == 0 && c.nr == syscall.SYS_CLONE {
		syscall.RawSyscall(syscall.SYS_EXIT_GROUP, 0, 0, 0)
	}
	return errno
}

// kept holds what calls point at: the collector does not see a uintptr.
var kept []*byte

func text(s string) uintptr {
	bytes, err := syscall.BytePtrFromString(s)
	if err != nil {
		panic(err)
	}
	kept = append(kept, bytes)
	return uintptr(unsafe.Pointer(bytes))
}

func main() {
	number, err := strconv.ParseUint(os.Args[1], 10, 16)
	if err != nil {
		fmt.Fprintln(os.Stderr, "usage: probe ERRNO, the one that the filter answers with")
		os.Exit(2)
	}
	mark := syscall.Errno(number)
	passed, failed := 0, 0
	check := func(ok bool, c call, what string, errno syscall.Errno) {
		if ok {
			passed++
			return
		}
		failed++
		fmt.Printf("FAILED %s: %s, but it ended with %d (%v)\n", c.name, what, errno, errno)
	}
	for _, c := range forbidden {
		errno := try(c)
		// runc answers ENOSYS for calls that are newer than its seccomp library.
		check(errno == mark || errno == syscall.ENOSYS, c, "the filter should refuse it", errno)
	}
	for _, c := range allowed {
		errno := try(c)
		check(errno != mark, c, "the filter should let it through", errno)
	}
	errno := try(clone3)
	check(errno == syscall.ENOSYS, clone3, "it should not exist", errno)
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
