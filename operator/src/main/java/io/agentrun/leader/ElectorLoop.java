package io.agentrun.leader;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Two daemon threads around an {@link Elector}: one for its requests, one that only watches the renew deadline, so that a
 * request that never ends can't keep a leader in its belief.
 */
final class ElectorLoop {
    private static final Logger LOG = Logger.getLogger(ElectorLoop.class);
    /** The deadline is noticed this much later at the most; {@link Elector#isLeader()} is exact all the same. */
    private static final Duration WATCH = Duration.ofMillis(500);

    private final Elector elector;
    private final ScheduledExecutorService rounds = thread("leader-election");
    private final ScheduledExecutorService watchdog = thread("leader-deadline");

    ElectorLoop(Elector elector) {
        this.elector = elector;
    }

    /** Stands for election from now on. Call it once. */
    void start() {
        rounds.execute(this::round);
        var _ = watchdog.scheduleWithFixedDelay(
                elector::expire, WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void round() {
        var wait = WATCH;
        try {
            wait = elector.round();
        } finally {
            var _ = rounds.schedule(this::round, jittered(wait).toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Duration jittered(Duration wait) {
        return wait.plusMillis(ThreadLocalRandom.current().nextLong(wait.toMillis() / LeaseTimes.JITTER + 1));
    }

    /**
     * Resigns, then gives the Lease back if it is ours.
     *
     * @param bound longest time to wait for that; past it the Lease is left to run out
     * @return whether it was given back
     */
    boolean release(Duration bound) {
        elector.resign();
        var released = rounds.submit(elector::release);
        try {
            return released.get(bound.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warnf("The Lease was not given back within %s; it runs out by itself", bound);
        } catch (ExecutionException e) {
            LOG.warnf(
                    "The Lease could not be given back; it runs out by itself: %s",
                    e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            stop();
        }
        return false;
    }

    /** Resigns and ends both threads, and leaves the Lease as it is: as when the process dies. */
    void stop() {
        elector.resign();
        rounds.shutdownNow();
        watchdog.shutdownNow();
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }
}
