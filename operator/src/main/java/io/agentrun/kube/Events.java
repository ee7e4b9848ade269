package io.agentrun.kube;

import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
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
    private final Map<String, Integer> counts = new LinkedHashMap<>();

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
        var count = count(name);
        try {
            client.v1()
                    .events()
                    .inNamespace(metadata.getNamespace())
                    .resource(new EventBuilder()
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
                            .withFirstTimestamp(now)
                            .withLastTimestamp(now)
                            .withCount(count)
                            .withNewSource()
                            .withComponent(component)
                            .endSource()
                            .withReportingComponent(component)
                            .withReportingInstance(component)
                            .build())
                    .create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                again(metadata.getNamespace(), name, now, count);
            } else {
                LOG.debugf("event %s on %s was not written: %s", reason, metadata.getName(), e.getMessage());
            }
        }
    }

    private void again(String namespace, String name, String now, int count) {
        try {
            client.v1()
                    .events()
                    .inNamespace(namespace)
                    .withName(name)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"lastTimestamp\":\"%s\",\"count\":%d}".formatted(now, Math.max(2, count)));
        } catch (KubernetesClientException e) {
            LOG.debugf("event %s was not written: %s", name, e.getMessage());
        }
    }

    private synchronized int count(String name) {
        if (counts.size() >= REMEMBERED) {
            counts.remove(counts.keySet().iterator().next());
        }
        return counts.merge(name, 1, Integer::sum);
    }
}
