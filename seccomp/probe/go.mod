module io.agentrun/seccomp-probe

go 1.26
