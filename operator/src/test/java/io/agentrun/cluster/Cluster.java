package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.Condition;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A namespace of its own on the real cluster, and the few things that every cluster test does there. */
final class Cluster implements AutoCloseable {
    /** Namespace of the operator. */
    static final String SYSTEM = "agentrun-system";
    /** The operator's identity at the API server. */
    static final String OPERATOR = "system:serviceaccount:agentrun-system:agentrun-operator";
    /** A small image with a shell, curl and busybox, on the local cluster's node. */
    static final String TOOLS = System.getenv().getOrDefault("AGENTRUN_TOOLS_IMAGE", "agentrun.local/tools:1");

    /** Little enough that many agents fit on one small node; a spec's only {@code resources}. */
    static final String SMALL = "resources: {requests: {cpu: 10m, memory: 32Mi}}";
    /** An agent of {@link #TOOLS} that sleeps, ends at once when told to, and can be looked into. */
    static final String SHELL = "image: " + TOOLS + ", imagePullPolicy: Never, endpoint: {protocol: None}, " + SMALL
            + ", lifecycle: {shutdownTimeout: 1s},"
            + " command: [sh, -c, 'trap exit TERM; while :; do sleep 1 & wait; done']";

    private final KubernetesClient client;
    private final String namespace;

    /** Makes a namespace with Pod Security {@code enforce: restricted}. */
    Cluster(String purpose) {
        this(purpose, "restricted");
    }

