# The images, for the top-level Makefile to include. See docs/worker-image.md.
WORKER_IMAGE := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

.PHONY: images images-clean
images: ## Build the images without a registry (IMAGES="--only gate,worker" for some)
	@$(WORKER_IMAGE)/build-images $(IMAGES)
images-clean: ## Forget the built images and the Debian base, so that the next build takes Debian's updates
	rm -rf "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/images/*.rootfs "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/images/*.tar \
	  "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/images/archives.txt "$${AGENTRUN_CACHE:-$$HOME/.cache/agentrun}"/build
