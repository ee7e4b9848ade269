package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A day of a hostile cluster in seconds: three candidates whose clocks disagree, requests that are slow, fail, or lose their
 * answer while others act, processes that freeze, die and start anew, a Lease that gets deleted and labelled. At no moment do
 * two lead; and once the trouble ends, one does.
 */
class ElectionSimulationTest {
    private static final LeaseTimes TIMES =
            new LeaseTimes(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    private static final long SECOND = 1_000_000_000L;

    private final Logger noise = Logger.getLogger(Elector.class.getName());

    @BeforeEach
    void quiet() {
        noise.setLevel(Level.OFF);
    }

    @AfterEach
    void loud() {
        noise.setLevel(null);
    }

    @Test
    void neverTwoLeadersAndAlwaysOneInTheEnd() {
        var changes = 0;
        for (long seed = 1; seed <= 60; seed++) {
            changes += new World(seed).run();
        }
        assertThat(changes).as("the simulation was lively").isGreaterThan(600);
    }

    private static final class World {
        private final Random random;
        private final long seed;
        private final MemoryLeaseStore cluster = new MemoryLeaseStore();
        private final List<Candidate> candidates = new ArrayList<>();
        private long now;
        private long deleted;
        private int started;
        private int leaders;
        private boolean trouble = true;

        World(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            if (random.nextBoolean()) {
                cluster.put(LeaseRecord.FREE);
            }
            for (int i = 0; i < 3; i++) {
                candidates.add(new Candidate());
            }
        }

        int run() {
            while (now < 1800 * SECOND) {
                step();
            }
            trouble = false;
            var end = now + 60 * SECOND;
            while (now < end) {
                step();
            }
            assertThat(candidates.stream().filter(Candidate::leads))
                    .as("leaders at the end, seed %d", seed)
                    .hasSize(1);
            return leaders;
        }

        private void step() {
            var next =
                    candidates.stream().min((a, b) -> Long.compare(a.at, b.at)).orElseThrow();
            pass(Math.max(0, next.at - now));
            if (trouble) {
                disturb();
            }
            next.act();
            check();
        }

        private void disturb() {
            // Twice while a standby is frozen is more than an election can know about.
            if (chance(0.01) && now - deleted > 120 * SECOND) {
                deleted = now;
                cluster.delete();
            }
            if (chance(0.02)) {
                cluster.touch();
            }
            if (chance(0.02)) {
                var who = candidates.get(random.nextInt(3));
                if (!who.busy) {
                    who.end(random.nextBoolean());
                }
            }
        }

        private boolean chance(double p) {
            return random.nextDouble() < p;
        }

        private void pass(long nanos) {
            now += nanos;
            check();
        }

        private void check() {
            var leading = 0;
            for (var candidate : candidates) {
                leading += candidate.leads() ? 1 : 0;
            }
            if (leading > 1) {
                fail("%d leaders at %.3f s, seed %d", leading, now / 1e9, seed);
            }
        }

        /** One pod: its process may be replaced by a new one. */
        private final class Candidate implements LeaseStore, Elector.Listener {
            private final long offset = random.nextLong();
            private final Instant origin = Instant.parse("2026-11-24T12:00:00Z").plusSeconds(random.nextInt(-60, 60));
            private Elector elector = process();
            private boolean busy;
            private long at = random.nextLong(2 * SECOND);

            private Elector process() {
                return new Elector(this, new Election("pod-" + ++started, TIMES), () -> now + offset, clock(), this);
            }

            private Clock clock() {
                return new Clock() {
                    @Override
                    public Instant instant() {
                        return origin.plusNanos(now);
                    }

                    @Override
                    public ZoneId getZone() {
                        return ZoneOffset.UTC;
                    }

                    @Override
                    public Clock withZone(ZoneId zone) {
                        return this;
                    }
                };
            }

            boolean leads() {
                return elector.isLeader();
            }

            void act() {
                busy = true;
                var wait = elector.round();
                busy = false;
                at = now + (long) (wait.toNanos() * (1 + random.nextDouble() / LeaseTimes.JITTER));
                if (trouble && chance(0.02)) {
                    at += random.nextLong(40 * SECOND); // frozen: not even its watchdog runs
                } else {
                    elector.expire();
                }
            }

            void end(boolean clean) {
                if (clean) {
                    busy = true;
                    elector.leave();
                    elector.resign();
                    try {
                        elector.release();
                    } catch (RuntimeException e) {
                        // It runs out by itself.
                    }
                    busy = false;
                }
                elector = process();
                at = now + random.nextLong(20 * SECOND);
            }

            @Override
            public void startedLeading(Stored lease) {
                leaders++;
                check();
            }

            @Override
            public void lost(String why) {
                elector = process();
            }

            @Override
            public Optional<Stored> read() {
                return request(cluster::read);
            }

            @Override
            public Stored create(LeaseRecord record) {
                return request(() -> cluster.create(record));
            }

            @Override
            public Stored replace(Stored seen, LeaseRecord record) {
                return request(() -> cluster.replace(seen, record));
            }

            private <T> T request(Supplier<T> call) {
                onTheWay();
                var answer = call.get();
                onTheWay();
                return answer;
            }

            /** The others go on meanwhile. */
            private void onTheWay() {
                if (!trouble) {
                    return;
                }
                pass(random.nextLong(chance(0.05) ? 12 * SECOND : SECOND / 20));
                for (var other : candidates) {
                    if (!other.busy && chance(0.2)) {
                        other.act();
                    }
                }
                if (chance(0.08)) {
                    throw new IllegalStateException("cut");
                }
            }
        }
    }
}
