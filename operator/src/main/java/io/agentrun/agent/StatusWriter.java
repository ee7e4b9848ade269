package io.agentrun.agent;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentStatus;
import io.agentrun.api.v1alpha1.Condition;
import io.agentrun.api.v1alpha1.ConditionStatus;
import io.agentrun.kube.Conditions;
import io.agentrun.kube.Conditions.Finding;
import io.agentrun.kube.Events;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One status write at the end of a reconciliation, only when something changed, and Events for what changed after it
 * succeeded.
 */
final class StatusWriter {
    /** Condition of an agent that is not reconciled on request. */
    static final String PAUSED = "Paused";

    private static final int MOST_RECENT = 20_000;

    private final KubernetesClient client;
    private final Clock clock;
    private final Events events;
    /** The last write of each agent until the informer has caught up, so that a status is never written twice. */
    private final Map<String, Written> recent = new ConcurrentHashMap<>();

    private record Written(long resourceVersion, AgentStatus status) {}

    StatusWriter(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.events = new Events(client, Names.OPERATOR, clock);
    }

    /** The agent with its newest known status. */
    Agent freshest(Agent received) {
        var uid = received.getMetadata().getUid();
        var written = recent.get(uid);
        if (written == null) {
            return received;
        }
        if (Long.parseLong(received.getMetadata().getResourceVersion()) >= written.resourceVersion()) {
            recent.remove(uid, written);
            return received;
        }
        return with(received, written.status());
    }

    /** Says that the agent is left alone, and nothing else. */
    void paused(Agent agent) {
        var old = agent.getStatus() == null ? AgentStatus.empty() : agent.getStatus();
        var findings = new ArrayList<Finding>();
        old.conditions().stream()
                .filter(c -> !c.type().equals(PAUSED))
                .forEach(c -> findings.add(new Finding(c.type(), c.status(), c.reason(), c.message())));
        findings.add(Finding.yes(
                PAUSED,
                "Annotation",
                "not reconciled, since the annotation " + Names.PAUSED + " is \"true\": remove it to go on"));
        write(
                agent,
                new AgentStatus(
                        old.observedGeneration(),
                        old.phase(),
                        old.replicas(),
                        old.readyReplicas(),
                        old.selector(),
                        old.effective(),
                        old.lastFailure(),
                        Conditions.update(old.conditions(), findings, old.observedGeneration(), clock.instant())));
    }

    /** Writes when {@code status} is news. */
    void write(Agent agent, AgentStatus status) {
        if (status.equals(agent.getStatus())) {
            return;
        }
        var answer = client.resource(with(bare(agent), status))
                .subresource("status")
                .patch(new PatchContext.Builder()
                        .withPatchType(PatchType.SERVER_SIDE_APPLY)
                        .withFieldManager(Names.OPERATOR)
                        .withForce(true)
                        .build());
        if (recent.size() >= MOST_RECENT) {
            // Entries of agents that are gone; losing one costs at most one repeated write.
            recent.clear();
        }
        recent.put(
                agent.getMetadata().getUid(),
                new Written(Long.parseLong(answer.getMetadata().getResourceVersion()), status));
        var old = agent.getStatus() == null ? AgentStatus.empty() : agent.getStatus();
        status.conditions().stream()
                .filter(condition -> news(condition, old))
                .forEach(condition -> events.send(
                        agent,
                        alarming(condition) ? Events.Type.Warning : Events.Type.Normal,
                        condition.reason(),
                        condition.type() + ": " + condition.message()));
    }

    /**
     * What deserves an Event: each new word of Ready, and of the others that they fail or have recovered. Serving and Stalled
     * only repeat Ready.
     */
    private static boolean news(Condition condition, AgentStatus old) {
        var before = old.conditions().stream()
                .filter(c -> c.type().equals(condition.type()))
                .findFirst();
        var same = before.filter(
                        c -> c.status() == condition.status() && c.reason().equals(condition.reason()))
                .isPresent();
        return !same
                && switch (condition.type()) {
                    case Report.SERVING, Report.STALLED -> false;
                    case Report.READY, PAUSED -> true;
                    default ->
                        condition.status() == ConditionStatus.False
                                || (condition.status() == ConditionStatus.True
                                        && before.filter(c -> c.status() == ConditionStatus.False)
                                                .isPresent());
                };
    }

    private static boolean alarming(Condition condition) {
        return condition.status() == ConditionStatus.False
                && !condition.reason().equals("Progressing")
                && !condition.reason().equals("Stopping");
    }

    /** Only name and status: what else a server-side apply carries, it would own. */
    private static Agent bare(Agent agent) {
        var bare = new Agent();
        bare.setMetadata(new ObjectMetaBuilder()
                .withName(agent.getMetadata().getName())
                .withNamespace(agent.getMetadata().getNamespace())
                .build());
        bare.setSpec(null);
        return bare;
    }

    private static Agent with(Agent agent, AgentStatus status) {
        var copy = new Agent();
        copy.setMetadata(agent.getMetadata());
        copy.setSpec(agent.getSpec());
        copy.setStatus(status);
        return copy;
    }
}
