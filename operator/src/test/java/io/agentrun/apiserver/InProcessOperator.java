package io.agentrun.apiserver;

import io.agentrun.agent.AgentReconciler;
import io.agentrun.agent.OperatorConfig;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The reconciler under JOSDK as it is deployed, without Quarkus and leadership: under the operator's identity and rights,
 * against an API server that has all of {@code k8s/base} and no controllers. Every request is noted.
 */
final class InProcessOperator implements AutoCloseable {
    private static final String IDENTITY = "system:serviceaccount:agentrun-system:agentrun-operator";

    private final KubernetesClient client;
    private final Operator operator;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> reconciliations = new ConcurrentHashMap<>();
    private volatile Consumer<Request> beforeWrite = request -> {};

    /**
     * A request that was about to be sent.
     *
     * @param path with its query
     */
    record Request(String method, String path) {
        boolean write() {
            return !method.equals("GET");
        }

        boolean watch() {
            return path.contains("watch=true");
        }
    }

    private InProcessOperator(Config identity, Reconciler<?> reconciler) {
        client = client(identity);
        operator = operator(reconciler);
    }

    private InProcessOperator(Config identity) {
        client = client(identity);
        operator = operator(new AgentReconciler(client, configuration(), Clock.systemUTC()));
    }

    /** Applies what users install, but for the operator's Deployment. */
    static void install(KubernetesClient admin) throws IOException {
        AgentCrd.install(admin);
        for (var file : List.of("namespace", "rbac", "admission", "gateway")) {
            try (var manifest = Files.newInputStream(Path.of("../k8s/base/" + file + ".yaml"))) {
                admin.load(manifest)
                        .items()
                        .forEach(object -> admin.resource(object)
                                .fieldManager("test")
                                .forceConflicts()
                                .serverSideApply());
            }
        }
    }

    /** Starts the real thing; {@link #install} has been called. */
    static InProcessOperator start(Config admin) {
        var identity = new ConfigBuilder(admin)
                .withImpersonateUsername(IDENTITY)
                .withImpersonateGroups("system:serviceaccounts", "system:authenticated")
                .build();
        var started = new InProcessOperator(identity);
        // A ClusterRole counts a moment after it was made.
        Awaitility.await("rights of " + IDENTITY)
                .ignoreExceptions()
                .until(() -> started.client
                                .network()
                                .v1()
                                .networkPolicies()
                                .inAnyNamespace()
                                .list()
                        != null);
        started.requests.clear();
        started.operator.start();
        return started;
    }

    /** Starts some other reconciler, as the API server's administrator. */
    static InProcessOperator start(Config admin, Reconciler<?> reconciler) {
        var started = new InProcessOperator(admin, reconciler);
        started.operator.start();
        return started;
    }

    private Operator operator(Reconciler<?> reconciler) {
        var made = new Operator(config -> config.withKubernetesClient(client)
                .withCloseClientOnStop(false)
                .withConcurrentReconciliationThreads(8)
                .withReconciliationTerminationTimeout(Duration.ofSeconds(5))
                .withMetrics(new Counting()));
        made.register(reconciler);
        return made;
    }

    private KubernetesClient client(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("noting", new Noting()))
                .build();
    }

    /** The built-in configuration. */
    private static OperatorConfig configuration() {
        var file =
                Objects.requireNonNull(InProcessOperator.class.getResource("/META-INF/microprofile-config.properties"));
        try {
            return new SmallRyeConfigBuilder()
                    .withMapping(OperatorConfig.class)
                    .withMappingIgnore("**")
                    .withSources(new PropertiesConfigSource(file, 100))
                    .build()
                    .getConfigMapping(OperatorConfig.class);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Something to be done by the sending thread before each write goes out. */
    void beforeWrite(Consumer<Request> action) {
        beforeWrite = action;
    }

    /** Writes so far. */
    Stream<Request> writes() {
        return requests.stream().filter(Request::write);
    }

    /** GETs and LISTs so far. */
    Stream<Request> reads() {
        return requests.stream().filter(r -> !r.write() && !r.watch());
    }

    /** Forgets every request and reconciliation so far. */
    void forget() {
        requests.clear();
        reconciliations.clear();
    }

    /** How often this object's reconciliation came to an end. */
    int reconciliations(String name) {
        return reconciliations.getOrDefault(name, 0);
    }

    @Override
    public void close() {
        operator.stop();
        client.close();
    }

    private final class Noting implements Interceptor {
        @Override
        public void before(BasicBuilder builder, HttpRequest http, RequestTags tags) {
            var query = http.uri().getQuery();
            var request = new Request(http.method(), http.uri().getPath() + (query == null ? "" : "?" + query));
            requests.add(request);
            if (request.write()) {
                beforeWrite.accept(request);
            }
        }
    }

    private final class Counting implements Metrics {
        @Override
        public void reconciliationFinished(HasMetadata resource, RetryInfo retry, Map<String, Object> metadata) {
            reconciliations.merge(resource.getMetadata().getName(), 1, Integer::sum);
        }
    }
}
