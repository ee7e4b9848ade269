package io.agentrun.agent;

/**
 * Why an agent is not as it should be.
 *
 * @param reason one word, the reason of {@code Ready=False}
 * @param message the cause, and what to do about it
 */
record Problem(String reason, String message) {}
