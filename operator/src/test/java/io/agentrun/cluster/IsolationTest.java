package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What an agent can't do to its node, tried from inside running pods in a namespace with Pod Security {@code enforce:
 * restricted}. Each attempt succeeds in a privileged pod, so that its failure means something. The network has
 * {@link NetworkIsolationTest}.
 */
@Tag("cluster")
class IsolationTest {
    private static final List<String> AGENTS = List.of("none", "proxy", "direct", "strict");
    private static Cluster cluster;
    private static Cluster loose;
    private static Pod control;

    private static final Map<String, String> ATTEMPTS = Map.ofEntries(
            Map.entry("write to the root", "touch /x"),
            Map.entry("write to etc", "touch /etc/x"),
            Map.entry("write among the programs", "touch /bin/x"),
            Map.entry("su", "su -c id root"),
            Map.entry("setuid", "start-stop-daemon -S -c 0:0 -x /bin/id"),
            Map.entry("give a file away", "touch /tmp/x && chown 0 /tmp/x"),
            Map.entry("mount", "mkdir -p /tmp/m && mount -t tmpfs x /tmp/m"),
            Map.entry("chroot", "chroot / true"),
            Map.entry("a device", "mknod /tmp/null c 1 3"),
            Map.entry("a mount namespace", "unshare -m true"),
            Map.entry("a user namespace", "unshare -U true"),
            Map.entry("a raw socket", "ping -c1 -W1 127.0.0.1"),
            Map.entry("the kernel log", "dmesg"),
            Map.entry("set the hostname", "hostname x"),
            Map.entry("more priority", "renice -n -5 1"),
            Map.entry("fill scratch past its size", "dd if=/dev/zero of=/tmp/full bs=1M count=80"),
            Map.entry("its token", "test -s /var/run/secrets/kubernetes.io/serviceaccount/token"));

    /** What the runtime's profile allows and the shipped one does not. */
    private static final Map<String, String> STRICT_ATTEMPTS =
            Map.of("personality of another system", "linux32 true", "the drift of the clock", "adjtimex");

    private static final String FIND_TOKENS = "t='eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+';"
            + " { find / \\( -path /proc -o -path /sys \\) -prune -o -type f -size -1024k -print | xargs grep -hoE \"$t\";"
            + " cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -oE \"$t\"; } 2>/dev/null | sort -u; true";

    @BeforeAll
    static void start() {
        cluster = new Cluster("isolation");
        loose = new Cluster("control", "privileged");
        cluster.apply("none", "{" + Cluster.SHELL + ", egress: {mode: None}}");
        cluster.apply("proxy", "{" + Cluster.SHELL + "}");
        cluster.apply("direct", "{" + Cluster.SHELL + ", egress: {mode: Direct, cidrs: [203.0.113.0/24]}}");
        cluster.apply(
                "strict",
                "{" + Cluster.SHELL
                        + ", isolation: {level: Strict, ulimits: {openFiles: {soft: 100, hard: 200}, fileSize: 1Mi}}}");
        cluster.apply("worker", "{isolation: {level: Strict}, " + Cluster.SMALL + "}");
        control = Bystander.privileged(loose);
        AGENTS.forEach(cluster::awaitReady);
        cluster.awaitReady("worker");
    }

    @AfterAll
    static void end() {
        cluster.close();
        loose.close();
    }

    @Test
    void everyAttemptSucceedsWherePrivilegesAllowIt() {
        assertThat(loose.probe(control, ATTEMPTS)).doesNotContainValue(false);
        assertThat(loose.probe(control, STRICT_ATTEMPTS)).doesNotContainValue(false);
    }

    @TestFactory
    Stream<DynamicTest> noAttemptSucceedsInAnAgent() {
        return AGENTS.stream()
                .map(agent -> DynamicTest.dynamicTest(
                        agent,
                        () -> assertThat(cluster.probe(cluster.pod(agent), ATTEMPTS))
                                .doesNotContainValue(true)));
    }

    @Test
    void theShippedProfileForbidsMoreThanTheRuntimes() {
        assertThat(cluster.probe(cluster.pod("proxy"), STRICT_ATTEMPTS)).doesNotContainValue(false);
        assertThat(cluster.probe(cluster.pod("strict"), STRICT_ATTEMPTS)).doesNotContainValue(true);
    }

