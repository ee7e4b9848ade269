package io.agentrun.leader;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import java.util.Optional;

/** Where the Lease is kept. Every method is one request, and throws what the client throws when it fails. */
interface LeaseStore {
    /**
     * A Lease as it was read or written.
     *
     * @param object the whole object, whose resourceVersion guards the next write
     * @param record what it says
     */
    record Stored(Lease object, LeaseRecord record) {}

    /** The Lease; empty when there is none. */
    Optional<Stored> read();

    /**
     * Creates the Lease.
     *
     * @throws Conflict when there is one already
     */
    Stored create(LeaseRecord record);

    /**
     * Writes over what was seen, and nothing else.
     *
     * @throws Conflict when the Lease was written since, or is gone
     */
    Stored replace(Stored seen, LeaseRecord record);

    /** Somebody else wrote first; nothing was changed. */
    final class Conflict extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Conflict(Throwable cause) {
            super(cause.getMessage(), cause);
        }
    }
}
