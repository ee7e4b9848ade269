package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** On a cluster that has nothing but IPv6, an address and a port need brackets between them. */
class Ipv6PlatformTest {
    private static final Platform PLATFORM = new Platform(
            "agentrun-system",
            "gate:test",
            new Platform.Gateway("fd00:10::50"),
            List.of("fd00:10::1/128"),
            "[fd00:10::1]:443",
            Optional.empty(),
            "agentrun-worker.json",
            GoldenCase.PLATFORM.defaults());

    @Test
    void theGatewayIsWrittenInBrackets() {
        var agent = GoldenCase.load(GoldenCase.ROOT.resolve("minimal")).agent();
        var effective = Effective.of(agent.getSpec(), Restriction.NONE, PLATFORM.defaults());
        var pod = Children.render(agent, effective, PLATFORM, Map.of()).stream()
                .filter(Deployment.class::isInstance)
                .map(child -> ((Deployment) child).getSpec().getTemplate().getSpec())
                .findFirst()
                .orElseThrow();
        var env = Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .flatMap(container -> container.getEnv().stream())
                .toList();
        assertThat(env)
                .contains(
                        new EnvVar("AGENTRUN_GATE_CLOSED", "[fd00:10::50]:3129,[fd00:10::1]:443", null),
                        new EnvVar("AGENTRUN_GATE_OPEN", "[fd00:10::50]:3128", null),
                        new EnvVar("HTTPS_PROXY", "http://[fd00:10::50]:3128", null));
    }
}
