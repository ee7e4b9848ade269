package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the schema can't know: each has a reason of its own, names the cause, and says what to do. */
@Tag("cluster")
class ClusterFailuresTest {
    private static final String TOOLS =
            "image: " + Cluster.TOOLS + ", imagePullPolicy: Never, endpoint: {protocol: None}";
    private static final String SLEEP =
            TOOLS + ", command: [sh, -c, 'trap exit TERM; while :; do sleep 1 & wait; done']";
    private static Cluster cluster;

    /** An agent that can't become Ready: its spec, the reason, and words that the message must have. */
    private record Failure(String name, String spec, String reason, List<String> words) {}

    private static final List<Failure> FAILURES = List.of(
            new Failure(
                    "secret-env",
                    "{env: [{name: KEY, secretKeyRef: {name: absent, key: k}}]}",
                    "SecretMissing",
                    List.of("Secret absent does not exist", "create it, or correct spec.env")),
            new Failure(
                    "secret-key",
                    "{env: [{name: KEY, secretKeyRef: {name: present, key: gone}}]}",
                    "KeyMissing",
                    List.of("present", "has no key gone", "add it")),
            new Failure(
                    "config-env",
                    "{env: [{name: KEY, configMapKeyRef: {name: absent, key: k}}]}",
                    "ConfigMapMissing",
                    List.of("ConfigMap absent does not exist")),
            new Failure(
                    "secret-volume",
                    "{volumes: [{name: keys, mountPath: /keys, secret: absent-volume}]}",
                    "SecretMissing",
                    List.of("Secret absent-volume does not exist")),
            new Failure(
                    "claim",
                    "{volumes: [{name: data, mountPath: /data, readOnly: false, claim: absent}]}",
                    "VolumeMissing",
                    List.of("PersistentVolumeClaim absent does not exist", "correct volumes[].claim")),
            new Failure(
                    "image",
                    "{image: localhost/no/such:1, imagePullPolicy: Never}",
                    "ImagePullFailed",
                    List.of("localhost/no/such:1", "Correct spec.image")),
            new Failure(
                    "registry",
                    "{image: 127.0.0.1:1/no/such:1}",
                    "ImagePullFailed",
                    List.of("127.0.0.1:1/no/such:1", "can't be pulled", "spec.imagePullSecrets")),
            new Failure(
                    "crash",
                    "{" + TOOLS
                            + ", command: [sh, -c, 'echo the disk of prompts is missing > /dev/termination-log; exit 7']}",
                    "CrashLoop",
                    List.of("exit code 7", "--previous", "It said: the disk of prompts is missing")),
            new Failure(
                    "memory",
                    "{" + TOOLS
                            + ", resources: {requests: {memory: 16Mi}, limits: {memory: 16Mi}}, isolation: {scratch:"
                            + " []}, command: [sh, -c, 'x=$(head -c 400000000 /dev/zero | tr \"\\\\0\" a); echo $x']}",
                    "OutOfMemory",
                    List.of("Raise resources.limits.memory")),
            new Failure(
                    "silent",
                    "{" + SLEEP.replace("{protocol: None}", "{healthPath: /nothing}") + "}",
                    "NotAnswering",
                    List.of("HTTP GET /nothing on port 8080", "correct spec.endpoint")),
            new Failure(
                    "huge",
                    "{resources: {requests: {cpu: 1000}}}",
                    "Unschedulable",
                    List.of("no node takes pod", "lower resources.requests")),
            new Failure(
                    "runtime",
                    "{isolation: {runtimeClassName: absent}}",
                    "RuntimeClassMissing",
                    List.of("RuntimeClass absent does not exist")),
            new Failure(
                    "priority",
                    "{scheduling: {priorityClassName: absent}}",
                    "PriorityClassMissing",
                    List.of("PriorityClass absent", "correct scheduling.priorityClassName")),
            new Failure(
                    "seccomp",
                    "{isolation: {seccompProfile: {type: Localhost, localhostProfile: absent.json}}}",
                    "SeccompProfileMissing",
                    List.of("no such seccomp profile", "correct isolation.seccompProfile")),
            new Failure(
                    "namespaces",
                    "{isolation: {userNamespace: true}}",
                    "UserNamespacesUnsupported",
                    List.of("Remove isolation.userNamespace")));

