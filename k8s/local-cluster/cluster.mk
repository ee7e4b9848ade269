# The local cluster, for the top-level Makefile to include. See docs/local-cluster.md.
LOCAL_CLUSTER := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

.PHONY: cluster-up cluster-down cluster-status
cluster-up: ## Start a real single-node Kubernetes on this machine
	@$(LOCAL_CLUSTER)/up
cluster-down: ## End it and take away everything it made
	@$(LOCAL_CLUSTER)/down
cluster-status: ## Show its components; fails unless all are healthy
	@$(LOCAL_CLUSTER)/status
