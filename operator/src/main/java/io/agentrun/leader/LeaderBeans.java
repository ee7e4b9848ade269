package io.agentrun.leader;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.config.InformerStoppedHandler;
import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** What Quarkus and JOSDK take from us. */
final class LeaderBeans {
    private static final Logger LOG = Logger.getLogger(LeaderBeans.class);

    /** The client of every reconciler: Quarkus' own, behind the fence. */
    @Produces
    @ApplicationScoped
    @Unremovable
    KubernetesClient fenced(Config config, KubernetesSerialization serialization, Leadership leadership) {
        return client(config, serialization, leadership);
    }

    static KubernetesClient client(Config config, KubernetesSerialization serialization, Leadership leadership) {
        var fence = new WriteFence(leadership::isLeader);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("agentrun-fence", fence))
                .build();
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }

    /**
     * An informer that died can't be believed any more, and would never say so: end in order, and start anew. (The extension
     * drops JOSDK's own handler.)
     */
    @Produces
    @Singleton
    @Unremovable
    InformerStoppedHandler stopped() {
        return (informer, failure) -> {
            if (failure != null && informer.hasSynced()) {
                LOG.errorf(
                        failure,
                        "The informer of %s died: the process ends",
                        informer.getApiTypeClass().getSimpleName());
                Quarkus.asyncExit(1);
            }
        };
    }
}
