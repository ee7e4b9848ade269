package io.agentrun.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What an agent can't do, tried from inside running pods in a namespace with Pod Security {@code enforce: restricted}. */
@Tag("cluster")
class IsolationTest {
    private static final String SHELL = "image: " + Cluster.TOOLS
            + ", imagePullPolicy: Never, command: [sh, -c, 'trap exit TERM; while :; do sleep 1 & wait; done'],"
            + " endpoint: {protocol: None}";
    private static final List<String> MODES = List.of("none", "proxy", "direct", "strict");
    private static Cluster cluster;
    private static String target;

    @BeforeAll
    static void start() {
        cluster = new Cluster("isolation");
        // A plain pod that listens, and that only the Direct agent may reach; and another agent.
        cluster.client()
                .resource("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: target, namespace: %s}
                        spec:
                          automountServiceAccountToken: false
                          securityContext: {runAsNonRoot: true, runAsUser: 65532, seccompProfile: {type: RuntimeDefault}}
                          containers:
                            - name: target
                              image: %s
                              imagePullPolicy: Never
                              command: [sh, -c, "cd /tmp && echo hello > index.html && exec httpd -f -p 8080"]
                              securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
                        """.formatted(cluster.namespace(), Cluster.TOOLS))
                .create();
        cluster.apply("other", "{}");
        target = Cluster.await("the target's address")
                .until(
                        () -> cluster.client()
                                .pods()
                                .inNamespace(cluster.namespace())
                                .withName("target")
                                .get()
                                .getStatus()
                                .getPodIP(),
                        ip -> ip != null && !ip.isEmpty());
        cluster.apply("none", "{" + SHELL + ", egress: {mode: None}}");
        cluster.apply("proxy", "{" + SHELL + "}");
        cluster.apply("direct", "{" + SHELL + ", egress: {mode: Direct, cidrs: [" + target + "/32]}}");
        cluster.apply(
                "strict",
                "{" + SHELL
                        + ", isolation: {level: Strict, ulimits: {openFiles: {soft: 100, hard: 200}, fileSize: 1Mi}}}");
        cluster.apply("worker", "{isolation: {level: Strict}}");
        MODES.forEach(cluster::awaitReady);
        cluster.awaitReady("other");
        cluster.awaitReady("worker");
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static Cluster.Result in(String agent, String script) {
        return cluster.exec(cluster.pod(agent), script);
    }

    @TestFactory
    Stream<DynamicTest> noPrivilege() {
        var refused = Map.of(
                "write to /", "touch /x",
                "write to /etc", "touch /etc/x",
                "write beside scratch", "touch /home/x || touch /usr/x",
                "become root", "su -c id root || setpriv --reuid 0 id",
                "mount", "mount -t tmpfs x /tmp",
                "a new namespace", "unshare -m true || unshare -U true",
                "a raw socket", "ping -c1 -W1 127.0.0.1",
                "fill scratch past its size", "dd if=/dev/zero of=/tmp/x bs=1M count=80",
                "read a token", "cat /var/run/secrets/kubernetes.io/serviceaccount/token");
        return MODES.stream()
                .flatMap(mode -> refused.entrySet().stream()
                        .map(e -> DynamicTest.dynamicTest(
                                mode + ": " + e.getKey(),
                                () -> assertThat(in(
                                                        mode,
                                                        "(" + e.getValue()
                                                                + ") && echo GOT-THROUGH; rm -f /tmp/x; true")
                                                .output())
                                        .doesNotContain("GOT-THROUGH"))));
    }

    @Test
    void theKernelAgrees() {
        for (var mode : MODES) {
            assertThat(in(mode, "id -u; id -g; cat /proc/self/status").output())
                    .as(mode)
                    .startsWith("65532\n65532\n")
                    .containsPattern("CapPrm:\\s0{16}\n")
                    .containsPattern("CapEff:\\s0{16}\n")
                    .containsPattern("CapBnd:\\s0{16}\n")
                    .containsPattern("NoNewPrivs:\\s1\n")
                    .containsPattern("Seccomp:\\s2\n");
            assertThat(in(mode, "echo fine > /tmp/y && cat /tmp/y").output())
                    .as("scratch")
                    .isEqualTo("fine\n");
        }
    }

    @Test
    void theUlimitsAreWhatWasAsked() {
        assertThat(in("strict", "cat /proc/1/limits").output())
                .containsPattern("Max open files\\s+100\\s+200")
                .containsPattern("Max file size\\s+1048576\\s+1048576");
    }

    @TestFactory
    Stream<DynamicTest> nobodyIsReached() {
        var kubernetes = cluster.client()
                .services()
                .inNamespace("default")
                .withName("kubernetes")
                .get();
        var node = cluster.client().nodes().list().getItems().stream()
                .flatMap(n -> n.getStatus().getAddresses().stream())
                .filter(a -> a.getType().equals("InternalIP"))
                .findFirst()
                .orElseThrow()
                .getAddress();
        var gateway = gateway();
        var other = cluster.pod("other").getStatus().getPodIP();
        var service = cluster.client()
                .services()
                .inNamespace(cluster.namespace())
                .withName("agent-other")
                .get();
        var closed = Map.of(
                "API server", kubernetes.getSpec().getClusterIP() + ":443",
                "API server's own address", node + ":6443",
                "metadata", "169.254.169.254:80",
                "internet", "203.0.113.1:80",
                "another agent", other + ":8080",
                "another agent's Service", service.getSpec().getClusterIP() + ":8080",
                "sentinel", gateway + ":3129");
        var tests = new ArrayList<DynamicTest>();
        for (var mode : MODES) {
            closed.forEach((what, address) -> tests.add(DynamicTest.dynamicTest(
                    mode + ": " + what,
                    () -> assertThat(connects(mode, address)).isFalse())));
            tests.add(DynamicTest.dynamicTest(
                    mode + ": target",
                    () -> assertThat(connects(mode, target + ":8080")).isEqualTo(mode.equals("direct"))));
            var proxied = mode.equals("proxy") || mode.equals("strict");
            tests.add(DynamicTest.dynamicTest(
                    mode + ": proxy",
                    () -> assertThat(connects(mode, gateway + ":3128")).isEqualTo(proxied)));
        }
        return tests.stream();
    }

    private static String gateway() {
        return cluster.client()
                .services()
                .inNamespace(Cluster.SYSTEM)
                .withName("agentrun-gateway")
                .get()
                .getSpec()
                .getClusterIP();
    }

    private static boolean connects(String agent, String address) {
        var host = address.substring(0, address.lastIndexOf(':'));
        var port = address.substring(address.lastIndexOf(':') + 1);
        return in(agent, "nc -w 2 " + host + " " + port + " </dev/null >/dev/null 2>&1 && echo CONNECTED; true")
                .output()
                .contains("CONNECTED");
    }

    @Test
    void noNameResolvesWithoutDirect() {
        for (var mode : List.of("none", "proxy", "strict")) {
            assertThat(in(mode, "nslookup kubernetes.default.svc.cluster.local && echo RESOLVED; true")
                            .output())
                    .as(mode)
                    .doesNotContain("RESOLVED");
        }
        assertThat(in("direct", "nslookup kubernetes.default.svc.cluster.local && echo RESOLVED; true")
                        .output())
                .contains("RESOLVED");
    }

    @Test
    void theProxyRefusesEveryDestinationAndSaysSo() {
        assertThat(in("proxy", "curl -s -o /dev/null -w '%{http_code}' http://example.com/")
                        .output())
                .isEqualTo("403");
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
}
