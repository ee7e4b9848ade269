package io.agentrun.leader;

import java.time.Duration;

/**
 * The three times of an election; the defaults are those of Kubernetes' own components.
 *
 * @param lease how long a standby waits after the last sign of life, whole seconds; 15 s
 * @param renewDeadline how long a leader believes in itself after the last renewal that was confirmed; 10 s
 * @param retry time between two tries, lengthened by up to a fifth at random; 2 s
 */
public record LeaseTimes(Duration lease, Duration renewDeadline, Duration retry) {
    /** A wait is lengthened by up to one part in this many. */
    static final int JITTER = 5;

    /** @throws IllegalArgumentException when a leader could believe in itself for longer than the others wait */
    public LeaseTimes {
        if (lease.toSeconds() < 1 || lease.toNanosPart() != 0) {
            throw new IllegalArgumentException("the lease must be whole seconds, at least 1 s: " + lease);
        }
        if (renewDeadline.compareTo(lease) >= 0) {
            throw new IllegalArgumentException(
                    "the renew deadline (" + renewDeadline + ") must be shorter than the lease (" + lease + ")");
        }
        if (!retry.isPositive()
                || retry.plus(retry.dividedBy(JITTER)).multipliedBy(2).compareTo(renewDeadline) > 0) {
            throw new IllegalArgumentException("two retries (" + retry
                    + " and up to a fifth) must fit into the renew deadline (" + renewDeadline + ")");
        }
    }
}
