package io.agentrun.restriction;

import io.agentrun.api.v1alpha1.EgressMode;
import io.agentrun.api.v1alpha1.IsolationLevel;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A limit on an agent from one or many sources. {@code null} in a component, or a missing key, is top: no limit.
 *
 * @param maxReplicas most pods; the smaller is stricter
 * @param maxResources most of each resource a replica may have as its limit, by Kubernetes' resource name; the smaller is stricter
 * @param egressMode the mildest egress mode allowed; the later constant is stricter
 * @param isolationLevel the mildest isolation level allowed; the later constant is stricter
 * @param images demands on the image; all must hold
 */
public record Restriction(
        Limit<Integer> maxReplicas,
        Map<String, Limit<Quantity>> maxResources,
        Limit<EgressMode> egressMode,
        Limit<IsolationLevel> isolationLevel,
        SortedSet<ImageRule> images) {
    /** The top of the lattice: restricts nothing. */
    public static final Restriction NONE = new Restriction(null, Map.of(), null, null, Collections.emptySortedSet());

    /** Copies the collections. */
    public Restriction {
        maxResources = Collections.unmodifiableMap(new TreeMap<>(maxResources));
        images = Collections.unmodifiableSortedSet(new TreeSet<>(images));
    }

    /** The greatest restriction that is at least as strict as both. */
    public Restriction meet(Restriction other) {
        var resources = new TreeMap<>(maxResources);
        other.maxResources.forEach(
                (name, limit) -> resources.merge(name, limit, (a, b) -> Limit.meet(a, b, Quantities.SMALLER_FIRST)));
        var allImages = new TreeSet<>(images);
        allImages.addAll(other.images);
        return new Restriction(
                Limit.meet(maxReplicas, other.maxReplicas, Comparator.naturalOrder()),
                resources,
                Limit.meet(egressMode, other.egressMode, Comparator.reverseOrder()),
                Limit.meet(isolationLevel, other.isolationLevel, Comparator.reverseOrder()),
                allImages);
    }

    /** The meet of all; {@link #NONE} of none. */
    public static Restriction meet(Collection<Restriction> all) {
        return all.stream().reduce(NONE, Restriction::meet);
    }
}
