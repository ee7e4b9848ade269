package io.agentrun.agent;

import java.util.HashSet;
import java.util.Set;

/**
 * Paces the rollouts that no owner asked for: an operator upgrade or a restriction that changes the pod template of every agent
 * must not replace all pods at once. Owners' own edits, drift and stops never wait.
 */
final class Rollouts {
    private final int most;
    private final Set<String> running = new HashSet<>();

    /** @param most agents that may be rolling at a time */
    Rollouts(int most) {
        this.most = most;
    }

    /** Whether this agent may roll now; it then holds a place until {@link #done}. */
    synchronized boolean mayStart(String uid) {
        return running.contains(uid) || (running.size() < most && running.add(uid));
    }

    /** The agent has settled, is gone, or needs no place any more. */
    synchronized void done(String uid) {
        running.remove(uid);
    }
}
