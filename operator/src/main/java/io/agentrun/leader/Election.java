package io.agentrun.leader;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The decision of a candidate, a pure function of what it saw and when.
 *
 * @param identity the candidate's, unique per start of a process
 * @param times lease, deadline and retry
 */
record Election(String identity, LeaseTimes times) {
    /**
     * What a candidate last saw.
     *
     * @param record the Lease; empty when there is none
     * @param sinceNanos when it was first seen like that, by the candidate's own monotonic clock
     */
    record Seen(Optional<LeaseRecord> record, long sinceNanos) {}

    /** What to do next. */
    sealed interface Step {
        /** Create the Lease with this record. */
        record Create(LeaseRecord record) implements Step {}

        /** Replace the Lease that was seen, and no other, by this record. */
        record Replace(LeaseRecord record) implements Step {}

        /** Look again, after this time at the latest. */
        record Wait(Duration left) implements Step {}

        /** We led, and the Lease is somebody else's: step down. */
        record Lost(LeaseRecord to) implements Step {}
    }

    /**
     * @param seen the Lease as last seen
     * @param leading whether we lead
     * @param nanos now, by the clock of {@code seen}
     * @param wall now, to be written for people
     */
    Step next(Seen seen, boolean leading, long nanos, Instant wall) {
        if (seen.record().isEmpty()) {
            // Deleted under a leader, it comes back at once; anybody else can't know whether there is such a leader.
            var left = leading ? Duration.ZERO : left(seen, times.lease(), nanos);
            return left.isPositive()
                    ? new Step.Wait(left)
                    : new Step.Create(new LeaseRecord(identity, times.lease(), 0, wall, wall));
        }
        var record = seen.record().get();
        if (record.heldBy(identity)) {
            // Not leading, it is a write of ours whose answer got lost: renewing it confirms it.
            return new Step.Replace(record.renewed(times.lease(), wall));
        }
        if (leading) {
            return new Step.Lost(record);
        }
        if (record.free()) {
            return new Step.Replace(record.taken(identity, times.lease(), wall));
        }
        var promised = record.duration().isPositive() ? record.duration() : times.lease();
        var left = left(seen, promised, nanos);
        return left.isPositive() ? new Step.Wait(left) : new Step.Replace(record.taken(identity, times.lease(), wall));
    }

    private static Duration left(Seen seen, Duration lease, long nanos) {
        return lease.minusNanos(nanos - seen.sinceNanos());
    }
}
