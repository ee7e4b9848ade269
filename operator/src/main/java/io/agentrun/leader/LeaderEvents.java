package io.agentrun.leader;

import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jboss.logging.Logger;

/**
 * Says on the Lease who became leader ({@code kubectl events --for lease/agentrun-operator}). An Event that can't be written
 * is not missed.
 *
 * @param client a client without {@link WriteFence}, whose requests are short
 * @param identity who we are
 * @param clock the time of the Event
 */
record LeaderEvents(KubernetesClient client, String identity, Clock clock) {
    private static final Logger LOG = Logger.getLogger(LeaderEvents.class);
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
    /** The API's limit of reportingInstance. */
    private static final int INSTANCE = 128;

    void startedLeading(Lease lease) {
        var event = new EventBuilder()
                .withNewMetadata()
                .withGenerateName(lease.getMetadata().getName() + "-")
                .withNamespace(lease.getMetadata().getNamespace())
                .endMetadata()
                .withEventTime(new MicroTime(MICROS.format(clock.instant().atOffset(ZoneOffset.UTC))))
                .withReportingController("agentrun.io/operator")
                .withReportingInstance(identity.substring(Math.max(0, identity.length() - INSTANCE)))
                .withType("Normal")
                .withReason("LeaderElection")
                .withAction("Lead")
                .withNote(identity + " became leader")
                .withNewRegarding()
                .withApiVersion("coordination.k8s.io/v1")
                .withKind("Lease")
                .withNamespace(lease.getMetadata().getNamespace())
                .withName(lease.getMetadata().getName())
                .withUid(lease.getMetadata().getUid())
                .endRegarding()
                .build();
        try {
            client.resource(event).create();
        } catch (RuntimeException e) {
            LOG.warnf("The Event about the new leader was not written: %s", e.getMessage());
        }
    }
}
