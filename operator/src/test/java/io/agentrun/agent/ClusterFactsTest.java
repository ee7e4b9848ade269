package io.agentrun.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What configuration and facts make of a platform, for the operator and for {@code agentrun render} alike. */
class ClusterFactsTest {
    private static Platform platform(Map<String, String> properties, String apiServer) {
        var config = new SmallRyeConfigBuilder()
                .withMapping(OperatorConfig.class)
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build()
                .getConfigMapping(OperatorConfig.class);
        return ClusterFacts.platform(config, new Platform.Gateway("10.96.0.50"), apiServer, Set.of("192.0.2.10/32"));
    }

    @Test
    void everythingThatNoAgentMayReachIsProtected() {
        var platform = platform(
                Map.of("agentrun.api-server-cidrs", "203.0.113.0/28,198.51.100.4,2001:db8::4"), "10.96.0.1:443");
        assertThat(platform.protectedCidrs())
                .containsAll(Platform.METADATA_CIDRS)
                .contains("192.0.2.10/32", "10.96.0.1/32", "203.0.113.0/28", "198.51.100.4/32", "2001:db8::4/128")
                .isSorted();
    }

    @Test
    void anIpv6ApiServerIsProtectedToo() {
        assertThat(platform(Map.of(), "[fd00::1]:443").protectedCidrs()).contains("fd00::1/128");
    }

    @Test
    void aWrongRangeNamesTheSetting() {
        assertThatThrownBy(() -> platform(Map.of("agentrun.api-server-cidrs", "api.example.com"), "10.96.0.1:443"))
                .hasMessage("agentrun.api-server-cidrs: not an address range: api.example.com: write ranges such as"
                        + " 203.0.113.10/32");
    }

    @Test
    void metadataAddressesAreRangesAsNetworkPoliciesTakeThem() {
        assertThat(Platform.METADATA_CIDRS).allSatisfy(range -> {
            assertThat(range).contains("/");
            assertThat(Cidr.of(range).prefix()).isGreaterThanOrEqualTo(10);
        });
    }
}
