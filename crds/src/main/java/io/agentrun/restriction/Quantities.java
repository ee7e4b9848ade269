package io.agentrun.restriction;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Arithmetic on Kubernetes quantities, and their canonical writing. */
public final class Quantities {
    /** Orders the smaller amount first, whatever the writing. */
    public static final Comparator<Quantity> SMALLER_FIRST = Comparator.comparing(Quantity::getNumericalAmount);

    private static final List<Map.Entry<String, BigDecimal>> BINARY = List.of(
            Map.entry("Ei", BigDecimal.valueOf(1L << 60)),
            Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
            Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
            Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
            Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
            Map.entry("Ki", BigDecimal.valueOf(1L << 10)));

    private Quantities() {}

    /** The amount in whole units (bytes, cores), rounded up. */
    public static long units(Quantity quantity) {
        return quantity.getNumericalAmount().setScale(0, RoundingMode.CEILING).longValueExact();
    }

    /** A number of bytes as Kubernetes writes it: 67108864 is {@code 64Mi}, 1000 is {@code 1k}. */
    public static Quantity bytes(long bytes) {
        var amount = BigDecimal.valueOf(bytes);
        for (var unit : BINARY) {
            if (bytes >= unit.getValue().longValueExact()
                    && amount.remainder(unit.getValue()).signum() == 0) {
                return new Quantity(
                        amount.divide(unit.getValue(), RoundingMode.UNNECESSARY).toPlainString(), unit.getKey());
            }
        }
        return decimal(amount);
    }

    /**
     * The canonical writing, as the API server prints it: {@code 1000m} is {@code 1}, {@code 1024Mi} is {@code 1Gi}. Binary
     * suffixes stay binary, everything else is decimal.
     */
    public static Quantity canonical(Quantity quantity) {
        var format = quantity.getFormat() == null ? "" : quantity.getFormat();
        var amount = quantity.getNumericalAmount();
        if (format.endsWith("i") && amount.remainder(BigDecimal.ONE).signum() == 0) {
            return bytes(amount.longValueExact());
        }
        return decimal(amount);
    }

    private static Quantity decimal(BigDecimal amount) {
        // Thousandths are the finest that Kubernetes keeps for cpu; everything finer is rounded up by it, too.
        var milli = amount.movePointRight(3).setScale(0, RoundingMode.CEILING);
        var thousand = BigDecimal.valueOf(1000);
        if (milli.remainder(thousand).signum() != 0) {
            return new Quantity(milli.toPlainString(), "m");
        }
        var whole = milli.divide(thousand, RoundingMode.UNNECESSARY);
        for (var suffix : List.of("", "k", "M", "G", "T", "P")) {
            if (whole.signum() == 0 || whole.remainder(thousand).signum() != 0) {
                return new Quantity(whole.toPlainString(), suffix);
            }
            whole = whole.divide(thousand, RoundingMode.UNNECESSARY);
        }
        return new Quantity(whole.toPlainString(), "E");
    }
}
