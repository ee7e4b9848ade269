package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void neverMoreWhateverHappens(int most) {
        var many = new Rollouts(most);
        var random = new Random(most);
        var rolling = new HashSet<ResourceID>();
        var highest = 0;
        for (int step = 0; step < 5_000; step++) {
            var agent = new ResourceID("agent-" + random.nextInt(20), "golden");
            if (random.nextBoolean()) {
                if (many.mayStart(agent, any -> true)) {
                    rolling.add(agent);
                }
            } else {
                many.done(agent);
                rolling.remove(agent);
            }
            highest = Math.max(highest, rolling.size());
        }
        assertThat(highest).isEqualTo(most);
    }

    /** When whoever is called asks again, every agent rolls, once, in the order of asking. */
    @Test
    void everybodyGetsATurn() {
        var agents = IntStream.range(0, 20)
                .mapToObj(number -> new ResourceID("agent-" + number, "golden"))
                .toList();
        var few = new Rollouts(3);
        var rolling = new ArrayDeque<ResourceID>();
        agents.stream().filter(agent -> few.mayStart(agent, any -> true)).forEach(rolling::add);
        var order = new ArrayList<ResourceID>();
        while (!rolling.isEmpty()) {
            var agent = rolling.remove();
            order.add(agent);
            few.done(agent).filter(next -> few.mayStart(next, any -> true)).ifPresent(rolling::add);
        }
        assertThat(order).isEqualTo(agents);
    }

    @Test
    void aDeletedAgentHoldsNoPlace() {
        rollouts.mayStart(A, agent -> true);
        assertThat(rollouts.mayStart(B, Set.of(A)::contains)).isFalse();
        assertThat(rollouts.mayStart(B, Set.of(B)::contains)).isTrue();
    }
}
