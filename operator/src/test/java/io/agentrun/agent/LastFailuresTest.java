package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.LastFailure;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The newest failure wins, whatever pod had it, and outlives the pod. */
class LastFailuresTest {
    private static final LastFailure KNOWN =
            new LastFailure("agent-bot-old", "agent", "Error", 1, "2026-01-31T12:00:00Z", null);

    @Test
    void whatIsKnownStaysWhenThePodIsGone() {
        assertThat(LastFailures.newest(KNOWN, List.of())).isEqualTo(KNOWN);
        assertThat(LastFailures.newest(null, List.of())).isNull();
        assertThat(LastFailures.newest(null, List.of(Pods.ready()))).isNull();
    }

    @Test
    void theNewestWins() {
        var newer = failed("2026-01-31T12:00:01Z", 2, "state");
        var older = failed("2026-01-31T11:59:59Z", 3, "state");
        assertThat(LastFailures.newest(KNOWN, List.of(older, newer)))
                .isEqualTo(new LastFailure(Pods.NAME, "agent", "Error", 2, "2026-01-31T12:00:01Z", "no model"));
        assertThat(LastFailures.newest(KNOWN, List.of(older))).isEqualTo(KNOWN);
    }

    @Test
    void theRunBeforeTheRestartCounts() {
        assertThat(LastFailures.newest(null, List.of(failed("2026-01-31T12:00:01Z", 137, "lastState"))))
                .extracting(LastFailure::exitCode)
                .isEqualTo(137);
    }

    @Test
    void aCleanEndAndAPodOnItsWayOutAreNoFailures() {
        assertThat(LastFailures.newest(null, List.of(failed("2026-01-31T12:00:01Z", 0, "state"))))
                .isNull();
        assertThat(LastFailures.newest(null, List.of(Pods.dying(failed("2026-01-31T12:00:01Z", 143, "state")))))
                .isNull();
    }

    @Test
    void aLongMessageIsCutAndAnEmptyOneIsNone() {
        var end = failed("2026-01-31T12:00:01Z", 1, "state")
                .getStatus()
                .getContainerStatuses()
                .getFirst()
                .getState()
                .getTerminated();
        end.setMessage("x".repeat(2000));
        assertThat(LastFailures.message(end).orElseThrow()).hasSize(1024);
        end.setMessage("x".repeat(1023) + "🤖");
        assertThat(LastFailures.message(end)).as("no half of a robot").contains("x".repeat(1023));
        end.setMessage(" \n");
        assertThat(LastFailures.message(end)).isEmpty();
    }

    private static Pod failed(String at, int exitCode, String where) {
        return Pods.with(Pods.NOT_READY
                + Pods.agent(
                        "%s: {terminated: {exitCode: %d, reason: Error, message: \" no model\\n\", finishedAt: \"%s\"}}"
                                .formatted(where, exitCode, at),
                        false));
    }
}
