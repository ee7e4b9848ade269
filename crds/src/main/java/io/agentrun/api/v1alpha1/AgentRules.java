package io.agentrun.api.v1alpha1;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of the Agent's schema in Java, for objects that slipped past admission (an older schema, a restored etcd) and for the
 * offline commands, which have no API server. Bounds and words are read off the records, so that they stand once; a test compares
 * both verdicts on a real API server.
 */
public final class AgentRules {
    private static final Pattern NAME = Pattern.compile(Agent.NAME_FORM);
    private static final Set<String> OVERCOMMITTED = Set.of("cpu", "memory", "ephemeral-storage");
    private static final RecordRules RULES = rules();

    private AgentRules() {}

    /**
     * What is wrong with an Agent, a sentence each, in the words of its schema; empty when nothing is.
     *
     * @param name {@code metadata.name}
     * @param spec the spec, defaults filled in
     */
    public static List<String> violations(String name, AgentSpec spec) {
        var found = new ArrayList<String>();
        if (name == null
                || name.length() > Agent.MAX_NAME
                || !NAME.matcher(name).matches()) {
            found.add(Agent.NAME_MESSAGE);
        }
        found.addAll(RULES.violations("spec", spec));
        return List.copyOf(found);
    }

    private static RecordRules rules() {
        var rules = new RecordRules.Builder();
        ValueRules.addTo(rules);
        agent(rules);
        parts(rules);
        return rules.build(AgentSpec.class);
    }

    private static void agent(RecordRules.Builder rules) {
        rules.twin(
                        AgentSpec.ONE_REPLICA,
                        AgentSpec.class,
                        s -> s.executionMode() != ExecutionMode.Continuous
                                || (s.replicas() <= 1 && s.scaling() == null))
                .twin(
                        AgentSpec.ULIMITS,
                        AgentSpec.class,
                        s -> s.isolation().ulimits() == null
                                || s.image() == null
                                || !s.command().isEmpty())
                .twin(
                        AgentSpec.STRICT,
                        AgentSpec.class,
                        s -> s.isolation().level() != IsolationLevel.Strict
                                || s.egress().mode() != EgressMode.Direct)
                .twin(
                        AgentSpec.SUSPENDED,
                        AgentSpec.class,
                        s -> s.suspendReason() == null || s.operatingMode() != OperatingMode.Running)
                .twin(
                        AgentSpec.REACHABLE,
                        AgentSpec.class,
                        s -> s.ingress().from().isEmpty() || s.endpoint().protocol() != EndpointProtocol.None)
                .twin(
                        AgentSpec.SCRATCH_APART,
                        AgentSpec.class,
                        s -> s.volumes().stream()
                                .noneMatch(volume -> s.isolation().scratch().stream()
                                        .anyMatch(scratch -> Objects.equals(scratch.path(), volume.mountPath()))))
                .twin(
                        AgentSpec.MOUNTS_APART,
                        AgentSpec.class,
                        s -> s.volumes().stream()
                                        .map(Volume::mountPath)
                                        .distinct()
                                        .count()
                                == s.volumes().size());
    }

    private static void parts(RecordRules.Builder rules) {
        rules.twin(Scaling.ORDER, Scaling.class, s -> s.minReplicas() <= s.maxReplicas())
                .twin(EnvVar.ONE_SOURCE, EnvVar.class, e -> one(e.value(), e.secretKeyRef(), e.configMapKeyRef()))
                .twin(Volume.ONE_SOURCE, Volume.class, v -> one(v.claim(), v.configMap(), v.secret()))
                .twin(Volume.READ_ONLY, Volume.class, v -> v.claim() != null || v.readOnly())
                .twin(
                        Resources.NO_OVERCOMMIT,
                        Resources.class,
                        r -> r.requests().entrySet().stream()
                                .allMatch(request -> OVERCOMMITTED.contains(request.getKey())
                                        || Objects.toString(request.getValue())
                                                .equals(Objects.toString(
                                                        r.limits().get(request.getKey())))))
                .twin(
                        Egress.DIRECT,
                        Egress.class,
                        e -> (e.mode() == EgressMode.Direct) == !e.cidrs().isEmpty())
                .twin(
                        Egress.NONE,
                        Egress.class,
                        e -> e.mode() != EgressMode.None || e.services().isEmpty())
                .twin(
                        IngressSource.ONE_KIND,
                        IngressSource.class,
                        s -> (s.cidr() != null)
                                != (s.namespace() != null || !s.podLabels().isEmpty()))
                .twin(
                        Isolation.STRICT_SECCOMP,
                        Isolation.class,
                        i -> i.level() != IsolationLevel.Strict
                                || i.seccompProfile() == null
                                || i.seccompProfile().type() == SecurityProfileType.Localhost)
                .twin(
                        SecurityProfile.PROFILE,
                        SecurityProfile.class,
                        p -> (p.type() == SecurityProfileType.Localhost) == (p.localhostProfile() != null))
                // A limit that is missing is reported as such.
                .twin(
                        OpenFiles.ORDER,
                        OpenFiles.class,
                        o -> o.soft() == null || o.hard() == null || o.soft() <= o.hard())
                .twin(
                        Toleration.EXISTS,
                        Toleration.class,
                        t -> t.operator() != TolerationOperator.Exists || t.value() == null)
                .twin(
                        Toleration.EQUAL,
                        Toleration.class,
                        t -> t.operator() != TolerationOperator.Equal || t.key() != null)
                .twin(
                        Toleration.SECONDS,
                        Toleration.class,
                        t -> t.tolerationSeconds() == null || t.effect() == TaintEffect.NoExecute);
    }

    private static boolean one(Object... sources) {
        return Stream.of(sources).filter(Objects::nonNull).count() == 1;
    }
}
