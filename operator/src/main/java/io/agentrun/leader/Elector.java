package io.agentrun.leader;

import io.agentrun.leader.Election.Seen;
import io.agentrun.leader.Election.Step;
import io.agentrun.leader.LeaseStore.Stored;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Carries out what {@link Election} decides, without any thread of its own: one thread calls {@link #round()} and
 * {@link #release()}, another {@link #expire()}; the rest may be called by anybody.
 *
 * <p>A standby makes one GET a round. A leader makes one PUT a round, on top of its own last write; only after a failure does
 * it look first.
 */
final class Elector {
    private static final Logger LOG = Logger.getLogger(Elector.class);

    /** What the elector tells. */
    interface Listener {
        /** We lead, and the Lease says so. Called once, by the thread of {@link #round()}. */
        void startedLeading(Stored lease);

        /** We led and do not any more, and nobody asked us to stop. Called once, by any of the threads. */
        void lost(String why);
    }

    private enum Phase {
        STANDBY,
        LEADING,
        LOST,
        RESIGNED
    }

    private final LeaseStore store;
    private final Election election;
    private final LongSupplier nanoTime;
    private final Clock clock;
    private final Listener listener;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STANDBY);
    private volatile boolean leaving;
    private volatile long confirmed;

    private Optional<Stored> lease = Optional.empty();
    private Optional<Seen> seen = Optional.empty();
    private boolean mustLook = true;
    private boolean failing;

    Elector(LeaseStore store, Election election, LongSupplier nanoTime, Clock clock, Listener listener) {
        this.store = store;
        this.election = election;
        this.nanoTime = nanoTime;
        this.clock = clock;
        this.listener = listener;
    }

    /** Whether we lead at this very moment: the last renewal that was confirmed is younger than the renew deadline. */
    boolean isLeader() {
        return phase.get() == Phase.LEADING && !expired();
    }

    /** From now on a standby stays one, and losing the Lease is no surprise. A leader goes on renewing. */
    void leave() {
        leaving = true;
    }

    /** From now on we do not lead, whatever the Lease says. */
    void resign() {
        phase.set(Phase.RESIGNED);
    }

    /** Steps down when the renew deadline has passed, however busy the other thread is. */
    void expire() {
        if (phase.get() == Phase.LEADING && expired()) {
            lose("no renewal was confirmed for " + election.times().renewDeadline());
        }
    }

    /**
     * Looks and acts once.
     *
     * @return the longest time until the next round
     */
    Duration round() {
        var now = phase.get();
        if (now == Phase.LOST || now == Phase.RESIGNED || (leaving && now == Phase.STANDBY)) {
            return election.times().retry();
        }
        try {
            if (mustLook) {
                remember(store.read());
            }
            var wait = act();
            if (failing) {
                failing = false;
                LOG.info("The Lease can be reached again");
            }
            return wait;
        } catch (LeaseStore.Conflict e) {
            LOG.debugf("Somebody else wrote the Lease first: %s", e.getMessage());
            mustLook = true;
        } catch (RuntimeException e) {
            LOG.logf(
                    failing ? Logger.Level.DEBUG : Logger.Level.WARN,
                    "The Lease can't be read or written: %s",
                    e.getMessage());
            failing = true;
            mustLook = true;
        }
        return election.times().retry();
    }

    private Duration act() {
        var sent = nanoTime.getAsLong();
        var leading = phase.get() == Phase.LEADING;
        switch (election.next(seen.orElseThrow(), leading, sent, clock.instant())) {
            case Step.Create create -> confirm(store.create(create.record()), sent);
            case Step.Replace replace -> confirm(store.replace(lease.orElseThrow(), replace.record()), sent);
            case Step.Lost lost -> lose("the Lease is held by '" + lost.to().holder() + "'");
            case Step.Wait wait -> {
                return wait.left().compareTo(election.times().retry()) < 0
                        ? wait.left()
                        : election.times().retry();
            }
        }
        return election.times().retry();
    }

    private void confirm(Stored written, long sent) {
        remember(Optional.of(written));
        mustLook = false;
        confirmed = sent;
        if (!leaving && phase.compareAndSet(Phase.STANDBY, Phase.LEADING)) {
            try {
                listener.startedLeading(written);
            } catch (RuntimeException e) {
                LOG.error("Leading failed to start", e);
                lose("leading failed to start: " + e.getMessage());
            }
        }
    }

    /** Only a record that changed is a sign of life; a label that somebody put on the Lease is not. */
    private void remember(Optional<Stored> read) {
        var record = read.map(Stored::record);
        if (seen.isEmpty() || !seen.get().record().equals(record)) {
            var before = seen.flatMap(Seen::record).map(LeaseRecord::holder).orElse("");
            var holder = record.map(LeaseRecord::holder).orElse("");
            if (!holder.isEmpty() && !holder.equals(before) && !holder.equals(election.identity())) {
                LOG.infof("Standing by: %s leads", holder);
            }
            seen = Optional.of(new Seen(record, nanoTime.getAsLong()));
        }
        lease = read;
    }

    private void lose(String why) {
        if (phase.compareAndSet(Phase.LEADING, Phase.LOST) && !leaving) {
            listener.lost(why);
        }
    }

    private boolean expired() {
        return nanoTime.getAsLong() - confirmed
                >= election.times().renewDeadline().toNanos();
    }

    /**
     * Gives the Lease back if it is ours. The caller has called {@link #resign()}, and nothing of ours writes any more.
     *
     * @return whether it was given back
     */
    boolean release() {
        if (lease.filter(this::ours).isEmpty()) {
            return false;
        }
        try {
            if (mustLook) {
                remember(store.read());
            }
            return free();
        } catch (LeaseStore.Conflict e) {
            // An answer of a renewal got lost, or somebody put a label on it.
            remember(store.read());
            return free();
        }
    }

    private boolean free() {
        var held = lease.filter(this::ours);
        held.ifPresent(l -> store.replace(l, l.record().released(clock.instant())));
        return held.isPresent();
    }

    private boolean ours(Stored stored) {
        return stored.record().heldBy(election.identity());
    }
}
