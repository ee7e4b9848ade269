package io.agentrun.leader;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;

/** Two candidates and a Lease on a real API server, a namespace a test. */
@Tag("apiserver")
@EnableKubeAPIServer
abstract class LeaseCase {
    static final Duration LEASE = Candidate.TIMES.lease();
    static final Duration DEADLINE = Candidate.TIMES.renewDeadline();
    /** A retry with its jitter, and time for a busy machine. */
    static final Duration RETRY =
            Candidate.TIMES.retry().multipliedBy(6).dividedBy(5).plusSeconds(1);

    @KubeConfig
    static String kubeConfig;

    static Config config;
    static KubernetesClient client;

    String namespace;
    Candidate first;
    Candidate second;

    @BeforeAll
    static void connect() {
        config = Config.fromKubeconfig(kubeConfig);
        client = new KubernetesClientBuilder().withConfig(config).build();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @BeforeEach
    void namespaceOfItsOwn(TestInfo test) {
        namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        freeLease();
        first = candidate("operator-a");
        second = candidate("operator-b");
    }

    @AfterEach
    void end() {
        first.close();
        second.close();
    }

    Candidate candidate(String pod) {
        return new Candidate(pod, namespace, config);
    }

    /** As k8s/base may ship it: without a spec. */
    void freeLease() {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withName("agentrun-operator")
                        .withNamespace(namespace)
                        .addToLabels("by", "install")
                        .endMetadata()
                        .build())
                .create();
    }

    Lease lease() {
        return client.resources(Lease.class)
                .inNamespace(namespace)
                .withName("agentrun-operator")
                .get();
    }

    static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20))
                .atMost(LEASE.plus(DEADLINE).plusSeconds(10));
    }

    void firstLeadsSecondStandsBy() {
        first.start();
        soon().until(first::leads);
        second.start();
    }
}
