package io.agentrun.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.api.v1alpha1.AgentReader;
import io.agentrun.api.v1alpha1.AgentRules;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Agents made from a seed: any combination of any field, of which the rules accept a good part. Every field is left out about as
 * often as it is written.
 */
final class RandomAgents {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String[] QUANTITIES = {
        "1", "500m", "0.25", "1500m", "2", "1e3", "1.5Gi", "512Mi", "700M", "702000000", "1953.125Ki", "3000000Ki"
    };
    private static final String[] CIDRS = {
        "0.0.0.0/0", "::/0", "10.0.0.0/8", "169.254.0.0/16", "169.254.169.254/32", "168.0.0.0/6", "192.0.2.10/32",
        "192.0.0.0/16", "100.64.0.0/10", "203.0.113.0/24", "fd00::/8", "fd00:ec2::254/128", "2001:db8::/32", "fe80::/9"
    };

    private final Random random;

    private RandomAgents(long seed) {
        this.random = new Random(seed);
    }

    /** The agent of a seed with another number of replicas; empty when the rules refuse it. */
    static Optional<Agent> of(long seed, int replicas) {
        var manifest = JSON.objectNode();
        manifest.put("apiVersion", "agentrun.io/v1alpha1").put("kind", "Agent");
        manifest.putObject("metadata").put("name", "bot");
        manifest.set("spec", new RandomAgents(seed).spec().put("replicas", replicas));
        if (!(AgentReader.read(manifest.toString()) instanceof AgentReader.Read read)) {
            throw new IllegalStateException(
                    "the generator writes what can't be read: " + AgentReader.read(manifest.toString()));
        }
        var agent = read.agent();
        if (!AgentRules.violations(agent.getMetadata().getName(), agent.getSpec())
                .isEmpty()) {
            return Optional.empty();
        }
        agent.getMetadata().setNamespace("golden");
        agent.getMetadata().setUid("uid");
        return Optional.of(agent);
    }

    private ObjectNode spec() {
        var spec = JSON.objectNode();
        maybe(() -> spec.put("executionMode", one("Collaborative", "Autonomous", "Collaborative", "Continuous")));
        maybe(() -> spec.put("operatingMode", one("Running", "Running", "Suspended", "Terminated")));
        maybe(() -> spec.put("image", one("example.com/bot:1", "bot", "example.com:5000/a/b")));
        maybe(() -> spec.put("imagePullPolicy", one("Always", "IfNotPresent", "Never")));
        maybe(() -> spec.putArray("imagePullSecrets").addObject().put("name", "mirror"));
        maybe(() -> texts(spec.putArray("command"), "/bot", "--serve"));
        maybe(() -> texts(spec.putArray("args"), "--verbose", "$(HOME)", ""));
        maybe(() -> env(spec.putArray("env")));
        maybe(() -> endpoint(spec.putObject("endpoint")));
        maybe(() -> scaling(spec.putObject("scaling")));
        maybe(() -> resources(spec.putObject("resources")));
        maybe(() -> isolation(spec.putObject("isolation")));
        maybe(() -> volumes(spec.putArray("volumes")));
        maybe(() -> egress(spec.putObject("egress")));
        maybe(() -> ingress(spec.putObject("ingress").putArray("from")));
        maybe(() -> lifecycle(spec.putObject("lifecycle")));
        maybe(() -> spec.put("restartAt", "2026-01-31T12:00:0" + random.nextInt(10) + "Z"));
        maybe(() -> scheduling(spec.putObject("scheduling")));
        maybe(() -> {
            var metadata = spec.putObject("podMetadata");
            maybe(() -> labels(metadata.putObject("labels")));
            maybe(() -> labels(metadata.putObject("annotations")));
        });
        return spec;
    }

    private void env(ArrayNode env) {
        for (int i = random.nextInt(4); i >= 0; i--) {
            var variable = env.addObject().put("name", one("PLAIN", "NO_PROXY", "HTTPS_PROXY", "KEY") + i);
            switch (random.nextInt(4)) {
                case 0 -> variable.putObject("secretKeyRef").put("name", "keys").put("key", "k" + i);
                case 1 ->
                    variable.putObject("configMapKeyRef").put("name", "conf").put("key", "k" + i);
                case 2 -> variable.put("value", "");
                default -> variable.put("value", "v" + i);
            }
        }
    }

    private void endpoint(ObjectNode endpoint) {
        maybe(() -> endpoint.put("port", 1024 + random.nextInt(64_000)));
        maybe(() -> endpoint.put("protocol", one("HTTP", "TCP", "None")));
        maybe(() -> endpoint.put("healthPath", one("/", "/healthz?full=1")));
    }

    private void scaling(ObjectNode scaling) {
        maybe(() -> scaling.put("minReplicas", 1 + random.nextInt(3)));
        maybe(() -> scaling.put("maxReplicas", 3 + random.nextInt(9)));
        maybe(() -> scaling.putArray("metrics").addObject().put("type", one("CPU", "Memory")));
        maybe(() -> scaling.putObject("stabilization").put("scaleUp", one("0s", "1500ms", "1h")));
    }

