package io.agentrun.api.v1alpha1;

/**
 * The forms of text in the API: each as a regular expression that RE2 (the API server) and Java read alike, as the CEL rule that the
 * schema carries, and in the words that a user reads when it is broken. {@link AgentRules} checks the same expression in Java.
 *
 * <p>They are CEL rules and not {@code pattern}s, since a pattern's error shows the expression and not what to write.
 */
public final class Forms {
    private static final String DNS = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final String ALNUM = "[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?";
    private static final String REPOSITORY = "[a-z0-9]+((__|[._]|-+)[a-z0-9]+)*";

    /** A DNS label, such as the name of a namespace or a Service. */
    public static final String DNS_LABEL = "^" + DNS + "$";
    /** CEL for {@link #DNS_LABEL}. */
    public static final String IS_DNS_LABEL = "self.matches('" + DNS_LABEL + "')";
    /** Words for {@link #DNS_LABEL}. */
    public static final String DNS_LABEL_MESSAGE =
            "must be a DNS label, small letters, digits and '-' between them, such as team-data";

    /** The name of an object (DNS subdomain). */
    public static final String OBJECT_NAME = "^" + DNS + "([.]" + DNS + ")*$";
    /** CEL for {@link #OBJECT_NAME}. */
    public static final String IS_OBJECT_NAME = "self.matches('" + OBJECT_NAME + "')";
    /** Words for {@link #OBJECT_NAME}. */
    public static final String OBJECT_NAME_MESSAGE =
            "must be the name of an object, small letters, digits, '-' and '.', such as team-data";

    /** A key of a ConfigMap or Secret. */
    public static final String DATA_KEY = "^[.]?[A-Za-z0-9_-][A-Za-z0-9._-]*$";
    /** CEL for {@link #DATA_KEY}. */
    public static final String IS_DATA_KEY = "self.matches('" + DATA_KEY + "')";
    /** Words for {@link #DATA_KEY}. */
    public static final String DATA_KEY_MESSAGE =
            "must be a key of the object, letters, digits, '-', '_' and '.', such as api-key";

    /** A key of a label, annotation or taint, with or without a prefix. */
    public static final String LABEL_KEY = "^(" + DNS + "([.]" + DNS + ")*/)?" + ALNUM + "$";
    /** CEL for {@link #LABEL_KEY}. */
    public static final String IS_LABEL_KEY = "self.matches('" + LABEL_KEY + "')";
    /** Words for {@link #LABEL_KEY}. */
    public static final String LABEL_KEY_MESSAGE =
            "must be a qualified name, such as gpu or topology.kubernetes.io/zone";

    /** Most characters of a key; Kubernetes allows 253 before the slash and 63 behind it, one bound is enough for both. */
    public static final int MAX_KEY = 253;

    /** The value of a label or taint; may be empty. */
    public static final String LABEL_VALUE = "^(" + ALNUM + ")?$";
    /** CEL for {@link #LABEL_VALUE}. */
    public static final String IS_LABEL_VALUE = "self.matches('" + LABEL_VALUE + "')";
    /** Words for {@link #LABEL_VALUE}. */
    public static final String LABEL_VALUE_MESSAGE =
            "must be at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";
    /** CEL for a map of labels: every key and every value has its form. */
    public static final String ARE_LABELS = "self.all(k, size(k) <= " + MAX_KEY + " && k.matches('" + LABEL_KEY
            + "') && self[k].matches('" + LABEL_VALUE + "'))";
    /** Words for {@link #ARE_LABELS}. */
    public static final String LABELS_MESSAGE =
            "must be labels: a qualified name, and a value of at most 63 letters, digits, '-', '_' and '.', such as"
                    + " example.com/team: research";

    /** A container image. */
    public static final String IMAGE = "^([A-Za-z0-9-]+([.][A-Za-z0-9-]+)*(:[0-9]{1,5})?/)?" + REPOSITORY + "(/"
            + REPOSITORY + ")*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64}|@sha512:[0-9a-f]{128})?$";
    /** CEL for {@link #IMAGE}. */
    public static final String IS_IMAGE = "self.matches('" + IMAGE + "')";
    /** Words for {@link #IMAGE}. */
    public static final String IMAGE_MESSAGE =
            "must be an image reference, the repository in small letters, such as registry.example.com/team/agent:1.2";

    /** A place for a mount: absolute, without {@code .}, {@code ..}, empty parts and a slash at the end. */
    public static final String PATH = "^(/[.]?[A-Za-z0-9_-][A-Za-z0-9._-]*)+$";
    /** Places that the operator, the kubelet or the kernel fill, and everything below them. */
    public static final String TAKEN_PATH = "^/(proc|sys|dev|agentrun|etc/agentrun|(var/)?run/secrets)(/.*)?$";
    /** CEL: a path that is normal and free. */
    public static final String IS_FREE_PATH = "self.matches('" + PATH + "') && !self.matches('" + TAKEN_PATH
            + "') && !(self in ['/etc', '/var', '/var/run'])";
    /** Words for {@link #IS_FREE_PATH}. */
    public static final String FREE_PATH_MESSAGE =
            "must be an absolute path without '.', '..' or a slash at the end, and not cover /, /proc, /sys, /dev, /etc,"
                    + " /var, /var/run, /run/secrets, /etc/agentrun or /agentrun: choose a path such as /data";

    /** An RFC 3339 time, to the second. */
    public static final String TIME = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]"
            + ":[0-5][0-9](Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$";
    /** CEL for {@link #TIME}. */
    public static final String IS_TIME = "self.matches('" + TIME + "')";

    /** Characters that would break or reorder a line of {@code kubectl describe}: control and bidirectional ones. */
    public static final String UNPRINTABLE = "[\\p{Cc}\\x{200E}\\x{200F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]";
    /** CEL: text without {@link #UNPRINTABLE} characters. */
    public static final String IS_ONE_LINE = "!self.matches(r'" + UNPRINTABLE + "')";
    /** Words for {@link #IS_ONE_LINE}. */
    public static final String ONE_LINE_MESSAGE = "must be one line without control characters";

    /** CEL: an address range whose address is its first. */
    public static final String IS_CIDR = "isCIDR(self) && cidr(self).masked() == cidr(self)";
    /** CEL: a list of address ranges whose address is their first. */
    public static final String ARE_CIDRS = "self.all(c, isCIDR(c) && cidr(c).masked() == cidr(c))";
    /** Words for {@link #IS_CIDR}. */
    public static final String CIDR_MESSAGE =
            "must be in CIDR form without host bits, such as 203.0.113.0/24 or 2001:db8::/32";

    /**
     * A Kubernetes quantity, in the forms that people write: digits, fraction, suffix. CEL's own {@code isQuantity} comes after it
     * and never alone: from an exponent such as {@code 1e-2147483648} the API server does not come back.
     */
    public static final String QUANTITY = "^[0-9]{1,15}([.][0-9]{1,9})?(m|k|M|G|T|P|Ki|Mi|Gi|Ti|Pi|[eE][0-9])?$";

    /** Most characters of a quantity; the API server's estimate of what a rule costs needs it. */
    public static final int MAX_QUANTITY = 32;

    private Forms() {}
}
