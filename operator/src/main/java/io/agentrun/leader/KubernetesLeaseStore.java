package io.agentrun.leader;

import static java.net.HttpURLConnection.HTTP_CONFLICT;
import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Lease in the cluster: GET, POST, and PUT with its resourceVersion.
 *
 * @param client one that never retries by itself and whose requests end well before the renew deadline
 * @param namespace namespace of the Lease
 * @param name name of the Lease
 */
record KubernetesLeaseStore(KubernetesClient client, String namespace, String name) implements LeaseStore {
    private static final Map<String, String> LABELS =
            Map.of("app.kubernetes.io/name", "agentrun-operator", "app.kubernetes.io/part-of", "agentrun");

    @Override
    public Optional<Stored> read() {
        var lease = client.resources(Lease.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
        return Optional.ofNullable(lease).map(KubernetesLeaseStore::stored);
    }

    @Override
    public Stored create(LeaseRecord record) {
        var lease = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(LABELS)
                .endMetadata()
                .withSpec(write(record, new LeaseSpec()))
                .build();
        return guarded(() -> client.resource(lease).create());
    }

    @Override
    public Stored replace(Stored seen, LeaseRecord record) {
        var spec = seen.object().getSpec() == null
                ? new LeaseSpec()
                : seen.object().getSpec();
        var lease = new LeaseBuilder(seen.object())
                .withSpec(write(record, spec.edit().build()))
                .build();
        return guarded(() -> client.resource(lease).update());
    }

    private static Stored guarded(Supplier<Lease> write) {
        try {
            return stored(write.get());
        } catch (KubernetesClientException e) {
            if (e.getCode() == HTTP_CONFLICT || e.getCode() == HTTP_NOT_FOUND) {
                throw new Conflict(e);
            }
            throw e;
        }
    }

    private static LeaseSpec write(LeaseRecord record, LeaseSpec spec) {
        spec.setHolderIdentity(record.holder());
        spec.setLeaseDurationSeconds(Math.toIntExact(record.duration().toSeconds()));
        spec.setLeaseTransitions(record.transitions());
        spec.setAcquireTime(written(record.acquired()));
        spec.setRenewTime(written(record.renewed()));
        return spec;
    }

    private static Stored stored(Lease lease) {
        return new Stored(
                lease,
                Optional.ofNullable(lease.getSpec())
                        .map(KubernetesLeaseStore::read)
                        .orElse(LeaseRecord.FREE));
    }

    private static LeaseRecord read(LeaseSpec spec) {
        return new LeaseRecord(
                Optional.ofNullable(spec.getHolderIdentity()).orElse(""),
                Duration.ofSeconds(
                        Optional.ofNullable(spec.getLeaseDurationSeconds()).orElse(0)),
                Optional.ofNullable(spec.getLeaseTransitions()).orElse(0),
                Optional.ofNullable(spec.getAcquireTime())
                        .map(ZonedDateTime::toInstant)
                        .orElse(Instant.EPOCH),
                Optional.ofNullable(spec.getRenewTime())
                        .map(ZonedDateTime::toInstant)
                        .orElse(Instant.EPOCH));
    }

    /** A MicroTime has six decimals. */
    private static ZonedDateTime written(Instant time) {
        return time.truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
    }
}
