package io.agentrun.kube;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Kubernetes Events that coalesce: an Event is named after what it says, so saying it again raises its count instead of making
 * another. An Event that can't be written is logged and forgotten; nothing depends on it.
 */
public final class Events {
    private static final Logger LOG = Logger.getLogger(Events.class);
    private static final int REMEMBERED = 4096;

    private final KubernetesClient client;
    private final String component;
    private final Clock clock;
    private final Map<String, Said> said = new LinkedHashMap<>();

    private record Said(int times, String first) {}

    /** Normal or Warning, as Kubernetes has them. */
    public enum Type {
        /** As it should be. */
        Normal,
        /** Somebody should look. */
        Warning
    }

    /**
     * @param client used for writes
     * @param component reporter of the Events
     * @param clock their time
     */
    public Events(KubernetesClient client, String component, Clock clock) {
        this.client = client;
        this.component = component;
        this.clock = clock;
    }

    /**
     * Says something about an object.
     *
     * @param reason one word, CamelCase
     * @param message a sentence
     */
    public void send(HasMetadata about, Type type, String reason, String message) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var metadata = about.getMetadata();
        var name = metadata.getName() + "."
                + UUID.nameUUIDFromBytes(
                        (metadata.getUid() + type + reason + message).getBytes(StandardCharsets.UTF_8));
        var said = said(name, now);
        var event = new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(metadata.getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(type.name())
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(said.first())
                .withLastTimestamp(now)
                .withCount(said.times())
                .withNewSource()
                .withComponent(component)
                .endSource()
                .withReportingComponent(component)
                .withReportingInstance(component)
                .build();
        try {
            // An apply makes the Event or raises its count, without a look at it first.
            client.v1()
                    .events()
                    .resource(event)
                    .fieldManager(component)
                    .forceConflicts()
                    .serverSideApply();
        } catch (KubernetesClientException e) {
            LOG.debugf("event %s on %s was not written: %s", reason, metadata.getName(), e.getMessage());
        }
    }

    private synchronized Said said(String name, String now) {
        if (said.size() >= REMEMBERED) {
            said.remove(said.keySet().iterator().next());
        }
        return said.merge(name, new Said(1, now), (old, first) -> new Said(old.times() + 1, old.first()));
    }
}
