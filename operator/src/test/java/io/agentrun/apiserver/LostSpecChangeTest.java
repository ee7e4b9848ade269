package io.agentrun.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentStatus;
import io.agentrun.apiserver.InProcessOperator.Request;
import io.fabric8.kubeapitest.junit.EnableKubeAPIServer;
import io.fabric8.kubeapitest.junit.KubeConfig;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Whatever lands while the operator writes is seen: at every single write of a reconciliation a change is slipped in before it.
 * JOSDK 5.3.2 swallows a spec change that lands while it writes a status (its issues 3398 and 3455); {@link #sdkLosesIt} shows
 * that the fault is there and that this test's way of provoking it works.
 */
@Tag("apiserver")
@EnableKubeAPIServer
class LostSpecChangeTest {
    private static final String NAMESPACE = "default";
    /** Five children, the status, its event. */
    private static final int WRITES_OF_A_NEW_AGENT = 7;
    /** Deployment and status at least. */
    private static final int WRITES_OF_AN_EDIT = 2;

    @KubeConfig
    static String kubeConfig;

    private static Config config;
    private static KubernetesClient admin;

    @BeforeAll
    static void install() throws Exception {
        config = Config.fromKubeconfig(kubeConfig);
        admin = new KubernetesClientBuilder().withConfig(config).build();
        InProcessOperator.install(admin);
    }

    @AfterAll
    static void close() {
        admin.close();
    }

    @Test
    void aChangeBeforeAnyWriteForANewAgentIsSeen() {
        try (var operator = InProcessOperator.start(config)) {
            int write = 1;
            while (slipIn(operator, write, "new-" + write, name -> {}, LostSpecChangeTest::create)) {
                awaitSeen("new-" + write, "late", write);
                write++;
            }
            assertThat(write).isGreaterThan(WRITES_OF_A_NEW_AGENT);
        }
    }

    @Test
    void aChangeBeforeAnyWriteForAnEditIsSeen() {
        try (var operator = InProcessOperator.start(config)) {
            int write = 1;
            while (slipIn(
                    operator,
                    write,
                    "edit-" + write,
                    name -> {
                        create(name);
                        awaitObserved(name);
                        awaitQuiet(operator);
                    },
                    name -> edit(name, "early"))) {
                awaitSeen("edit-" + write, "late", write);
                write++;
            }
            assertThat(write).isGreaterThan(WRITES_OF_AN_EDIT);
        }
    }

    @Test
    void driftBeforeAnyWriteIsMended() {
        var other = new ConfigBuilder(config)
                .withImpersonateUsername("system:kube-controller-manager")
                .withImpersonateGroups("system:masters")
                .build();
        try (var operator = InProcessOperator.start(config);
                var somebody = new KubernetesClientBuilder().withConfig(other).build()) {
            for (int write = 1; write <= WRITES_OF_AN_EDIT; write++) {
                var name = "drift-" + write;
                create(name);
                awaitObserved(name);
                awaitQuiet(operator);
                var policies = somebody.network().v1().networkPolicies().inNamespace(NAMESPACE);
                var wanted = policies.withName("agent-" + name).get().getSpec();
                before(
                        operator,
                        write,
                        () -> policies.withName("agent-" + name)
                                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"egress\":[{}]}}"));
                edit(name, "drift");
                awaitSeen(name, "drift", write);
                Awaitility.await("drift before write " + write)
                        .atMost(Duration.ofSeconds(15))
                        .untilAsserted(() -> {
                            assertThat(policies.withName("agent-" + name).get().getSpec())
                                    .isEqualTo(wanted);
                            assertThat(policies.withName("agent-" + name)
                                            .get()
                                            .getMetadata()
                                            .getGeneration())
                                    .as("edited and mended")
                                    .isGreaterThan(2);
                        });
            }
        }
    }

    @Test
    void sdkLosesIt() {
        assertThat(seenByJosdk(new Careless(), "careless")).isFalse();
        assertThat(seenByJosdk(new Careful(), "careful")).isTrue();
    }

    /** Whether a reconciler that lets JOSDK write its status sees a change that lands meanwhile. */
    private static boolean seenByJosdk(Reconciler<Agent> reconciler, String name) {
        try (var operator = InProcessOperator.start(config, reconciler)) {
            before(operator, 1, () -> edit(name, "late"));
            create(name);
            Awaitility.await(name + " written").until(() -> agent(name).getStatus() != null);
            // That nothing comes any more is shown by waiting only.
            Awaitility.await("the window").pollDelay(Duration.ofSeconds(3)).until(() -> true);
            var agent = agent(name);
            assertThat(agent.getMetadata().getGeneration()).isEqualTo(2);
            return agent.getStatus().observedGeneration() == 2;
        } finally {
            admin.resource(agent(name)).delete();
        }
    }

    /** Does {@code trigger}, and edits the agent before the operator's nth write after it; whether there was an nth. */
    private static boolean slipIn(
            InProcessOperator operator, int nth, String name, Consumer<String> first, Consumer<String> trigger) {
        first.accept(name);
        var fired = before(operator, nth, () -> edit(name, "late"));
        trigger.accept(name);
        awaitObserved(name);
        awaitQuiet(operator);
        return fired.get() >= nth;
    }

    /** Arms the operator; the counter says how many writes there were since. */
    private static AtomicInteger before(InProcessOperator operator, int nth, Runnable action) {
        var count = new AtomicInteger();
        operator.beforeWrite((Request request) -> {
            if (count.incrementAndGet() == nth) {
                action.run();
            }
        });
        return count;
    }

    private static void create(String name) {
        admin.resource("""
                apiVersion: agentrun.io/v1alpha1
                kind: Agent
                metadata: {name: %s, namespace: %s}
                spec: {}
                """.formatted(name, NAMESPACE)).create();
    }

    private static void edit(String name, String value) {
        admin.resources(Agent.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"spec\":{\"env\":[{\"name\":\"CHANGED\",\"value\":\"%s\"}]}}".formatted(value));
    }

    private static Agent agent(String name) {
        return admin.resources(Agent.class)
                .inNamespace(NAMESPACE)
                .withName(name)
                .get();
    }

    private static void awaitSeen(String name, String value, int write) {
        Awaitility.await("%s, changed before write %d, to reach its Deployment".formatted(name, write))
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(admin.apps()
                                .deployments()
                                .inNamespace(NAMESPACE)
                                .withName("agent-" + name)
                                .get()
                                .getSpec()
                                .getTemplate()
                                .getSpec()
                                .getContainers()
                                .getFirst()
                                .getEnv())
                        .anyMatch(env -> env.getName().equals("CHANGED")
                                && env.getValue().equals(value)));
        awaitObserved(name);
    }

    private static void awaitObserved(String name) {
        Awaitility.await(name + " observed")
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    var agent = agent(name);
                    return agent.getStatus() != null
                            && agent.getMetadata()
                                    .getGeneration()
                                    .equals(agent.getStatus().observedGeneration());
                });
    }

    /** The event goes out after the status. */
    private static void awaitQuiet(InProcessOperator operator) {
        Awaitility.await("no write for a moment")
                .pollInterval(Duration.ofMillis(50))
                .during(Duration.ofMillis(500))
                .until(() -> operator.writes().count(), new Unchanged());
    }

    /** Accepts a number when it is the one before. */
    private static final class Unchanged extends org.hamcrest.BaseMatcher<Long> {
        private Long last = -1L;

        @Override
        public boolean matches(Object now) {
            var same = now.equals(last);
            last = (Long) now;
            return same;
        }

        @Override
        public void describeTo(org.hamcrest.Description description) {
            description.appendText("unchanged");
        }
    }

    /** JOSDK's defaults. */
    @ControllerConfiguration(name = "careless", generationAwareEventProcessing = false)
    private static final class Careless extends Echo {}

    /** With the cure that {@code AgentReconciler} has too. */
    @ControllerConfiguration(
            name = "careful",
            generationAwareEventProcessing = false,
            informer = @Informer(comparableResourceVersions = false))
    private static final class Careful extends Echo {}

    private abstract static class Echo implements Reconciler<Agent> {
        @Override
        public UpdateControl<Agent> reconcile(Agent agent, Context<Agent> context) {
            if (agent.getStatus() != null
                    && agent.getMetadata()
                            .getGeneration()
                            .equals(agent.getStatus().observedGeneration())) {
                return UpdateControl.noUpdate();
            }
            var old = AgentStatus.empty();
            var fresh = new Agent();
            fresh.setMetadata(new ObjectMetaBuilder()
                    .withName(agent.getMetadata().getName())
                    .withNamespace(agent.getMetadata().getNamespace())
                    .build());
            fresh.setSpec(null);
            fresh.setStatus(new AgentStatus(
                    agent.getMetadata().getGeneration(),
                    old.phase(),
                    old.replicas(),
                    old.readyReplicas(),
                    old.selector(),
                    old.effective(),
                    old.lastFailure(),
                    old.conditions()));
            return UpdateControl.patchStatus(fresh);
        }
    }
}
