package io.agentrun.leader;

import java.time.Duration;
import java.time.Instant;

/**
 * What a Lease says. The times are for people: no decision reads them, only whether the record changed.
 *
 * @param holder identity of the holder; empty when nobody holds it
 * @param duration how long the holder promises nothing after its last sign of life, whole seconds; zero when not said
 * @param transitions how often the holder changed
 * @param acquired when the holder took it, by the holder's clock; the epoch when not said
 * @param renewed the holder's last sign of life, by the holder's clock; the epoch when not said
 */
record LeaseRecord(String holder, Duration duration, int transitions, Instant acquired, Instant renewed) {
    /** Of a Lease without a spec, such as one that was installed with the operator: free to take. */
    static final LeaseRecord FREE = new LeaseRecord("", Duration.ZERO, 0, Instant.EPOCH, Instant.EPOCH);

    boolean free() {
        return holder.isEmpty();
    }

    boolean heldBy(String identity) {
        return holder.equals(identity);
    }

    /** Somebody else's, or nobody's, becomes ours. */
    LeaseRecord taken(String identity, Duration lease, Instant now) {
        return new LeaseRecord(identity, lease, transitions + 1, now, now);
    }

    /** The same, with a new sign of life. */
    LeaseRecord renewed(Duration lease, Instant now) {
        return new LeaseRecord(holder, lease, transitions, acquired, now);
    }

    /** Given back: no holder, and the shortest duration, as client-go writes it. */
    LeaseRecord released(Instant now) {
        return new LeaseRecord("", Duration.ofSeconds(1), transitions, now, now);
    }
}
