package io.agentrun.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.AgentReader;
import io.agentrun.api.v1alpha1.AgentSpec;
import io.agentrun.api.v1alpha1.EffectiveValue;
import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wish, default and cap: which of them holds, and who is named for it. */
class EffectiveTest {
    private static final Effective.Defaults DEFAULTS = new Effective.Defaults(
            "worker:test",
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("256Mi")),
            Map.of("cpu", new Quantity("1"), "memory", new Quantity("512Mi")));
    private static final String CAP = "OperatorCap";

    @Test
    void whoSaysNothingGetsTheDefaults() {
        var effective = of("{}", Restriction.NONE);
        assertThat(effective.describe())
                .containsExactly(
                        value("egress.mode", "Proxy", "Agent"),
                        value("image", "worker:test", "OperatorDefault"),
                        value("isolation.level", "Restricted", "Agent"),
                        value("replicas", "1", "Agent"),
                        value("resources.limits.cpu", "1", "OperatorDefault"),
                        value("resources.limits.memory", "512Mi", "OperatorDefault"),
                        value("resources.requests.cpu", "100m", "OperatorDefault"),
                        value("resources.requests.memory", "256Mi", "OperatorDefault"));
        assertThat(effective.held()).isFalse();
        assertThat(effective.refusals()).isEmpty();
    }

    @ParameterizedTest(name = "requests {0} and limits {1} under {2} give {3} and {4}")
    @CsvSource({
        // A request above the default limit takes the limit with it.
        "'cpu: 4',                '',         '',           4,    4",
        "'cpu: 500m',             '',         '',           500m, 1",
        // A limit below the default request takes the request with it.
        "'',                      'cpu: 50m', '',           50m,  50m",
        "'',                      'cpu: 8',   '',           100m, 8",
        "'cpu: 4',                'cpu: 8',   'cpu: 2',     2,    2",
        "'cpu: 1',                'cpu: 8',   'cpu: 2',     1,    2",
        "'',                      '',         'cpu: 50m',   50m,  50m",
        "'',                      '',         'memory: 1',  100m, 1",
        "'',                      '',         'cpu: 100',   100m, 1"
    })
    void theStricterHolds(String requests, String limits, String cap, String request, String limit) {
        var effective = of("{resources: {requests: {%s}, limits: {%s}}}".formatted(requests, limits), resources(cap));
        assertThat(effective.requests().get("cpu").value()).hasToString(request);
        assertThat(effective.limits().get("cpu").value()).hasToString(limit);
    }

    @Test
    void whoeverSetTheValueIsNamed() {
        var effective = of("{resources: {limits: {cpu: 8}}}", resources("cpu: 2"));
        assertThat(effective.describe()).contains(value("resources.limits.cpu", "2", CAP));
        var equal = of("{resources: {limits: {cpu: 2000m}}}", resources("cpu: 2"));
        assertThat(equal.describe()).contains(new EffectiveValue("resources.limits.cpu", "2", List.of("Agent", CAP)));
    }

    @Test
    void devicesAreLimitedAsTheyAreRequestedAndCappedEitherWay() {
        var limited = of("{resources: {limits: {nvidia.com/gpu: 4}}}", Restriction.NONE);
        assertThat(limited.requests().get("nvidia.com/gpu").value()).hasToString("4");
        var requested = of("{resources: {requests: {nvidia.com/gpu: 4}}}", resources("nvidia.com/gpu: 1"));
        assertThat(requested.limits().get("nvidia.com/gpu").value()).hasToString("1");
        assertThat(requested.requests().get("nvidia.com/gpu").value()).hasToString("1");
        assertThat(of("{}", resources("nvidia.com/gpu: 1")).limits())
                .as("a cap gives nobody a device")
                .doesNotContainKey("nvidia.com/gpu");
    }

    @Test
    void aCapHoldsReplicasAndNeverRaisesThem() {
        var held = of("{replicas: 4}", replicas(1));
        assertThat(held.replicas()).isEqualTo(Limit.of(1, CAP));
        assertThat(held.wished()).isEqualTo(4);
        assertThat(held.held()).isTrue();
        var free = of("{replicas: 1}", replicas(3));
        assertThat(free.replicas()).isEqualTo(Limit.of(1, "Agent"));
        assertThat(free.held()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Suspended", "Terminated"})
    void whoDoesNotRunHasNoReplicas(String mode) {
        var effective = of("{replicas: 4, operatingMode: %s}".formatted(mode), replicas(2));
        assertThat(effective.replicas()).isEqualTo(Limit.of(0, "Agent (operatingMode " + mode + ")"));
        assertThat(effective.held()).isTrue();
    }

    @ParameterizedTest(name = "{0} under {1} is {2}")
    @CsvSource({
        "Proxy, None, None",
        "Direct, Proxy, Proxy",
        "None, Direct, None",
        "Proxy, Direct, Proxy",
        "None, Proxy, None"
    })
    void egressOnlyGetsStricter(String wish, EgressMode cap, EgressMode holds) {
        var cidrs = wish.equals("Direct") ? ", cidrs: [192.0.2.0/24]" : "";
        var restriction = new Restriction(null, Map.of(), Limit.of(cap, CAP), null, new TreeSet<>());
        assertThat(of("{egress: {mode: %s%s}}".formatted(wish, cidrs), restriction)
                        .egressMode()
                        .value())
                .isEqualTo(holds);
    }

    @Test
    void strictAndDirectTogetherAreRefused() {
        var strict =
                new Restriction(null, Map.of(), null, Limit.of(IsolationLevel.Strict, "Policy/fleet"), new TreeSet<>());
        var effective = of("{egress: {mode: Direct, cidrs: [192.0.2.0/24]}}", strict);
        assertThat(effective.isolationLevel().value()).isEqualTo(IsolationLevel.Strict);
        assertThat(effective.refusals())
                .singleElement()
                .asString()
                .contains("Direct")
                .contains("Policy/fleet");
        assertThat(effective.replicas()).isEqualTo(Limit.of(0, "refused"));
        assertThat(of("{}", strict).refusals()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: allowed {1}")
    @CsvSource({
        "example.com/team/bot:1, true",
        "example.com/team, true",
        "example.com/teammate/bot:1, false",
        "example.org/bot:1, false",
        "bot:1, false"
    })
    void aRegistryIsAWholePathSegment(String image, boolean allowed) {
        var rule = new ImageRule("Policy/fleet", new TreeSet<>(List.of("example.com/team")), false);
        var effective = of("{image: \"%s\"}".formatted(image), images(rule));
        assertThat(effective.refusals().isEmpty()).isEqualTo(allowed);
        assertThat(effective.replicas().value()).isEqualTo(allowed ? 1 : 0);
    }

    @Test
    void aDigestIsDemandedOfTheDefaultImageToo() {
        var rule = new ImageRule("Policy/fleet", new TreeSet<>(), true);
        assertThat(of("{}", images(rule)).refusals())
                .singleElement()
                .asString()
                .contains("worker:test")
                .contains("Policy/fleet");
        var digest = "a".repeat(64);
        assertThat(of("{image: \"example.com/bot@sha256:%s\"}".formatted(digest), images(rule))
                        .refusals())
                .isEmpty();
        assertThat(rule.refuses("example.com/bot@sha256:" + digest.substring(1)))
                .isPresent();
    }

    private static Effective of(String spec, Restriction restriction) {
        return Effective.of(spec(spec), restriction, DEFAULTS);
    }

    private static AgentSpec spec(String spec) {
        var read = AgentReader.read(
                "apiVersion: agentrun.io/v1alpha1\nkind: Agent\nmetadata: {name: bot}\nspec: " + spec + "\n");
        assertThat(read).isInstanceOf(AgentReader.Read.class);
        return ((AgentReader.Read) read).agent().getSpec();
    }

    private static Restriction replicas(int most) {
        return new Restriction(Limit.of(most, CAP), Map.of(), null, null, new TreeSet<>());
    }

    private static Restriction resources(String cap) {
        var caps = new TreeMap<String, Limit<Quantity>>();
        if (!cap.isEmpty()) {
            var parts = cap.split(": ", 2);
            caps.put(parts[0], Limit.of(new Quantity(parts[1]), CAP));
        }
        return new Restriction(null, caps, null, null, new TreeSet<>());
    }

    private static Restriction images(ImageRule rule) {
        return new Restriction(null, Map.of(), null, null, new TreeSet<>(List.of(rule)));
    }

    private static EffectiveValue value(String name, String value, String origin) {
        return new EffectiveValue(name, value, List.of(origin));
    }
}
