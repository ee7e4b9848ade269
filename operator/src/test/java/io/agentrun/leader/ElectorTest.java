package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One elector, step by step, with times that the test sets. */
class ElectorTest {
    private static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    private static final Instant WALL = Instant.parse("2026-11-24T12:00:00Z");
    private static final LeaseRecord OTHERS = new LeaseRecord("other", Duration.ofSeconds(15), 3, WALL, WALL);

    private long nanos = 77;
    private final MemoryLeaseStore cluster = new MemoryLeaseStore();
    private final List<String> told = new ArrayList<>();
    private final Faulty store = new Faulty();
    private final Elector elector = new Elector(
            store, new Election("me", TIMES), () -> nanos, Clock.fixed(WALL, ZoneOffset.UTC), new Elector.Listener() {
                @Override
                public void startedLeading(LeaseStore.Stored lease) {
                    told.add("leads");
                }

                @Override
                public void lost(String why) {
                    told.add("lost: " + why);
                }
            });

    /** Throws before or after the write, and takes its time. */
    private final class Faulty implements LeaseStore {
        private boolean before;
        private boolean after;
        private double seconds;

        @Override
        public Optional<Stored> read() {
            check(before);
            return cluster.read();
        }

        @Override
        public Stored create(LeaseRecord record) {
            check(before);
            var stored = cluster.create(record);
            pass(seconds);
            check(after);
            return stored;
        }

        @Override
        public Stored replace(Stored seen, LeaseRecord record) {
            check(before);
            var stored = cluster.replace(seen, record);
            pass(seconds);
            check(after);
            return stored;
        }

        private void check(boolean fail) {
            if (fail) {
                throw new IllegalStateException("no answer");
            }
        }
    }

    private void pass(double seconds) {
        nanos += (long) (seconds * 1e9);
    }

    private void lead() {
        cluster.put(LeaseRecord.FREE);
        elector.round();
        assertThat(elector.isLeader()).isTrue();
        told.clear();
    }

    @Test
    void leadsOnlyAfterTheWriteIsConfirmed() {
        cluster.put(OTHERS.released(WALL));
        store.after = true;
        elector.round();
        assertThat(cluster.record().holder()).as("the write arrived").isEqualTo("me");
        assertThat(elector.isLeader()).as("but its answer did not").isFalse();
        assertThat(told).isEmpty();

        store.after = false;
        elector.round();
        assertThat(elector.isLeader()).isTrue();
        assertThat(told).containsExactly("leads");
        assertThat(cluster.record().transitions()).isEqualTo(4);
    }

    @Test
    void believesFromTheSendingOfARenewalNotFromItsAnswer() {
        lead();
        pass(2);
        store.seconds = 9;
        elector.round();
        assertThat(elector.isLeader()).isTrue();
        pass(0.9);
        assertThat(elector.isLeader()).isTrue();
        pass(0.1);
        assertThat(elector.isLeader()).as("10 s after the sending").isFalse();
    }

    @Test
    void stepsDownByItselfWhenNothingIsConfirmed() {
        lead();
        store.before = true;
        for (int i = 0; i < 4; i++) {
            pass(2);
            elector.round();
            elector.expire();
            assertThat(elector.isLeader()).isTrue();
        }
        pass(2);
        assertThat(elector.isLeader()).isFalse();
        elector.expire();
        elector.expire();
        assertThat(told).containsExactly("lost: no renewal was confirmed for PT10S");
    }

    @Test
    void writesNothingAfterALoss() {
        lead();
        cluster.put(OTHERS);
        elector.round(); // the guarded write fails
        elector.round(); // and the look says why
        assertThat(told).containsExactly("lost: the Lease is held by 'other'");
        assertThat(elector.isLeader()).isFalse();

        var writes = cluster.writes;
        cluster.delete();
        for (int i = 0; i < 20; i++) {
            pass(2);
            elector.round();
            elector.expire();
        }
        assertThat(cluster.writes).isEqualTo(writes);
        assertThat(told).hasSize(1);
    }

    @Test
    void frozenForLongerThanTheDeadlineItDoesNotLead() {
        lead();
        pass(30); // SIGSTOP, a long pause of the machine
        assertThat(elector.isLeader()).isFalse();
    }

    @Test
    void createsItsLeaseAnewWhenSomebodyDeletesIt() {
        lead();
        cluster.delete();
        pass(2);
        elector.round();
        pass(2);
        elector.round();
        assertThat(elector.isLeader()).isTrue();
        assertThat(cluster.record().holder()).isEqualTo("me");
        assertThat(told).isEmpty();
    }

    @Test
    void aLabelIsNoSignOfLife() {
        cluster.put(OTHERS);
        for (int i = 0; i < 7; i++) {
            assertThat(elector.round()).isEqualTo(Duration.ofSeconds(2));
            cluster.touch();
            pass(2);
        }
        assertThat(elector.round()).as("looks when the lease ends").isEqualTo(Duration.ofSeconds(1));
        pass(1);
        elector.round();
        assertThat(elector.isLeader()).isTrue();
    }

    @Test
    void renewsInOneRequestAndLooksOnlyAfterAFailure() {
        lead();
        cluster.touch();
        pass(2);
        elector.round();
        pass(2);
        elector.round();
        assertThat(elector.isLeader()).as("somebody labelled the Lease").isTrue();
        var writes = cluster.writes;
        store.before = false;
        elector.round();
        elector.round();
        assertThat(cluster.writes).isEqualTo(writes + 2);
    }

    @Test
    void leavingItGoesOnRenewingAndLosesWithoutAWord() {
        lead();
        elector.leave();
        pass(9);
        elector.round();
        pass(9);
        assertThat(elector.isLeader()).isTrue();
        cluster.put(OTHERS);
        elector.round();
        elector.round();
        assertThat(elector.isLeader()).isFalse();
        assertThat(told).isEmpty();
        assertThat(elector.release()).isFalse();
        assertThat(cluster.record()).isEqualTo(OTHERS);
    }

    @Test
    void leavingAStandbyTakesNothing() {
        elector.leave();
        cluster.put(LeaseRecord.FREE);
        elector.round();
        assertThat(cluster.record()).isEqualTo(LeaseRecord.FREE);
        elector.resign();
        assertThat(elector.release()).isFalse();
    }

    @Test
    void givesBackEvenAfterALostAnswer() {
        lead();
        pass(2);
        store.after = true;
        elector.round();
        store.after = false;
        elector.leave();
        elector.resign();
        assertThat(elector.isLeader()).isFalse();
        assertThat(elector.release()).isTrue();
        assertThat(cluster.record().free()).isTrue();
        assertThat(cluster.record().duration()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void givesBackALeaseThatWasLabelledMeanwhile() {
        lead();
        cluster.touch();
        elector.resign();
        assertThat(elector.release()).isTrue();
        assertThat(cluster.record().free()).isTrue();
    }
}
