package io.agentrun.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** The way up and down around JOSDK, with a reconciler that takes as long as the test wants. */
@Tag("apiserver")
@EnableKubeAPIServer
class OperatorRunTest {
    @KubeConfig
    static String kubeConfig;

    private static Config config;
    private static KubernetesClient client;

    private String namespace;
    private Slow reconciler;
    private Candidate candidate;
    private OperatorRun run;

    @ControllerConfiguration(name = "slow", informer = @Informer(labelSelector = "slow=yes"))
    private static final class Slow implements Reconciler<ConfigMap> {
        private final Semaphore mayEnd = new Semaphore(0);
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        @Override
        public UpdateControl<ConfigMap> reconcile(ConfigMap map, Context<ConfigMap> context)
                throws InterruptedException {
            begun.incrementAndGet();
            mayEnd.acquire();
            ended.incrementAndGet();
            return UpdateControl.noUpdate();
        }
    }

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
    void prepare(TestInfo test) {
        namespace = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        create("first");
        reconciler = new Slow();
        candidate = new Candidate("operator", namespace, config);
        var operator = new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
        operator.register(reconciler, o -> o.settingNamespace(namespace));
        run = new OperatorRun(operator, candidate.leadership);
    }

    @AfterEach
    void end() {
        reconciler.mayEnd.release(100);
        candidate.close();
    }

    private void create(String name) {
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName(name)
                        .addToLabels("slow", "yes")
                        .endMetadata()
                        .build())
                .create();
    }

    /** Somebody else's, for as long as the test lets it. */
    private void lease(String holder) {
        client.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(namespace)
                        .withName("agentrun-operator")
                        .endMetadata()
                        .withNewSpec()
                        .withHolderIdentity(holder)
                        .withLeaseDurationSeconds(3600)
                        .endSpec()
                        .build())
                .create();
    }

    private String holder() {
        return client.resources(Lease.class)
                .inNamespace(namespace)
                .withName("agentrun-operator")
                .get()
                .getSpec()
                .getHolderIdentity();
    }

    private static ConditionFactory soon() {
        return await().pollInterval(Duration.ofMillis(20)).atMost(Duration.ofSeconds(20));
    }

    @Test
    void aStandbyIsReadyAndReconcilesNothing() {
        lease("somebody");
        assertThat(run.notReady()).containsExactly("informers have not synced");
        run.start();
        soon().untilAsserted(() -> assertThat(run.notReady()).isEmpty());
        create("second");
        await().during(Duration.ofSeconds(2))
                .atMost(Duration.ofSeconds(10))
                .until(() -> reconciler.begun.get() == 0 && !candidate.leads());

        client.resources(Lease.class)
                .inNamespace(namespace)
                .withName("agentrun-operator")
                .edit(lease -> new LeaseBuilder(lease)
                        .editSpec()
                        .withHolderIdentity("")
                        .endSpec()
                        .build());
        soon().until(() -> reconciler.begun.get() == 2);
        assertThat(candidate.leads()).isTrue();
    }

    @Test
    void theLeaseIsGivenBackOnceTheLastReconcilerHasEnded() {
        lease("");
        run.start();
        soon().until(() -> reconciler.begun.get() == 1);
        var stopping = Thread.ofVirtual().start(run::stop);
        soon().until(() -> run.notReady().equals(List.of("shutting down")));
        create("late");
        await().during(Duration.ofMillis(500)).until(() -> holder().equals(candidate.identity()) && candidate.leads());
        reconciler.mayEnd.release();
        soon().until(() -> !stopping.isAlive());
        assertThat(reconciler.ended).hasValue(1);
        assertThat(reconciler.begun).as("nothing begins on the way down").hasValue(1);
        assertThat(holder()).isEmpty();
        assertThat(candidate.halted).hasValue(0);
    }

    @Test
    void aReconcilerThatHangsKeepsTheLeaseFromBeingGivenBack() {
        lease("");
        run.start();
        soon().until(() -> reconciler.begun.get() == 1);
        var begin = System.nanoTime();
        run.stop();
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofMillis(1400), Duration.ofMillis(1800));
        assertThat(candidate.leads()).isFalse();
        assertThat(holder()).isEqualTo(candidate.identity());
    }
}
