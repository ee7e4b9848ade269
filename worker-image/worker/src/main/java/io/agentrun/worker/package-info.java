/**
 * The reference worker: the program in an agent's pod when its owner names no image. It says how it is ({@code /health},
 * {@code /metrics}), shows the document that it was given ({@code /effective}), and drains on SIGTERM.
 *
 * <p>{@code docs/worker-image.md} is the contract that this package keeps, and that any other image can keep too.
 */
package io.agentrun.worker;