    private void resources(ObjectNode resources) {
        for (var kind : new String[] {"requests", "limits"}) {
            maybe(() -> {
                var amounts = resources.putObject(kind);
                maybe(() -> amounts.put("cpu", one(QUANTITIES)));
                maybe(() -> amounts.put("memory", one(QUANTITIES)));
                maybe(() -> amounts.put("ephemeral-storage", one(QUANTITIES)));
            });
        }
        maybe(() -> resources.withObject("/limits").put("example.com/gpu", "" + (1 + random.nextInt(2000))));
    }

    private void isolation(ObjectNode isolation) {
        maybe(() -> isolation.put("level", one("Restricted", "Strict")));
        maybe(() -> profile(isolation.putObject("seccompProfile")));
        maybe(() -> profile(isolation.putObject("appArmorProfile")));
        maybe(() -> isolation.put("runtimeClassName", "gvisor"));
        maybe(() -> isolation.put("userNamespace", random.nextBoolean()));
        maybe(() -> {
            var scratch = isolation.putArray("scratch");
            for (int i = random.nextInt(4); i > 0; i--) {
                scratch.addObject()
                        .put("path", "/s" + i)
                        .put("size", one("64Ki", "700M", "1.5Gi", "702000000", "65537"));
            }
        });
        maybe(() -> {
            var ulimits = isolation.putObject("ulimits");
            maybe(() -> ulimits.put("fileSize", one("4Ki", "10M")));
            maybe(() -> ulimits.putObject("openFiles").put("soft", 64).put("hard", 64 + random.nextInt(999)));
        });
    }

    private void profile(ObjectNode profile) {
        if (random.nextBoolean()) {
            profile.put("type", "RuntimeDefault");
        } else {
            profile.put("type", "Localhost").put("localhostProfile", "team/bot.json");
        }
    }

    private void volumes(ArrayNode volumes) {
        for (int i = random.nextInt(4); i > 0; i--) {
            var volume = volumes.addObject().put("name", "v" + i).put("mountPath", "/v" + i);
            switch (random.nextInt(3)) {
                case 0 -> volume.put("claim", "c").put("readOnly", random.nextBoolean());
                case 1 -> volume.put("configMap", "c");
                default -> volume.put("secret", "s");
            }
        }
    }

    private void egress(ObjectNode egress) {
        var mode = one("None", "Proxy", "Direct", "Direct");
        egress.put("mode", mode);
        if (mode.equals("Direct")) {
            var cidrs = egress.putArray("cidrs");
            for (int i = random.nextInt(5); i >= 0; i--) {
                var cidr = one(CIDRS);
                if (!cidrs.toString().contains(cidr)) {
                    cidrs.add(cidr);
                }
            }
        }
        if (!mode.equals("None")) {
            maybe(() ->
                    egress.putArray("services").addObject().put("name", "store").put("port", 80));
        }
    }

    private void ingress(ArrayNode from) {
        for (int i = random.nextInt(4); i > 0; i--) {
            var source = from.addObject();
            switch (random.nextInt(3)) {
                case 0 -> source.put("cidr", one(CIDRS));
                case 1 -> source.put("namespace", "shop");
                default -> labels(source.putObject("podLabels"));
            }
        }
    }

    private void lifecycle(ObjectNode lifecycle) {
        maybe(() -> lifecycle.put("healthCheckInterval", one("1s", "1500ms", "1h")));
        maybe(() -> lifecycle.put("shutdownTimeout", one("1s", "1001ms", "1h")));
        maybe(() -> lifecycle.put("failureLogTail", random.nextBoolean()));
    }

    private void scheduling(ObjectNode scheduling) {
        maybe(() -> labels(scheduling.putObject("nodeSelector")));
        maybe(() -> scheduling.put("priorityClassName", "batch"));
        maybe(() ->
                scheduling.putArray("tolerations").addObject().put("key", "k").put("operator", one("Exists", "Equal")));
        maybe(() -> scheduling.putArray("topologySpread").addObject().put("topologyKey", "zone"));
    }

    private void labels(ObjectNode labels) {
        for (int i = random.nextInt(5); i >= 0; i--) {
            labels.put("example.com/" + (char) ('a' + random.nextInt(26)), "v" + i);
        }
    }

    private static void texts(ArrayNode into, String... texts) {
        for (var text : texts) {
            into.add(text);
        }
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }

    private void maybe(Runnable write) {
        if (random.nextBoolean()) {
            write.run();
        }
    }

    /** Those of the first seeds that the rules accept. */
    static List<Agent> some(int seeds, int replicas) {
        return LongStream.range(0, seeds)
                .mapToObj(seed -> of(seed, replicas))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Names the agent by which a test fails. */
    static void each(List<Agent> agents, Consumer<Agent> test) {
        for (var agent : agents) {
            try {
                test.accept(agent);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(e.getMessage() + "\nof " + Serialization.asYaml(agent), e);
            }
        }
    }
}
