package io.agentrun.agent;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * An address range. Two ranges are disjoint or one holds the other.
 *
 * @param address first address, 4 or 16 bytes as an unsigned number
 * @param bits length of an address: 32 or 128
 * @param prefix length of the prefix
 * @param text as written
 */
record Cidr(BigInteger address, int bits, int prefix, String text) {
    private static final String OCTET = "(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    /** As Kubernetes has them. Java alone would take 10/8 for 0.0.0.10/8, and host names. */
    private static final Pattern FORM = Pattern.compile(
            "(" + OCTET + "(?:[.]" + OCTET + "){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(?:/(0|[1-9][0-9]{0,2}))?");

    /**
     * Reads a range such as {@code 10.0.0.0/8} or {@code fd00::/8}; a single address is the range of itself.
     *
     * @throws IllegalArgumentException when it is none; host names are never looked up
     */
    static Cidr of(String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("not an address range: " + text);
        }
        try {
            var bytes = InetAddress.getByName(form.group(1)).getAddress();
            var bits = bytes.length * 8;
            var prefix = form.group(2) == null ? bits : Integer.parseInt(form.group(2));
            // An IPv4 address in IPv6 writing comes out as four bytes, and is neither.
            if (prefix > bits || (bits == 32) == text.contains(":")) {
                throw new IllegalArgumentException("not an address range: " + text);
            }
            return new Cidr(new BigInteger(1, bytes), bits, prefix, text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address range: " + text, e);
        }
    }

    /** Whether every address of {@code other} lies in this range. */
    boolean contains(Cidr other) {
        return bits == other.bits
                && prefix <= other.prefix
                && address.shiftRight(bits - prefix).equals(other.address.shiftRight(bits - prefix));
    }
}
