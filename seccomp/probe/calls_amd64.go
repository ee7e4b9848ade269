package main

import "syscall"

// Arguments are such that a call which gets through does no harm to an unprivileged process.
var (
	bad    = ^uintptr(0)
	clone3 = call{name: "clone3", nr: 435}

	forbidden = []call{
		// mounts and roots
		{name: "mount", nr: 165}, {name: "umount2", nr: 166}, {name: "pivot_root", nr: 155}, {name: "chroot", nr: 161},
		{name: "open_tree", nr: 428}, {name: "move_mount", nr: 429}, {name: "fsopen", nr: 430}, {name: "fsconfig", nr: 431},
		{name: "fsmount", nr: 432}, {name: "fspick", nr: 433}, {name: "mount_setattr", nr: 442}, {name: "statmount", nr: 457},
		{name: "listmount", nr: 458}, {name: "quotactl", nr: 179}, {name: "quotactl_fd", nr: 443}, {name: "swapon", nr: 167},
		{name: "swapoff", nr: 168}, {name: "sysfs", nr: 139}, {name: "ustat", nr: 136}, {name: "uselib", nr: 134},
		// files by handle, past the path
		{name: "name_to_handle_at", nr: 303}, {name: "open_by_handle_at", nr: 304}, {name: "fanotify_init", nr: 300}, {name: "fanotify_mark", nr: 301},
		{name: "mknod of a device", nr: syscall.SYS_MKNOD, args: [6]uintptr{text("/tmp/device"), syscall.S_IFCHR | 0o600, 0x103}},
		{name: "mknodat of a device", nr: syscall.SYS_MKNODAT, args: [6]uintptr{bad - 99, text("/tmp/device"), syscall.S_IFBLK | 0o600, 0x800}},
		// namespaces
		{name: "unshare", nr: 272}, {name: "setns", nr: 308},
		{name: "clone with a user namespace", nr: syscall.SYS_CLONE, args: [6]uintptr{syscall.CLONE_NEWUSER | uintptr(syscall.SIGCHLD)}},
		{name: "clone with a network namespace", nr: syscall.SYS_CLONE, args: [6]uintptr{syscall.CLONE_NEWNET | uintptr(syscall.SIGCHLD)}},
		{name: "clone with a cgroup namespace", nr: syscall.SYS_CLONE, args: [6]uintptr{0x02000000 | uintptr(syscall.SIGCHLD)}},
		{name: "sethostname", nr: 170}, {name: "setdomainname", nr: 171},
		// other processes
		{name: "ptrace", nr: 101, args: [6]uintptr{bad}}, {name: "process_vm_readv", nr: 310}, {name: "process_vm_writev", nr: 311},
		{name: "pidfd_getfd", nr: 438, args: [6]uintptr{bad, bad}}, {name: "kcmp", nr: 312}, {name: "process_madvise", nr: 440}, {name: "process_mrelease", nr: 448, args: [6]uintptr{bad}},
		// the kernel's own machinery
		{name: "bpf", nr: 321, args: [6]uintptr{bad}}, {name: "perf_event_open", nr: 298}, {name: "userfaultfd", nr: 323, args: [6]uintptr{bad}},
		{name: "io_uring_setup", nr: 425}, {name: "io_uring_enter", nr: 426, args: [6]uintptr{bad}}, {name: "io_uring_register", nr: 427, args: [6]uintptr{bad}},
		{name: "init_module", nr: 175}, {name: "finit_module", nr: 313, args: [6]uintptr{bad}}, {name: "delete_module", nr: 176},
		{name: "kexec_load", nr: 246}, {name: "kexec_file_load", nr: 320, args: [6]uintptr{bad, bad}}, {name: "reboot", nr: 169},
		{name: "syslog", nr: 103, args: [6]uintptr{bad}}, {name: "acct", nr: 163}, {name: "lookup_dcookie", nr: 212}, {name: "vhangup", nr: 153},
		{name: "iopl", nr: 172}, {name: "ioperm", nr: 173}, {name: "modify_ldt", nr: 154}, {name: "personality with a fixed layout", nr: 135, args: [6]uintptr{0x0040000}},
		// keys of the kernel, not in a namespace
		{name: "add_key", nr: 248}, {name: "request_key", nr: 249}, {name: "keyctl", nr: 250, args: [6]uintptr{bad}},
		// the clock
		{name: "settimeofday", nr: 164, args: [6]uintptr{bad, bad}}, {name: "clock_settime", nr: 227, args: [6]uintptr{bad}}, {name: "clock_adjtime", nr: 305, args: [6]uintptr{bad}}, {name: "adjtimex", nr: 159},
		// memory, beyond what a runtime needs
		{name: "memfd_create", nr: 319}, {name: "memfd_secret", nr: 447, args: [6]uintptr{bad}}, {name: "remap_file_pages", nr: 216}, {name: "vmsplice", nr: 278, args: [6]uintptr{bad}},
		{name: "mbind", nr: 237, args: [6]uintptr{bad}}, {name: "set_mempolicy", nr: 238, args: [6]uintptr{bad}}, {name: "get_mempolicy", nr: 239}, {name: "migrate_pages", nr: 256, args: [6]uintptr{bad}}, {name: "move_pages", nr: 279, args: [6]uintptr{bad}},
		// System V and POSIX queues, shared by all containers of a pod
		{name: "shmget", nr: 29}, {name: "shmat", nr: 30, args: [6]uintptr{bad}}, {name: "semget", nr: 64}, {name: "msgget", nr: 68}, {name: "mq_open", nr: 240},
		// sockets other than UNIX, TCP, UDP and routing
		{name: "socket AF_PACKET", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_PACKET, syscall.SOCK_RAW}},
		{name: "socket AF_VSOCK", nr: syscall.SYS_SOCKET, args: [6]uintptr{40, syscall.SOCK_STREAM}},
		{name: "socket AF_ALG", nr: syscall.SYS_SOCKET, args: [6]uintptr{38, syscall.SOCK_SEQPACKET}},
		{name: "socket AF_KEY", nr: syscall.SYS_SOCKET, args: [6]uintptr{15, syscall.SOCK_RAW, 2}},
		{name: "socket AF_XDP", nr: syscall.SYS_SOCKET, args: [6]uintptr{44, syscall.SOCK_RAW}},
		{name: "socket AF_TIPC", nr: syscall.SYS_SOCKET, args: [6]uintptr{30, syscall.SOCK_STREAM}},
		{name: "socket AF_BLUETOOTH", nr: syscall.SYS_SOCKET, args: [6]uintptr{31, syscall.SOCK_STREAM}},
		{name: "socket INET raw", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_RAW, 1}},
		{name: "socket INET6 raw", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET6, syscall.SOCK_RAW, 58}},
		{name: "socket INET SCTP", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_STREAM, 132}},
		{name: "socket INET DCCP", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, 6, 33}},
		{name: "socket INET ping", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_DGRAM, 1}},
		{name: "socket NETLINK netfilter", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_NETLINK, syscall.SOCK_RAW, 12}},
		{name: "socket NETLINK audit", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_NETLINK, syscall.SOCK_RAW, 9}},
		{name: "socketpair INET", nr: syscall.SYS_SOCKETPAIR, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_STREAM}},
	}

	allowed = []call{
		{name: "socket UNIX", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_UNIX, syscall.SOCK_STREAM | syscall.SOCK_CLOEXEC}},
		{name: "socket UNIX datagram", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_UNIX, syscall.SOCK_DGRAM | syscall.SOCK_NONBLOCK}},
		{name: "socket INET", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_STREAM | syscall.SOCK_NONBLOCK | syscall.SOCK_CLOEXEC}},
		{name: "socket INET TCP", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_STREAM, syscall.IPPROTO_TCP}},
		{name: "socket INET UDP", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_DGRAM, syscall.IPPROTO_UDP}},
		{name: "socket INET6", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET6, syscall.SOCK_STREAM}},
		{name: "socket INET MPTCP", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_INET, syscall.SOCK_STREAM, 262}},
		{name: "socket NETLINK routing", nr: syscall.SYS_SOCKET, args: [6]uintptr{syscall.AF_NETLINK, syscall.SOCK_RAW | syscall.SOCK_CLOEXEC, 0}},
		{name: "socketpair UNIX", nr: syscall.SYS_SOCKETPAIR, args: [6]uintptr{syscall.AF_UNIX, syscall.SOCK_STREAM}},
		{name: "mkdir", nr: syscall.SYS_MKDIR, args: [6]uintptr{text("/tmp/folder"), 0o700}},
		{name: "mknod of a pipe", nr: syscall.SYS_MKNOD, args: [6]uintptr{text("/tmp/pipe"), syscall.S_IFIFO | 0o600}},
		{name: "clone as fork does", nr: syscall.SYS_CLONE, args: [6]uintptr{uintptr(syscall.SIGCHLD)}},
		{name: "personality as a question", nr: 135, args: [6]uintptr{0xffffffff}},
		{name: "statx", nr: 332}, {name: "faccessat2", nr: 439}, {name: "openat2", nr: 437}, {name: "close_range", nr: 436, args: [6]uintptr{1 << 20, 1 << 20}},
		{name: "getrandom", nr: 318}, {name: "membarrier", nr: 324}, {name: "rseq", nr: 334, args: [6]uintptr{bad}}, {name: "futex_waitv", nr: 449},
		{name: "landlock_create_ruleset", nr: 444, args: [6]uintptr{0, 0, 1}}, {name: "prlimit64", nr: 302}, {name: "io_setup", nr: 206},
		{name: "pidfd_open", nr: 434, args: [6]uintptr{bad}}, {name: "epoll_pwait2", nr: 441, args: [6]uintptr{bad}}, {name: "inotify_init1", nr: 294},
	}
)
