package io.agentrun.api.v1alpha1;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Twins of the CEL rules on single values and on maps of them; {@link AgentRules} has those on objects. */
final class ValueRules {
    private static final Pattern TAKEN_PATH = Pattern.compile(Forms.TAKEN_PATH);
    private static final Set<String> TAKEN_FOLDERS = Set.of("/etc", "/var", "/var/run");
    private static final Pattern QUANTITY = Pattern.compile(Forms.QUANTITY);
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Set<String> BYTES = Set.of("memory", "ephemeral-storage");
    private static final long HOUR = 3_600_000;
    private static final String OCTET = "(0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    private static final Pattern CIDR =
            Pattern.compile("(" + OCTET + "([.]" + OCTET + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)/(0|[1-9][0-9]{0,2})");

    private ValueRules() {}

    static void addTo(RecordRules.Builder rules) {
        var labelKey = form(Forms.LABEL_KEY);
        var labelValue = form(Forms.LABEL_VALUE);
        var path = form(Forms.PATH);
        var profile = form(SecurityProfile.NAME_FORM);
        var resource = form(Resources.NAME_FORM);
        var takenKey = Pattern.compile(PodMetadata.TAKEN_KEY).asPredicate();
        rules.text(Forms.IS_DNS_LABEL, form(Forms.DNS_LABEL))
                .text(Forms.IS_OBJECT_NAME, form(Forms.OBJECT_NAME))
                .text(Forms.IS_DATA_KEY, form(Forms.DATA_KEY))
                .text(Forms.IS_LABEL_KEY, labelKey)
                .text(Forms.IS_LABEL_VALUE, labelValue)
                .text(Forms.IS_IMAGE, form(Forms.IMAGE))
                .text(Forms.IS_TIME, form(Forms.TIME))
                .text(Forms.IS_CIDR, ValueRules::isCidr)
                .text(
                        Forms.IS_ONE_LINE,
                        Pattern.compile(Forms.UNPRINTABLE).asPredicate().negate())
                .text(
                        Forms.IS_FREE_PATH,
                        p -> path.test(p) && !TAKEN_PATH.matcher(p).matches() && !TAKEN_FOLDERS.contains(p))
                .text(Endpoint.URL_PATH, form(Endpoint.URL_PATH_FORM))
                .text(EnvVar.IDENTIFIER, form(EnvVar.IDENTIFIER_FORM))
                .text(EnvVar.NOT_RESERVED, name -> !name.startsWith("AGENTRUN_"))
                .text(Scheduling.NOT_SYSTEM, name -> !name.startsWith("system-"))
                .text(SecurityProfile.BELOW, name -> profile.test(name) && !name.contains(".."))
                .items(Forms.ARE_CIDRS, String.class, ValueRules::isCidr)
                .entries(Forms.ARE_LABELS, String.class, (key, value) -> isKey(key, labelKey) && labelValue.test(value))
                .entries(PodMetadata.KEYS, String.class, (key, value) -> isKey(key, labelKey))
                .entries(PodMetadata.FREE_KEYS, String.class, (key, value) -> !takenKey.test(key))
                .twin(GoDuration.SECOND_TO_HOUR, GoDuration.class, duration -> between(1_000, duration))
                .twin(GoDuration.UP_TO_HOUR, GoDuration.class, duration -> between(0, duration))
                .twin(Scratch.SIZE, Quantity.class, size -> between("64Ki", size, "16Gi"))
                .twin(Ulimits.FILE_SIZE, Quantity.class, size -> between("4Ki", size, "1Ti"))
                .entries(Resources.AMOUNTS, Quantity.class, (name, amount) -> between("1m", amount, "1Pi"))
                .entries(
                        Resources.BYTES,
                        Quantity.class,
                        (name, amount) -> !BYTES.contains(name)
                                || !isQuantity(amount)
                                || amount(amount).compareTo(mega()) >= 0)
                .entries(
                        Resources.WHOLE,
                        Quantity.class,
                        (name, amount) -> !name.contains("/")
                                || !isQuantity(amount)
                                || DIGITS.matcher(amount.toString()).matches())
                .entries(
                        Resources.NAMES,
                        Quantity.class,
                        (name, amount) -> isKey(name, resource) && !name.startsWith("requests."))
                .twin(Resources.WITHIN, Resources.class, ValueRules::withinLimits);
    }

    private static Predicate<String> form(String expression) {
        return Pattern.compile(expression).asMatchPredicate();
    }

    private static boolean isKey(String key, Predicate<String> form) {
        return key.length() <= Forms.MAX_KEY && form.test(key);
    }

    private static boolean between(long leastMillis, GoDuration duration) {
        var millis = duration.toDuration().toMillis();
        return millis >= leastMillis && millis <= HOUR;
    }

    private static boolean between(String least, Quantity quantity, String most) {
        return isQuantity(quantity)
                && amount(quantity).compareTo(amount(new Quantity(least))) >= 0
                && amount(quantity).compareTo(amount(new Quantity(most))) <= 0;
    }

    private static boolean withinLimits(Resources resources) {
        return resources.requests().entrySet().stream().allMatch(request -> {
            var limit = resources.limits().get(request.getKey());
            return limit == null
                    || !isQuantity(request.getValue())
                    || !isQuantity(limit)
                    || amount(request.getValue()).compareTo(amount(limit)) <= 0;
        });
    }

    /** Whether the API takes {@code quantity} at all; others may have exponents that no computer can write out. */
    private static boolean isQuantity(Quantity quantity) {
        return QUANTITY.matcher(quantity.toString()).matches();
    }

    private static BigDecimal mega() {
        return BigDecimal.valueOf(1L << 20);
    }

    private static BigDecimal amount(Quantity quantity) {
        return quantity.getNumericalAmount();
    }

    /** CEL's isCIDR, which takes neither leading zeros nor IPv4 in IPv6, and no bit set behind the prefix. */
    private static boolean isCidr(String text) {
        if (!CIDR.matcher(text).matches()) {
            return false;
        }
        var slash = text.indexOf('/');
        var host = text.substring(0, slash);
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
        var six = address instanceof Inet6Address;
        var free = (six ? 128 : 32) - Integer.parseInt(text.substring(slash + 1));
        var number = new BigInteger(1, address.getAddress());
        return six == host.contains(":") && free >= 0 && (number.signum() == 0 || number.getLowestSetBit() >= free);
    }
}
