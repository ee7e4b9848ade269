package io.agentrun.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A duration as Kubernetes users write it: {@code 30s}, {@code 15m}, {@code 1h30m}, {@code 250ms}. Days do not exist, because
 * Go's {@code time.ParseDuration} (and CEL's {@code duration()}, which the schema uses) has none.
 *
 * @param text the duration as written; units h, m, s and ms, largest first or not, at least one
 */
public record GoDuration(@JsonValue String text) {
    /** The form that the schema and {@link #of} accept. */
    public static final String PATTERN = "^([0-9]{1,6}(h|m|s|ms))+$";

    /** CEL: between one second and one hour. */
    public static final String SECOND_TO_HOUR =
            "self.matches('" + PATTERN + "') && duration(self) >= duration('1s') && duration(self) <= duration('1h')";
    /** Words for {@link #SECOND_TO_HOUR}. */
    public static final String SECOND_TO_HOUR_MESSAGE =
            "must be a duration between 1s and 1h, in h, m, s or ms, such as 30s or 1m30s";
    /** CEL: at most one hour. */
    public static final String UP_TO_HOUR = "self.matches('" + PATTERN + "') && duration(self) <= duration('1h')";
    /** Words for {@link #UP_TO_HOUR}. */
    public static final String UP_TO_HOUR_MESSAGE =
            "must be a duration between 0s and 1h, in h, m, s or ms, such as 30s or 1m30s";

    private static final Pattern WHOLE = Pattern.compile(PATTERN);
    private static final Pattern PART = Pattern.compile("([0-9]{1,6})(ms|h|m|s)");
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException when the text is no such duration; the message says what to write
     */
    @JsonCreator
    public static GoDuration of(String text) {
        return new GoDuration(text);
    }

    /** Checks the text. */
    public GoDuration {
        if (text == null || !WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "\"" + text + "\" is not a duration: write a number and h, m, s or ms, such as 30s or 1h30m");
        }
    }

    /** The same span as {@link Duration}. */
    public Duration toDuration() {
        long millis = 0;
        for (Matcher part = PART.matcher(text); part.find(); ) {
            millis += Long.parseLong(part.group(1)) * MILLIS.get(part.group(2));
        }
        return Duration.ofMillis(millis);
    }

    /** The span in whole seconds, rounded up, at least {@code least}: Kubernetes' probes and grace periods know no fractions. */
    public int seconds(int least) {
        return (int) Math.max(least, (toDuration().toMillis() + 999) / 1000);
    }

    @Override
    public String toString() {
        return text;
    }
}
