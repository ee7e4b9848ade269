package io.agentrun.restriction;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Quantities as the API server writes them; another writing would be a difference that never ends. */
class QuantitiesTest {
    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "1000m, 1",
        "100m, 100m",
        "0.1, 100m",
        "1.5, 1500m",
        "1500m, 1500m",
        "0, 0",
        "1u, 1m",
        "1000, 1k",
        "1e3, 1k",
        "1000000, 1M",
        "1M, 1M",
        "1500k, 1500k",
        "1024Mi, 1Gi",
        "1536Mi, 1536Mi",
        "1.5Gi, 1536Mi",
        "0.5Ki, 512",
        "1024, 1024",
        "1Pi, 1Pi",
        "1024Ti, 1Pi",
        "1Ti, 1Ti",
        "2048Ki, 2Mi",
        "1P, 1P"
    })
    void canonical(String written, String canonical) {
        assertThat(Quantities.canonical(new Quantity(written))).hasToString(canonical);
        assertThat(Quantities.canonical(new Quantity(canonical))).hasToString(canonical);
    }

    @ParameterizedTest(name = "{0} bytes are {1}")
    @CsvSource({
        "0, 0",
        "512, 512",
        "1000, 1k",
        "1024, 1Ki",
        "1500, 1500",
        "67108864, 64Mi",
        "5368709120, 5Gi",
        "1125899906842624, 1Pi",
        "1025, 1025",
        "500000, 500k"
    })
    void bytes(long bytes, String written) {
        assertThat(Quantities.bytes(bytes)).hasToString(written);
        assertThat(Quantities.units(Quantities.bytes(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest(name = "{0} is {1} units")
    @CsvSource({"1, 1", "1m, 1", "1001m, 2", "1Ki, 1024", "1k, 1000", "64Mi, 67108864", "0, 0"})
    void unitsAreRoundedUp(String written, long units) {
        assertThat(Quantities.units(new Quantity(written))).isEqualTo(units);
    }

    @Test
    void orderedByAmountNotByWriting() {
        assertThat(Quantities.SMALLER_FIRST.compare(new Quantity("1000m"), new Quantity("1")))
                .isZero();
        assertThat(Quantities.SMALLER_FIRST.compare(new Quantity("900m"), new Quantity("1")))
                .isNegative();
        assertThat(Quantities.SMALLER_FIRST.compare(new Quantity("1Gi"), new Quantity("1G")))
                .isPositive();
    }
}
