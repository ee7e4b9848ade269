package io.agentrun.restriction;

import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One bound and everybody who asked for exactly it.
 *
 * @param value the bound
 * @param origins who put it there, such as {@code OperatorCap} or {@code Policy/fleet}; never empty
 */
public record Limit<T>(T value, Set<String> origins) {
    /** Keeps the origins sorted, so that equal limits print equally. */
    public Limit {
        if (origins.isEmpty()) {
            throw new IllegalArgumentException("a limit needs an origin");
        }
        origins = java.util.Collections.unmodifiableSet(new TreeSet<>(origins));
    }

    /** A bound with one origin. */
    public static <T> Limit<T> of(T value, String origin) {
        return new Limit<>(value, Set.of(origin));
    }

    /**
     * The stricter of two limits, with both origins where they are equally strict. {@code null} is no limit at all.
     *
     * @param stricter orders the stricter value first
     */
    static <T> Limit<T> meet(Limit<T> a, Limit<T> b, Comparator<? super T> stricter) {
        if (a == null) {
            return b;
        }
        if (b == null) {
            return a;
        }
        int order = stricter.compare(a.value, b.value);
        if (order == 0) {
            // Equal in strictness, though maybe not in writing (1 and 1000m): keep one writing whatever the order.
            var value = a.value.toString().compareTo(b.value.toString()) <= 0 ? a.value : b.value;
            return new Limit<>(
                    value,
                    java.util.stream.Stream.concat(a.origins.stream(), b.origins.stream())
                            .collect(Collectors.toSet()));
        }
        return order < 0 ? a : b;
    }
}
