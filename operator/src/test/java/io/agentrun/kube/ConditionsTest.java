package io.agentrun.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Condition;
import io.agentrun.api.v1alpha1.ConditionStatus;
import io.agentrun.kube.Conditions.Finding;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00.987Z");
    private static final Condition OLD =
            new Condition("Ready", ConditionStatus.True, 1L, "2026-01-01T00:00:00Z", "Available", "all is well");

    @Test
    void theTimeStaysWhileTheStatusDoes() {
        var updated = Conditions.update(List.of(OLD), List.of(Finding.yes("Ready", "Capped", "fewer")), 2L, NOW);
        assertThat(updated)
                .containsExactly(
                        new Condition("Ready", ConditionStatus.True, 2L, "2026-01-01T00:00:00Z", "Capped", "fewer"));
    }

    @Test
    void aFlipHasTheTimeInWholeSeconds() {
        var no = Conditions.update(List.of(OLD), List.of(Finding.no("Ready", "Bad", "broken")), 1L, NOW);
        assertThat(no).extracting(Condition::lastTransitionTime).containsExactly("2026-01-31T12:00:00Z");
        var unknown = Conditions.update(List.of(OLD), List.of(Finding.unknown("Ready", "Odd", "who knows")), 1L, NOW);
        assertThat(unknown).extracting(Condition::status).containsExactly(ConditionStatus.Unknown);
        assertThat(unknown).extracting(Condition::lastTransitionTime).containsExactly("2026-01-31T12:00:00Z");
    }

    @Test
    void exactlyTheFindingsSortedByType() {
        var updated = Conditions.update(
                List.of(OLD), List.of(Finding.yes("Serving", "S", "s"), Finding.no("Hardened", "H", "h")), 1L, NOW);
        assertThat(updated).extracting(Condition::type).containsExactly("Hardened", "Serving");
    }

    @Test
    void anotherTypesTimeIsNotTaken() {
        var updated = Conditions.update(List.of(OLD), List.of(Finding.yes("Serving", "S", "s")), 1L, NOW);
        assertThat(updated.getFirst().lastTransitionTime()).isEqualTo("2026-01-31T12:00:00Z");
    }

    @Test
    void longMessagesAreCut() {
        var updated = Conditions.update(
                List.of(),
                List.of(Finding.no("A", "R", "x".repeat(1024)), Finding.no("B", "R", "x".repeat(1025))),
                1L,
                NOW);
        assertThat(updated.get(0).message()).hasSize(1024).endsWith("x");
        assertThat(updated.get(1).message()).hasSize(1024).endsWith("…");
    }

    @Test
    void noCharacterIsCutInTwo() {
        // The 1,023rd and 1,024th char are one robot.
        var message = "x".repeat(1022) + "🤖" + "x".repeat(100);
        assertThat(Conditions.update(List.of(), List.of(Finding.no("A", "R", message)), 1L, NOW))
                .extracting(Condition::message)
                .containsExactly("x".repeat(1022) + "…");
    }
}
