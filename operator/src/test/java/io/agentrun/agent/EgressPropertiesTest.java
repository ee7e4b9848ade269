package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentrun.api.v1alpha1.Agent;
import io.agentrun.restriction.Effective;
import io.agentrun.restriction.Restriction;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No range that an agent opens holds a protected address, by trying addresses; the arithmetic is this test's own. */
class EgressPropertiesTest {
    private static final int SEEDS = 1_000;
    private static final List<Agent> AGENTS = RandomAgents.some(SEEDS, 2);
    private static final int TRIES = 8;
    private static final List<Range> PROTECTED =
            GoldenCase.PLATFORM.protectedCidrs().stream().map(Range::of).toList();

    /** A range as bits. */
    private record Range(BigInteger first, int bits, int prefix) {
        static Range of(String text) {
            var parts = text.split("/", 2);
            var bytes = InetAddress.ofLiteral(parts[0]).getAddress();
            return new Range(new BigInteger(1, bytes), bytes.length * 8, Integer.parseInt(parts[1]));
        }

        BigInteger size() {
            return BigInteger.ONE.shiftLeft(bits - prefix);
        }

        boolean holds(BigInteger address, int bitsOfAddress) {
            return bits == bitsOfAddress && address.compareTo(first) >= 0 && address.compareTo(first.add(size())) < 0;
        }

        /** Its ends, and some in between. */
        Stream<BigInteger> addresses(Random random) {
            return Stream.concat(
                    Stream.of(first, first.add(size()).subtract(BigInteger.ONE)),
                    Stream.generate(() -> first.add(new BigInteger(bits - prefix, random)))
                            .limit(TRIES));
        }
    }

    private static List<IPBlock> blocks(Agent agent) {
        var effective = Effective.of(agent.getSpec(), Restriction.NONE, GoldenCase.PLATFORM.defaults());
        return Children.render(agent, effective, GoldenCase.PLATFORM, Map.of()).stream()
                .filter(NetworkPolicy.class::isInstance)
                .flatMap(policy -> ((NetworkPolicy) policy).getSpec().getEgress().stream())
                .flatMap(rule -> rule.getTo().stream())
                .map(peer -> peer.getIpBlock())
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean opens(IPBlock block, BigInteger address, int bits) {
        return Range.of(block.getCidr()).holds(address, bits)
                && block.getExcept().stream().map(Range::of).noneMatch(except -> except.holds(address, bits));
    }

    @Test
    void noProtectedAddressIsOpened() {
        var random = new Random(1);
        var tried = new int[1];
        RandomAgents.each(AGENTS, agent -> {
            for (var block : blocks(agent)) {
                for (var range : PROTECTED) {
                    range.addresses(random).forEach(address -> {
                        tried[0]++;
                        assertThat(opens(block, address, range.bits()))
                                .as("%s opens %s", block, address.toString(16))
                                .isFalse();
                    });
                }
            }
        });
        assertThat(tried[0]).isGreaterThan(10_000);
    }

    /** And everything else that was asked for is. */
    @Test
    void everyOtherAddressIs() {
        var random = new Random(2);
        var opened = new int[1];
        RandomAgents.each(AGENTS, agent -> {
            var blocks = blocks(agent);
            for (var cidr : agent.getSpec().egress().cidrs()) {
                var range = Range.of(cidr);
                range.addresses(random).forEach(address -> {
                    var isProtected = PROTECTED.stream().anyMatch(p -> p.holds(address, range.bits()));
                    var open = blocks.stream().anyMatch(block -> opens(block, address, range.bits()));
                    assertThat(open).as("%s of %s", address.toString(16), cidr).isNotEqualTo(isProtected);
                    opened[0] += open ? 1 : 0;
                });
            }
        });
        assertThat(opened[0]).isGreaterThan(1_000);
    }

    /** The API server refuses an exception that is not strictly inside its range. */
    @Test
    void everyExceptionLiesInItsRange() {
        RandomAgents.each(
                AGENTS,
                agent -> blocks(agent).forEach(block -> {
                    var range = Range.of(block.getCidr());
                    assertThat(block.getExcept()).doesNotHaveDuplicates().allSatisfy(text -> {
                        var except = Range.of(text);
                        assertThat(except.prefix()).isGreaterThan(range.prefix());
                        assertThat(range.holds(except.first(), except.bits())).isTrue();
                    });
                }));
    }
}