    @BeforeAll
    static void start() {
        cluster = new Cluster("failures");
        cluster.kubectl("create", "secret", "generic", "present", "--from-literal=k=v");
        FAILURES.forEach(failure -> cluster.apply(failure.name(), small(failure.spec())));
    }

    /** So many at once must not lack room on a small node, which is a failure of its own. */
    private static String small(String spec) {
        return spec.contains("resources:") ? spec : "{resources: {requests: {cpu: 10m}}, " + spec.substring(1);
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    @TestFactory
    Stream<DynamicTest> eachHasItsOwnReasonAndSaysWhatToDo() {
        return FAILURES.stream()
                .map(failure -> DynamicTest.dynamicTest(failure.name(), () -> {
                    var ready = cluster.awaitCondition(failure.name(), "Ready", "False", failure.reason());
                    assertThat(ready.message()).contains(failure.words()).doesNotContain("Exception", "\tat ", "java.");
                    assertThat(ready.observedGeneration())
                            .isEqualTo(
                                    cluster.agent(failure.name()).getMetadata().getGeneration());
                }));
    }

    @Test
    void theLastFailureIsKept() {
        cluster.awaitCondition("crash", "Ready", "False", "CrashLoop");
        var failure = cluster.agent("crash").getStatus().lastFailure();
        assertThat(failure.container()).isEqualTo("agent");
        assertThat(failure.reason()).isEqualTo("Error");
        assertThat(failure.exitCode()).isEqualTo(7);
        assertThat(failure.message()).isEqualTo("the disk of prompts is missing");
        assertThat(failure.pod()).startsWith("agent-crash-");
    }

    @Test
    void whatIsMendedHealsByItself() {
        cluster.apply("heal-secret", small("{env: [{name: KEY, secretKeyRef: {name: late, key: k}}]}"));
        cluster.apply("heal-volume", small("{volumes: [{name: keys, mountPath: /keys, configMap: late}]}"));
        cluster.apply("heal-claim", small("{volumes: [{name: data, mountPath: /data, readOnly: false, claim: late}]}"));
        cluster.apply("heal-image", small("{image: localhost/no/such:1, imagePullPolicy: Never}"));
        cluster.awaitCondition("heal-secret", "Ready", "False", "SecretMissing");
        cluster.awaitCondition("heal-volume", "Ready", "False", "ConfigMapMissing");
        cluster.awaitCondition("heal-image", "Ready", "False", "ImagePullFailed");
        cluster.awaitCondition("heal-claim", "Ready", "False", "VolumeMissing");
        cluster.kubectl("create", "secret", "generic", "late", "--from-literal=k=v");
        cluster.kubectl("create", "configmap", "late", "--from-literal=k=v");
        cluster.patch("heal-image", "{\"image\":null,\"imagePullPolicy\":null}");
        cluster.patch("heal-claim", "{\"volumes\":null}");
        cluster.awaitReady("heal-secret");
        cluster.awaitReady("heal-claim");
        cluster.awaitReady("heal-image");
        cluster.awaitReady("heal-volume");
    }

    @Test
    void aQuotaIsNamedAndItsEndHeals() {
        try (var small = new Cluster("quota")) {
            small.kubectl("create", "quota", "tight", "--hard=pods=0");
            small.apply("no-room", "{}");
            assertThat(small.awaitCondition("no-room", "Ready", "False", "QuotaExceeded")
                            .message())
                    .contains("exceeded quota: tight", "Raise the ResourceQuota");
            small.kubectl("delete", "quota", "tight");
            small.awaitReady("no-room");
        }
    }

    @Test
    void aLimitRangeIsNamedAndItsEndHeals() {
        try (var small = new Cluster("limits")) {
            small.client().resource("""
                            apiVersion: v1
                            kind: LimitRange
                            metadata: {name: tight, namespace: %s}
                            spec: {limits: [{type: Container, max: {memory: 128Mi}}]}
                            """.formatted(small.namespace())).create();
            small.apply("too-large", "{}");
            assertThat(small.awaitCondition("too-large", "Ready", "False", "LimitRangeRefused")
                            .message())
                    .contains("maximum memory usage per Container is 128Mi", "Correct resources")
                    .doesNotContain("Exception", "\tat ");
            small.kubectl("delete", "limitrange", "tight");
            small.awaitReady("too-large");
        }
    }
}
