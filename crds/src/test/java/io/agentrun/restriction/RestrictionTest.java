package io.agentrun.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The four laws of the meet, over random restrictions that collide often. */
class RestrictionTest {
    @Property
    void associative(@ForAll("any") Restriction a, @ForAll("any") Restriction b, @ForAll("any") Restriction c) {
        assertThat(a.meet(b).meet(c)).isEqualTo(a.meet(b.meet(c)));
    }

    @Property
    void commutative(@ForAll("any") Restriction a, @ForAll("any") Restriction b) {
        assertThat(a.meet(b)).isEqualTo(b.meet(a));
    }

    @Property
    void idempotent(@ForAll("any") Restriction a) {
        assertThat(a.meet(a)).isEqualTo(a);
        assertThat(a.meet(Restriction.NONE)).isEqualTo(a);
    }

    @Property
    void whatIsAddedNeverLoosens(@ForAll("many") List<Restriction> all, @ForAll("any") Restriction more) {
        var before = Restriction.meet(all);
        var after = before.meet(more);
        assertThat(atLeastAsStrict(after, before)).isTrue();
        assertThat(atLeastAsStrict(after, more)).isTrue();
    }

    @Property
    void orderNeverMatters(@ForAll("many") List<Restriction> all, @ForAll long seed) {
        var shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(Restriction.meet(shuffled)).isEqualTo(Restriction.meet(all));
    }

    private static boolean atLeastAsStrict(Restriction a, Restriction b) {
        return (b.maxReplicas() == null
                        || a.maxReplicas().value() <= b.maxReplicas().value())
                && b.maxResources().entrySet().stream()
                        .allMatch(e -> Quantities.SMALLER_FIRST.compare(
                                        a.maxResources().get(e.getKey()).value(),
                                        e.getValue().value())
                                <= 0)
                && (b.egressMode() == null
                        || a.egressMode().value().compareTo(b.egressMode().value()) >= 0)
                && (b.isolationLevel() == null
                        || a.isolationLevel()
                                        .value()
                                        .compareTo(b.isolationLevel().value())
                                >= 0)
                && a.images().containsAll(b.images());
    }

    @Provide
    Arbitrary<Restriction> any() {
        var origin = Arbitraries.of("A", "B", "C");
        Arbitrary<Limit<Integer>> replicas = Combinators.combine(
                        Arbitraries.integers().between(0, 3), origin)
                .as(Limit::of)
                .injectNull(0.3);
        Arbitrary<Limit<EgressMode>> egress = Combinators.combine(Arbitraries.of(EgressMode.values()), origin)
                .as(Limit::of)
                .injectNull(0.3);
        Arbitrary<Limit<IsolationLevel>> isolation = Combinators.combine(
                        Arbitraries.of(IsolationLevel.values()), origin)
                .as(Limit::of)
                .injectNull(0.3);
        Arbitrary<Limit<Quantity>> amount = Combinators.combine(
                        Arbitraries.of("1", "1000m", "500m", "1Gi", "1024Mi", "64Mi")
                                .map(Quantity::new),
                        origin)
                .as(Limit::of);
        Arbitrary<Map<String, Limit<Quantity>>> resources =
                Arbitraries.maps(Arbitraries.of("cpu", "memory"), amount).ofMaxSize(2);
        Arbitrary<Set<ImageRule>> images = Combinators.combine(
                        origin, Arbitraries.of("r.example.com", "s.example.com/t"), Arbitraries.of(true, false))
                .as((o, r, d) -> new ImageRule(o, new TreeSet<>(Set.of(r)), d))
                .set()
                .ofMaxSize(3);
        return Combinators.combine(replicas, resources, egress, isolation, images)
                .as((r, m, e, i, g) -> new Restriction(r, m, e, i, new TreeSet<>(g)));
    }

    @Provide
    Arbitrary<List<Restriction>> many() {
        return any().list().ofMaxSize(6);
    }
}
