# The images, for the top-level Makefile to include. See docs/worker-image.md.
WORKER_IMAGE := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

.PHONY: images images-test images-clean
images: ## Build the images without a registry (IMAGES="--only gate,worker" for some)
	@$(WORKER_IMAGE)/build-images $(IMAGES)
images-test: ## Test the gate, and, as root with runc, the seccomp profile
	cd $(WORKER_IMAGE)/gate && go vet ./... && go test ./...
	@if [ "$$(id -u)" = 0 ] && command -v runc >/dev/null; then $(WORKER_IMAGE)/../seccomp/verify; \
	  else echo "left out: seccomp/verify needs root and runc"; fi
images-clean: ## Forget the built images and the Debian base, so that the next build takes Debian's updates
	rm -rf "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/images/*.rootfs "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/images/*.tar \
	  "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/images/archives.txt "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/build
