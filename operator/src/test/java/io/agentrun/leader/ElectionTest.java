package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentrun.leader.Election.Seen;
import io.agentrun.leader.Election.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The table of decisions. */
class ElectionTest {
    private static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant BEFORE = NOW.minusSeconds(60);
    private static final Election ME = new Election("me", TIMES);
    private static final LeaseRecord OTHERS = new LeaseRecord("other", Duration.ofSeconds(15), 4, BEFORE, BEFORE);
    private static final LeaseRecord MINE = new LeaseRecord("me", Duration.ofSeconds(15), 4, BEFORE, BEFORE);
    private static final LeaseRecord RELEASED = OTHERS.released(BEFORE);
    private static final LeaseRecord TAKEN = new LeaseRecord("me", Duration.ofSeconds(15), 5, NOW, NOW);
    private static final boolean LEADING = true;
    private static final boolean STANDBY = false;

    private record Row(String name, Optional<LeaseRecord> lease, double seconds, boolean leading, Step want) {}

    private static Row row(String name, LeaseRecord lease, double seconds, boolean leading, Step want) {
        return new Row(name, Optional.ofNullable(lease), seconds, leading, want);
    }

    @TestFactory
    Stream<DynamicTest> decides() {
        var create = new Step.Create(new LeaseRecord("me", Duration.ofSeconds(15), 0, NOW, NOW));
        var take = new Step.Replace(TAKEN);
        var renew = new Step.Replace(new LeaseRecord("me", Duration.ofSeconds(15), 4, BEFORE, NOW));
        return Stream.of(
                        row("nobody's lease is taken at once", RELEASED, 0, STANDBY, take),
                        row(
                                "a lease without a spec is taken at once",
                                LeaseRecord.FREE,
                                0,
                                STANDBY,
                                new Step.Replace(new LeaseRecord("me", Duration.ofSeconds(15), 1, NOW, NOW))),
                        row("another's is waited for", OTHERS, 0, STANDBY, waits(15)),
                        row("another's, almost run out", OTHERS, 14.5, STANDBY, waits(0.5)),
                        row("another's, run out", OTHERS, 15, STANDBY, take),
                        row("another's longer promise counts", promised(60), 15, STANDBY, waits(45)),
                        row("another's shorter promise counts", promised(1), 1, STANDBY, take),
                        row("another's without a promise has ours", promised(0), 14, STANDBY, waits(1)),
                        row("a missing one may be a living leader's", null, 0, STANDBY, waits(15)),
                        row("a missing one is created when a leader would have given up", null, 15, STANDBY, create),
                        row("a missing one comes back under its leader", null, 0, LEADING, create),
                        row("ours is renewed", MINE, 2, LEADING, renew),
                        row("ours whose answer got lost is confirmed", MINE, 2, STANDBY, renew),
                        row("another's while we lead is a loss", OTHERS, 0, LEADING, new Step.Lost(OTHERS)),
                        row(
                                "another's old one while we lead is a loss too",
                                OTHERS,
                                99,
                                LEADING,
                                new Step.Lost(OTHERS)),
                        row("nobody's while we lead is a loss", RELEASED, 0, LEADING, new Step.Lost(RELEASED)))
                .map(row -> DynamicTest.dynamicTest(row.name(), () -> {
                    // Any origin will do for a monotonic clock, one that overflows on the way too.
                    for (long origin : new long[] {0, -5_000_000_000L, Long.MAX_VALUE - 1_000_000_000L}) {
                        var seen = new Seen(row.lease(), origin);
                        var now = origin + (long) (row.seconds() * 1e9);
                        assertThat(ME.next(seen, row.leading(), now, NOW)).isEqualTo(row.want());
                    }
                }));
    }

    @Test
    void neverReadsTheTimesThatOthersWrote() {
        for (var written : new Instant[] {Instant.EPOCH, NOW.minusSeconds(86_400), NOW.plusSeconds(86_400)}) {
            var lease = new LeaseRecord("other", Duration.ofSeconds(15), 4, written, written);
            assertThat(ME.next(new Seen(Optional.of(lease), 0), STANDBY, 0, NOW))
                    .isEqualTo(waits(15));
        }
    }

    @Test
    void releasesAsClientGoDoes() {
        assertThat(MINE.released(NOW)).isEqualTo(new LeaseRecord("", Duration.ofSeconds(1), 4, NOW, NOW));
    }

    @Test
    void refusesTimesThatAllowTwoLeaders() {
        assertThatThrownBy(() -> new LeaseTimes(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(1)))
                .hasMessageContaining("must be shorter than the lease");
        assertThatThrownBy(() -> new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(4), Duration.ofSeconds(2)))
                .hasMessageContaining("must fit into the renew deadline");
        assertThatThrownBy(() -> new LeaseTimes(Duration.ofMillis(1500), Duration.ofSeconds(1), Duration.ofMillis(100)))
                .hasMessageContaining("whole seconds");
    }

    private static LeaseRecord promised(int seconds) {
        return new LeaseRecord("other", Duration.ofSeconds(seconds), 4, BEFORE, BEFORE);
    }

    private static Step waits(double seconds) {
        return new Step.Wait(Duration.ofMillis((long) (seconds * 1000)));
    }
}
