package io.agentrun.agent;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Paces the rollouts that no owner asked for: an operator upgrade or a restriction that changes the pod template of every agent
 * must not replace all pods at once. Owners' own edits, drift and stops never wait.
 */
final class Rollouts {
    private final int most;
    private final Set<ResourceID> running = new HashSet<>();
    private final Map<ResourceID, Boolean> waiting = new LinkedHashMap<>();

    /** @param most agents that may be rolling at a time */
    Rollouts(int most) {
        this.most = most;
    }

    /**
     * Whether this agent may roll now; it then holds a place until {@link #done}, else it waits in line.
     *
     * @param exists whether an agent that holds a place is still there
     */
    synchronized boolean mayStart(ResourceID agent, Predicate<ResourceID> exists) {
        if (running.contains(agent)) {
            return true;
        }
        if (running.size() >= most) {
            running.removeIf(exists.negate());
        }
        if (running.size() < most) {
            waiting.remove(agent);
            return running.add(agent);
        }
        waiting.put(agent, true);
        return false;
    }

    /** The agent has settled and gives its place back; who waits longest is to be looked at again. */
    synchronized Optional<ResourceID> done(ResourceID agent) {
        waiting.remove(agent);
        if (!running.remove(agent)) {
            return Optional.empty();
        }
        var next = waiting.keySet().stream().findFirst();
        next.ifPresent(waiting::remove);
        return next;
    }
}
