package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RolloutsTest {
    private static final ResourceID A = new ResourceID("a", "golden");
    private static final ResourceID B = new ResourceID("b", "golden");
    private static final ResourceID C = new ResourceID("c", "golden");

    private final Rollouts rollouts = new Rollouts(1);

    @Test
    void onlySoManyAtATime() {
        assertThat(rollouts.mayStart(A, agent -> true)).isTrue();
        assertThat(rollouts.mayStart(B, agent -> true)).isFalse();
        assertThat(rollouts.mayStart(A, agent -> true)).as("it keeps its place").isTrue();
        assertThat(new Rollouts(2).mayStart(B, agent -> true)).isTrue();
    }

    @Test
    void whoWaitsLongestIsNext() {
        rollouts.mayStart(A, agent -> true);
        rollouts.mayStart(B, agent -> true);
        rollouts.mayStart(C, agent -> true);
        rollouts.mayStart(B, agent -> true);
        assertThat(rollouts.done(A)).contains(B);
        assertThat(rollouts.mayStart(B, agent -> true)).isTrue();
        assertThat(rollouts.done(B)).contains(C);
        assertThat(rollouts.done(B)).isEmpty();
    }

    @Test
    void whoHoldsNoPlaceGivesNoneBack() {
        rollouts.mayStart(A, agent -> true);
        rollouts.mayStart(B, agent -> true);
        assertThat(rollouts.done(C)).isEmpty();
        assertThat(rollouts.mayStart(B, agent -> true)).isFalse();
    }

    @Test
    void whoNoLongerWaitsIsNotWoken() {
        rollouts.mayStart(A, agent -> true);
        rollouts.mayStart(B, agent -> true);
        rollouts.done(B);
        assertThat(rollouts.done(A)).isEmpty();
    }

    @Test
    void aDeletedAgentHoldsNoPlace() {
        rollouts.mayStart(A, agent -> true);
        assertThat(rollouts.mayStart(B, Set.of(A)::contains)).isFalse();
        assertThat(rollouts.mayStart(B, Set.of(B)::contains)).isTrue();
    }
}
