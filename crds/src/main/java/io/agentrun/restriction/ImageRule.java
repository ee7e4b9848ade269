package io.agentrun.restriction;

import io.agentrun.api.v1alpha1.Agent;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A demand on the image: a predicate that refuses, since an image can't be clipped.
 *
 * @param origin who demands it
 * @param registries prefixes of which the image must have one, each a whole path segment, such as {@code registry.example.com/team};
 *     empty demands nothing of the registry
 * @param requireDigest whether the image must be named by digest
 */
public record ImageRule(String origin, SortedSet<String> registries, boolean requireDigest)
        implements Comparable<ImageRule> {
    /** Copies the set. */
    public ImageRule {
        registries = java.util.Collections.unmodifiableSortedSet(new TreeSet<>(registries));
    }

    /** Why {@code image} may not run; empty when it may. {@link Agent}s without an image are judged by the default worker's. */
    public Optional<String> refuses(String image) {
        if (!registries.isEmpty() && registries.stream().noneMatch(r -> image.equals(r) || image.startsWith(r + "/"))) {
            return Optional.of("image " + image + " is not from an allowed registry: use one from "
                    + String.join(" or ", registries) + " (" + origin + ")");
        }
        if (requireDigest && !image.matches(".+@sha256:[0-9a-f]{64}$")) {
            return Optional.of("image " + image + " must be named by digest: append @sha256:… to it (" + origin + ")");
        }
        return Optional.empty();
    }

    @Override
    public int compareTo(ImageRule other) {
        return toString().compareTo(other.toString());
    }
}
