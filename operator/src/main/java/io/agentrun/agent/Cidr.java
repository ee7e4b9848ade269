package io.agentrun.agent;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * An address range. Two ranges are disjoint or one holds the other.
 *
 * @param address first address, 4 or 16 bytes as an unsigned number
 * @param bits length of an address: 32 or 128
 * @param prefix length of the prefix
 * @param text as written
 */
record Cidr(BigInteger address, int bits, int prefix, String text) {
    /**
     * Reads a range such as {@code 10.0.0.0/8} or {@code fd00::/8}.
     *
     * @throws IllegalArgumentException when it is none; host names are never looked up
     */
    static Cidr of(String text) {
        var slash = text.indexOf('/');
        var host = slash < 0 ? text : text.substring(0, slash);
        if (!host.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            throw new IllegalArgumentException("not an address range: " + text);
        }
        try {
            var bytes = InetAddress.getByName(host).getAddress();
            var bits = bytes.length * 8;
            var prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
            if (prefix < 0 || prefix > bits) {
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
