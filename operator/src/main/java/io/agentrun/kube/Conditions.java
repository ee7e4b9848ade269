package io.agentrun.kube;

import io.agentrun.api.v1alpha1.Condition;
import io.agentrun.api.v1alpha1.ConditionStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Conditions after the API conventions: the transition time moves only when the status flips. */
public final class Conditions {
    /** Longest message that is kept; the API conventions allow 32 KiB, a reader does not. */
    private static final int MOST_MESSAGE = 1024;

    private Conditions() {}

    /** What a controller has to say: a condition without its times. */
    public record Finding(String type, ConditionStatus status, String reason, String message) {
        /** It holds. */
        public static Finding yes(String type, String reason, String message) {
            return new Finding(type, ConditionStatus.True, reason, message);
        }

        /** It does not hold. */
        public static Finding no(String type, String reason, String message) {
            return new Finding(type, ConditionStatus.False, reason, message);
        }

        /** It can't be told. */
        public static Finding unknown(String type, String reason, String message) {
            return new Finding(type, ConditionStatus.Unknown, reason, message);
        }
    }

    /**
     * The new conditions: exactly the findings, sorted by type, with the old transition times where the status is the same.
     *
     * @param old the conditions that are in the object
     * @param findings one a type
     * @param generation the generation that was judged
     * @param now the time of a flip
     */
    public static List<Condition> update(
            Collection<Condition> old, Collection<Finding> findings, Long generation, Instant now) {
        var conditions = new ArrayList<Condition>();
        for (var finding : findings) {
            var since = old.stream()
                    .filter(c -> c.type().equals(finding.type()) && c.status() == finding.status())
                    .map(Condition::lastTransitionTime)
                    .findFirst()
                    .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
            conditions.add(new Condition(
                    finding.type(),
                    finding.status(),
                    generation,
                    since,
                    finding.reason(),
                    shortened(finding.message())));
        }
        conditions.sort(Comparator.comparing(Condition::type));
        return conditions;
    }

    private static String shortened(String message) {
        if (message.length() <= MOST_MESSAGE) {
            return message;
        }
        var end = MOST_MESSAGE - 1;
        // Half of a character would be stored as another one, and the status would differ from the wish for ever.
        return message.substring(0, Character.isHighSurrogate(message.charAt(end - 1)) ? end - 1 : end) + "…";
    }
}