    /** Makes a namespace with this Pod Security level. */
    Cluster(String purpose, String podSecurity) {
        client = new KubernetesClientBuilder().build();
        namespace = "it-" + purpose.toLowerCase(Locale.ROOT) + "-"
                + UUID.randomUUID().toString().substring(0, 6);
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .addToLabels("pod-security.kubernetes.io/enforce", podSecurity)
                        .endMetadata()
                        .build())
                .create();
    }

    KubernetesClient client() {
        return client;
    }

    String namespace() {
        return namespace;
    }

    /** Applies an Agent with this spec (YAML flow or block, indented by two). */
    Agent apply(String name, String spec) {
        // As text: an Agent object would carry every default of the record, which no user writes.
        client.resource("""
                        apiVersion: agentrun.io/v1alpha1
                        kind: Agent
                        metadata: {name: %s, namespace: %s}
                        spec: %s
                        """.formatted(name, namespace, spec))
                .fieldManager("test")
                .forceConflicts()
                .serverSideApply();
        return agent(name);
    }

    Agent agent(String name) {
        return client.resources(Agent.class)
                .inNamespace(namespace)
                .withName(name)
                .get();
    }

    /** Merge-patches the spec. */
    void patch(String name, String spec) {
        client.resources(Agent.class)
                .inNamespace(namespace)
                .withName(name)
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":" + spec + "}");
    }

    /** Waits generously; what is measured belongs to benches. */
    static ConditionFactory await(String what) {
        return Awaitility.await(what)
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions();
    }

    /** Waits until the condition has this status and reason, and returns it. */
    Condition awaitCondition(String agent, String type, String status, String reason) {
        var last = new StringBuilder();
        try {
            return await(agent + " " + type + "=" + status + " " + reason)
                    .until(
                            () -> {
                                var found = condition(agent, type);
                                last.setLength(0);
                                last.append(found);
                                return found.filter(c -> c.status().name().equals(status)
                                        && c.reason().equals(reason));
                            },
                            Optional::isPresent)
                    .orElseThrow();
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError("%s: wanted %s=%s %s, last seen %s\n%s"
                    .formatted(agent, type, status, reason, last, kubectl("describe", "agent", agent)));
        }
    }

    /** Waits until the agent is Ready with all its replicas, for the newest generation. */
    Agent awaitReady(String name) {
        awaitCondition(name, "Ready", "True", "Available");
        await(name + " observed")
                .until(() -> agent(name)
                        .getStatus()
                        .observedGeneration()
                        .equals(agent(name).getMetadata().getGeneration()));
        awaitCondition(name, "Ready", "True", "Available");
        return agent(name);
    }

    Optional<Condition> condition(String agent, String type) {
        var status = agent(agent).getStatus();
        return status == null
                ? Optional.empty()
                : status.conditions().stream()
                        .filter(c -> c.type().equals(type))
                        .findFirst();
    }

    /** The agent's pods that are not on their way out. */
    List<Pod> pods(String agent) {
        return client.pods().inNamespace(namespace).withLabel("agentrun.io/agent", agent).list().getItems().stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .toList();
    }

    /** The one pod of an agent with one replica. */
    Pod pod(String agent) {
        var pods = pods(agent);
        assertThat(pods).as("pods of " + agent).hasSize(1);
        return pods.getFirst();
    }

    /**
     * What a command in a container did.
     *
     * @param code exit code
     * @param output standard output and error
     */
    record Result(int code, String output) {}

    /** Which of these shell scripts end well in the agent container, by name, one after the other. */
    Map<String, Boolean> probe(Pod pod, Map<String, String> scripts) {
        return probe(pod, scripts, ";");
    }

    /** The same, all at once: for scripts that wait. */
    Map<String, Boolean> probeAtOnce(Pod pod, Map<String, String> scripts) {
        return probe(pod, scripts, "&");
    }

    private Map<String, Boolean> probe(Pod pod, Map<String, String> scripts, String separator) {
        var one = new StringBuilder();
        scripts.forEach((name, script) -> one.append("{ ( ")
                .append(script)
                .append(" ) >/dev/null 2>&1 && echo \"+")
                .append(name)
                .append("\" || echo \"-")
                .append(name)
                .append("\"; } ")
                .append(separator)
                .append('\n'));
        one.append("wait");
        var lines = exec(pod, one.toString()).output().lines().toList();
        var results = new TreeMap<String, Boolean>();
        scripts.keySet().forEach(name -> {
            assertThat(lines).as("probes in " + pod.getMetadata().getName()).containsAnyOf("+" + name, "-" + name);
            results.put(name, lines.contains("+" + name));
        });
        return results;
    }

    /** Runs a shell script in the agent container. */
    Result exec(Pod pod, String script) {
        var output = new ByteArrayOutputStream();
        try (var exec = client.pods()
                .inNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .inContainer("agent")
                .writingOutput(output)
                .writingError(output)
                .exec("sh", "-c", script)) {
            var code = exec.exitCode().get(60, TimeUnit.SECONDS);
            return new Result(code, output.toString(StandardCharsets.UTF_8));
        } catch (Exception e) {
            throw new IllegalStateException("exec of " + script, e);
        }
    }

    /** Runs kubectl as a person would, in the test's namespace; its output, whatever its exit code. */
    String kubectl(String... args) {
        return kubectlWith("", args);
    }

    /** Runs kubectl with this on its standard input. */
    String kubectlWith(String input, String... args) {
        return run(
                input,
                Stream.concat(Stream.of("kubectl", "-n", namespace), Arrays.stream(args))
                        .toList());
    }

    /** Whether the cluster is the one that this repository makes, whose node is this machine; another one is left whole. */
    static boolean local() {
        return System.getenv("CONTEXT") == null;
    }

    /** Runs a script of {@code k8s/local-cluster}, such as {@code component stop kube-router}. */
    static String local(String script, String... args) {
        return run(
                "",
                Stream.concat(
                                Stream.of(repository("k8s/local-cluster/" + script)
                                        .toString()),
                                Arrays.stream(args))
                        .toList());
    }

    /** A path of the repository. */
    static Path repository(String path) {
        return Path.of("..").toAbsolutePath().normalize().resolve(path);
    }

    static String run(String input, List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(300, TimeUnit.SECONDS);
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.namespaces().withName(namespace).delete();
        Volumes.remove(this);
        client.close();
    }
}