    @Test
    void theKernelAgrees() {
        for (var agent : AGENTS) {
            assertThat(in(agent, "id -u; id -g; cat /proc/self/status"))
                    .as(agent)
                    .startsWith("65532\n65532\n")
                    .satisfies(IsolationTest::unprivileged);
            assertThat(in(agent, "rm -rf /tmp/*; echo fine > /tmp/y && cat /tmp/y"))
                    .as("scratch of " + agent)
                    .isEqualTo("fine\n");
        }
        assertThat(loose.exec(control, "cat /proc/self/status").output()).containsPattern("CapEff:\\s0*[1-9a-f]");
    }

    private static void unprivileged(String status) {
        assertThat(status)
                .containsPattern("CapInh:\\s0{16}\n")
                .containsPattern("CapPrm:\\s0{16}\n")
                .containsPattern("CapEff:\\s0{16}\n")
                .containsPattern("CapBnd:\\s0{16}\n")
                .containsPattern("CapAmb:\\s0{16}\n")
                .containsPattern("NoNewPrivs:\\s1\n")
                .containsPattern("Seccomp:\\s2\n");
    }

    @Test
    void theUlimitsAreWhatWasAsked() {
        assertThat(in("strict", "cat /proc/1/limits"))
                .containsPattern("Max open files\\s+100\\s+200")
                .containsPattern("Max file size\\s+1048576\\s+1048576");
    }

    @Test
    void noTokenThatTheApiServerAcceptsIsAnywhere() {
        assertThat(accepted(tokens(loose.exec(control, FIND_TOKENS).output())))
                .as("the search finds the token that a plain pod has")
                .containsExactly("system:serviceaccount:" + loose.namespace() + ":default");
        for (var agent : AGENTS) {
            assertThat(accepted(tokens(in(agent, FIND_TOKENS)))).as(agent).isEmpty();
        }
    }

    private static Set<String> tokens(String output) {
        return output.lines().filter(line -> line.startsWith("eyJ")).collect(Collectors.toSet());
    }

    /** Whom the API server takes the bearers of these tokens for. */
    private static Set<String> accepted(Set<String> tokens) {
        return tokens.stream()
                .map(token -> cluster.client()
                        .tokenReviews()
                        .create(new TokenReviewBuilder()
                                .withNewSpec()
                                .withToken(token)
                                .endSpec()
                                .build())
                        .getStatus())
                .filter(status -> Boolean.TRUE.equals(status.getAuthenticated()))
                .map(status -> status.getUser().getUsername())
                .collect(Collectors.toSet());
    }

    /** The reference worker has no shell to look around with; its node has. */
    @Test
    void theReferenceWorkerIsShutInAsWell() {
        assumeThat(Cluster.local()).isTrue();
        var pid = Node.process(cluster.pod("worker"), "java");
        assertThat(Node.proc(pid, "status"))
                .containsPattern("Uid:\\s65532\\s65532\\s65532\\s65532\n")
                .satisfies(IsolationTest::unprivileged);
        assertThat(Node.proc(pid, "mounts"))
                .as("a root that can't be written")
                .containsPattern("(?m)^\\S+ / \\S+ ro[,\\s]");
        assertThat(Node.proc(pid, "limits")).containsPattern("Max open files\\s+1024\\s+2048");
        assertThat(accepted(Node.tokens(pid))).isEmpty();
        assertThat(accepted(Node.tokens(Node.process(control, "busybox"))))
                .as("the search finds the token that a plain pod has")
                .hasSize(1);
    }

    @Test
    void theReferenceWorkerRunsUnderTheShippedProfile() {
        assertThat(cluster.pod("worker")
                        .getSpec()
                        .getSecurityContext()
                        .getSeccompProfile()
                        .getLocalhostProfile())
                .isEqualTo("agentrun-worker.json");
        assertThat(cluster.awaitCondition("worker", "Hardened", "True", "Restricted")
                        .message())
                .contains("every pod meets the restricted standard");
    }

    private static String in(String agent, String script) {
        return cluster.exec(cluster.pod(agent), script).output();
    }
}
