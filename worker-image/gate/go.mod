module io.agentrun/gate

go 1.26
