package io.agentrun.leader;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.util.Optional;

/** A Lease in memory, with the API server's rules for resourceVersions. */
final class MemoryLeaseStore implements LeaseStore {
    private Optional<Stored> now = Optional.empty();
    private int version;
    int writes;

    @Override
    public Optional<Stored> read() {
        return now;
    }

    @Override
    public Stored create(LeaseRecord record) {
        if (now.isPresent()) {
            throw new Conflict(new IllegalStateException("exists"));
        }
        return put(record);
    }

    @Override
    public Stored replace(Stored seen, LeaseRecord record) {
        if (!now.map(MemoryLeaseStore::version).equals(Optional.of(version(seen)))) {
            throw new Conflict(new IllegalStateException("not what was seen"));
        }
        return put(record);
    }

    private static String version(Stored stored) {
        return stored.object().getMetadata().getResourceVersion();
    }

    Stored put(LeaseRecord record) {
        writes++;
        var stored = new Stored(object(), record);
        now = Optional.of(stored);
        return stored;
    }

    private Lease object() {
        return new LeaseBuilder()
                .withNewMetadata()
                .withName("agentrun-operator")
                .withResourceVersion(Integer.toString(++version))
                .endMetadata()
                .build();
    }

    void delete() {
        now = Optional.empty();
    }

    /** As {@code kubectl label} does: the same record, a new version. */
    void touch() {
        now = now.map(stored -> new Stored(object(), stored.record()));
    }

    LeaseRecord record() {
        return now.orElseThrow().record();
    }
}
