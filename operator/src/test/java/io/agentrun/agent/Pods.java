package io.agentrun.agent;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Pods of the agent {@code bot} as a kubelet leaves them. */
final class Pods {
    static final String NAME = "agent-bot-7d9f-abcde";

    /** The gate came through, as it has in every pod whose agent runs. */
    static final String GATE_DONE = """
            initContainerStatuses:
              - name: isolated
                ready: true
                restartCount: 0
                image: gate:test
                state: {terminated: {exitCode: 0, reason: Completed, finishedAt: "2026-01-31T12:00:01Z"}}
            """;

    static final String READY = """
            phase: Running
            conditions:
              - {type: PodScheduled, status: "True"}
              - {type: Ready, status: "True"}
            """;

    static final String NOT_READY = """
            phase: Running
            conditions:
              - {type: PodScheduled, status: "True"}
              - {type: Ready, status: "False", reason: ContainersNotReady}
            """;

    private Pods() {}

    /** A pod as rendered, with this status as YAML. */
    static Pod with(String status) {
        var template = GoldenCase.load(GoldenCase.ROOT.resolve("minimal"))
                .child(io.fabric8.kubernetes.api.model.apps.Deployment.class)
                .orElseThrow()
                .getSpec()
                .getTemplate();
        return new PodBuilder()
                .withMetadata(template.getMetadata())
                .editMetadata()
                .withName(NAME)
                .withNamespace("golden")
                .endMetadata()
                .withSpec(template.getSpec())
                .withStatus(Serialization.unmarshal(status, PodStatus.class))
                .build();
    }

    static Pod ready() {
        return with(READY + GATE_DONE + agent("state: {running: {startedAt: \"2026-01-31T12:00:02Z\"}}", true));
    }

    /** Status of the agent's own container. */
    static String agent(String state, boolean ready) {
        return """
                containerStatuses:
                  - name: agent
                    ready: %s
                    restartCount: 3
                    image: example.com/bot:1
                %s""".formatted(ready, state.indent(4));
    }

    static Pod dying(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withDeletionTimestamp("2026-01-31T12:05:00Z")
                .endMetadata()
                .build();
    }

    static Event warning(String reason, String message) {
        return new EventBuilder()
                .withType("Warning")
                .withReason(reason)
                .withMessage(message)
                .build();
    }
}
