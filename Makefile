# The two commands are `make quickstart` and `make test`; `make help` lists the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The default java may be older: take JAVA_HOME when it is a JDK 25, else the first one that is installed.
is_jdk25 = $(shell [ -x "$(1)/bin/javac" ] && "$(1)/bin/javac" -version 2>&1 | grep -q '^javac 25' && echo yes)
ifneq ($(call is_jdk25,$(JAVA_HOME)),yes)
  JAVA_HOME := $(firstword $(foreach jdk,$(wildcard /usr/lib/jvm/* /opt/*jdk* /opt/java/*),$(if $(call is_jdk25,$(jdk)),$(jdk))))
endif
export JAVA_HOME

MVN := mvn -B -ntp $(MAVEN_ARGS)

include k8s/local-cluster/cluster.mk
include worker-image/images.mk

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: jdk
jdk:
	@[ -n "$(JAVA_HOME)" ] || { echo "error: no JDK 25 found: install one (such as temurin-25-jdk), or set JAVA_HOME to it" >&2; exit 1; }

.PHONY: quickstart
quickstart: jdk ## From nothing to a running, explained agent (CONTEXT=… REGISTRY=… for a cluster of your own)
	@k8s/quickstart

.PHONY: test
test: jdk ## Every test that this machine can run, on a real local cluster where it can
	@.ci/tiers

.PHONY: verify
verify: jdk ## The long forms, on the running local cluster: ten minutes of silence, an API server away for one
	@export KUBECONFIG=$${AGENTRUN_CLUSTER:-/var/lib/agentrun-cluster}/kubeconfig PATH=$$PATH:$$(k8s/local-cluster/bin-dir) \
	  AGENTRUN_QUIET_SECONDS=600 AGENTRUN_OUTAGE_SECONDS=60 && \
	  $(MVN) -pl crds,operator test -Dspotless.check.skip -Dtest='QuietTest,OutageTest' -Dtest.groups='cluster | outage' \
	  -Dtest.excludedGroups= -Dsurefire.failIfNoSpecifiedTests=false

.PHONY: install
install: ## Install the operator into the cluster of KUBECONFIG (or CONTEXT=…)
	@k8s/install

.PHONY: build
build: jdk ## Compile, check the format, run the tests that need no cluster, package
	$(MVN) verify

.PHONY: format
format: jdk ## Format the Java sources
	$(MVN) -q spotless:apply

.PHONY: crds
crds: jdk ## Write crds/*.yml anew from the records
	$(MVN) -q -pl crds test -Dtest=CrdTest -Dcrds.update

.PHONY: golden
golden: jdk ## Write the expected children of the golden folders anew; read the diff
	$(MVN) -q -pl crds,operator -am test -Dtest='Golden*' -Dsurefire.failIfNoSpecifiedTests=false -Dgolden.update
